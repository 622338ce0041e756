"""The tables of the index, and a write-behind cache over them for one chunk of events.

Everything here is derived from the journal; an index of another ``SCHEMA_VERSION`` is built again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

import msgspec

from socialcli.queue.facts import message_key
from socialcli.queue.rows import DraftRow, TicketRow

_MEANING = 3  # goes up when the same columns come to mean something else
MESSAGE, OTHER, CHANGED = 0, 1, 2  # kinds of events; CHANGED holds a message as it is now
_BATCH = 500  # values in one IN (...)

# Another set of columns is another version by itself. SQLite keeps 31 bits of it.
_FIELDS = (*TicketRow.__struct_fields__, *DraftRow.__struct_fields__)
SCHEMA_VERSION = crc32(" ".join((str(_MEANING), *_FIELDS)).encode()) >> 1

_SQL_TYPES = {"int": "INTEGER", "str": "TEXT", "float": "REAL"}


def _columns(struct: type[msgspec.Struct]) -> str:
    declared = []
    for field in msgspec.structs.fields(struct):
        name = str(getattr(field.type, "__name__", field.type))
        declared.append(f"{field.name} {next(sql for word, sql in _SQL_TYPES.items() if word in name)}")
    return ", ".join(declared)


ORDERS = {
    "urgency": "bucket, urgency DESC, id",
    "due": "due IS NULL, due, bucket, id",
    "received": "coalesce(received, opened), id",
}


def create(db: sqlite3.Connection) -> None:
    """Make the tables, empty; the caller holds the transaction."""
    for table, columns in {
        "meta": "key TEXT PRIMARY KEY, value",
        "aliases": "id TEXT PRIMARY KEY, n INTEGER",
        "messages": "key TEXT PRIMARY KEY, n INTEGER, offset INTEGER, length INTEGER",
        "events": "n INTEGER, offset INTEGER, length INTEGER, kind INTEGER, PRIMARY KEY (n, offset)",
        "anchors": "key TEXT PRIMARY KEY, n INTEGER",
        "early_answers": "key TEXT, message TEXT, created INTEGER, PRIMARY KEY (key, message)",
        "drafts": _columns(DraftRow).replace("id TEXT", "id TEXT PRIMARY KEY", 1),
        "cursors": "account TEXT PRIMARY KEY, cursor BLOB",
        "spend": "account TEXT, day TEXT, millionths INTEGER, PRIMARY KEY (account, day)",
        "held": "account TEXT, what TEXT, until INTEGER, PRIMARY KEY (account, what)",
        "restrictions": "key TEXT PRIMARY KEY, offset INTEGER, length INTEGER",
        "moved": "id TEXT PRIMARY KEY",
        "bad_lines": "offset INTEGER PRIMARY KEY, reason TEXT",
    }.items():
        db.execute(f"DROP TABLE IF EXISTS {table}")
        db.execute(f"CREATE TABLE {table} ({columns}) WITHOUT ROWID")
    ticket_columns = _columns(TicketRow).replace("n INTEGER", "n INTEGER PRIMARY KEY", 1)
    db.execute("DROP TABLE IF EXISTS tickets")
    db.execute(f"CREATE TABLE tickets ({ticket_columns})")
    db.execute("CREATE UNIQUE INDEX tickets_id ON tickets (id)")  # the fold itself looks them up


def create_indexes(db: sqlite3.Connection) -> None:
    """The other indexes: made once the first bulk of rows is in. One for each order of ``list``."""
    for statement in (
        f"CREATE INDEX IF NOT EXISTS tickets_order ON tickets ({ORDERS['urgency']})",
        f"CREATE INDEX IF NOT EXISTS tickets_priority ON tickets (priority, {ORDERS['urgency']})",
        f"CREATE INDEX IF NOT EXISTS tickets_due ON tickets ({ORDERS['due']})",
        f"CREATE INDEX IF NOT EXISTS tickets_received ON tickets ({ORDERS['received']})",
        "CREATE INDEX IF NOT EXISTS tickets_customer ON tickets (customer, network)",
        "CREATE INDEX IF NOT EXISTS tickets_author ON tickets (author) WHERE author IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS tickets_called ON tickets (called) WHERE called != customer",
        "CREATE INDEX IF NOT EXISTS tickets_untriaged ON tickets (received) WHERE untriaged > 0",
        "CREATE INDEX IF NOT EXISTS drafts_ticket ON drafts (ticket)",
        "CREATE INDEX IF NOT EXISTS drafts_tried ON drafts (wall) WHERE wall > 0",
        "CREATE INDEX IF NOT EXISTS drafts_said ON drafts (at) WHERE said != ''",
        "CREATE INDEX IF NOT EXISTS drafts_posted ON drafts (remote_id) WHERE remote_id IS NOT NULL",
    ):
        db.execute(statement)


class Place(NamedTuple):
    """Where a message stands in the journal, and the number of its ticket."""

    n: int | None
    offset: int
    length: int


class EarlyAnswer(NamedTuple):
    key: str
    offset: int
    length: int
    created: int


Row = TypeVar("Row", TicketRow, DraftRow)


def in_batches(db: sqlite3.Connection, sql: str, keys: list[Any]) -> Iterable[tuple[Any, ...]]:
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        yield from db.execute(sql.format(",".join("?" * len(part))), part)


def _insert(table: str, struct: type[msgspec.Struct]) -> str:
    names = struct.__struct_fields__
    return f"INSERT OR REPLACE INTO {table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"


TICKET_COLUMNS = ",".join(f"tickets.{name}" for name in TicketRow.__struct_fields__)
DRAFT_COLUMNS = ",".join(f"drafts.{name}" for name in DraftRow.__struct_fields__)
_INSERT_TICKET = _insert("tickets", TicketRow)
_INSERT_DRAFT = _insert("drafts", DraftRow)


class Tables:
    """Rows are read once per chunk and written back by ``flush``; the caller holds the transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._next = int(db.execute("SELECT coalesce(max(n), 0) + 1 FROM tickets").fetchone()[0])
        self._any_early = bool(db.execute("SELECT EXISTS (SELECT 1 FROM early_answers)").fetchone()[0])
        self._any_drafts = bool(db.execute("SELECT EXISTS (SELECT 1 FROM drafts)").fetchone()[0])
        self._names: dict[str, int | None] = {}
        self._rows: dict[int, TicketRow] = {}
        self._touched: set[int] = set()
        self._messages: dict[str, Place | None] = {}
        self._new_messages: list[tuple[str, int | None, int, int]] = []
        self._new_events: list[tuple[int, int, int, int]] = []
        self._new_anchors: dict[str, int] = {}

    # tickets

    def prefetch(self, tickets: Iterable[str], messages: Iterable[str]) -> None:
        """Read what a chunk will need in a few queries."""
        names = [name for name in set(tickets) if name not in self._names]
        self._names.update(dict.fromkeys(names))
        for values in in_batches(self._db, f"SELECT {TICKET_COLUMNS} FROM tickets WHERE id IN ({{}})", names):
            row = self._rows.setdefault(values[0], TicketRow(*values))
            self._names[row.id] = row.n
        missing = [name for name in names if self._names[name] is None]
        for name, n in in_batches(self._db, "SELECT id, n FROM aliases WHERE id IN ({})", missing):
            self._names[name] = n
        keys = [key for key in set(messages) if key not in self._messages]
        self._messages.update(dict.fromkeys(keys))
        wanted = "SELECT key, n, offset, length FROM messages WHERE key IN ({})"
        for key, n, offset, length in in_batches(self._db, wanted, keys):
            self._messages[key] = Place(n, offset, length)

    def ticket(self, name: str) -> TicketRow | None:
        """By its name or an alias."""
        if name not in self._names:
            self.prefetch((name,), ())
        n = self._names[name]
        return None if n is None else self.by_number(n)

    def by_number(self, n: int) -> TicketRow:
        row = self._rows.get(n)
        if row is None:
            values = self._db.execute(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n = ?", (n,)).fetchone()
            row = self._rows[n] = TicketRow(*values)
        return row

    def next_number(self) -> int:
        self._next += 1
        return self._next - 1

    def add_ticket(self, row: TicketRow) -> None:
        self._rows[row.n] = row
        self._names[row.id] = row.n
        self._touched.add(row.n)

    def touch(self, row: TicketRow) -> None:
        """The row will be changed: write it at the next flush."""
        self._touched.add(row.n)

    def rename(self, row: TicketRow, name: str) -> None:
        """``name`` is the ticket's name from now on; the old one becomes an alias."""
        self.add_alias(row.id, row.n)
        row.id = name
        self._names[name] = row.n

    def add_alias(self, name: str, n: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (name, n))
        self._names[name] = n

    # messages and events

    def message(self, network: str, message_id: str) -> Place | None:
        key = message_key(network, message_id)
        if key not in self._messages:
            self.prefetch((), (key,))
        return self._messages[key]

    def add_message(self, network: str, message_id: str, n: int | None, offset: int, length: int) -> None:
        key = message_key(network, message_id)
        self._messages[key] = Place(n, offset, length)
        self._new_messages.append((key, n, offset, length))

    def add_version(self, network: str, message_id: str, n: int, offset: int, length: int) -> None:
        """A later version of a message: known from now on under this id too."""
        if self.message(network, message_id) is None:
            self.add_message(network, message_id, n, offset, length)

    def add_event(self, n: int, offset: int, length: int, kind: int) -> None:
        self._new_events.append((n, offset, length, kind))

    def set_anchor(self, key: str, n: int) -> None:
        self._new_anchors[key] = n

    def set_early_answer(self, network: str, parent: str, message: str, created: int) -> None:
        """Our answer to a message that has not been read yet."""
        self._any_early = True
        self._db.execute(
            "INSERT OR REPLACE INTO early_answers VALUES (?, ?, ?)",
            (message_key(network, parent), message_key(network, message), created),
        )

    def early_answers(self, network: str, parent: str) -> list[EarlyAnswer]:
        if not self._any_early:
            return []
        wanted = "SELECT message, created FROM early_answers WHERE key = ?"
        found = self._db.execute(wanted, (message_key(network, parent),)).fetchall()
        places = [(key, self.message(*key.split("\0", 1)), created) for key, created in found]
        return [
            EarlyAnswer(key, place.offset, place.length, created) for key, place, created in places if place
        ]

    def adopt(self, answer: EarlyAnswer, n: int) -> None:
        """The answer belongs to ticket ``n`` after all."""
        self.add_event(n, answer.offset, answer.length, MESSAGE)
        self._messages[answer.key] = Place(n, answer.offset, answer.length)
        row = (answer.key, n, answer.offset, answer.length)
        self._db.execute("INSERT OR REPLACE INTO messages VALUES (?,?,?,?)", row)

    # drafts and cursors

    def draft(self, draft_id: str) -> DraftRow | None:
        values = self._db.execute(f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE id = ?", (draft_id,)).fetchone()
        return None if values is None else DraftRow(*values)

    def set_draft(self, row: DraftRow) -> None:
        self._any_drafts = True
        self._db.execute(_INSERT_DRAFT, msgspec.structs.astuple(row))

    def is_our_post(self, n: int, message_id: str) -> bool:
        """Whether a draft of ticket ``n`` was posted as ``message_id``."""
        if not self._any_drafts:
            return False
        wanted = "SELECT 1 FROM drafts WHERE ticket = ? AND remote_id = ?"
        return self._db.execute(wanted, (n, message_id)).fetchone() is not None

    def add_bad_line(self, offset: int, reason: str) -> None:
        """A line that is no event; the rest works."""
        self._db.execute("INSERT OR REPLACE INTO bad_lines VALUES (?, ?)", (offset, reason))

    def set_cursor(self, account: str, cursor: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", (account, cursor))

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

    def flush(self) -> None:
        """Write everything back and forget it."""
        rows = [msgspec.structs.astuple(self._rows[n]) for n in sorted(self._touched)]
        self._db.executemany(_INSERT_TICKET, rows)
        self._db.executemany("INSERT OR IGNORE INTO messages VALUES (?,?,?,?)", self._new_messages)
        self._db.executemany("INSERT OR IGNORE INTO events VALUES (?,?,?,?)", self._new_events)
        self._db.executemany("INSERT OR REPLACE INTO anchors VALUES (?,?)", self._new_anchors.items())
        for kept in (self._names, self._rows, self._messages, self._new_anchors):
            kept.clear()
        self._touched.clear()
        self._new_messages.clear()
        self._new_events.clear()
