"""language/mismatch: the reply is in another language than the customer's, though the brand speaks theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import thread
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.text.language import language_of

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_READ = 1_000  # code points; what is behind votes no more


def find_mismatch(reading: Reading) -> Iterable[Fault]:
    """Silent where either language is in doubt: a vote of common words must be clear."""
    assessment = reading.request.assessment
    if not reading.request.thread and assessment is None:
        return
    ours = language_of(_own_words(reading))
    if ours is None or (assessment is not None and assessment.language == ours):
        return
    theirs = _spoken_by_customer(reading)
    if theirs is None or theirs == ours or theirs not in reading.policy.brand.languages:
        return
    if _is_held_in(reading, ours):
        return
    yield Fault(
        reading.message_start,
        reading.signature.start if reading.signature else len(reading.text),
        f'the customer writes "{theirs}", and the reply is in "{ours}"',
        f'write it in "{theirs}", or pass it to somebody who does',
    )


def _spoken_by_customer(reading: Reading) -> str | None:
    """Of what waits for an answer; where that is in doubt, of all that they said."""
    for said in (" ".join(prose.text for prose in reading.unanswered), reading.said_by_customer):
        if said and (found := language_of(said[-_READ:])):
            return found
    if reading.request.thread or reading.request.assessment is None:
        return None
    return reading.request.assessment.language


def _own_words(reading: Reading) -> str:
    end = reading.signature.start if reading.signature else len(reading.text)
    return reading.text[reading.message_start : end][:_READ]


def _is_held_in(reading: Reading, language: str) -> bool:
    """They wrote in that language too, earlier in the thread."""
    texts = [said.text for said in reading.request.thread if said.direction == "inbound"]
    return any(language_of(text[:_READ]) == language for text in texts)


RULES = (
    Rule(
        "language/mismatch",
        "warning",
        "Who writes in a language that we speak reads the answer best in it.",
        find_mismatch,
        CheckRequest(
            text="Lo sentimos mucho, Marta. Estamos buscando la maleta ahora mismo. ^SB",
            thread=thread("Hola, mi maleta no ha llegado y nadie me ayuda"),
        ),
        (
            CheckRequest(
                text="So sorry, Marta. We are looking for the bag now. ^SB",
                thread=thread("Hola, mi maleta no ha llegado y nadie me ayuda"),
            ),
            CheckRequest(
                text="Es tut uns leid, wir suchen den Koffer gerade. ^SB",
                thread=thread("Where is my bag? I have been waiting for an hour"),
            ),
            CheckRequest(
                text="Please try the app again in a few minutes. ^SB",
                thread=thread("Die App geht nicht, ich kann nicht einchecken"),
            ),
        ),
    ),
)
