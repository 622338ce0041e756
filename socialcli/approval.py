"""Who must say yes before a draft goes out, and to what exactly.

An approval is bound to a hash of text, account, road and target: one changed byte voids it.
"""

from __future__ import annotations

from hashlib import blake2b

from socialcli.errors import RefusedError
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.policy.schema import Agent, Policy

_CLASS_OF_RULE = {"approval/money": "money", "approval/admission": "admission"}


def reason(draft: Draft, agent: Agent, policy: Policy, *, statement: bool = False) -> str | None:
    """Why this draft needs somebody else's yes; None if it does not. ``statement``: it speaks for the brand."""
    if agent.role == "draft":
        return f"{agent.name} may draft, not post"
    if statement and "statement" in policy.approval.when:
        return "statement: it speaks for the brand"
    for finding in draft.check.findings:
        kind = _CLASS_OF_RULE.get(finding.rule)
        if kind in policy.approval.when:
            return f"{kind}: {finding.message}"
    return None


def classes(draft: Draft, policy: Policy) -> set[str]:
    """The classes of approval that the draft's words call for."""
    found = {_CLASS_OF_RULE.get(finding.rule, "") for finding in draft.check.findings}
    return found & set(policy.approval.when)


def refused_today(draft: Draft, check: Check) -> list[str]:
    """Rules by which ``check``, made today, stops a draft that waited; what somebody allowed stays allowed."""
    allowed = {finding.rule for finding in draft.check.findings if finding.level == "info"}
    return [one.rule for one in check.findings if one.level == "error" and one.rule not in allowed]


def digest(draft: Draft) -> str:
    """What an approver says yes to."""
    bound = f"{draft.account}\0{draft.road}\0{draft.target}\0{draft.text}"
    return blake2b(bound.encode(), digest_size=16).hexdigest()


def require_another(draft: Draft, approver: Agent, policy: Policy) -> None:
    """Raises RefusedError where the approver wrote the draft or may not approve."""
    others = [one.id for one in policy.agents if one.id != draft.agent and one.role != "draft"]
    hint = f"ask somebody else: --as {'|'.join(others)}" if others else "add a second agent to policies.toml"
    if approver.id == draft.agent:
        raise RefusedError(
            f"{approver.name} wrote draft {draft.id} and cannot approve it",
            hint=hint,
        )
    if approver.role == "draft":
        raise RefusedError(f"{approver.name} may draft, not approve", hint=hint)
