"""Who must say yes before a draft goes out, to what exactly, and how long that may take.

An approval is bound to a hash of text, account, road and target: one changed byte voids it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b

from socialcli.approval.offers import is_covered, offers_more
from socialcli.approval.rights import may
from socialcli.approval.wording import first_in, legal_phrases
from socialcli.errors import RefusedError
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.policy.schema import Agent, Policy

_CLASS_OF_RULE = {"approval/money": "money", "approval/admission": "admission"}
_POSTED = ("api", "direct")  # roads on which a holding reply can go out by itself


def reason(
    draft: Draft,
    agent: Agent,
    policy: Policy,
    *,
    statement: bool = False,
    kind: str | None = None,
    priority: str | None = None,
) -> str | None:
    """Why this draft of ``agent`` needs somebody else's yes, the class or key first; None if it does not.
    ``statement``: it speaks for the brand; ``kind`` and ``priority``: of what it answers. A holding reply and
    an acknowledgement need none: their words are the policy's.
    """
    if not may(agent, "post", policy):
        return f"{agent.name} may draft, not post"
    if draft.holds is not None or draft.acknowledges:
        return None
    causes = (
        _by_statement(policy, statement=statement),
        _by_author(agent, policy),
        _by_program(draft, policy),
        *(f"{name}: {cause}" for name, cause in _by_wording(draft, agent, policy)),
        _by_matter(policy, kind, priority),
    )
    return next((cause for cause in causes if cause is not None), None)


def classes(draft: Draft, agent: Agent, policy: Policy) -> set[str]:
    """The classes of approval that the draft's words call for; each phrase of ``approval.words`` is one."""
    return {cause if name == "wording" else name for name, cause in _by_wording(draft, agent, policy)}


def added(new: Draft, old: Draft, agent: Agent, policy: Policy) -> set[str]:
    """The classes that an edit brings in: of its words, and "money" where it offers more than before."""
    found, before = classes(new, agent, policy), classes(old, agent, policy)
    more = "money" in found and offers_more(new.text, old.text, policy.brand.currency)
    return found - before | ({"money"} if more else set())


def _by_statement(policy: Policy, *, statement: bool) -> str | None:
    asked = statement and "statement" in policy.approval.when
    return "statement: it speaks for the brand" if asked else None


def _by_program(draft: Draft, policy: Policy) -> str | None:
    asked = (draft.by_program or draft.translated is not None) and "program" in policy.approval.when
    return "program: a machine wrote it" if asked else None


def _by_author(agent: Agent, policy: Policy) -> str | None:
    if agent.new and "new-agent" in policy.approval.when:
        return f"new-agent: {agent.name} is new"
    if agent.id in policy.approval.authors:
        return f"author: what {agent.name} writes is looked at first"
    return None


def _by_wording(draft: Draft, agent: Agent, policy: Policy) -> Iterator[tuple[str, str]]:
    """Class and cause of all that the words call for."""
    when = policy.approval.when
    for finding in draft.check.findings:
        kind = _CLASS_OF_RULE.get(finding.rule)
        if kind not in when:
            continue
        if kind != "money" or not is_covered(draft.text, agent.offers, policy.brand.currency):
            yield kind, finding.message
    if "legal" in when and (phrase := first_in(draft.text, legal_phrases())) is not None:
        yield "legal", f'it says "{phrase}"'
    for words in policy.approval.words:
        if first_in(draft.text, (words,)) is not None:
            yield "wording", f'it says "{words}"'


def _by_matter(policy: Policy, kind: str | None, priority: str | None) -> str | None:
    if kind is not None and kind in policy.approval.kinds:
        return f"kind: it answers a {kind}"
    if priority is not None and priority in policy.approval.priorities:
        return f"priority: the ticket is {priority}"
    return None


def refused_today(draft: Draft, check: Check) -> list[str]:
    """Rules by which ``check``, made today, stops a draft that waited; what somebody allowed stays allowed."""
    allowed = {finding.rule for finding in draft.check.findings if finding.level == "info"}
    return [one.rule for one in check.findings if one.level == "error" and one.rule not in allowed]


def digest(draft: Draft) -> str:
    """What an approver says yes to."""
    bound = f"{draft.account}\0{draft.road}\0{draft.target}\0{draft.text}"
    return blake2b(bound.encode(), digest_size=16).hexdigest()


def approvers(author: str, policy: Policy) -> list[str]:
    """Ids of those who may say yes to what the agent ``author`` writes."""
    return [one.id for one in policy.agents if one.id != author and one.role in policy.approval.by]


def require_another(draft: Draft, approver: Agent, policy: Policy) -> None:
    """Raises RefusedError where the approver wrote the draft or may not approve (``approval.by``)."""
    require_second(f"draft {draft.id}", draft.agent, approver, policy)


def require_second(what: str, author: str, approver: Agent, policy: Policy) -> None:
    """As ``require_another``, of anything that one wrote and another says yes to."""
    others = approvers(author, policy)
    hint = f"ask somebody else: --as {'|'.join(others)}" if others else "add a second agent to policies.toml"
    if approver.id == author:
        raise RefusedError(f"{approver.name} wrote {what} and cannot approve it", hint=hint)
    if approver.role == "draft":
        raise RefusedError(f"{approver.name} may draft, not approve", hint=hint)
    if approver.role not in policy.approval.by:
        raise RefusedError(f"{approver.name} is no {' or '.join(policy.approval.by)}: approval.by", hint=hint)


def waits_until(draft: Draft, policy: Policy) -> datetime | None:
    """When a draft has waited too long for a yes; None where no holding reply could take its place."""
    since = draft.waiting_since
    if since is None or not policy.approval.fallback or draft.ticket is None or draft.road not in _POSTED:
        return None
    return since + timedelta(seconds=policy.approval.ttl)


def fallback_at(draft: Draft, policy: Policy) -> datetime | None:
    """When a holding reply goes out in the place of a draft that waits for a yes; None where none does: who may
    only draft says nothing by any road.
    """
    author = next((one for one in policy.agents if one.id == draft.agent), None)
    return None if author is None or not may(author, "post", policy) else waits_until(draft, policy)
