"""The small tables of the index, which the fold writes at once: labels, tombstones, spend, who is held off."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from socialcli.queue.schema import in_batches


class SideTables:
    """The caller holds the transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.any_erased = bool(self._one("SELECT EXISTS (SELECT 1 FROM erased)"))

    def _one(self, sql: str) -> int:
        return int(self._db.execute(sql).fetchone()[0])

    def add_bad_line(self, offset: int, reason: str) -> None:
        """A line that is no event; the rest works."""
        self._db.execute("INSERT OR REPLACE INTO bad_lines VALUES (?, ?)", (offset, reason))

    def add_erased(self, events: Iterable[str], customer: str | None) -> None:
        """Lines that a tombstone names, by the ids of their events, and what their customer is called since."""
        wanted = (
            "INSERT INTO erased VALUES (?, ?) ON CONFLICT (id) DO UPDATE"
            " SET customer = coalesce(excluded.customer, customer)"
        )
        self._db.executemany(wanted, ((one, customer) for one in events))
        self.any_erased = True

    def erased_among(self, ids: list[str]) -> set[str]:
        """Those of these events that a tombstone names."""
        return {one for (one,) in in_batches(self._db, "SELECT id FROM erased WHERE id IN ({})", ids)}

    def set_labels(self, n: int, labels: Iterable[str]) -> None:
        self._db.execute("DELETE FROM labels WHERE n = ?", (n,))
        self._db.executemany("INSERT INTO labels VALUES (?, ?)", ((n, label) for label in labels))

    def add_spend(self, account: str, day: str, millionths: int) -> None:
        wanted = (
            "INSERT INTO spend VALUES (?, ?, ?)"
            " ON CONFLICT (account, day) DO UPDATE SET millionths = millionths + excluded.millionths"
        )
        self._db.execute(wanted, (account, day, millionths))

    def set_held(self, account: str, what: str, until: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?)", (account, what, until))

    def set_restriction(self, key: str, offset: int, length: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO restrictions VALUES (?, ?, ?)", (key, offset, length))

    def drop_restriction(self, key: str) -> None:
        self._db.execute("DELETE FROM restrictions WHERE key = ?", (key,))
