"""``Queue``: the only door to the journal and its index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from socialcli import durable
from socialcli.errors import InvalidError, NotFoundError, UsageError
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.ticket import Event, Ticket
from socialcli.queue.facts import ON_ITS_WAY, decode_draft, decode_message
from socialcli.queue.grouping import Grouper
from socialcli.queue.index import Index
from socialcli.queue.journal import Journal, Line, NewEvent, Reader, decode_line
from socialcli.queue.records import StoredDraft, as_message, event_record, ticket_record
from socialcli.queue.rows import DraftRow, TicketRow, inbox_of
from socialcli.queue.tables import DRAFT_COLUMNS, MESSAGE, ORDERS, TICKET_COLUMNS

_data = msgspec.json.Decoder(dict[str, Any]).decode
Read = TypeVar("Read")


class Filter(msgspec.Struct, frozen=True):
    """What ``list`` asks for; None is no wish."""

    status: str | None = None
    priority: str | None = None
    account: str | None = None
    assignee: str | None = None
    kind: str | None = None
    incident: str | None = None
    label: str | None = None
    overdue: bool = False
    sort: str = "urgency"
    limit: int = 0  # 0: all


class Writing:
    """A queue under its lock. What is added is written in one piece when the block ends well."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.events: list[NewEvent] = []

    def add(self, event: str, ticket: str | None, by: str | None, data: Any, *, key: str = "") -> None:
        self.events.append(NewEvent(event, ticket, by, data, key))


