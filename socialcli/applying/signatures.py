"""What a signature under a line counts for."""

from __future__ import annotations

from socialcli import approval
from socialcli.app import App
from socialcli.errors import RefusedError
from socialcli.model.plan import Plan, Signature
from socialcli.policy.schema import Agent


class UnsignedError(RefusedError):
    """A line under which no name stands yet."""


def require_may_sign(app: App, line: Plan, who: Agent) -> None:
    """Who signs is not the author, and may say yes to what others wrote. Raises RefusedError."""
    approval.require_second(f"line {line.id}", line.agent, who, app.policy)


def signers(app: App, line: Plan) -> list[str]:
    """Ids of those whose signature counts, in the order in which they signed.

    Raises RefusedError where none does: the line is not signed, or says something else than what was signed.
    """
    if not line.signed:
        raise UnsignedError("nobody has signed it")
    found: list[str] = []
    why: RefusedError | None = None
    for one in line.signed:
        try:
            _require_counts(app, line, one)
        except RefusedError as error:
            why = why or error
        else:
            found.append(one.by)
    if why is not None and not found:
        raise why
    return list(dict.fromkeys(found))


def _require_counts(app: App, line: Plan, one: Signature) -> None:
    if one.hash != line.hash:
        raise RefusedError(f"{one.by} signed something else than what it says now")
    who = next((agent for agent in app.policy.agents if agent.id == one.by), None)
    if who is None:
        raise RefusedError(f"{one.by}, who signed it, is no agent of the policy")
    require_may_sign(app, line, who)
