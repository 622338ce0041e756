"""What an assessment tells of beside the problem of many: danger, harm of one's own, a matter that presses."""

from __future__ import annotations

from collections.abc import Mapping

from socialcli.model.assessment import Assessment
from socialcli.model.mass import Harm

# Life, health, threats, private data in strange hands. An outage that hits many (harm/many) and a locked account
# (harm/locked-out) are no harm of one's own: in a mass problem they are the problem.
DANGER = frozenset(("harm/safety", "harm/self-harm", "harm/medical", "harm/exposed"))
PERSONAL = frozenset(("harm/stranded", "harm/fraud", "harm/missing-out"))
_MANY = "harm/many"
_LIMIT = "most/score"  # the part that ends a score at its most


def harm_of(assessment: Assessment, weights: Mapping[str, float]) -> Harm | None:
    """The worst of it. A rule that the policy has switched off says nothing."""
    fired = {one.rule for one in assessment.reasons if weights.get(one.rule)}
    if fired & DANGER:
        return "danger"
    return "personal" if fired & PERSONAL else None


def presses(assessment: Assessment, urgent: int) -> bool:
    """Whether it would be urgent, which scores are from ``urgent`` on, if nothing were down for many."""
    own = sum(one.weight for one in assessment.reasons if one.rule not in (_MANY, _LIMIT))
    return assessment.priority == "urgent" and own >= urgent
