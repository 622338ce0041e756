"""The signature kept as the approval that it is, and the draft on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialcli import approval, posting
from socialcli.app import App
from socialcli.applying.composing import wording_of
from socialcli.applying.result import Result
from socialcli.errors import ConflictError, NotFoundError
from socialcli.model.draft import Draft
from socialcli.model.plan import Plan
from socialcli.policy.schema import Agent
from socialcli.queue.store import Writing


def approve_and_post(
    app: App, line: Plan, draft: Draft, data: dict[str, Any], names: Sequence[str], who: Agent
) -> Result:
    """Keep the signature as the approval that it is, then post."""
    with app.queue.writing() as writing:
        if writing.queue.is_forgotten(draft):
            raise ConflictError(f"the customer of ticket {draft.ticket} was erased meanwhile")
        if not _is_approved(writing, draft):
            _approve(writing, line, draft, data, names)
        _note_moving(writing, line)
    return post(app, line, who)


def _is_approved(writing: Writing, draft: Draft) -> bool:
    try:
        row = writing.queue.draft(draft.id).row
    except NotFoundError:
        return False
    return row.approved_hash == approval.digest(draft) and row.state in ("approved", "parked")


def _approve(writing: Writing, line: Plan, draft: Draft, data: dict[str, Any], names: Sequence[str]) -> None:
    try:
        row = writing.queue.draft(draft.id).row
        attempt = row.attempt + (row.state in ("parked", "failed"))
    except NotFoundError:
        attempt = 0
    facts = {
        "draft": draft.id,
        "whole": draft,
        "content": wording_of(line).content,
        "attempt": attempt,
        "hash": approval.digest(draft),
        "plan": line.hash,
        "signers": list(names),
        **{key: value for key, value in data.items() if value is not None},
    }
    writing.add("approved", draft.ticket, names[0], facts, key=f"{draft.id} {attempt}")


def _note_moving(writing: Writing, line: Plan) -> None:
    """What ``move-offline`` notes, once for each draft."""
    moving = line.moving
    if moving is None:
        return
    draft = wording_of(line).id
    row = writing.queue.ticket(str(line.ticket))
    moved = (event.data.get("draft") for event in writing.queue.history(row) if event.event == "moved")
    if draft in moved:
        return
    if moving.wish is not None and moving.wish != writing.queue.preference(row):
        writing.add("prefers", row.id, line.agent, {"channel": moving.wish, "message": line.target})
    facts = {"to": moving.to, "reasons": list(moving.reasons), "draft": draft}
    writing.add("moved", row.id, line.agent, facts, key=draft)


def post(app: App, line: Plan, who: Agent) -> Result:
    outcome = posting.else_by_hand(app, app.outbox.resume(wording_of(line).id, who.id))
    draft = outcome.draft
    cost = draft.cost if draft.state in ("sent", "unknown") else "0"
    reason = draft.reason if outcome.error is None else outcome.error.message
    return Result(draft.state, reason, draft.remote_id, cost, outcome.error)
