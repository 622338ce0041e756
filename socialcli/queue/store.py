"""``Queue``: the only door to the journal and its index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import msgspec

from socialcli import durable
from socialcli.model.message import Message
from socialcli.model.ticket import Event, Handover, Ticket
from socialcli.queue.endings import Endings
from socialcli.queue.facts import decode_message, message_key
from socialcli.queue.filtering import Filter, Filtering
from socialcli.queue.grouping import Grouper
from socialcli.queue.hearing import Hearing
from socialcli.queue.incidents import Incidents
from socialcli.queue.journal import Line, NewEvent, Reader, decode_line
from socialcli.queue.optouts import OptOuts
from socialcli.queue.pressing import Pressing
from socialcli.queue.promises import Promises
from socialcli.queue.records import as_message, event_record, handover_record, ticket_record
from socialcli.queue.relieving import Relieving
from socialcli.queue.rows import NEVER, TicketRow, inbox_of
from socialcli.queue.schema import CHANGED, MESSAGE, ORDERS, OTHER, TICKET_COLUMNS, in_batches
from socialcli.queue.shifts import Shifts

__all__ = ["Filter", "Queue", "Writing"]


class Writing:
    """A queue under its lock. What is added is written in one piece when the block ends well."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.events: list[NewEvent] = []

    def add(self, event: str, ticket: str | None, by: str | None, data: Any, *, key: str = "") -> None:
        self.events.append(NewEvent(event, ticket, by, data, key))


class Queue(Promises, OptOuts, Filtering, Incidents, Hearing, Endings, Shifts, Pressing, Relieving):
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
            grouper = Grouper(self.index, (*messages, *context), live=cursor is not None)
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
        noted = 0
        with self.writing() as writing:
            for message in (*changed, *(msgspec.structs.replace(one, text="", deleted=True) for one in gone)):
                known = self._known(message)
                event = None if known is None else _change(known[1], message)
                if known is not None and event is not None:
                    writing.add(event, known[0], None, message, key=f"{message.network} {message.version}")
                    noted += 1
                if known is not None and event == "deleted":
                    writing.add("erased", known[0], None, self._tombstone(known[0], message), key=message.id)
        return noted

    def _tombstone(self, ticket: str, message: Message) -> dict[str, Any]:
        """What its author deleted is shown no more, and the next rewrite of the journal takes the words out."""
        held = self._lines(
            self._places(self.ticket(ticket).n, MESSAGE, CHANGED), lambda line: (line.id, _message(line).id)
        )
        events = [name for name, one in held if one == message.id]
        return {"events": events, "messages": [message.id], "network": message.network, "customer": None}

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
        grouper = Grouper(self.index, messages)
        known = 0
        for message in messages:
            known += grouper.is_known(message)
            grouper.events(message)
        return known

    # reading

    def untriaged(self) -> list[int]:
        """Numbers of the tickets with messages that triage has not seen, longest waiting first."""
        return [n for (n,) in self._rows("SELECT n FROM tickets WHERE untriaged > 0 ORDER BY received, id")]

    def assessed_by_another(self, policy: str) -> list[int]:
        """Numbers of the tickets that an older policy assessed and that are not finished."""
        sql = "SELECT n FROM tickets WHERE policy IS NOT ? AND bucket < 4 AND untriaged = 0 ORDER BY received, id"
        return [n for (n,) in self._rows(sql, (policy,))]

    def unfinished(self) -> list[int]:
        """Numbers of the tickets that are not finished, longest waiting first."""
        sql = "SELECT n FROM tickets WHERE bucket < 4 ORDER BY received, id"
        return [n for (n,) in self._rows(sql)]

    def records(self, rows: Iterable[TicketRow]) -> Iterator[Ticket]:
        """The rows as records, with the text of the latest inbound message."""
        now = int(self._now().timestamp())
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        gates = self.gates()
        with self._reader() as reader:
            for row in chain((first,), rows):
                latest = self._read(reader, row.text_offset, row.text_length, _message)
                asked = self.asked_since(row) if row.approvals else None
                held = self.why_held(row, gates)
                yield ticket_record(row, latest, now, asked, self._handover(reader, row), held)

    def handover(self, row: TicketRow) -> Handover | None:
        """What the last one who had the ticket left for the next, until somebody answers."""
        with self._reader() as reader:
            return self._handover(reader, row)

    def _handover(self, reader: Reader, row: TicketRow) -> Handover | None:
        if row.handover == NEVER:
            return None
        return self._read(reader, row.handover, row.handover_length, handover_record)

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
        messages: dict[str, Message] = {}
        for one in self._lines(self._places(row.n, MESSAGE, CHANGED), _message):
            known = messages.get(one.id)
            if known is None or one.deleted or not (known.deleted or known.erased):
                messages[one.id] = one
        if self._places(row.n, CHANGED):
            for name in self._not_of(row, messages):
                del messages[name]
        ours = [
            as_message(stored, row.network)
            for stored in self.drafts(row.n)
            if stored.row.state == "sent" and stored.row.remote_id not in messages
        ]
        return sorted((*messages.values(), *ours), key=lambda message: (message.created_at, message.id))

    def talk(self, row: TicketRow) -> list[Message]:
        """The thread as triage and the check read it: an acknowledgement that we are closed answers nothing."""
        notes = self.acknowledgements(row.n)
        return [one for one in self.thread(row) if one.id not in notes]

    def _not_of(self, row: TicketRow, messages: Iterable[str]) -> list[str]:
        """Those of these messages that went to another ticket in a split."""
        keys = {message_key(row.network, one): one for one in messages}
        found = in_batches(self.index.db, "SELECT key, n FROM messages WHERE key IN ({})", list(keys))
        return [keys[key] for key, n in found if n != row.n and self.ticket_by_number(n).n != row.n]

    def history(self, row: TicketRow) -> Iterator[Event]:
        """All that happened to the ticket, in the order of the journal."""
        yield from self._lines(self._places(row.n, MESSAGE, OTHER, CHANGED), event_record)

    def everything(self) -> Iterator[Event]:
        """All events of the journal that can be read."""
        self.refresh()
        for _, raw in self.index.lines():
            try:
                yield event_record(decode_line(self._masked(raw)))
            except (msgspec.DecodeError, ValueError, RecursionError):
                continue  # doctor names it

    def totals(self) -> tuple[int, int]:
        """How many tickets and messages there are."""
        sql = (
            "SELECT (SELECT count(*) FROM tickets), (SELECT coalesce(sum(messages), 0) FROM tickets)"
            " + (SELECT count(*) FROM messages WHERE n IS NULL)"
        )
        tickets, messages = self._rows(sql)[0]
        return tickets, messages

    def bad_lines(self) -> list[tuple[int, str]]:
        """Lines of the journal that are no events: line number, from 1, and what is wrong."""
        bad = dict(self._rows("SELECT offset, reason FROM bad_lines WHERE offset >= 0"))  # else in an archive
        if not bad:
            return []
        numbers = {offset: number for number, (offset, _) in enumerate(self.journal.lines(), 1)}
        return [(numbers.get(offset, 0), reason) for offset, reason in sorted(bad.items())]

    # drafts


def _message(line: Line) -> Message:
    return decode_message(line.data)


def _change(known: Message, message: Message) -> str | None:
    """What happened to a message, as an event; None if nothing."""
    if known.deleted or known.erased:
        return None
    if message.deleted:
        return "deleted"
    if message.versions != known.versions and len(message.versions) >= len(known.versions):
        return "edited"
    return "renamed" if message.author.handle != known.author.handle else None
