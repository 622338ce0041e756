"""The fold: events -> rows of the index. Taken in the order of the journal; every event may come twice.

Facts that two journals could hold in a different order are settled by rank, not by clock: a draft that was
sent once stays sent; an override by hand stays whatever triage says later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from socialcli.model.message import Message
from socialcli.queue.facts import (
    RANK,
    DraftFacts,
    answered,
    decode_alias,
    decode_any,
    decode_assessed,
    decode_claim,
    decode_cursor,
    decode_draft,
    decode_fields,
    decode_lifted,
    decode_note,
    decode_override,
    decode_prefers,
    decode_restriction,
    decode_used,
    gone,
    places,
    read_message,
    restriction_key,
)
from socialcli.queue.journal import Line
from socialcli.queue.progress import is_newer, move_on, new_draft
from socialcli.queue.rows import DraftRow, TicketRow, Waiting, customer_key, inbox_of, settle
from socialcli.queue.tables import CHANGED, MESSAGE, OTHER, Tables

_CHANGES = ("edited", "renamed", "deleted")
_MILLIONTHS = 6  # digits behind the point of a cost


class Fold:
    """Folds lines into ``tables``. ``apply`` each, then ``flush``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._inboxes: dict[int, list[Waiting]] = {}
        self._by_event: dict[str, Callable[[Line, TicketRow, int, int], None]] = {
            "assessed": self._on_assessed,
            "override": self._on_override,
            "claimed": self._on_claimed,
            "released": self._on_released,
            "done": self._on_done,
            "resolved": self._on_resolved,
            "note": self._on_note,
            "moved": self._on_moved,
            "prefers": self._on_prefers,
            "edited": self._on_changed,
            "renamed": self._on_changed,
            "deleted": self._on_deleted,
        }
        # Those that need not be about a ticket.
        self._anywhere: dict[str, Callable[[Line, TicketRow | None, int, int], None]] = {
            "used": self._on_used,
            "restricted": self._on_restricted,
            "lifted": self._on_lifted,
            "looked-up": self._on_looked_up,
            **dict.fromkeys(RANK, self._on_draft),
        }

    def apply(self, line: Line, message: Message | None, offset: int, length: int) -> bool:
        """Fold one event; False if this release does not know it. Raises msgspec.DecodeError, and ValueError
        for an event of a ticket or draft that is not there; nothing of the line is then folded.

        ``message`` is what ``message_of`` makes of the line.
        """
        if message is not None:
            self._on_message(line, message, offset, length)
            return True
        if line.event == "cursor":
            cursor = decode_cursor(line.data)
            self._tables.set_cursor(cursor.account, msgspec.json.encode(cursor.cursor))
            return True
        if line.event == "alias":
            self._on_alias(line)
            return True
        row = None if line.ticket is None else self._tables.ticket(line.ticket)
        anywhere, handler = self._anywhere.get(line.event), self._by_event.get(line.event)
        if anywhere is None and (handler is None or line.ticket is None):
            return False
        if row is None and line.ticket is not None:
            raise ValueError(f"no ticket {line.ticket}")
        if anywhere is not None:
            anywhere(line, row, offset, length)
        elif handler is not None and row is not None:
            handler(line, row, offset, length)
        if row is not None:
            self._tables.add_event(row.n, offset, length, CHANGED if line.event in _CHANGES else OTHER)
        return True

    def flush(self) -> None:
        """Settle what was touched and hand it to the tables."""
        for n, inbox in self._inboxes.items():
            settle(self._tables.by_number(n), inbox)
        self._inboxes.clear()
        self._tables.flush()

    def _inbox(self, row: TicketRow) -> list[Waiting]:
        inbox = self._inboxes.get(row.n)
        if inbox is None:
            inbox = self._inboxes[row.n] = inbox_of(row)
        self._tables.touch(row)
        return inbox

    # messages

    def _on_message(self, line: Line, message: Message, offset: int, length: int) -> None:
        known = self._tables.message(message.network, message.id)
        if known is not None:
            self._also_called(line.ticket, known.n)
            return
        created = int(message.created_at.timestamp())
        row = None
        if line.ticket is not None:
            row = self._tables.ticket(line.ticket)
            if row is None and message.direction == "outbound":
                raise ValueError(f"no ticket {line.ticket}")
            row = row or self._open(line.ticket, message, created)
            self._tables.add_event(row.n, offset, length, MESSAGE)
        number = row.n if row else None
        for one in (message.id, *message.versions):
            self._tables.add_message(message.network, one, number, offset, length)
        if message.direction == "outbound":
            self._our_message(message, row, created)
        elif row is not None:
            self._inbound(message, row, created, offset, length)

    def _also_called(self, name: str | None, number: int | None) -> None:
        """Two journals may have opened a ticket each with the same message: both names resolve."""
        if name is not None and number is not None and self._tables.ticket(name) is None:
            self._tables.add_alias(name, number)

    def _open(self, name: str, message: Message, created: int) -> TicketRow:
        handle = customer_key(message.author.handle)
        row = TicketRow(
            self._tables.next_number(), name, message.network, message.account, handle, message.author.id,
            handle, created, message.id,
        )  # fmt: skip
        self._tables.add_ticket(row)
        return row

    def _inbound(self, message: Message, row: TicketRow, created: int, offset: int, length: int) -> None:
        inbox = self._inbox(row)
        if not any(not one.answered for one in inbox):
            row.due = None
        row.messages += 1
        row.solved = row.withdrawn = 0
        row.author = row.author or message.author.id
        for answer in self._tables.early_answers(message.network, message.id):  # read before what they answer
            self._tables.adopt(answer, row.n)
            row.colleague = max(row.colleague, answer.created)
            row.messages += 1
        inbox.append(Waiting(offset, length, created, message.id, answered=created <= row.colleague))
        if (created, message.id) > (row.text_created, row.text_id):
            row.text_offset, row.text_length = offset, length
            row.text_created, row.text_id = created, message.id
            row.called = customer_key(message.author.handle)
        row.opened, row.opened_id = min((row.opened, row.opened_id), (created, message.id))
        for place in places(message):
            self._tables.set_anchor(place + row.customer, row.n)

    def _our_message(self, message: Message, row: TicketRow | None, created: int) -> None:
        if row is None:
            if message.in_reply_to is not None:
                self._tables.set_early_answer(message.network, message.in_reply_to, message.id, created)
            return
        inbox = self._inbox(row)
        if message.in_reply_to is not None and not self._tables.message(message.network, message.in_reply_to):
            self._tables.set_anchor(answered(message.network, message.in_reply_to) + row.customer, row.n)
        if self._tables.is_our_post(row.n, message.id):
            return  # a draft of ours, which has its own events
        row.messages += 1
        row.colleague = max(row.colleague, created)
        for one in inbox:
            one.answered = one.answered or one.created <= created

    def _on_changed(self, line: Line, row: TicketRow, offset: int, length: int) -> None:
        """An edit, or another handle of its author: the same message as it is now."""
        message = read_message(line)
        known = self._tables.message(message.network, message.id)
        if known is None or known.n != row.n:
            raise ValueError(f"no message {message.id} in ticket {row.id}")
        for version in message.versions:
            self._tables.add_version(message.network, version, row.n, offset, length)
        if self._tables.message(message.network, gone(message.id)) is not None:
            return
        inbox = self._inbox(row)
        if line.event == "edited":  # other words are owed another look, and another answer
            if not any(not one.answered for one in inbox):
                row.due = None
            inbox[:] = [one for one in inbox if one.id != message.id]
            inbox.append(Waiting(offset, length, int(message.created_at.timestamp()), message.id))
            row.solved = 0
        if message.id == row.text_id:
            row.text_offset, row.text_length = offset, length
            row.called = customer_key(message.author.handle)

    def _on_deleted(self, line: Line, row: TicketRow, offset: int, length: int) -> None:
        """Its author took it back: nobody owes it an answer any more."""
        self._on_changed(line, row, offset, length)
        message = read_message(line)
        self._tables.add_version(message.network, gone(message.id), row.n, offset, length)
        inbox = self._inbox(row)
        for one in inbox:
            if one.id == message.id:
                row.withdrawn = row.withdrawn or int(not one.answered)
                one.answered = one.assessed = True
        waiting = max((one for one in inbox if not one.answered), key=lambda one: one.created, default=None)
        if message.id == row.text_id and waiting is not None:
            row.text_offset, row.text_length = waiting.offset, waiting.length
            row.text_created, row.text_id = waiting.created, waiting.id

    def _on_alias(self, line: Line) -> None:
        other = self._tables.ticket(decode_alias(line.data).of)
        if other is None or line.ticket is None or self._tables.ticket(line.ticket) is not None:
            return
        self._inbox(other)
        self._tables.rename(other, line.ticket)

    # decisions

    def _on_assessed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_assessed(line.data)
        inbox = self._inbox(row)
        for one in inbox:
            one.assessed = one.assessed or one.id == facts.message_id
        for field in ("respond", "priority", "score", "kind", "topic", "sentiment", "register", "language"):
            setattr(row, field, getattr(facts, field))
        row.due, row.head_start, row.policy = facts.due, facts.head_start, facts.policy

    def _on_override(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        fields = decode_fields(row.override) | msgspec.to_builtins(decode_override(line.data).fields)
        self._inbox(row)
        row.override = msgspec.json.encode(fields).decode()

    def _on_claimed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        claim = decode_claim(line.data)
        self._inbox(row)
        row.assignee, row.lease = claim.agent, claim.until

    def _on_released(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        decode_any(line.data)
        self._inbox(row)
        row.assignee = row.lease = None

    def _on_done(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        decode_any(line.data)
        self._answer(row, offset)
        row.solved = 1

    def _on_resolved(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        decode_any(line.data)
        self._settle_before(row, offset)
        row.solved = 1

    def _on_note(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        """It changes nothing but the history."""
        decode_note(line.data)
        self._inbox(row)

    def _on_moved(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        """It changes nothing but the history."""
        decode_any(line.data)
        self._inbox(row)

    def _on_prefers(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        self._inbox(row)
        row.prefers, row.prefers_at = decode_prefers(line.data).channel, offset

    # accounts and people

    def _on_used(self, line: Line, _row: TicketRow | None, _offset: int, _length: int) -> None:
        used = decode_used(line.data)
        whole, _, fraction = used.cost.partition(".")
        self._tables.add_spend(used.account, line.at[:10], int(whole + fraction.ljust(_MILLIONTHS, "0")))
        for what, until in used.held.items():
            self._tables.set_held(used.account, what, until)

    def _on_restricted(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        restriction = decode_restriction(line.data)
        if restriction.at.tzinfo is None or restriction.until.tzinfo is None:
            raise ValueError("a time without a zone")
        self._tables.set_restriction(restriction_key(restriction), offset, length)

    def _on_lifted(self, line: Line, _row: TicketRow | None, _offset: int, _length: int) -> None:
        lifted = decode_lifted(line.data)
        self._tables.drop_restriction(restriction_key(lifted))

    def _answer(self, row: TicketRow, before: int) -> None:
        """We answered everything that the customer wrote up to offset ``before``."""
        self._settle_before(row, before)
        row.answered_by_us = 1

    def _settle_before(self, row: TicketRow, offset: int) -> None:
        for one in self._inbox(row):
            one.answered = one.answered or one.offset < offset

    # drafts

    def _on_draft(self, line: Line, row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_draft(line.data)
        if datetime.fromisoformat(line.at).tzinfo is None:
            raise ValueError(f"no moment: {line.at}")
        draft = self._tables.draft(facts.draft)
        first = draft is None
        draft = draft or new_draft(facts, row.n if row else None, offset, length)
        if line.event == "sent" and not first:
            row = self._ticket_of(draft)  # under whatever name: what was sent stays sent
        else:
            self._require_own(row, draft, facts)
        if row is not None:
            self._inbox(row)
        if not first and not is_newer(draft, line.event, facts.attempt):
            return
        was_waiting = draft.state in ("awaiting-approval", "approved")
        move_on(draft, line, facts, offset, length)
        if row is not None:
            row.approvals += (draft.state in ("awaiting-approval", "approved")) - was_waiting
            if line.event == "sent":
                row.messages += self._tables.message(row.network, facts.remote_id or facts.draft) is None
                self._answer(row, draft.intended if draft.intended >= 0 else offset)
        self._tables.set_draft(draft)

    def _ticket_of(self, draft: DraftRow) -> TicketRow | None:
        return None if draft.ticket is None else self._tables.by_number(draft.ticket)

    def _on_looked_up(self, line: Line, row: TicketRow | None, _offset: int, _length: int) -> None:
        facts = decode_draft(line.data)
        draft = self._tables.draft(facts.draft)
        if draft is None:
            raise ValueError(f"no draft {facts.draft}")
        self._require_own(row, draft, facts)
        if row is not None:
            self._inbox(row)
        draft.empty += 1
        self._tables.set_draft(draft)

    def _require_own(self, row: TicketRow | None, draft: DraftRow, facts: DraftFacts) -> None:
        """Raises ValueError for an event that stands under another ticket than its draft."""
        named = row
        if facts.whole is not None:
            named = None if facts.whole.ticket is None else self._tables.ticket(facts.whole.ticket)
        if draft.ticket != (row.n if row else None) or named is not row:
            raise ValueError(f"draft {draft.id} is of another ticket than {row.id if row else 'none'}")
