"""The fold of what goes to people outside the queue and what comes back: hand-offs, questions to experts, mail."""

from __future__ import annotations

from socialcli.queue.facts import decode_answered, decode_asked, decode_handed, decode_note
from socialcli.queue.folding import Folding
from socialcli.queue.journal import Line
from socialcli.queue.rows import Question, TicketRow, questions_of, set_questions


class Consulting(Folding):
    def _on_handed(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        """An intent, or what became of it. It changes nothing but the history."""
        decode_handed(line.data)
        self._inbox(row)

    def _on_asked(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        """The ticket waits for the expert, unless united journals told of the answer before."""
        facts = decode_asked(line.data)
        self._inbox(row)
        known = next((one for one in questions_of(row) if one.id == facts.question), None)
        answered = known is not None and known.answered
        self._keep(row, Question(facts.question, facts.due, answered))
        if not answered:
            row.held = 1

    def _on_answered(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        facts = decode_answered(line.data)
        known = next((one for one in questions_of(row) if one.id == facts.question), None)
        self._keep(row, Question(facts.question, 0 if known is None else known.due, answered=True))
        self._rouse(row, offset)

    def _on_note(self, line: Line, row: TicketRow, offset: int, _length: int) -> None:
        """A note of ours changes nothing but the history. A mail that came in should be seen."""
        facts = decode_note(line.data)
        self._inbox(row)
        if facts.wakes:
            self._rouse(row, offset)

    def _rouse(self, row: TicketRow, offset: int) -> None:
        """Something came back: it is on the desk again, until we answer or close it. What stands in an archive was
        finished when it came there.
        """
        self._inbox(row)
        row.held = 0
        if offset < 0:
            return
        row.snoozed = None
        row.solved = row.archived = 0
        row.woken = offset

    @staticmethod
    def _keep(row: TicketRow, question: Question) -> None:
        others = [one for one in questions_of(row) if one.id != question.id]
        set_questions(row, [*others, question])
