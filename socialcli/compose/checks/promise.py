"""promise/*: what is promised can be kept, and the next step has a time or a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.phrases import Hit
    from socialcli.compose.checks.reading import Reading, Sentence

_HEDGES = 4  # words before a guarantee in which a "not", "if" or "try" makes it none


def find_impossible(reading: Reading) -> Iterable[Fault]:
    """A guarantee in so many words, or a word of certainty in a sentence about what will be."""
    hit = next((hit for hit in reading.hits("promise/guarantee") if not _hedged(reading, hit)), None)
    if hit is None:
        hit = next(filter(None, (_certainty(reading, sentence) for sentence in reading.sentences)), None)
    if hit:
        said = reading.text[hit.start : hit.end]
        yield Fault(
            hit.start,
            hit.end,
            f'"{said}" guarantees what nobody can',
            "say what you do about it, and when you tell more",
        )


def _certainty(reading: Reading, sentence: Sentence) -> Hit | None:
    if sentence.asks or not reading.hits_between("promise/will", sentence.first, sentence.after):
        return None
    for hit in reading.hits_between("promise/sure", sentence.first, sentence.after):
        if not _hedged(reading, hit):
            return hit
    return None


def _hedged(reading: Reading, hit: Hit) -> bool:
    before = range(max(0, hit.first - _HEDGES), hit.first)
    return any(reading.begins("promise/hope", place) for place in before)


def find_vague(reading: Reading) -> Iterable[Fault]:
    """Only where nothing in the whole reply can be held on to. Who praises or advises waits for no step."""
    hits = reading.hits("promise/vague")
    if not hits or _is_concrete(reading) or reading.hits("promise/farewell"):
        return
    assessment = reading.request.assessment
    if assessment and assessment.kind in ("praise", "feedback"):
        return
    first = hits[0]
    said = reading.text[first.start : first.end]
    yield Fault(
        first.start,
        first.end,
        f'"{said}" is the only next step',
        "say who does what, and by when they hear from you",
    )


def _is_concrete(reading: Reading) -> bool:
    if reading.links or reading.hits("promise/concrete"):
        return True
    if any(sentence.asks for sentence in reading.sentences):
        return True
    return any(word.word[0].isdigit() for word in reading.words)


RULES = (
    Rule(
        "promise/impossible",
        "warning",
        "A guarantee that the weather, a van or a machine can break is a lie by tomorrow.",
        find_impossible,
        CheckRequest(text="We can't guarantee the 9:40, but I promise we'll write to you by six. ^SB"),
        drafts(
            "We guarantee that your bag arrives today. ^SB",
            "I promise you this will never happen again. ^SB",
            "Your flight will definitely leave on time. ^SB",
            "You will make your connection, no matter what. ^SB",
            "There is no way that the parcel gets lost. ^SB",
            "You have my word that the line stays up. ^SB",
            "Le garantizamos que su maleta llega hoy. ^SB",
        ),
    ),
    Rule(
        "promise/vague",
        "warning",
        '"Soon" has no end: the customer asks again, and we have won nothing.',
        find_vague,
        CheckRequest(text="Our team is looking into it, and I'll write to you before 4 pm. ^SB"),
        drafts(
            "Somebody will get back to you soon. ^SB",
            "Sorry! We are working on it. ^SB",
            "You will hear from us as soon as possible. ^SB",
            "We'll keep you posted. ^SB",
            "It should sort itself out. ^SB",
            "Wir melden uns so bald wie möglich. ^SB",
        ),
    ),
)
