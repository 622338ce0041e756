"""tone/*: how a reply sounds to somebody who is already annoyed. Rules are specific phrases and
circumstances, never a sentiment score: about half of all real apologies score negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.mood import gives_thanks, is_dissatisfied, is_formal, is_upset
from socialcli.compose.checks.rule import Fault

if TYPE_CHECKING:
    from socialcli.compose.checks.phrases import Hit
    from socialcli.compose.checks.reading import Reading

_NEGATIONS = frozenset(
    (
        *("not", "never", "nothing", "no", "without", "if", "whether", "unless", "nor", "neither"),
        *("kein", "keine", "nicht", "pas", "nao", "non"),
    )
)
_NEGATED = 3  # words before "your fault" in which a "not" makes it a comfort


def find_blame(reading: Reading) -> Iterable[Fault]:
    hits = [hit for hit in reading.hits("tone/blame") if not _negated(reading, hit)]
    soft = [hit for hit in reading.hits("tone/blame-soft") if not _negated(reading, hit)]
    if not hits and not reading.hits("apology"):
        hits = soft
    return _first(
        reading,
        hits,
        "puts the blame on the customer",
        "say what can be done now, without who did what",
    )


def find_defensive(reading: Reading) -> Iterable[Fault]:
    return _first(
        reading,
        reading.hits("tone/defensive"),
        "defends us instead of helping",
        "say what you will do; leave out who is right",
    )


def find_robotic(reading: Reading) -> Iterable[Fault]:
    return _first(
        reading,
        reading.hits("tone/robotic"),
        "sounds like a form letter",
        "say it as you would across a desk, about this one case",
    )


def find_sarcasm(reading: Reading) -> Iterable[Fault]:
    return _first(
        reading,
        reading.hits("tone/sarcasm"),
        "can be read as mockery",
        "say plainly what you mean; irony does not survive in writing",
    )


def _first(reading: Reading, hits: Iterable[Hit], message: str, suggestion: str) -> Iterator[Fault]:
    """One fault for all of ``hits``: the tone is that of the whole reply."""
    for hit in hits:
        yield Fault(hit.start, hit.end, f'"{reading.text[hit.start : hit.end]}" {message}', suggestion)
        return


def _negated(reading: Reading, hit: Hit) -> bool:
    """A "not" shortly before turns the phrase round, as in "not your fault"."""
    before = reading.words[max(0, hit.first - _NEGATED) : hit.first]
    return any(word.word in _NEGATIONS for word in before)


def find_no_apology(reading: Reading) -> Iterable[Fault]:
    """Only where triage saw a dissatisfied customer; an apology is needed once in a thread."""
    if not is_dissatisfied(reading) or reading.is_empty or reading.hits("apology"):
        return
    if any(prose.hits("apology") for prose in reading.our_earlier):
        return
    if reading.our_earlier and any(gives_thanks(prose) for prose in reading.unanswered):
        return
    yield Fault(
        reading.message_start,
        reading.message_start,
        "a dissatisfied customer, and no word of regret",
        "begin with an apology for what happened, in your own words",
    )


def find_no_thanks(reading: Reading) -> Iterable[Fault]:
    """Only where triage saw praise or feedback; thanks are owed once in a thread. Joy answers praise as well,
    and who asks back is not done yet.
    """
    assessment = reading.request.assessment
    if assessment is None or assessment.kind not in ("praise", "feedback"):
        return
    if any(prose.hits("thanks") for prose in (reading, *reading.our_earlier)):
        return
    if any(sentence.asks for sentence in reading.sentences):
        return
    if assessment.kind == "feedback" or not reading.hits("warmth"):
        start = reading.message_start
        yield Fault(start, start, f"{assessment.kind} answered without thanks", "thank them for it")


def find_emoji(reading: Reading) -> Iterable[Fault]:
    """Silent unless triage or the customer's own words say how they feel, or the register is formal."""
    upset = is_upset(reading)
    if not (upset or is_formal(reading)):
        return
    match = _emoji().search(reading.text)
    if match:
        why = "the customer is upset" if upset else "the register is formal"
        yield Fault(match.start(), match.end(), f"an emoji, and {why}", "leave it out")


@cache
def _emoji() -> re.Pattern[str]:
    """Pictures and typed smileys. Arrows, check marks and signs such as ™ are no feelings."""
    return re.compile(
        "[\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u26ff\u2702-\u2712\u2728\u2744\u2753-\u2764]"
        r"|(?<![\w/:])[:;=]['’]?-?[()DPpO3](?![\w/])|<3(?!\w)|\bx[xo]{1,3}(?=\s*(?:[.!^]|$))"
    )