class Queue:
    """Opens nothing until asked. ``now`` is the time of decisions; ``note`` tells the user."""

    def __init__(self, workspace: Path, now: Callable[[], datetime], note: Callable[[str], None]) -> None:
        self.journal = Journal(workspace / "queue.jsonl")
        self.momentary = workspace / ".socialcli"
        self.index = Index(self.momentary / "index.sqlite", self.journal)
        self._now = now
        self._note = note
        self._fresh = False

    def close(self) -> None:
        self.index.close()

    # writing

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Compare and append: inside, the index is up to date and nobody else writes.

        Raises LockHeldError, StorageError; nothing is then written.
        """
        with durable.lock(self.momentary / "queue.lock", "the queue"):
            self.refresh()
            writing = Writing(self)
            yield writing
            if not writing.events:
                return
            _, torn = self.journal.append(writing.events, self._now())
            if torn is not None:
                self._note(f"an unfinished line at the end of queue.jsonl was set aside in {torn.name}")
            self._fresh = False
        self.refresh()

    def take_in(self, messages: Sequence[Message], cursor: tuple[str, dict[str, Any]] | None = None) -> int:
        """Take messages in, each once; returns how many were new. ``cursor`` is kept if it moved."""
        with self.writing() as writing:
            grouper = Grouper(self.index.db, messages)
            new = 0
            for message in messages:
                events = grouper.events(message)
                new += bool(events)
                writing.events += events
            if cursor is not None and self.cursor(cursor[0]) != cursor[1]:
                writing.add("cursor", None, None, {"account": cursor[0], "cursor": cursor[1]}, key=cursor[0])
        return new

    def count_known(self, messages: Sequence[Message]) -> int:
        """How many of the messages the queue holds already, a repetition among them counted too."""
        self.refresh()
        grouper = Grouper(self.index.db, messages)
        return sum(not grouper.events(message) for message in messages)

    # reading

    def refresh(self) -> None:
        """See what other processes have written since."""
        self.index.refresh()
        self._tell()

    def verify(self) -> list[tuple[int, str]]:
        """Read the whole journal anew, also what was changed where nobody looks again; ``bad_lines`` of it."""
        self.index.refresh(anew=True)
        self.index.new_bad_lines = 0  # the caller names each
        self._tell()
        return self.bad_lines()

    def _tell(self) -> None:
        """The index is fresh; say what was met on the way."""
        self._fresh = True
        if self.index.new_bad_lines:
            count, self.index.new_bad_lines = self.index.new_bad_lines, 0
            self._note(
                f"queue.jsonl: {count} line(s) are no events and were passed over; see: socialcli doctor"
            )
        if self.index.unknown_events:
            names, self.index.unknown_events = ", ".join(sorted(self.index.unknown_events)), set()
            self._note(f"queue.jsonl: events of a newer release were kept and passed over: {names}")

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._ask(sql, values).fetchall()

    def _ask(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        if not self._fresh:
            self.refresh()
        try:
            return self.index.db.execute(sql, values)
        except sqlite3.DatabaseError:  # damaged where nobody had looked
            return self.index.build_again().execute(sql, values)

    def cursor(self, account: str) -> dict[str, Any] | None:
        """How far ``account`` has been read."""
        rows = self._rows("SELECT cursor FROM cursors WHERE account = ?", (account,))
        return _data(rows[0][0]) if rows else None

    def ticket(self, name: str) -> TicketRow:
        """By id, former id, or a unique beginning of one. Raises NotFoundError, UsageError."""
        name = name.strip().lower()
        after = f"{name}\uffff"
        rows = self._rows(
            f"SELECT {TICKET_COLUMNS} FROM tickets WHERE id >= ?1 AND id < ?2 UNION "
            f"SELECT {TICKET_COLUMNS} FROM aliases JOIN tickets USING (n)"
            " WHERE aliases.id >= ?1 AND aliases.id < ?2 LIMIT 5",
            (name, after),
        )
        if not name or not rows:
            raise NotFoundError("ticket", name, hint="socialcli list shows them")
        if len(rows) > 1:
            names = ", ".join(str(row[1]) for row in rows)
            raise UsageError(f'more than one ticket begins with "{name}": {names}', hint="type more of it")
        return TicketRow(*rows[0])

    def ticket_by_number(self, number: int) -> TicketRow:
        return TicketRow(*self._rows(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n = ?", (number,))[0])

    def rows(self, wanted: Filter) -> Iterator[TicketRow]:
        """The tickets that pass the filter, in its order, as a stream: there may be hundreds of thousands."""
        where, values = _where(wanted, int(self._now().timestamp()))
        order = ORDERS[wanted.sort]
        limit = f" LIMIT {wanted.limit}" if wanted.limit else ""
        sql = f"SELECT {TICKET_COLUMNS} FROM tickets{where} ORDER BY {order}{limit}"
        for row in self._ask(sql, values):
            yield TicketRow(*row)

    def next_row(self, agent: str | None) -> TicketRow | None:
        """The most pressing ticket that somebody owes an answer and nobody else has claimed."""
        now = int(self._now().timestamp())
        rows = self._rows(
            f"SELECT {TICKET_COLUMNS} FROM tickets WHERE bucket = 0"
            " AND (assignee IS NULL OR assignee = ? OR lease < ?) ORDER BY bucket, urgency DESC, id LIMIT 1",
            (agent, now),
        )
        return TicketRow(*rows[0]) if rows else None

    def untriaged(self) -> list[int]:
        """Numbers of the tickets with messages that triage has not seen, longest waiting first."""
        return [n for (n,) in self._rows("SELECT n FROM tickets WHERE untriaged > 0 ORDER BY received, id")]

    def assessed_by_another(self, policy: str) -> list[int]:
        """Numbers of the tickets that an older policy assessed and that are not finished."""
        sql = "SELECT n FROM tickets WHERE policy IS NOT ? AND bucket < 4 AND untriaged = 0 ORDER BY received, id"
        return [n for (n,) in self._rows(sql, (policy,))]

    def records(self, rows: Iterable[TicketRow]) -> Iterator[Ticket]:
        """The rows as records, with the text of the latest inbound message."""
        now = int(self._now().timestamp())
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        with Reader(self.journal.path) as reader:
            for row in chain((first,), rows):
                latest = self._read(reader, row.text_offset, row.text_length, _message)
                yield ticket_record(row, latest, now)

    def record(self, row: TicketRow) -> Ticket:
        return next(self.records([row]))

    def waiting(self, row: TicketRow) -> list[str]:
        """Ids of the inbound messages that triage has not seen."""
        return [one.id for one in inbox_of(row) if not one.assessed]

    def unanswered(self, row: TicketRow) -> dict[str, int]:
        """Ids of the inbound messages that nobody has answered, with their offsets in the journal."""
        return {one.id: one.offset for one in inbox_of(row) if not one.answered}

    def thread(self, row: TicketRow) -> list[Message]:
        """The messages of the ticket, our sent drafts among them, oldest first."""
        places = self._rows("SELECT offset, length FROM events WHERE n = ? AND kind = ?", (row.n, MESSAGE))
        messages = list(self._lines(places, _message))
        seen = {message.id for message in messages}
        messages += [
            as_message(stored, row.network)
            for stored in self.drafts(row.n)
            if stored.row.state == "sent" and stored.row.remote_id not in seen
        ]
        return sorted(messages, key=lambda message: (message.created_at, message.id))

    def history(self, row: TicketRow) -> Iterator[Event]:
        """All that happened to the ticket, in the order of the journal."""
        places = self._rows("SELECT offset, length FROM events WHERE n = ? ORDER BY offset", (row.n,))
        yield from self._lines(places, event_record)

    def everything(self) -> Iterator[Event]:
        """All events of the journal that can be read."""
        for _, raw in self.journal.lines():
            try:
                yield event_record(decode_line(raw))
            except (msgspec.DecodeError, ValueError):
                continue  # doctor names it

    def _lines(self, places: Sequence[tuple[int, int]], read: Callable[[Line], Read]) -> Iterator[Read]:
        if not places:
            return
        with Reader(self.journal.path) as reader:
            for offset, length in places:
                yield self._read(reader, offset, length, read)

    def _read(self, reader: Reader, offset: int, length: int, read: Callable[[Line], Read]) -> Read:
        """What stands at a place that the index knows.

        Raises InvalidError where the journal was changed in place since; the index is then made anew, so
        that the next command passes the line over.
        """
        try:
            return read(reader.line(offset, length))
        except (msgspec.DecodeError, ValueError) as error:
            self.index.refresh(anew=True)
            number = sum(1 for _ in self.journal.lines(end=offset)) + 1
            raise InvalidError(
                f"{self.journal.path}:{number}: the line was changed and is no event any more: {error}",
                hint="run the same command again: the line is then passed over; see: socialcli doctor",
            ) from error

    def totals(self) -> tuple[int, int]:
        """How many tickets and messages there are."""
        sql = "SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM messages)"
        tickets, messages = self._rows(sql)[0]
        return tickets, messages

    def bad_lines(self) -> list[tuple[int, str]]:
        """Lines of the journal that are no events: line number, from 1, and what is wrong."""
        bad = dict(self._rows("SELECT offset, reason FROM bad_lines"))
        if not bad:
            return []
        numbers = {offset: number for number, (offset, _) in enumerate(self.journal.lines(), 1)}
        return [(numbers.get(offset, 0), reason) for offset, reason in sorted(bad.items())]

    # drafts

    def drafts(
        self, number: int | None = None, *, states: Sequence[str] = (), newest: int = 0
    ) -> list[StoredDraft]:
        """Drafts of one ticket or of all, oldest first; with ``newest`` only so many of the newest."""
        where = ["ticket = ?"] if number is not None else []
        values: list[Any] = [number] if number is not None else []
        if states:
            where.append(f"state IN ({','.join('?' * len(states))})")
            values += states
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        order = f" ORDER BY offset DESC LIMIT {newest}" if newest else " ORDER BY offset DESC"
        rows = self._rows(f"SELECT {DRAFT_COLUMNS} FROM drafts{condition}{order}", values)
        return [self._stored(DraftRow(*row)) for row in reversed(rows)]

    def draft(self, name: str) -> StoredDraft:
        """By id or a unique beginning of one. Raises NotFoundError, UsageError."""
        rows = self._rows(
            f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE id >= ? AND id < ? LIMIT 2", (name, f"{name}\uffff")
        )
        if not name or not rows:
            raise NotFoundError("draft", name, hint="socialcli outbox shows what is on its way")
        if len(rows) > 1:
            raise UsageError(f'more than one draft begins with "{name}"', hint="type more of it")
        return self._stored(DraftRow(*rows[0]))

    def on_its_way(self, number: int, *, but: str = "") -> StoredDraft | None:
        """The draft of this ticket that is on its way, another than ``but``."""
        for stored in self.drafts(number, states=ON_ITS_WAY):
            if stored.row.id != but:
                return stored
        return None

    def _stored(self, row: DraftRow) -> StoredDraft:
        with Reader(self.journal.path) as reader:
            whole = self._read(reader, row.offset, row.length, _whole_draft)
        return StoredDraft(
            row,
            msgspec.structs.replace(
                whole,
                ticket=self.ticket_by_number(row.ticket).id,
                state=row.state,
                remote_id=row.remote_id,
                url=row.url,
                reason=row.reason,
            ),
        )


def _message(line: Line) -> Message:
    return decode_message(line.data)


def _whole_draft(line: Line) -> Draft:
    whole = decode_draft(line.data).whole
    if whole is None:
        raise ValueError("the draft is missing")
    return whole


def _where(wanted: Filter, now: int) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for column in ("status", "priority", "account", "assignee", "kind", "incident"):
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    if wanted.label is not None:
        conditions.append("EXISTS (SELECT 1 FROM json_each(labels) WHERE value = ?)")
        values.append(wanted.label)
    if wanted.overdue:
        conditions.append("due < ? AND bucket <= 2")
        values.append(now)
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), values
