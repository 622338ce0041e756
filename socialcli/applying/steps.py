"""A line that is a step against somebody, judged anew."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from socialcli import protecting
from socialcli.app import App
from socialcli.applying import standing
from socialcli.applying.result import Act, Result
from socialcli.approval import rights
from socialcli.channels.base import Way
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.plan import Plan
from socialcli.policy.schema import Agent


def prepared(app: App, line: Plan, names: Sequence[str]) -> Act:
    """A step against somebody, judged anew. Raises where it is not what the signers agreed to."""
    wanted = line.step
    if wanted is None:
        raise TypeError(line.verb)
    app.account(line.account)
    author = standing.author_of(app, line)
    _require_right(app, author, names)
    if wanted.until <= app.now():
        raise RefusedError(f"it would have ended at {wanted.until:%Y-%m-%dT%H:%M:%SZ}")
    if line.ticket is None:
        suspect = protecting.of_handle(app, f"@{line.customer}", line.network)
    else:
        suspect = protecting.of_ticket(app, standing.ticket_of(app, line).id)
    wish = protecting.Wish(wanted.reason, wanted.rung, wanted.guideline)
    step = protecting.plan(app, suspect, wish, author)
    way = step.way
    if way is None:
        return Act("0", line.currency, lambda: Result("in-force", "the step was taken before"))
    _require_same_step(line, step, way)
    step = structs.replace(step, restriction=structs.replace(step.restriction, until=wanted.until))
    signed = {"plan": line.hash, "verb": line.verb, "signers": list(names)}

    def go() -> Result:
        protecting.restrict(app, step, signed=signed)
        return Result("restricted", cost=way.cost)

    return Act(way.cost, way.currency, go)


def _require_right(app: App, author: Agent, names: Sequence[str]) -> None:
    """Its author, or somebody who signed it, may hold people off. Raises RefusedError."""
    signers = [one for one in app.policy.agents if one.id in names]
    if not any(rights.may(one, "block", app.policy) for one in signers):
        rights.require(author, "block", app.policy)


def _require_same_step(line: Plan, step: protecting.Step, way: Way) -> None:
    """The same person, message and evidence, by the same road, at no higher price. Raises ConflictError, RefusedError."""
    wanted, now = line.step, step.restriction
    if wanted is None:
        raise TypeError(line.verb)
    if (now.author_id, now.handle) != (wanted.author_id, wanted.handle):
        raise ConflictError(f"@{now.handle} is somebody else than @{wanted.handle}, who was meant")
    version = None if step.message is None else step.message.version
    if (now.message_id, version) != (wanted.message_id, line.state.version):
        raise ConflictError(f"@{now.handle} has written again, or edited: message {now.message_id}")
    gone = {one.message_id for one in wanted.evidence} - {one.message_id for one in now.evidence}
    if gone:
        raise ConflictError(f"what spoke for it does so no more: message {min(gone)}")
    if now.road != wanted.road:
        raise RefusedError(f"the road has changed from {wanted.road} to {now.road}: {now.note}")
    if now.road == "api" and Decimal(way.cost) > Decimal(line.cost):
        raise RefusedError(f"the price has risen from {line.cost} to {way.cost} {way.currency}")
