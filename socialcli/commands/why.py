"""``why``: the reasons, worked out again from the text and the policy."""

from __future__ import annotations

from typing import Any

import msgspec

from socialcli import masking, massmode, render, waiting
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import NotFoundError
from socialcli.model.answers import Why
from socialcli.model.assessment import PRIORITIES, Assessment
from socialcli.model.message import Message
from socialcli.model.ticket import Ticket
from socialcli.model.times import format_time
from socialcli.options import ticket_argument, verb
from socialcli.queue.rows import TicketRow

_STORED = ("respond", "priority", "score", "kind", "topic", "sentiment", "register", "language")


@verb("Why a ticket stands where it stands.")
@ticket_argument
def command(app: App, ticket: str) -> Answer:
    """The rules that fired, the words they read, the clocks, and what would change the decision."""
    return run(app, ticket)


def run(app: App, ticket: str) -> Answer:
    """Raises NotFoundError."""
    row = app.queue.ticket(ticket)
    thread = app.queue.talk(row)
    target = next((message for message in thread if message.id == row.text_id), None)
    if target is None:
        raise NotFoundError("message", row.text_id)
    before = thread[: thread.index(target)]
    assessment = msgspec.structs.replace(app.assessor.assess(target, before), ticket=row.id)
    if target.erased or target.deleted:
        assessment = _as_decided(assessment, row)
    parts = app.assessor.parts(assessment, target, before)
    by_hand = msgspec.json.decode(row.override, type=dict[str, Any])
    if by_hand:
        said = [event for event in app.queue.history(row) if event.event == "override"][-1]
        by_hand |= {"by": said.by, "reason": said.data.get("reason")}
    changes = _of_no_words(target, row) or _changes(app, assessment, row, target, before)
    assessment = _in_force(assessment, row)
    why = Why(row.id, assessment, target.text, _clocks(app, row, thread), by_hand, tuple(changes), parts)
    return Answer([why], render.why(masking.finder(app)))


def _changes(
    app: App, assessment: Assessment, row: TicketRow, target: Message, before: list[Message]
) -> list[str]:
    changes = list(app.assessor.explain(assessment, target, before))
    if row.policy is None:
        changes.append("not triaged yet: this is what triage would say now")
    elif (now := _short(assessment)) != (stored := _short(_in_force(assessment, row))):
        changes.append(f"{stored} is in force; {_instead(app, row)} {now}")
    elif row.policy != app.decided_by:
        changes.append(
            "another policy or release assessed it, with this decision; of the deadline, ask socialcli triage --all"
        )
    if app.learned is not None:
        changes.append(f"what was learned counts too: {app.learned.told}; socialcli learn --forget ends it")
    return changes


def _short(decision: Assessment) -> str:
    return f"{decision.respond}, {decision.priority} ({decision.score}), {decision.kind}"


def _instead(app: App, row: TicketRow) -> str:
    """Why the rules of today say something else, up to what they say."""
    if row.policy != app.decided_by:
        return "another policy or release assessed it, and socialcli triage --all would make it"
    if row.override != "{}":
        return "by itself triage says"
    return "what came since was not triaged yet, and triage would make it"


def _of_no_words(message: Message, row: TicketRow) -> list[str]:
    """What is to be said of a message whose words are gone; [] for one that has them."""
    if not (message.erased or message.deleted):
        return []
    whose = "its author deleted the message" if message.deleted else "the words of the message were erased"
    if row.policy is None:
        return [f"{whose} before triage had read it: there are no reasons"]
    return [f"{whose}: this is what was decided when they stood there; the reasons went with them"]


def _as_decided(assessment: Assessment, row: TicketRow) -> Assessment:
    """The decision as it is stored: nothing can be worked out again without the words."""
    return msgspec.structs.replace(_in_force(assessment, row), reasons=(), private_data=())


def _in_force(assessment: Assessment, row: TicketRow) -> Assessment:
    """With what was decided, by triage or by hand, in place of what would be decided now."""
    kept = {name: getattr(row, name) for name in _STORED if row.policy is not None}
    return msgspec.structs.replace(assessment, **kept)


def _clocks(app: App, row: TicketRow, thread: list[Message]) -> dict[str, str]:
    """Two times, what they mean by now, and whose deadline it is."""
    ticket = app.queue.record(row)
    clocks = {
        "waiting since": render.at(row.received),
        "due": format_time(ticket.due_at) if ticket.due_at is not None else "-",
        "deadline": _deadline(app, row, ticket),
    }
    priority = next((one for one in PRIORITIES if one == row.priority), None)
    if row.received is not None and ticket.due_at is not None and priority is not None:
        clock = waiting.clock(app, row, thread, priority)
        if clock.at == ticket.due_at:  # else another policy set it
            clocks["because"] = clock.because
            clocks["about to breach from"] = format_time(clock.warn)
    if (held := massmode.told(app, row)) is not None:
        clocks["held"] = held
    return clocks


def _deadline(app: App, row: TicketRow, ticket: Ticket) -> str:
    if row.received is None:
        return "no message of the customer waits for an answer"
    if row.policy is None:
        return "none yet: triage has not spoken"
    if ticket.due_at is None:
        return f"none: triage says {row.respond}"
    left = render.due(ticket, app.now())
    return f"overdue for {left.removesuffix(' ago')}" if ticket.overdue else f"due {left}"
