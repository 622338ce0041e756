"""What the parts of the fold stand on: the tables, and the inboxes of the tickets that are being changed."""

from __future__ import annotations

from datetime import datetime

from socialcli.queue.facts import message_key
from socialcli.queue.rows import NEVER, TicketRow, Waiting, inbox_of, promises_of, set_promises, settle
from socialcli.queue.tables import Tables


class Folding:
    """``flush`` settles what was touched and hands it to the tables; ``relieve`` does so only where much waits."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._inboxes: dict[int, list[Waiting]] = {}
        self._anchored: dict[int, str] = {}  # number of a ticket -> the conversation that leads to it already

    def flush(self) -> None:
        for n, inbox in self._inboxes.items():
            settle(self._tables.by_number(n), inbox)
        self._inboxes.clear()
        self._anchored.clear()
        self._tables.flush()

    def relieve(self) -> None:
        if self._tables.is_full:
            self.flush()
        else:
            self._tables.write_found()

    def _inbox(self, row: TicketRow) -> list[Waiting]:
        """What waits in a ticket that is about to change."""
        inbox = self._inboxes.get(row.n)
        if inbox is None:
            inbox = self._inboxes[row.n] = inbox_of(row)
            self._tables.touch(row)
        return inbox

    def _answer(self, row: TicketRow, before: int, at: str) -> None:
        """We answered, at ``at``, everything that the customer wrote up to offset ``before``."""
        self._settle_before(row, before, at)
        row.answered_by_us = 1
        row.handover = NEVER

    def _meet_abuse(self, row: TicketRow, agent: str, at: str) -> None:
        """Somebody has to do with a ticket; where its message insults people, that is kept for their relief."""
        if row.abusive:
            self._tables.meet_abuse(agent, message_key(row.network, row.text_id), seconds_of(at))

    def _keep_promises(self, row: TicketRow, moment: int, *, only_earlier: bool = False) -> None:
        """We said the next thing at ``moment`` (epoch seconds): what was promised is kept, or as good as that. With
        ``only_earlier`` what was promised before then; what was read late need not be the next thing.
        """
        if row.promises == "[]":
            return
        left = []
        for draft in map(self._tables.draft, promises_of(row)):
            if draft is None:
                continue
            if only_earlier and seconds_of(draft.at) >= moment:
                left.append(draft.id)
                continue
            draft.kept = moment
            self._tables.set_draft(draft)
        set_promises(row, left)

    def _settle_before(self, row: TicketRow, offset: int, at: str) -> None:
        # What is told in an archive may be of messages that a copy has brought back into the journal, behind it.
        moment = seconds_of(at) if offset < 0 else 0
        if row.woken < offset:
            row.woken = NEVER
        for one in self._inbox(row):
            before = one.offset < offset or (offset < 0 <= one.offset and one.created <= moment)
            one.answered = one.answered or before


def seconds_of(at: str) -> int:
    """Epoch seconds."""
    return int(datetime.fromisoformat(at).timestamp())
