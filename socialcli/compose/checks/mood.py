"""How the customer is: upset, in grief or danger, or spoken to formally. What a reply may sound like
depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Prose, Reading

DISSATISFIED = -0.3  # sentiment from here down is more than a neutral report of a fault


def is_dissatisfied(reading: Reading) -> bool:
    """Triage saw more than a neutral question about a fault."""
    assessment = reading.request.assessment
    if assessment is None:
        return False
    if assessment.kind == "complaint":
        return True
    return assessment.kind in ("request", "feedback", "mention") and assessment.sentiment <= DISSATISFIED


def is_upset(reading: Reading) -> bool:
    """By triage's view, or by the customer's own words since our last answer. Who thanks us for it is no more."""
    if reading.our_earlier and any(gives_thanks(prose) for prose in reading.unanswered):
        return is_grave(reading)
    assessment = reading.request.assessment
    if assessment and (assessment.kind == "complaint" or assessment.priority == "urgent"):
        return True
    if assessment and assessment.sentiment <= DISSATISFIED and assessment.kind != "praise":
        return True
    return any(prose.hits("distress") for prose in reading.unanswered) or is_grave(reading)


def is_grave(reading: Reading) -> bool:
    """Bereaved, hurt, stranded, robbed: what the customer said anywhere in the thread."""
    assessment = reading.request.assessment
    if assessment and assessment.kind == "praise":
        return False
    return any(prose.hits("grave") for prose in reading.inbound)


def is_formal(reading: Reading) -> bool:
    """The customer writes formally, or where nothing is known of them, the brand does."""
    assessment = reading.request.assessment
    register = assessment.register if assessment else reading.policy.tone.register
    return register == "formal"


def gives_thanks(prose: Prose) -> bool:
    """Thanks that are meant."""
    return bool(prose.hits("thanks")) and not prose.hits("mock-thanks")
