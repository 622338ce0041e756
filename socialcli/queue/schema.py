"""The tables of the index, in SQL. Everything in them is derived from the journal; an index of another
``SCHEMA_VERSION`` is built again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from struct import Struct
from typing import Any
from zlib import crc32

import msgspec

from socialcli.queue.rows import DraftRow, TicketRow

_MEANING = 5  # goes up when the same columns come to mean something else
MESSAGE, OTHER, CHANGED = 0, 1, 2  # kinds of events; CHANGED holds a message as it is now
_PLACE = Struct("<qIB")  # where an event stands (offset), its length in bytes, its kind
_BATCH = 500  # values in one IN (...)

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

# What filters ask for: behind the order in one index, so that none of them looks at a ticket that fails it.
_FILTERED = (
    "status, priority, account, assignee, lease, assigned, kind, incident, respond, due, warn, received, opened,"
    " snoozed, tier"
)

# Places are offsets in the journal; below 0 those in the archives (see journal.Reader).
_TABLES = {
    "meta": "key TEXT PRIMARY KEY, value",
    "aliases": "id TEXT PRIMARY KEY, n INTEGER",
    "merged": "n INTEGER PRIMARY KEY, into_n INTEGER",  # rows made before a merge still name the old number
    "messages": "key TEXT PRIMARY KEY, n INTEGER, offset INTEGER, length INTEGER",
    "threads": "n INTEGER PRIMARY KEY, places BLOB",  # of a ticket's events; see pack_place
    "anchors": "key TEXT PRIMARY KEY, n INTEGER",
    "early_answers": "key TEXT, message TEXT, created INTEGER, PRIMARY KEY (key, message)",
    "labels": "n INTEGER, label TEXT, PRIMARY KEY (n, label)",
    "drafts": _columns(DraftRow).replace("id TEXT", "id TEXT PRIMARY KEY", 1),
    "cursors": "account TEXT PRIMARY KEY, cursor BLOB",
    "spend": "account TEXT, day TEXT, millionths INTEGER, PRIMARY KEY (account, day)",
    "held": "account TEXT, what TEXT, until INTEGER, PRIMARY KEY (account, what)",
    "met": "agent TEXT, message TEXT, at INTEGER, PRIMARY KEY (agent, message)",  # abuse, by whom, when last
    "restrictions": "key TEXT PRIMARY KEY, offset INTEGER, length INTEGER",
    "seen": "id TEXT PRIMARY KEY",  # ids of events, where lines were copied or united; else empty
    "erased": "id TEXT PRIMARY KEY, customer TEXT",  # ids of the lines that tombstones name, and the pseudonym
    "erased_messages": "key TEXT PRIMARY KEY, customer TEXT",  # every line with such a message is erased
    "erased_tickets": "id TEXT PRIMARY KEY, upto TEXT, customer TEXT",  # every line up to then (at and id)
    "archives": "number INTEGER PRIMARY KEY, file TEXT",
    "members": "place INTEGER PRIMARY KEY, number INTEGER, start INTEGER, length INTEGER",
    "rhythm": "account TEXT, at INTEGER, messages INTEGER, PRIMARY KEY (account, at)",  # see lately
    "lately": "account TEXT, created INTEGER, offset INTEGER, length INTEGER, n INTEGER, author TEXT,"
    " PRIMARY KEY (account, created, offset)",
    "incidents": "id TEXT PRIMARY KEY, account TEXT, state TEXT, opened INTEGER, changed INTEGER, offset INTEGER,"
    " length INTEGER, rank INTEGER",  # ``changed``: when it came to its state
    "early_turns": "incident TEXT PRIMARY KEY, state TEXT, rank INTEGER, at INTEGER",  # told before it began
    "mass": "incident TEXT PRIMARY KEY, until INTEGER, turn INTEGER, said TEXT, offset INTEGER, length INTEGER",
    "turns": "incident TEXT, offset INTEGER, length INTEGER, PRIMARY KEY (incident, offset)",
    # How a ticket was resolved (times in epoch seconds), whether thanks are owed, and which follow-ups are over.
    "endings": "n INTEGER PRIMARY KEY, first INTEGER, at INTEGER, outcome TEXT, by TEXT, thank INTEGER DEFAULT 0,"
    " thanked INTEGER DEFAULT 0, asked INTEGER DEFAULT 0, greeted INTEGER DEFAULT 0",
    "shifts": "id TEXT PRIMARY KEY, agent TEXT, account TEXT, opened INTEGER, closed INTEGER, offset INTEGER,"
    " length INTEGER",  # where the event stands that ended it
    "stale": "offset INTEGER PRIMARY KEY",  # lines with a text that was edited or deleted since
    "bad_lines": "offset INTEGER PRIMARY KEY, reason TEXT",
}

# Another set of columns is another version by itself. SQLite keeps 31 bits of it.
_SHAPE = (*_TABLES.values(), *TicketRow.__struct_fields__, *DraftRow.__struct_fields__)
SCHEMA_VERSION = crc32(" ".join((str(_MEANING), *_SHAPE)).encode()) >> 1

_OF_PEOPLE = (
    "tickets_customer ON tickets (customer, network)",
    "tickets_author ON tickets (author) WHERE author IS NOT NULL",
)
_INDEXES = (
    *_OF_PEOPLE,
    f"tickets_order ON tickets ({ORDERS['urgency']}, {_FILTERED})",
    f"tickets_due ON tickets ({ORDERS['due']})",
    f"tickets_received ON tickets ({ORDERS['received']})",
    "endings_unthanked ON endings (at) WHERE thank = 1 AND thanked = 0",
    "endings_unasked ON endings (at) WHERE asked = 0",
    "tickets_incident ON tickets (incident, tier, bucket) WHERE incident IS NOT NULL",
    "tickets_called ON tickets (called) WHERE called != customer",
    "tickets_assigned ON tickets (assigned) WHERE assigned IS NOT NULL",
    "tickets_untriaged ON tickets (received) WHERE untriaged > 0",
    "tickets_asking ON tickets (asking) WHERE asking IS NOT NULL",
    "tickets_abusive ON tickets (n) WHERE abusive = 1",
    "tickets_stopped ON tickets (stopped) WHERE stopped != ''",
    "tickets_snoozed ON tickets (snoozed) WHERE snoozed IS NOT NULL",
    "labels_label ON labels (label, n)",
    "drafts_ticket ON drafts (ticket)",
    "drafts_state ON drafts (state, offset)",
    "drafts_tried ON drafts (wall)",
    "drafts_at ON drafts (at)",
    "drafts_said ON drafts (at) WHERE said != ''",
    "drafts_promised ON drafts (kept, until) WHERE until IS NOT NULL",
)

TICKET_COLUMNS = ",".join(f"tickets.{name}" for name in TicketRow.__struct_fields__)
DRAFT_COLUMNS = ",".join(f"drafts.{name}" for name in DraftRow.__struct_fields__)


def create(db: sqlite3.Connection) -> None:
    """Make the tables, empty; the caller holds the transaction."""
    for table, columns in _TABLES.items():
        db.execute(f"DROP TABLE IF EXISTS {table}")
        db.execute(f"CREATE TABLE {table} ({columns}) WITHOUT ROWID")
    ticket_columns = _columns(TicketRow).replace("n INTEGER", "n INTEGER PRIMARY KEY", 1)
    db.execute("DROP TABLE IF EXISTS tickets")
    db.execute(f"CREATE TABLE tickets ({ticket_columns})")
    db.execute("CREATE UNIQUE INDEX tickets_id ON tickets (id)")  # the fold itself uses these
    db.execute("CREATE INDEX drafts_posted ON drafts (remote_id) WHERE remote_id IS NOT NULL")
    db.execute("DROP TABLE IF EXISTS texts")
    db.execute("DROP TABLE IF EXISTS words")


def create_indexes(db: sqlite3.Connection) -> None:
    """The other indexes: made once the first bulk of rows is in. One for each order of ``list``."""
    _create_all(db, _INDEXES)


def create_indexes_of_people(db: sqlite3.Connection) -> None:
    """Those of them that taking messages in asks for."""
    _create_all(db, _OF_PEOPLE)


def _create_all(db: sqlite3.Connection, indexes: Iterable[str]) -> None:
    for statement in indexes:
        db.execute(f"CREATE INDEX IF NOT EXISTS {statement}")


pack_place = _PLACE.pack  # one row a ticket instead of one an event: a fifth of the time of a fold


def places_of(db: sqlite3.Connection, n: int) -> list[tuple[int, int, int]]:
    """Offset, length and kind of all events of ticket ``n``, in the order of the journal."""
    row = db.execute("SELECT places FROM threads WHERE n = ?", (n,)).fetchone()
    return [] if row is None else unpack_places(row[0])


def unpack_places(packed: bytes) -> list[tuple[int, int, int]]:
    """The same from what stands in ``threads``."""
    return sorted(set(_PLACE.iter_unpack(packed)))


def set_places(db: sqlite3.Connection, n: int, places: Iterable[tuple[int, int, int]]) -> None:
    """Make these the events of ticket ``n``."""
    packed = b"".join(_PLACE.pack(*place) for place in places)
    db.execute("INSERT OR REPLACE INTO threads VALUES (?, ?)", (n, packed))


def in_batches(db: sqlite3.Connection, sql: str, keys: list[Any]) -> Iterable[tuple[Any, ...]]:
    """The rows for all ``keys``, some hundred of them a query."""
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        yield from db.execute(sql.format(",".join("?" * len(part))), part)


def insert(table: str, struct: type[msgspec.Struct]) -> str:
    """The statement that writes a row of this shape."""
    names = struct.__struct_fields__
    return f"INSERT OR REPLACE INTO {table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"
