"""The fold of decisions: what triage and people say of a ticket, of customers, of accounts."""

from __future__ import annotations

import msgspec

from socialcli.queue.facts import (
    decode_any,
    decode_assessed,
    decode_assigned,
    decode_claim,
    decode_fields,
    decode_followed,
    decode_labelled,
    decode_lifted,
    decode_opted_out,
    decode_override,
    decode_prefers,
    decode_released,
    decode_resolved,
    decode_restriction,
    decode_signed,
    decode_snoozed,
    decode_used,
    encode_fields,
    restriction_key,
)
from socialcli.queue.folding import Folding, seconds_of
from socialcli.queue.journal import Line
from socialcli.queue.rows import HARMS, NEVER, TicketRow, calm, labels_json, labels_of

_CLOCKS = frozenset(("due", "warn"))  # what is set by hand beside a priority, for one message
_MILLIONTHS = 6  # digits behind the point of a cost


class Deciding(Folding):
    def _on_assessed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_assessed(line.data)
        inbox = self._inbox(row)
        for one in inbox:
            one.assessed = one.assessed or one.id == facts.message_id
        row.respond, row.priority, row.score, row.kind = (
            facts.respond,
            facts.priority,
            facts.score,
            facts.kind,
        )
        row.topic, row.sentiment = facts.topic, facts.sentiment
        row.register, row.language = facts.register, facts.language
        row.due, row.head_start, row.policy = facts.due, facts.head_start, facts.policy
        row.warn = facts.warn
        row.harm, row.presses = max(row.harm, HARMS[facts.harm]), int(facts.presses)
        row.abusive = int(facts.abusive)
        by_hand = decode_fields(row.override)
        if by_hand.keys() & _CLOCKS:  # what was set by hand stays, but its clock was that of earlier messages
            kept = {name: value for name, value in by_hand.items() if name not in _CLOCKS}
            row.override = encode_fields(kept)

    def _on_override(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_override(line.data)
        fields = decode_fields(row.override) | msgspec.to_builtins(facts.fields)
        if facts.warn is not None:
            fields["warn"] = facts.warn
        self._inbox(row)
        row.override = encode_fields(fields)

    def _on_claimed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        claim = decode_claim(line.data)
        self._inbox(row)
        row.assignee, row.lease = claim.agent, claim.until
        self._meet_abuse(row, claim.agent, line.at)

    def _on_released(self, line: Line, row: TicketRow, offset: int, length: int) -> None:
        facts = decode_released(line.data)
        self._inbox(row)
        given_up = line.by in (row.assigned, None)
        if row.assigned != facts.to and (given_up or facts.to is not None):
            row.assigned, row.assigned_at = facts.to, offset
        row.assignee = row.lease = None
        if facts.note:
            row.handover, row.handover_length = offset, length

    def _on_assigned(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        agent = decode_assigned(line.data).agent
        self._inbox(row)
        row.assigned, row.assigned_at = agent, offset
        self._meet_abuse(row, agent, line.at)
        if row.assignee == line.by != agent:  # who gives it away has it no longer
            row.assignee = row.lease = None

    def _on_done(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        decode_any(line.data)
        self._answer(row, offset, line.at)
        # What it says may be the very draft that waited to be posted by hand: its own promise begins here.
        self._keep_promises(row, seconds_of(line.at), only_earlier=True)
        row.solved = 1
        calm(row)

    def _on_resolved(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        facts = decode_resolved(line.data)
        self._settle_before(row, offset, line.at)
        self._keep_promises(row, seconds_of(line.at))
        row.solved, row.handover = 1, NEVER
        calm(row)
        self._tables.end_ticket(row.n, seconds_of(line.at), facts, line.by)

    def _on_followed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_followed(line.data)
        self._inbox(row)
        self._tables.follow_up(row.n, facts.what)

    def _on_signed(self, line: Line, row: TicketRow | None, _offset: int, _length: int) -> None:
        """It changes nothing but the history."""
        decode_signed(line.data)
        if row is not None:
            self._inbox(row)

    def _on_moved(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        """It changes nothing but the history."""
        decode_any(line.data)
        self._inbox(row)

    def _on_prefers(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        self._inbox(row)
        row.prefers, row.prefers_at = decode_prefers(line.data).channel, offset

    def _on_opted_out(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        since = decode_opted_out(line.data).since
        self._inbox(row)
        row.stopped, row.stopped_since = max(row.stopped, line.at + line.id), max(row.stopped_since, since)

    def _on_opt_out_lifted(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        decode_any(line.data)
        self._inbox(row)
        row.resumed = max(row.resumed, line.at + line.id)

    def _on_labelled(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_labelled(line.data)
        self._inbox(row)
        labels = (set(labels_of(row)) | set(facts.add)) - set(facts.remove)
        row.labels = labels_json(labels)
        self._tables.set_labels(row.n, labels)

    def _on_snoozed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        until = decode_snoozed(line.data).until
        self._inbox(row)
        row.snoozed = until or None

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
