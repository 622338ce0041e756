"""What would change a decision."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.model.assessment import Assessment
from socialcli.policy.schema import Triage


def what_would_change(assessment: Assessment, triage: Triage) -> tuple[str, ...]:
    return (*_next_up(assessment, triage), *_next_down(assessment, triage), *_answering(assessment))


def _steps(triage: Triage) -> tuple[tuple[str, int], ...]:
    return (("normal", triage.normal), ("high", triage.high), ("urgent", triage.urgent))


def _next_up(assessment: Assessment, triage: Triage) -> Iterator[str]:
    for name, least in _steps(triage):
        if assessment.score < least:
            yield f"{name} from {least} points: {least - assessment.score} missing"
            return


def _next_down(assessment: Assessment, triage: Triage) -> Iterator[str]:
    reached = [(name, least) for name, least in _steps(triage) if assessment.score >= least]
    if not reached:
        return
    name, least = reached[-1]
    spare = assessment.score - least
    heaviest = max(assessment.reasons, key=lambda reason: reason.weight)
    cut = -sum(reason.weight for reason in assessment.reasons if reason.rule == "most/score")
    if heaviest.weight > spare + cut:
        told = f' ("{heaviest.words}")' if heaviest.words else ""
        yield f"{name} down to {least} points, {spare} to spare; without {heaviest.rule}{told} it would not be {name}"
    else:
        yield f"{name} down to {least} points, {spare} to spare; no single reason decides it"


def _answering(assessment: Assessment) -> Iterator[str]:
    if assessment.respond == "monitor":
        yield "respond if the customer asks, complains or requests something"
    elif assessment.respond == "ignore":
        yield "respond if there were a complaint, a question or a request in it; or triage --set respond=respond"
