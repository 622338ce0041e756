"""What the spread check asks of the past: how many inbound messages came in when, and where the latest stand.

Kept by the fold, account by account: a count for each ``BUCKET`` of time with a message, and the places of the
newest messages, few of them by the same person, so that nobody who writes much pushes out what the others
say. This runs for every message, a million times when an index is built, so it does little.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container

BUCKET = 300  # seconds
KEPT = 2000  # places of an account: what a check reads at most
BY_ONE = 20  # places of an account by the same person
_MOST = 2 * KEPT  # that wait to be written
_MOST_COUNTS = 50_000

_COUNT = (
    "INSERT INTO rhythm VALUES (?, ?, ?)"
    " ON CONFLICT (account, at) DO UPDATE SET messages = messages + excluded.messages"
)
_TRIM_ONE = (
    "DELETE FROM lately WHERE account = ?1 AND (created, offset) IN (SELECT created, offset FROM (SELECT created, offset,"
    " row_number() OVER (PARTITION BY author ORDER BY created DESC, offset DESC) AS place FROM lately WHERE account = ?1)"
    f" WHERE place > {BY_ONE})"
)
_TRIM = (
    "DELETE FROM lately WHERE account = ?1 AND (created, offset) <"
    f" (SELECT created, offset FROM lately WHERE account = ?1 ORDER BY created DESC, offset DESC LIMIT 1 OFFSET {KEPT - 1})"
)


class _Ear:
    """What was heard through one account and is not written yet."""

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.latest: list[tuple[int, int, int, int, str]] = []  # created, offset, length, ticket, author
        self.floor = 0  # created of the oldest that was kept: older ones are not among the newest any more

    def cut(self) -> None:
        """Down to the newest ``KEPT``, and of each author to the newest ``BY_ONE``."""
        said: dict[str, int] = {}
        kept = []
        for one in sorted(self.latest, reverse=True):
            times = said.get(one[4], 0)
            if times < BY_ONE:
                said[one[4]] = times + 1
                kept.append(one)
        if len(kept) >= KEPT:
            del kept[KEPT:]
            self.floor = kept[-1][0]
        self.latest = kept


class Lately:
    """The caller holds the transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ears: dict[str, _Ear] = {}

    def hear(self, account: str, created: int, offset: int, length: int, n: int, author: str) -> None:
        """An inbound message of ticket ``n``, written by ``author`` at ``created`` (epoch seconds)."""
        try:
            ear = self._ears[account]
        except KeyError:
            ear = self._ears[account] = _Ear()
        bucket = created // BUCKET
        try:
            ear.counts[bucket] += 1
        except KeyError:
            ear.counts[bucket] = 1
        if created >= ear.floor:
            ear.latest.append((created, offset, length, n, author))
            if len(ear.latest) > _MOST:
                ear.cut()

    def move(self, offsets: Container[int], n: int) -> None:
        """The messages at these places are of ticket ``n`` now. After a merge the table ``merged`` says so."""
        self.write()
        for offset, known in self._db.execute("SELECT offset, n FROM lately").fetchall():
            if known != n and offset in offsets:
                self._db.execute("UPDATE lately SET n = ? WHERE offset = ?", (n, offset))

    def relieve(self) -> None:
        """Write the counts where there are many."""
        if sum(len(ear.counts) for ear in self._ears.values()) > _MOST_COUNTS:
            self._write_counts()

    def write(self) -> None:
        """Write what was heard since the last time."""
        self._write_counts()
        for account, ear in self._ears.items():
            if ear.latest:
                rows = ((account, *one) for one in ear.latest)
                self._db.executemany("INSERT OR REPLACE INTO lately VALUES (?, ?, ?, ?, ?, ?)", rows)
                self._db.execute(_TRIM_ONE, (account,))
                self._db.execute(_TRIM, (account,))
                ear.latest.clear()

    def _write_counts(self) -> None:
        for account, ear in self._ears.items():
            counts = ((account, bucket * BUCKET, count) for bucket, count in sorted(ear.counts.items()))
            self._db.executemany(_COUNT, counts)
            ear.counts.clear()
