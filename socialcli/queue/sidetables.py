"""The small tables of the index, which the fold writes at once: labels, tombstones, spend, who is held off,
incidents.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from socialcli.model.followup import FOLLOW_UPS
from socialcli.queue.facts import Erased, Massed, Raised, Resolved, ShiftClosed, ShiftOpened, message_key
from socialcli.queue.schema import in_batches

# A line that may be erased: its id, its ``at``, its ticket if that is to be looked at, the key of its message.
Meant = tuple[str, str, str | None, str | None]


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

    def add_tombstone(self, ticket: str | None, upto: str, facts: Erased) -> None:
        """Its lines by the ids of their events, its messages by their keys, and what their customer is called
        since; a customer's ticket with all its lines ``upto`` then (``at`` and id of the tombstone).
        """
        self._name_erased("erased", "id", ((one, facts.customer) for one in facts.events))
        keys = ((message_key(facts.network, one), facts.customer) for one in facts.messages)
        self._name_erased("erased_messages", "key", keys)
        if ticket is not None and facts.customer is not None:
            wanted = (
                "INSERT INTO erased_tickets VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET upto = max(upto, excluded.upto), customer = excluded.customer"
            )
            self._db.execute(wanted, (ticket, upto, facts.customer))
        self.any_erased = True

    def _name_erased(self, table: str, column: str, rows: Iterable[tuple[str, str | None]]) -> None:
        wanted = (
            f"INSERT INTO {table} VALUES (?, ?) ON CONFLICT ({column}) DO UPDATE"
            " SET customer = coalesce(excluded.customer, customer)"
        )
        self._db.executemany(wanted, rows)

    def add_meant(self, lines: list[Meant]) -> None:
        """Note which of these lines tombstones mean without naming them: lines of another copy of the journal,
        about the same messages and tickets.
        """
        asked = "SELECT key, customer FROM erased_messages WHERE key IN ({})"
        keys = list({key for _, _, _, key in lines if key is not None})
        messages = dict(in_batches(self._db, asked, keys))
        asked = "SELECT id, upto, customer FROM erased_tickets WHERE id IN ({})"
        names = list({ticket for _, _, ticket, _ in lines if ticket is not None})
        tickets = {name: (upto, customer) for name, upto, customer in in_batches(self._db, asked, names)}
        found: list[tuple[str, str | None]] = []
        for event, at, ticket, key in lines:
            upto, customer = tickets.get(ticket, ("", None))
            if at + event <= upto:
                found.append((event, customer))
            elif key in messages:
                found.append((event, messages[key]))
        self._name_erased("erased", "id", found)

    def erased_among(self, ids: list[str]) -> dict[str, str | None]:
        """Those of these events that are erased, and what their customer is called since."""
        return dict(in_batches(self._db, "SELECT id, customer FROM erased WHERE id IN ({})", ids))

    def set_labels(self, n: int, labels: Iterable[str]) -> None:
        self._db.execute("DELETE FROM labels WHERE n = ?", (n,))
        self._db.executemany("INSERT INTO labels VALUES (?, ?)", ((n, label) for label in labels))

    def end_ticket(self, n: int, at: int, facts: Resolved, by: str | None) -> None:
        """It was resolved; the newest end counts, and the time of the first is kept beside it."""
        wanted = (
            "INSERT INTO endings (n, first, at, outcome, by, thank) VALUES (?1, ?2, ?2, ?3, ?4, ?5)"
            " ON CONFLICT (n) DO UPDATE SET first = coalesce(min(first, excluded.first), excluded.first),"
            " at = excluded.at, outcome = excluded.outcome, by = excluded.by, thank = excluded.thank"
        )
        self._db.execute(wanted, (n, at, facts.outcome, by, facts.thank))

    def follow_up(self, n: int, what: str) -> None:
        """A follow-up is over, however it ended; united journals may say so before the end of its ticket."""
        if what in FOLLOW_UPS:
            column = FOLLOW_UPS[what]
            wanted = (
                f"INSERT INTO endings (n, {column}) VALUES (?, 1) ON CONFLICT (n) DO UPDATE SET {column} = 1"
            )
            self._db.execute(wanted, (n,))

    def add_spend(self, account: str, day: str, millionths: int) -> None:
        wanted = (
            "INSERT INTO spend VALUES (?, ?, ?)"
            " ON CONFLICT (account, day) DO UPDATE SET millionths = millionths + excluded.millionths"
        )
        self._db.execute(wanted, (account, day, millionths))

    def set_held(self, account: str, what: str, until: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?)", (account, what, until))

    def raise_incident(self, raised: Raised, state: str, rank: int, offset: int, length: int) -> None:
        """It begins, by the event at this place. The first beginning stays, the state by rank; what was told of it
        before that counts too.
        """
        name, at = raised.incident, raised.opened
        begun = (name, raised.account, state, raised.opened, at, offset, length, rank)
        self._db.execute("INSERT OR IGNORE INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", begun)
        self.turn_incident(name, state, rank, at, offset, length)
        early = self._db.execute(
            "SELECT state, rank, at FROM early_turns WHERE incident = ?", (name,)
        ).fetchone()
        if early is not None:
            state, rank, at = early
            self.turn_incident(name, state, rank, at, offset, length)
            self._db.execute("DELETE FROM early_turns WHERE incident = ?", (name,))

    def turn_incident(self, name: str, state: str, rank: int, at: int, offset: int, length: int) -> None:
        """It came to ``state`` at ``at`` (epoch seconds), by the event at this place; the highest rank stays. Where
        it has not begun yet, which united journals may bring, that waits for its beginning.
        """
        self._db.execute("INSERT OR IGNORE INTO turns VALUES (?, ?, ?)", (name, offset, length))
        turned = "UPDATE incidents SET state = ?2, rank = ?3, changed = ?4 WHERE id = ?1 AND rank < ?3"
        self._db.execute(turned, (name, state, rank, at))
        if self._db.execute("SELECT 1 FROM incidents WHERE id = ?", (name,)).fetchone() is None:
            wanted = (
                "INSERT INTO early_turns VALUES (?, ?, ?, ?) ON CONFLICT (incident) DO UPDATE"
                " SET state = excluded.state, rank = excluded.rank, at = excluded.at WHERE excluded.rank > rank"
            )
            self._db.execute(wanted, (name, state, rank, at))

    def set_mass(self, facts: Massed, said: str, offset: int, length: int) -> None:
        """Mass mode of an incident, by the event at this place, said at ``said`` (its ``at`` and id). Whoever knew of
        more such words has the last one; of two who knew of the same the later.
        """
        wanted = (
            "INSERT INTO mass VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (incident) DO UPDATE SET until = excluded.until,"
            " turn = excluded.turn, said = excluded.said, offset = excluded.offset, length = excluded.length"
            " WHERE (excluded.turn, excluded.said) > (turn, said)"
        )
        self._db.execute(wanted, (facts.incident, facts.until, facts.turn, said, offset, length))

    def meet_abuse(self, agent: str, message: str, at: int) -> None:
        """``agent`` had to do with an abusive message (by key) at ``at`` (epoch seconds); the latest time stays."""
        wanted = "INSERT INTO met VALUES (?, ?, ?) ON CONFLICT (agent, message) DO UPDATE SET at = max(at, excluded.at)"
        self._db.execute(wanted, (agent, message, at))

    def set_restriction(self, key: str, offset: int, length: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO restrictions VALUES (?, ?, ?)", (key, offset, length))

    def drop_restriction(self, key: str) -> None:
        self._db.execute("DELETE FROM restrictions WHERE key = ?", (key,))

    def open_shift(self, facts: ShiftOpened) -> None:
        wanted = "INSERT OR IGNORE INTO shifts (id, agent, account, opened) VALUES (?, ?, ?, ?)"
        self._db.execute(wanted, (facts.shift, facts.agent, facts.account, facts.opened))

    def close_shift(self, facts: ShiftClosed, at: int, offset: int, length: int) -> None:
        """It ended at ``at`` (epoch seconds), by the event at this place; the first end counts."""
        wanted = (
            "INSERT INTO shifts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " closed = excluded.closed, offset = excluded.offset, length = excluded.length"
            " WHERE closed IS NULL OR excluded.closed < closed"
        )
        self._db.execute(wanted, (facts.shift, facts.agent, facts.account, facts.opened, at, offset, length))
