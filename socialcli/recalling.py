"""Taking a draft back before it went out. Its text is kept, and can be said anew on purpose."""

from __future__ import annotations

from socialcli.app import App
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.draft import Draft
from socialcli.policy.schema import Agent

_LATE = ("scheduled", "parked", "by-hand")  # states that outrank "recalled"
_RECALLABLE = ("awaiting-approval", "approved", *_LATE, "recalled")  # certainly not posted


def recall(app: App, name: str, by: Agent, reason: str | None = None, *, dry_run: bool = False) -> Draft:
    """The draft, recalled; a re-run changes nothing. A post and a recall at one moment have one winner, under the
    queue's lock.

    Raises NotFoundError, RefusedError for somebody who neither wrote it nor leads, ConflictError for what is on
    its way, sent or over.
    """
    stored = app.queue.draft(name)
    require_right(app, stored.draft, by)
    if dry_run:
        _require_recallable(stored.draft)
        return stored.draft
    with app.queue.writing() as writing:
        stored = app.queue.draft(stored.draft.id)
        state = stored.draft.state
        _require_recallable(stored.draft)
        if state != "recalled":
            attempt = stored.row.attempt + (state in _LATE)  # else the older state would stand
            data = {"draft": stored.draft.id, "attempt": attempt, "reason": reason}
            writing.add("recalled", stored.draft.ticket, by.id, data, key=f"{stored.draft.id} {attempt}")
    return app.queue.draft(stored.draft.id).draft


def may(draft: Draft, who: Agent) -> bool:
    """Its author, or a lead."""
    return who.id == draft.agent or who.role == "lead"


def require_right(app: App, draft: Draft, who: Agent) -> None:
    """Raises RefusedError for who may not take it back."""
    if not may(draft, who):
        leads = [one.id for one in app.policy.agents if one.role == "lead" and one.id != draft.agent]
        raise RefusedError(
            f"{who.name} did not write draft {draft.id}: its author takes it back, or a lead",
            hint=f"--as {'|'.join((draft.agent, *leads))}",
        )


def _require_recallable(draft: Draft) -> None:
    if draft.state in _RECALLABLE:
        return
    hint = "socialcli outbox shows what waits"
    if draft.state == "sent" and draft.ticket is not None:
        hint = f"socialcli reply {draft.ticket} --correct {draft.id} --text ... puts it right"
    raise ConflictError(f"draft {draft.id} cannot be recalled: it is {draft.state}", hint=hint)
