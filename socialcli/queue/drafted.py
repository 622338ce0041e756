"""The fold of drafts: from composed to sent, under the ticket that they answer."""

from __future__ import annotations

from datetime import datetime

from socialcli.queue.facts import DraftFacts, decode_draft, message_key
from socialcli.queue.folding import Folding, seconds_of
from socialcli.queue.journal import Line
from socialcli.queue.progress import is_newer, move_on, new_draft
from socialcli.queue.rows import NEVER, DraftRow, TicketRow, set_promises


class Drafted(Folding):
    def _on_draft(self, line: Line, row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_draft(line.data)
        if datetime.fromisoformat(line.at).tzinfo is None:
            raise ValueError(f"no moment: {line.at}")
        draft = self._tables.draft(facts.draft)
        first = draft is None
        draft = draft or new_draft(facts, row.n if row else None, offset, length)
        if (line.event == "sent" and not first) or draft.moved:
            row = self._ticket_of(draft)  # under whatever name: what was sent stays sent
        else:
            self._require_own(row, draft, facts)
        if row is not None:
            self._inbox(row)
            self._author_met(row, draft, line.at, first=first)
        if not first and not is_newer(draft, line.event, facts.attempt):
            return
        was_waiting = draft.state in ("awaiting-approval", "approved")
        move_on(draft, line, facts, offset, length, upto=self._upto(facts, row, offset))
        if row is not None:
            row.approvals += (draft.state in ("awaiting-approval", "approved")) - was_waiting
            if line.event == "sent":
                row.messages += (
                    self._tables.message(message_key(row.network, facts.remote_id or facts.draft)) is None
                )
                if draft.holds is None and not draft.acknowledges:
                    self._keep_promises(row, seconds_of(line.at))
                if draft.until is not None:
                    set_promises(row, [draft.id])
                if (
                    not (draft.holding or draft.acknowledges) and draft.holds is None
                ):  # else the answer itself is still to come
                    self._answer(row, draft.intended if draft.intended != NEVER else offset, line.at)
        self._tables.set_draft(draft)

    def _author_met(self, row: TicketRow, draft: DraftRow, at: str, *, first: bool) -> None:
        """Who writes an answer has read what it answers; nobody reads it for what goes out to many."""
        by_itself = draft.points or draft.acknowledges or draft.holds is not None
        if first and not by_itself:
            self._meet_abuse(row, draft.agent, at)

    def _upto(self, facts: DraftFacts, row: TicketRow | None, offset: int) -> int:
        """Up to where its author had read: up to the message that it names, since an offset of then may be of a
        journal that was longer. One without a name never reaches behind its own line.
        """
        if row is not None and facts.read is not None:
            found = self._tables.message(message_key(row.network, facts.read))
            if found is not None:
                return found[2] + 1
        return min(facts.upto, offset) if facts.upto else 0

    def _ticket_of(self, draft: DraftRow) -> TicketRow | None:
        return None if draft.ticket is None else self._tables.by_number(draft.ticket)

    def _on_looked_up(self, line: Line, row: TicketRow | None, _offset: int, _length: int) -> None:
        facts = decode_draft(line.data)
        draft = self._tables.draft(facts.draft)
        if draft is None:
            raise ValueError(f"no draft {facts.draft}")
        if draft.moved:
            row = self._ticket_of(draft)
        else:
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
