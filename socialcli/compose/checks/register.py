"""register/*: the manner of speaking that the matter asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import assessed, thread
from socialcli.compose.checks.mood import is_formal, is_grave, is_upset
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading


def find_too_casual(reading: Reading) -> Iterable[Fault]:
    """Slang is too much for anybody upset; cheer and familiarity only for grief, danger and a formal register."""
    grave, formal = is_grave(reading), is_formal(reading)
    if not (grave or formal or is_upset(reading)):
        return
    hits = reading.hits("register/slang")
    if not hits and (grave or (formal and not _is_praise(reading))):
        hits = reading.hits("register/light")
    for hit in hits:
        why = "this hour" if grave else "a formal register" if formal else "somebody upset"
        said = reading.text[hit.start : hit.end]
        yield Fault(hit.start, hit.end, f'"{said}" is too casual for {why}', "say it plainly and kindly")
        return


def _is_praise(reading: Reading) -> bool:
    assessment = reading.request.assessment
    return assessment is not None and assessment.kind == "praise"


RULES = (
    Rule(
        "register/too-casual",
        "warning",
        "A jolly word to somebody in tears says that we did not take it in.",
        find_too_casual,
        CheckRequest(
            text="I'm so sorry about your father, Marta. Your seat on tonight's flight is confirmed. ^SB",
            thread=thread("My father died, I must fly today."),
        ),
        (
            CheckRequest(
                text="Oops, sorry! We'll get you sorted in a jiffy. ^SB",
                thread=thread("My father died, I must fly today."),
            ),
            CheckRequest(text="Sorry about the bag, mate. We're tracing it. ^SB", assessment=assessed()),
            CheckRequest(text="Sorry, these things happen lol. ^SB", assessment=assessed()),
            CheckRequest(
                text="Great news: there's a bus at nine. Sorry! ^SB",
                thread=thread("Stranded at Upper Dale with two children, it is freezing"),
            ),
            CheckRequest(
                text="Hey! Yeah, the form is fine. ^SB",
                assessment=assessed("question", sentiment=0, register="formal"),
            ),
        ),
    ),
)
