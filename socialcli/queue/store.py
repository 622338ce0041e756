"""``Queue``: the only door to the journal and its index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import msgspec

from socialcli import durable
from socialcli.model.message import Message
from socialcli.model.ticket import Event, Ticket
from socialcli.queue.drafts import Drafts
from socialcli.queue.facts import decode_message, message_key
from socialcli.queue.grouping import Grouper
from socialcli.queue.journal import Line, NewEvent, Reader, decode_line
from socialcli.queue.people import People
from socialcli.queue.records import as_message, event_record, ticket_record
from socialcli.queue.rows import TicketRow, inbox_of
from socialcli.queue.tables import CHANGED, MESSAGE, ORDERS, TICKET_COLUMNS


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


class Queue(Drafts, People):
    """Everything that is read and written goes through here."""

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

    def take_in(
        self,
        messages: Sequence[Message],
        cursor: tuple[str, dict[str, Any]] | None = None,
        *,
        context: Sequence[Message] = (),
    ) -> int:
        """Take messages in, each once, and ``context`` behind them; returns how many messages were new.
        A known one in newer words is an edit. ``cursor`` is kept if it moved; with one, they come from the network.
        """
        with self.writing() as writing:
            grouper = Grouper(self.index.db, (*messages, *context), live=cursor is not None)
            new = 0
            for message in messages:
                new += not grouper.is_known(message)
                writing.events += grouper.events(message)
            for message in context:
                writing.events += grouper.events(message)
            if cursor is not None and self.cursor(cursor[0]) != cursor[1]:
                writing.add("cursor", None, None, {"account": cursor[0], "cursor": cursor[1]}, key=cursor[0])
        return new

    def note_changes(self, changed: Sequence[Message], gone: Sequence[Message]) -> int:
        """Take down which known messages now read otherwise, bear another handle, or were deleted; returns
        how many.
        """
        with self.writing() as writing:
            for message in (*changed, *(msgspec.structs.replace(one, text="", deleted=True) for one in gone)):
                known = self._known(message)
                event = None if known is None else _change(known[1], message)
                if known is not None and event is not None:
                    writing.add(event, known[0], None, message, key=f"{message.network} {message.version}")
        return len(writing.events)

    def _known(self, message: Message) -> tuple[str, Message] | None:
        """The ticket of a message, and the message as the queue has it."""
        key = message_key(message.network, message.id)
        rows = self._rows("SELECT n FROM messages WHERE key = ? AND n IS NOT NULL", (key,))
        if not rows:
            return None
        row = self.ticket_by_number(rows[0][0])
        found = next((one for one in self.thread(row) if one.id == message.id), None)
        return None if found is None else (row.id, found)

    def keep_used(
        self, account: str, acts: dict[str, int], cost: str, currency: str, held: dict[str, int]
    ) -> None:
        """Keep what an account used: the number of each act, the cost (decimal, at most), and until when the
        network takes no more of something.
        """
        facts = {"account": account, "acts": acts, "cost": cost, "currency": currency, "held": held}
        with self.writing() as writing:
            writing.add("used", None, None, facts, key=account)

    def count_known(self, messages: Sequence[Message]) -> int:
        """How many of the messages the queue holds already, a repetition among them counted too."""
        self.refresh()
        grouper = Grouper(self.index.db, messages)
        known = 0
        for message in messages:
            known += grouper.is_known(message)
            grouper.events(message)
        return known

    # reading

    def verify(self) -> list[tuple[int, str]]:
        """Read the whole journal anew, also what was changed where nobody looks again; ``bad_lines`` of it."""
        self.index.refresh(anew=True)
        self.index.new_bad_lines = 0  # the caller names each
        self._tell()
        return self.bad_lines()

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

    def watched(self, account: str, limit: int = 100) -> list[Message]:
        """Public messages read through ``account`` that still wait for an answer, of the most pressing tickets
        first.
        """
        found: list[Message] = []
        wanted = f"SELECT {TICKET_COLUMNS} FROM tickets WHERE account = ? AND bucket <= 2 ORDER BY {ORDERS['urgency']}"
        rows = [TicketRow(*values) for values in self._rows(f"{wanted} LIMIT ?", (account, limit))]
        for row in rows:
            places = [(one.offset, one.length) for one in inbox_of(row) if not one.answered]
            found += [one for one in self._lines(places, _message) if one.visibility == "public"]
        return found[:limit]

    def thread(self, row: TicketRow) -> list[Message]:
        """The messages of the ticket as they read now, our sent drafts among them, oldest first."""
        places = self._rows(
            "SELECT offset, length FROM events WHERE n = ? AND kind IN (?, ?) ORDER BY offset",
            (row.n, MESSAGE, CHANGED),
        )
        messages: dict[str, Message] = {}
        for one in self._lines(places, _message):
            if one.id not in messages or not messages[one.id].deleted:
                messages[one.id] = one
        ours = [
            as_message(stored, row.network)
            for stored in self.drafts(row.n)
            if stored.row.state == "sent" and stored.row.remote_id not in messages
        ]
        return sorted((*messages.values(), *ours), key=lambda message: (message.created_at, message.id))

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


def _message(line: Line) -> Message:
    return decode_message(line.data)


def _change(known: Message, message: Message) -> str | None:
    """What happened to a message, as an event; None if nothing."""
    if known.deleted:
        return None
    if message.deleted:
        return "deleted"
    if message.versions != known.versions and len(message.versions) >= len(known.versions):
        return "edited"
    return "renamed" if message.author.handle != known.author.handle else None


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
