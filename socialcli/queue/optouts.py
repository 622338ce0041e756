"""Who wants no messages of ours, and what may be answered all the same.

A customer asks for it in words (triage sees it), or somebody takes it down (``opt-out``); it holds for all of their
tickets on that network. Where a message was read in and triage has not seen it yet, its words count at once. What they
write later may be answered, each message once; a word of theirs is never followed up.
"""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.optout import OptOut
from socialcli.model.ticket import Event
from socialcli.queue.facts import created_of, decode_message, message_key
from socialcli.queue.journal import Line
from socialcli.queue.people import People
from socialcli.queue.records import event_record
from socialcli.queue.rows import TicketRow, inbox_of
from socialcli.queue.schema import OTHER, TICKET_COLUMNS
from socialcli.text.opting_out import asks_to_stop

_FOUND = ("search", "feed")  # sources of what was not written to us


class OptOuts(People):
    def opted_out(self, row: TicketRow) -> datetime | None:
        """Since when the customer of a ticket wants no messages of ours; None where they may be written to. For what
        we begin ourselves: thanks, reminders, notices, acknowledgements.
        """
        theirs = self.tickets_of(row.network, row.called, row.author) or [row]
        said = [max(map(created_of, self._unread_stops(one)), default=-1) for one in theirs if one.untriaged]
        if max(one.stopped for one in theirs) > max(one.resumed for one in theirs):
            said += [one.stopped_since for one in theirs]
        since = max(said, default=-1)
        return None if since < 0 else datetime.fromtimestamp(since, UTC)

    def unwanted(self, draft: Draft) -> datetime | None:
        """Since when the customer wants no messages of ours, where that stands against this draft; None where it may
        go out: a statement to everybody, or the first answer to what they wrote later, or what puts that right.
        """
        if draft.ticket is None:
            return None
        row = self.ticket(draft.ticket)
        if draft.holds is not None or draft.acknowledges:  # neither is an answer
            return self.opted_out(row)
        return self.closed_to(row, str(draft.target), corrects=draft.corrects is not None)

    def closed_to(self, row: TicketRow, target: str, *, corrects: bool = False) -> datetime | None:
        """Since when an answer to this message is not wanted; None where it may go out. ``corrects``: it puts right
        the one that it had.
        """
        since = self.opted_out(row)
        if since is None:
            return None
        first = corrects or any(one.id == target and not one.answered for one in inbox_of(row))
        return None if first and self._created(row.network, target) > since.timestamp() else since

    def _created(self, network: str, name: str) -> int:
        """When a message was written (epoch seconds); -1 where the queue has none of that name."""
        key = message_key(network, name)
        places = self._rows("SELECT offset, length FROM messages WHERE key = ?", (key,))
        return max((created_of(one) for one in self._lines(places, _message)), default=-1)

    def opt_outs(self) -> list[OptOut]:
        """Who wants no messages of ours, as it was noted, oldest first; each customer once."""
        rows = self._rows(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE stopped != '' ORDER BY stopped, id")
        found: dict[tuple[str, str], OptOut] = {}
        for row in (TicketRow(*one) for one in rows):
            record = self.opt_out(row)
            if record is not None:
                found[record.network, record.author_id or record.handle] = record
        return list(found.values())

    def opt_out(self, row: TicketRow) -> OptOut | None:
        """The newest word by which the customer of a ticket opted out; None where there is none, or it was lifted."""
        theirs = self.tickets_of(row.network, row.called, row.author) or [row]
        newest = max(theirs, key=lambda one: (one.stopped, one.id))
        if newest.stopped <= max(one.resumed for one in theirs):
            return None
        event = self.opted_out_events(newest)[-1]
        since = datetime.fromisoformat(str(event.data["since"]))
        said, reason = event.data.get("message"), event.data.get("reason")
        return OptOut(
            self.handle_of(newest), newest.author, newest.network, newest.id, said, since, event.by, reason
        )

    def handle_of(self, row: TicketRow) -> str:
        """What the customer of a ticket is called, as they spell it."""
        latest = self._lines([(row.text_offset, row.text_length)], _message)
        return next((one.author.handle for one in latest), row.called)

    def opted_out_events(self, row: TicketRow) -> list[Event]:
        """Each time that it was noted in this ticket, oldest first."""
        found = [one for one in self._lines(self._places(row.n, OTHER), _event) if one.event == "opted-out"]
        return sorted(found, key=lambda one: (str(one.at), one.id))

    def _unread_stops(self, row: TicketRow) -> list[Message]:
        """Messages that ask us to stop, and that triage has not seen."""
        places = [(one.offset, one.length) for one in inbox_of(row) if not one.assessed]
        unread = list(self._lines(places, _message))
        return [one for one in unread if one.source not in _FOUND and asks_to_stop(one.text)]


def _message(line: Line) -> Message:
    return decode_message(line.data)


def _event(line: Line) -> Event:
    return event_record(line)
