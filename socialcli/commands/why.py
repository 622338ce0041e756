"""``why``: the reasons, worked out again from the text and the policy."""

from __future__ import annotations

from typing import Any

import msgspec

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import NotFoundError
from socialcli.model.answers import Why
from socialcli.options import ticket_argument, verb
from socialcli.queue.rows import TicketRow


@verb("Why a ticket stands where it stands.")
@ticket_argument
def command(app: App, ticket: str) -> Answer:
    """The rules that fired, the words they read, the clocks, and what would change the decision."""
    return run(app, ticket)


def run(app: App, ticket: str) -> Answer:
    """Raises NotFoundError."""
    row = app.queue.ticket(ticket)
    thread = app.queue.thread(row)
    target = next((message for message in thread if message.id == row.text_id), None)
    if target is None:
        raise NotFoundError("message", row.text_id)
    before = thread[: thread.index(target)]
    assessment = msgspec.structs.replace(app.assessor.assess(target, before), ticket=row.id)
    by_hand = msgspec.json.decode(row.override, type=dict[str, Any])
    if by_hand:
        said = [event for event in app.queue.history(row) if event.event == "override"][-1]
        by_hand |= {"by": said.by, "reason": said.data.get("reason")}
    changes = list(app.assessor.explain(assessment))
    if row.policy is None:
        changes.append("not triaged yet: this is what triage would say now")
    elif row.policy != app.policy.digest:
        changes.append(
            f"another policy assessed it: {row.respond}, {row.priority} ({row.score}); socialcli triage --all"
        )
    why = Why(row.id, assessment, target.text, _clocks(row), by_hand, tuple(changes))
    return Answer([why], render.why(masking.masker(app)))


def _clocks(row: TicketRow) -> dict[str, str]:
    return {"waiting since": render.at(row.received), "due": render.at(row.due)}
