"""A line of a plan held against the queue and the policy of this moment: what is to be done for it, once."""

from __future__ import annotations

from collections.abc import Sequence

from socialcli import timing
from socialcli.app import App
from socialcli.applying import composing, keeping, standing, steps
from socialcli.applying.result import Act, Result
from socialcli.errors import ConflictError, NotFoundError, RefusedError
from socialcli.model.plan import Plan
from socialcli.model.times import format_time
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft

_UNDER_WAY = ("intended", "unknown")  # only the outbox can say what became of it
_WORDS_FREE = ("composed", "refused")  # states in which a draft may still get other words


def over(app: App, line: Plan) -> Result | None:
    """What became of it before, in an earlier run or by the verb itself; None where something is left to do.

    Raises RefusedError where somebody said no to it, or it says something else than is known under its id.
    """
    known = _known(app, line)
    if known is None or line.draft is None:
        return None
    draft = known.draft
    if draft.state == "sent":
        return Result("sent", "sent before: nothing was posted again", draft.remote_id)
    if draft.state in ("rejected", "recalled"):
        raise RefusedError(f"draft {draft.id} was {draft.state}: {draft.reason}")
    if draft.state == "failed" and not line.draft.again:
        raise RefusedError(f"draft {draft.id} was refused by the network: {draft.reason}")
    if draft.state == "scheduled":
        raise ConflictError(f"draft {draft.id} is to be sent later: socialcli outbox shows it")
    if draft.text != line.text and draft.state not in _WORDS_FREE:
        raise ConflictError(f"draft {draft.id} says something else by now")
    return Result("by-hand", "it waits for a person") if draft.state == "by-hand" else None


def under_way(app: App, line: Plan, who: Agent) -> Act | None:
    """An attempt whose end nobody knows: it is settled first, whatever has changed since."""
    known = _known(app, line)
    if known is None or known.draft.state not in _UNDER_WAY:
        return None
    return Act(line.cost, line.currency, lambda: keeping.post(app, line, who))


def prepared(app: App, line: Plan, names: Sequence[str], who: Agent) -> Act:
    """What is to be done. ``names``: ids of those whose signatures count. Raises what speaks against it."""
    if line.verb == "block":
        return steps.prepared(app, line, names)
    author = standing.author_of(app, line)
    if line.verb == "statement":
        draft, way, data = composing.statement(app, line)
    else:
        draft, way, data = composing.answer(app, line, author, who)
    composing.require_allowed(app, line, draft, way, author)
    when = timing.later(app, draft)
    later = None if when is None else f"{when[1]}: run it again after {format_time(when[0])}"
    return Act(
        draft.cost, way.currency, lambda: keeping.approve_and_post(app, line, draft, data, names, who), later
    )


def _known(app: App, line: Plan) -> StoredDraft | None:
    if line.draft is None:
        return None
    try:
        found = app.queue.draft(line.draft.id)
    except NotFoundError:
        return None
    return found if found.row.id == line.draft.id else None
