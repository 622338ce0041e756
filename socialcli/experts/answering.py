"""What an expert said, written down by hand."""

from __future__ import annotations

import msgspec

from socialcli.app import App
from socialcli.errors import ConflictError, NotFoundError, UsageError
from socialcli.experts.questions import of_ticket
from socialcli.model.handoff import Question
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow


def answer(app: App, row: TicketRow, text: str, who: Agent, expert: str | None, *, dry_run: bool) -> Question:
    """The question with its answer; the same answer again changes nothing. ``expert``: whose, where several are
    asked.

    Raises NotFoundError where nobody was asked, UsageError where it is not clear which question is meant,
    ConflictError where it was answered otherwise.
    """
    if dry_run:
        return msgspec.structs.replace(_meant(app, row, text, expert), answer=text, state="planned")
    with app.queue.writing() as writing:
        question = _meant(app, app.queue.ticket(row.id), text, expert)
        if question.state != "answered":
            data = {"question": question.id, "text": text}
            writing.add("expert-answered", row.id, who.id, data, key=question.id)
    return next(one for one in of_ticket(app, app.queue.ticket(row.id)) if one.id == question.id)


def _meant(app: App, row: TicketRow, text: str, expert: str | None) -> Question:
    asked = [one for one in of_ticket(app, row) if expert in (None, one.expert)]
    if not asked:
        whom = "" if expert is None else f" to {expert}"
        raise NotFoundError("question", f"{row.id}{whom}", hint=f"ask first: socialcli expert ask {row.id}")
    waiting = [one for one in asked if one.state != "answered"]
    if len(waiting) > 1:
        names = "|".join(dict.fromkeys(one.expert for one in waiting))
        raise UsageError(f"{len(waiting)} questions wait in ticket {row.id}", hint=f"--expert {names}")
    if waiting:
        return waiting[0]
    if asked[-1].answer != text:
        raise ConflictError(
            f"{asked[-1].expert} has answered already: socialcli show {row.id}",
            hint=f"what else there is to say: socialcli note {row.id} TEXT",
        )
    return asked[-1]
