"""May an agent answer, or speak, from an account of their own? (``as.personal``) Pure."""

from __future__ import annotations

from socialcli.errors import RefusedError
from socialcli.model.message import Message
from socialcli.policy.schema import Account, Agent, Policy

_DIRECT = ("mention", "reply", "import")  # sources of what was put to us, not found by us
_PRESSING = "only direct questions, complaints and urgent requests"


def account_of(agent: Agent) -> str:
    """The name of the agent's own account. Raises RefusedError where there is none."""
    if not agent.account:
        raise RefusedError(
            f"{agent.id} has no account of their own: agents.account",
            hint='name one in policies.toml, of role "agent"; or leave --from-own out',
        )
    return agent.account


def require(agent: Agent, policy: Policy, target: Message, *, kind: str | None, priority: str | None) -> None:
    """Raises RefusedError, with the reason, where ``target`` is not to be answered from the agent's own account.
    ``kind`` and ``priority`` are the ticket's.
    """
    wrong = _against(policy, target, kind, priority)
    if wrong:
        raise RefusedError(
            f"{agent.id} may not answer this from their own account: {wrong}",
            hint="answer from the brand's: leave --from-own out",
        )


def require_own_voice(agent: Agent, policy: Policy, account: Account) -> None:
    """What answers nobody, a statement say, goes out from an agent's own account only by that agent, and where
    ``as.personal`` lets everything. Raises RefusedError.
    """
    if account.role != "agent":
        return
    hint = "speak through one of the brand's: --account"
    if agent.account != account.name:
        raise RefusedError(f"{account.name} is not {agent.id}'s own account: agents.account", hint=hint)
    if policy.as_.personal != "always":
        raise RefusedError(
            f"{agent.id} may only answer from their own account: as.personal is {policy.as_.personal}",
            hint=hint,
        )


def _against(policy: Policy, target: Message, kind: str | None, priority: str | None) -> str:
    if policy.as_.personal == "never":
        return "as.personal is never"
    if target.visibility == "direct":
        return f"it was written to {target.account} in private"
    if policy.as_.personal == "always" or _presses(target, kind, priority):
        return ""
    return f"as.personal is tier1, {_PRESSING}; this is a {priority or 'new'} {kind or 'message'}"


def _presses(target: Message, kind: str | None, priority: str | None) -> bool:
    if kind == "question":
        return target.source in _DIRECT
    return kind == "complaint" or (kind == "request" and priority == "urgent")
