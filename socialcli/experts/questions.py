"""What experts were asked, and what became of it: read from the events of tickets."""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli import claiming
from socialcli.app import App
from socialcli.model.handoff import Question, QuestionState
from socialcli.model.ticket import Event
from socialcli.model.times import parse_time
from socialcli.queue.rows import TicketRow


def open_questions(app: App) -> list[Question]:
    """All that no expert has answered yet, in tickets that are not finished, the soonest due first."""
    found = [one for row in app.queue.asking() for one in of_ticket(app, row) if one.state != "answered"]
    return sorted(found, key=lambda one: (one.due_at, one.ticket, one.id))


def of_ticket(app: App, row: TicketRow) -> list[Question]:
    """All questions of a ticket, in the order in which they were asked."""
    if row.questions == "[]":
        return []
    asked: dict[str, Event] = {}
    answered: dict[str, Event] = {}
    for event in app.queue.history(row):
        name = str(event.data.get("question"))
        if event.event == "expert-asked":
            asked.setdefault(name, event)
        elif event.event == "expert-answered":
            answered.setdefault(name, event)
    return [_question(app, row, event, answered.get(name)) for name, event in asked.items()]


def name_of(app: App, expert: str) -> str:
    """What an expert is called; the id where the policy knows them no more."""
    return next((one.name for one in app.policy.experts if one.id == expert), expert)


def _question(app: App, row: TicketRow, asked: Event, answered: Event | None) -> Question:
    data = asked.data
    due = _moment(data.get("due")) or datetime.fromtimestamp(0, UTC)
    state: QuestionState = "overdue" if due < app.now() else "open"
    told = {} if answered is None else answered.data
    by = None if answered is None else str(told.get("from") or answered.by or "")
    return Question(
        id=str(data["question"]),
        ticket=row.id,
        account=row.account,
        expert=str(data["expert"]),
        name=name_of(app, str(data["expert"])),
        text=str(data.get("text", "")),
        asked_at=_moment(asked.at),
        by=asked.by,
        due_at=due,
        state=state if answered is None else "answered",
        answer=None if answered is None else str(told.get("text", "")),
        answered_at=None if answered is None else _moment(answered.at),
        answered_by=by or None,
        assignee=claiming.holder(app, row),
    )


def _moment(value: object) -> datetime | None:
    """A time of an event, which goes out as text, to the second."""
    return parse_time(str(value)).replace(microsecond=0) if value else None
