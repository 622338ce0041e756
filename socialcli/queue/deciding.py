"""The fold of decisions: what triage and people say of a ticket, of customers, of accounts."""

from __future__ import annotations

import msgspec

from socialcli.queue.facts import (
    decode_any,
    decode_assessed,
    decode_claim,
    decode_fields,
    decode_labelled,
    decode_lifted,
    decode_note,
    decode_override,
    decode_prefers,
    decode_restriction,
    decode_signed,
    decode_snoozed,
    decode_used,
    encode_fields,
    restriction_key,
)
from socialcli.queue.folding import Folding, seconds_of
from socialcli.queue.journal import Line
from socialcli.queue.rows import TicketRow, labels_json, labels_of

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

    def _on_released(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        decode_any(line.data)
        self._inbox(row)
        row.assignee = row.lease = None

    def _on_done(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        decode_any(line.data)
        self._answer(row, offset, line.at)
        # What it says may be the very draft that waited to be posted by hand: its own promise begins here.
        self._keep_promises(row, seconds_of(line.at), only_earlier=True)
        row.solved = 1

    def _on_resolved(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        decode_any(line.data)
        self._settle_before(row, offset, line.at)
        self._keep_promises(row, seconds_of(line.at))
        row.solved = 1

    def _on_note(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        """It changes nothing but the history."""
        decode_note(line.data)
        self._inbox(row)

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
