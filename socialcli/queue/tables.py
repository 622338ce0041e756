"""A write-behind cache over the tables of the index, for the fold.

Rows are read once and kept for a while; ``flush`` writes back what changed. The caller holds the transaction.
What was never written need not be asked for where ``Remembered`` knows it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import count
from typing import NamedTuple

import msgspec

from socialcli.queue.lately import Lately
from socialcli.queue.remembered import Remembered
from socialcli.queue.rows import DraftRow, TicketRow
from socialcli.queue.schema import DRAFT_COLUMNS, MESSAGE, TICKET_COLUMNS, in_batches, insert, pack_place
from socialcli.queue.sidetables import SideTables

_INSERT_TICKET = insert("tickets", TicketRow)
_INSERT_DRAFT = insert("drafts", DraftRow)
# The number of a ticket that was merged into another is never given again.
_NAME_BYTES = 3  # of a ticket's number; the rest of SQLite's 63 bits holds the seconds until the year 9999
_KEPT = 30_000  # entries of a cache that are kept from flush to flush; then it is emptied

# A message: its key, the number of its ticket, and where its line stands. A plain tuple, since it is also the
# row of the table, and there are millions.
Place = tuple[str, int | None, int, int]


class EarlyAnswer(NamedTuple):
    key: str
    offset: int
    length: int
    created: int


class Tables(SideTables):
    """``remembered`` holds all that was ever written, where one process has made the index from nothing."""

    def __init__(self, db: sqlite3.Connection, remembered: Remembered | None = None) -> None:
        super().__init__(db)
        self._any_early = bool(self._one("SELECT EXISTS (SELECT 1 FROM early_answers)"))
        self._any_drafts = bool(self._one("SELECT EXISTS (SELECT 1 FROM drafts)"))
        self._merged = dict(db.execute("SELECT n, into_n FROM merged"))
        self._remembered = remembered
        self._named: dict[str, TicketRow] = {}
        self._rows: dict[int, TicketRow] = {}
        self._touched: dict[int, TicketRow] = {}
        self._messages: dict[str, Place] = {}
        self._unknown: set[str] = set()  # keys and names that were asked for and are not there
        self._drafts: dict[str, DraftRow] = {}
        self._touched_drafts: dict[str, DraftRow] = {}
        self._posted: set[tuple[int, str]] = set()  # by number of the ticket and remote_id, of those drafts
        self._new_messages: dict[str, Place] = {}
        self._new_places: dict[int, bytearray] = {}
        self._cursors: dict[str, bytes] = {}
        self._anchors: dict[str, int] = {}
        self._new_anchors: dict[str, int] = {}
        self.lately = Lately(db)

    # tickets

    def prefetch(self, tickets: Iterable[str], messages: Iterable[str]) -> None:
        """Read what a chunk will need in a few queries. Where all is remembered little is ever asked for."""
        if self._remembered is not None:
            return
        names = [name for name in set(tickets) if name not in self._named]
        self._unknown.update(names)
        for values in in_batches(self._db, f"SELECT {TICKET_COLUMNS} FROM tickets WHERE id IN ({{}})", names):
            row = self._rows.get(values[0]) or TicketRow(*values)
            self._know(row.id, row)
        missing = [name for name in names if name in self._unknown]
        for name, n in in_batches(self._db, "SELECT id, n FROM aliases WHERE id IN ({})", missing):
            self._know(name, self.by_number(n))
        keys = [key for key in set(messages) if key not in self._messages]
        self._unknown.update(keys)
        wanted = "SELECT key, n, offset, length FROM messages WHERE key IN ({})"
        for place in in_batches(self._db, wanted, keys):
            self._read_place(place)

    def may_hold(self, key: str) -> bool:
        """Whether a row may stand under this key, name or anchor."""
        return self._remembered is None or self._remembered.may_hold(key)

    def _know(self, name: str, row: TicketRow) -> None:
        self._rows[row.n] = self._named[name] = row
        self._unknown.discard(name)

    def _read_place(self, place: tuple[object, ...]) -> Place:
        key, n, offset, length = place
        found: Place = (key, self._merged.get(n, n), offset, length)  # type: ignore[assignment]
        self._messages[found[0]] = found
        self._unknown.discard(found[0])
        return found

    def ticket(self, name: str) -> TicketRow | None:
        """By its name or an alias."""
        row = self._named.get(name)
        if row is not None or name in self._unknown:
            return row
        if not self.may_hold(name):
            return None
        wanted = "SELECT n FROM tickets WHERE id = ?1 UNION ALL SELECT n FROM aliases WHERE id = ?1 LIMIT 1"
        found = self._db.execute(wanted, (name,)).fetchone()
        if found is None:
            return None
        row = self._named[name] = self.by_number(found[0])
        return row

    def by_number(self, n: int) -> TicketRow:
        row = self._rows.get(n)
        if row is None:
            values = self._db.execute(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n = ?", (n,)).fetchone()
            row = self._rows[n] = TicketRow(*values)
        return row

    def number_of(self, name: str, opened: int) -> int:
        """The number of a new ticket. It is made from when it was opened (epoch seconds) and its name, so that a
        ticket has the same one in every index that is made from the journal, whatever was rewritten or archived
        meanwhile; and those that are opened together stand together.
        """
        for turn in count():
            digest = blake2b(f"{name}\0{turn}".encode(), digest_size=_NAME_BYTES).digest()
            n = (opened << 8 * _NAME_BYTES) | int.from_bytes(digest)
            if not self._is_taken(n):
                return n
        raise AssertionError

    def _is_taken(self, n: int) -> bool:
        if n in self._rows or n in self._merged:
            return True
        if not self.may_hold(_number_key(n)):
            return False
        return self._db.execute("SELECT 1 FROM tickets WHERE n = ?", (n,)).fetchone() is not None

    def add_ticket(self, row: TicketRow) -> None:
        self._touched[row.n] = row
        self._name(row.id, row)
        if self._remembered is not None:
            self._remembered.add(_number_key(row.n))

    def _name(self, name: str, row: TicketRow) -> None:
        self._know(name, row)
        if self._remembered is not None:
            self._remembered.add(name)

    def touch(self, row: TicketRow) -> None:
        """The row will be changed: write it at the next flush."""
        self._touched[row.n] = row

    def rename(self, row: TicketRow, name: str) -> None:
        """``name`` is the ticket's name from now on; the old one becomes an alias."""
        self.add_alias(row.id, row.n)
        row.id = name
        self._name(name, row)

    def add_alias(self, name: str, n: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (name, n))
        self._name(name, self.by_number(n))

    # messages and events

    def message(self, key: str) -> Place | None:
        """By ``message_key``."""
        place = self._new_messages.get(key) or self._messages.get(key)
        if place is not None or key in self._unknown:
            return place
        if not self.may_hold(key):
            return None
        found = self._db.execute(
            "SELECT key, n, offset, length FROM messages WHERE key = ?", (key,)
        ).fetchone()
        return None if found is None else self._read_place(found)

    def add_message(self, key: str, n: int | None, offset: int, length: int) -> None:
        self._new_messages[key] = (key, n, offset, length)
        if self._remembered is not None:
            self._remembered.add(key)
        else:
            self._unknown.discard(key)

    def add_version(self, key: str, n: int, offset: int, length: int) -> None:
        """A later version of a message: known from now on under this key too."""
        if self.message(key) is None:
            self.add_message(key, n, offset, length)

    def add_event(self, n: int, offset: int, length: int, kind: int) -> None:
        places = self._new_places.get(n)
        if places is None:
            places = self._new_places[n] = bytearray()
        places += pack_place(offset, length, kind)

    def set_stale(self, key: str, current: int) -> None:
        """The words at the place of this message are no longer those of ``current``, another place."""
        place = self.message(key)
        if place is not None and place[2] != current:
            self._db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (place[2],))

    def set_anchor(self, key: str, n: int) -> None:
        if self._anchors.get(key) != n:
            self._anchors[key] = self._new_anchors[key] = n
            if self._remembered is not None:
                self._remembered.add(key)

    def set_early_answer(self, parent: str, message: str, created: int) -> None:
        """Our answer to a message that has not been read yet; both by key."""
        self._any_early = True
        self._db.execute("INSERT OR REPLACE INTO early_answers VALUES (?, ?, ?)", (parent, message, created))

    def early_answers(self, parent: str) -> list[EarlyAnswer]:
        if not self._any_early:
            return []
        wanted = "SELECT message, created FROM early_answers WHERE key = ?"
        found = self._db.execute(wanted, (parent,)).fetchall()
        places = [(self.message(key), created) for key, created in found]
        return [EarlyAnswer(place[0], place[2], place[3], created) for place, created in places if place]

    def adopt(self, answer: EarlyAnswer, n: int) -> None:
        """The answer belongs to ticket ``n`` after all."""
        self.add_event(n, answer.offset, answer.length, MESSAGE)
        self.write_messages()
        row = self._messages[answer.key] = (answer.key, n, answer.offset, answer.length)
        self._db.execute("INSERT OR REPLACE INTO messages VALUES (?,?,?,?)", row)

    def write_messages(self) -> None:
        """Write the new messages now: those that stand there win over later ones of the same key."""
        new = self._new_messages
        self._db.executemany("INSERT OR IGNORE INTO messages VALUES (?,?,?,?)", new.values())
        if len(self._messages) + len(new) > _KEPT:
            self._messages.clear()
        self._messages.update(new)
        new.clear()

    # drafts and cursors

    def draft(self, draft_id: str) -> DraftRow | None:
        row = self._drafts.get(draft_id)
        if row is None and self._may_hold(_draft_key(draft_id), any_at_all=self._any_drafts):
            sql = f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE id = ?"
            values = self._db.execute(sql, (draft_id,)).fetchone()
            row = None if values is None else DraftRow(*values)
        return row

    def set_draft(self, row: DraftRow) -> None:
        """The row is as it will be written at the next flush."""
        self._drafts[row.id] = self._touched_drafts[row.id] = row
        posted = row.ticket is not None and row.remote_id is not None
        if row.ticket is not None and row.remote_id is not None:
            self._posted.add((row.ticket, row.remote_id))
        if self._remembered is not None:
            self._remembered.add(_draft_key(row.id))
            if posted:
                self._remembered.add(_post_key(row.ticket, row.remote_id))

    def _may_hold(self, key: str, *, any_at_all: bool) -> bool:
        return any_at_all and self.may_hold(key)

    def write_drafts(self) -> None:
        if self._touched_drafts:
            self._any_drafts = True
            rows = [msgspec.structs.astuple(row) for row in self._touched_drafts.values()]
            self._db.executemany(_INSERT_DRAFT, rows)
            self._touched_drafts.clear()
            self._drafts.clear()
            self._posted.clear()

    def is_our_post(self, n: int, message_id: str) -> bool:
        """Whether a draft of ticket ``n`` was posted as ``message_id``."""
        if (n, message_id) in self._posted:
            return True
        if not self._may_hold(_post_key(n, message_id), any_at_all=self._any_drafts):
            return False
        wanted = "SELECT 1 FROM drafts WHERE +ticket = ? AND remote_id = ?"
        return self._db.execute(wanted, (n, message_id)).fetchone() is not None

    def set_cursor(self, account: str, cursor: bytes) -> None:
        self._cursors[account] = cursor

    def rearrange(self, change: Callable[[sqlite3.Connection], None]) -> None:
        """Let ``change`` move rows about in the database itself; rows that were handed out before are outdated."""
        self.flush()
        change(self._db)
        self._remembered = None
        self._merged = dict(self._db.execute("SELECT n, into_n FROM merged"))
        for kept in (self._named, self._rows, self._messages, self._anchors):
            kept.clear()

    @property
    def is_full(self) -> bool:
        """Whether so much waits to be written that it had better be."""
        return len(self._rows) > _KEPT or len(self._touched_drafts) > _KEPT

    def write_found(self) -> None:
        """Write what is never changed again; tickets and drafts can wait until the end."""
        self.write_messages()
        self._db.executemany("INSERT OR REPLACE INTO anchors VALUES (?,?)", self._new_anchors.items())
        self._new_anchors.clear()
        self._unknown.clear()
        if len(self._anchors) > _KEPT:
            self._anchors.clear()

    def flush(self) -> None:
        """Write everything back, and forget what was not used lately."""
        self.write_found()
        rows = [msgspec.structs.astuple(self._touched[n]) for n in sorted(self._touched)]
        self._db.executemany(_INSERT_TICKET, rows)
        self.write_drafts()
        self._write_threads()
        self.lately.relieve()
        self._db.executemany("INSERT OR REPLACE INTO cursors VALUES (?, ?)", self._cursors.items())
        self._cursors.clear()
        self._touched.clear()
        if len(self._rows) > _KEPT:
            self._rows.clear()
            self._named.clear()

    def _write_threads(self) -> None:
        known = [n for n in self._new_places if self.may_hold(_thread_key(n))]
        if self._remembered is not None:
            for n in self._new_places:
                self._remembered.add(_thread_key(n))
        for n, places in in_batches(self._db, "SELECT n, places FROM threads WHERE n IN ({})", known):
            self._new_places[n][:0] = places
        self._db.executemany("INSERT OR REPLACE INTO threads VALUES (?, ?)", self._new_places.items())
        self._new_places.clear()


def _number_key(n: int) -> str:
    return f"number\0{n}"


def _thread_key(n: int) -> str:
    return f"thread\0{n}"


def _draft_key(draft_id: str) -> str:
    return f"draft\0{draft_id}"


def _post_key(n: int | None, remote_id: str | None) -> str:
    return f"post\0{n}\0{remote_id}"
