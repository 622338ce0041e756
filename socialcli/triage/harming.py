"""What an assessment tells of beside the problem of many: danger, harm of one's own, a matter that presses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from socialcli.model.assessment import Assessment
from socialcli.model.mass import Harm
from socialcli.triage.conversation import Seen

# Life, health, threats, private data in strange hands. An outage that hits many (harm/many) and a locked account
# (harm/locked-out) are no harm of one's own: in a mass problem they are the problem.
DANGER = frozenset(("harm/safety", "harm/self-harm", "harm/medical", "harm/exposed"))
PERSONAL = frozenset(("harm/stranded", "harm/fraud", "harm/missing-out"))
_MANY = "harm/many"
# What an earlier message was worth more than this one.
_CARRIED = ("thread/unanswered-earlier", "thread/answers-us")
_LIMIT = "most/score"  # the part that ends a score at its most


def harm_of(assessment: Assessment, weights: Mapping[str, float]) -> Harm | None:
    """The worst of it. A rule that the policy has switched off says nothing."""
    fired = {one.rule for one in assessment.reasons if weights.get(one.rule)}
    if fired & DANGER:
        return "danger"
    return "personal" if fired & PERSONAL else None


def presses(assessment: Assessment, urgent: int, behind: Callable[[str], Seen | None]) -> bool:
    """Whether it would be urgent, which scores are from ``urgent`` on, if nothing were down for many. ``behind``: the
    earlier message that a rule of the thread has read; its weight goes on in this one, and that of the outage in it
    counts no more than here.
    """
    if assessment.priority != "urgent":
        return False
    own = sum(one.weight for one in assessment.reasons if one.rule not in (_MANY, _LIMIT, *_CARRIED))
    found = (behind(one.rule) for one in assessment.reasons if one.rule in _CARRIED)
    return max(own, *(_own(one) for one in found if one is not None), 0) >= urgent


def _own(seen: Seen) -> float:
    return sum(points for evidence, points in seen.weighed.parts if evidence.rule not in (_MANY, _LIMIT))
