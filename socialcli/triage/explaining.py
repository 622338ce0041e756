"""Why a decision is as it is: its parts with their places, and what would change it. Each "without this it would
be that" was worked out by weighing the message again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from socialcli.model.answers import Part
from socialcli.model.assessment import Assessment, Reason
from socialcli.policy.schema import Triage
from socialcli.triage.conversation import Seen
from socialcli.triage.reading import Evidence

# What no weight decides, and the key that does.
_KEYS = {"search/own-industry": "triage.normal", "thread/argument": "triage.disengage_after"}
_WORDING = "wording/"
_MARGIN = "threshold/wording"
_MARGINS = {  # by which a turn of phrase must be ahead to make a message this
    "wording/complaint": "threshold/wording-complaint",
    "wording/spam": "threshold/wording-spam",
    "wording/abuse": "threshold/wording-spam",
    "wording/mention": "threshold/wording-monitor",
}
_NEVER = 99.0  # a margin that no turn of phrase is ahead by
# The ground, limits and rounding: parts of the sum, but nothing that could be missing from a message.
_NO_SIGNAL = ("kind/", "most/", "least/", "search/", "threshold/")


def parts_of(
    assessment: Assessment, weights: Mapping[str, float], behind: Callable[[str], Seen | None]
) -> tuple[Part, ...]:
    """``behind``: the earlier message that a rule of the thread has read."""
    parts = []
    for reason in assessment.reasons:
        place, source = reason, assessment.message_id if reason.words else None
        if not reason.words and (earlier := behind(reason.rule)) is not None:
            place, source = _telling(earlier), earlier.reading.message_id
        parts.append(
            Part(
                reason.rule,
                reason.weight,
                place.words,
                place.start,
                place.end,
                source,
                _key(reason.rule, weights),
            )
        )
    return tuple(parts)


def _telling(seen: Seen) -> Reason:
    """The words that weighed most in a message by itself, or with which we asked; a reason without words if there
    are none.
    """
    told = [(points, evidence) for evidence, points in seen.weighed.parts if evidence.span is not None]
    if told:
        return seen.reading.reason(max(told, key=lambda one: one[0])[1], 0.0)
    return seen.reading.reason(Evidence("thread/we-asked", seen.reading.first("thread/we-asked")), 0.0)


def _key(rule: str, weights: Mapping[str, float]) -> str | None:
    name = _MARGINS.get(rule, _MARGIN) if rule.startswith(_WORDING) else rule
    return f'triage.weights."{name}"' if name in weights else _KEYS.get(rule)


def switched_off(rule: str) -> dict[str, float]:
    """The weights by which a rule says nothing any more."""
    if rule.startswith(_WORDING):
        return dict.fromkeys((_MARGIN, *_MARGINS.values()), _NEVER)
    return {rule: 0.0}


def what_would_change(
    assessment: Assessment, triage: Triage, without: Callable[[str], Assessment]
) -> tuple[str, ...]:
    """``without``: the assessment of the same message where a rule is worth nothing."""
    up = _evidence if assessment.kind in {"spam", "abuse"} else _next_up
    return (
        *up(assessment, triage),
        *_next_down(assessment, triage, without),
        *_answering(assessment),
    )


def _evidence(assessment: Assessment, triage: Triage) -> Iterator[str]:
    """Spam and abuse have no rank; what made them so is a sum of its own."""
    kind = assessment.kind
    if any(reason.rule == f"{_WORDING}{kind}" for reason in assessment.reasons):
        yield f'{kind} by how it is worded (triage.weights."{_MARGINS[_WORDING + kind]}")'
        return
    found = sum(
        triage.weights.get(reason.rule, 0)
        for reason in assessment.reasons
        if reason.rule.startswith(f"{kind}/")
    )
    least = triage.weights.get(f"threshold/{kind}", 0)
    yield f'{kind} from {least:g} points of evidence (triage.weights."threshold/{kind}"): {found:g} found'


def _steps(triage: Triage) -> tuple[tuple[str, int], ...]:
    return (("normal", triage.normal), ("high", triage.high), ("urgent", triage.urgent))


def _next_up(assessment: Assessment, triage: Triage) -> Iterator[str]:
    for name, least in _steps(triage):
        if assessment.score < least:
            yield f"{name} from {least} points (triage.{name}): {least - assessment.score} missing"
            return


def _next_down(assessment: Assessment, triage: Triage, without: Callable[[str], Assessment]) -> Iterator[str]:
    decided = False
    for rule, words in _signals(assessment, triage).items():
        other = without(rule)
        if (other.kind, other.respond, other.priority) != (
            assessment.kind,
            assessment.respond,
            assessment.priority,
        ):
            decided = True
            told = f' ("{words}")' if words else ""
            yield f"without {rule}{told} it would be {_difference(assessment, other)}"
    reached = [(name, least) for name, least in _steps(triage) if assessment.score >= least]
    if not decided and reached:
        name, least = reached[-1]
        if assessment.kind != "complaint" and triage.weights.get(f"kind/{assessment.kind}", 0) >= least:
            yield f"{name} from {least} points (triage.{name}): a {assessment.kind} is that by itself"
            return
        spare = assessment.score - least
        yield f"{name} down to {least} points (triage.{name}), {spare} to spare; no single reason decides it"


def _signals(assessment: Assessment, triage: Triage) -> dict[str, str]:
    """The rules that could be missing, each with its first words."""
    found: dict[str, str] = {}
    for reason in assessment.reasons:
        counts = triage.weights.get(reason.rule) or reason.rule.startswith(_WORDING)
        if counts and not reason.rule.startswith(_NO_SIGNAL):
            found.setdefault(reason.rule, reason.words)
    return found


def _difference(now: Assessment, other: Assessment) -> str:
    """``high (49), read as question``: where it would stand, and what else would be different."""
    told = [f"{other.priority} ({other.score})"]
    told += [f"read as {other.kind}"] if other.kind != now.kind else []
    told += [other.respond] if other.respond != now.respond else []
    return ", ".join(told)


def _answering(assessment: Assessment) -> Iterator[str]:
    if assessment.respond == "monitor":
        yield "respond if the customer asks, complains or requests something"
    elif assessment.respond == "ignore":
        yield "respond if there were a complaint, a question or a request in it; or triage --set respond=respond"
