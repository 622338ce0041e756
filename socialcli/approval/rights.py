"""What the roles of [[agents]] may do (``[rights]``). Pure."""

from __future__ import annotations

from typing import Literal

from socialcli.errors import RefusedError
from socialcli.policy.schema import Agent, Policy

Right = Literal["post", "speak", "block", "incidents"]

_TOLD: dict[Right, str] = {
    "post": "may draft, not post",
    "speak": "may not speak for the brand",
    "block": "may not hold anybody off",
    "incidents": "may not open, confirm, dismiss or close incidents",
}


def may(agent: Agent, right: Right, policy: Policy) -> bool:
    roles: tuple[str, ...] = getattr(policy.rights, right)
    return agent.role in roles


def require(agent: Agent, right: Right, policy: Policy) -> None:
    """Raises RefusedError, which names the key and who may."""
    if may(agent, right, policy):
        return
    others = [one.id for one in policy.agents if may(one, right, policy)]
    hint = f"ask somebody else: --as {'|'.join(others)}" if others else f"rights.{right} in policies.toml"
    only = "only drafts and " if agent.role == "draft" and right != "post" else ""
    raise RefusedError(f"{agent.id} {only}{_TOLD[right]}: rights.{right}", hint=hint)
