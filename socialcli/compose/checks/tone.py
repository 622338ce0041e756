"""tone/*: how a reply sounds to somebody who is already annoyed. Rules are specific phrases and
circumstances, never a sentiment score: about half of all real apologies score negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.rule import Fault

if TYPE_CHECKING:
    from socialcli.compose.checks.phrases import Hit
    from socialcli.compose.checks.reading import Prose, Reading

_DISSATISFIED = -0.3  # sentiment from here down is more than a neutral report of a fault
_LOUD_WORDS = 2  # ordinary words in capitals; one alone may be emphasis
_LOUD_RUN = 3  # words in capitals in a row, whatever they are
_APART = 3  # code points between two words of a row
_LONG_ENOUGH = 4  # letters of a word in capitals that is hardly an acronym


def find_blame(reading: Reading) -> Iterable[Fault]:
    return _phrases(
        reading,
        "tone/blame",
        "puts the blame on the customer",
        "say what can be done now, without who did what",
    )


def find_defensive(reading: Reading) -> Iterable[Fault]:
    return _phrases(
        reading,
        "tone/defensive",
        "defends us instead of helping",
        "say what you will do; leave out who is right",
    )


def find_robotic(reading: Reading) -> Iterable[Fault]:
    return _phrases(
        reading,
        "tone/robotic",
        "sounds like a form letter",
        "say it as you would across a desk, about this one case",
    )


_NEGATIONS = frozenset(("not", "never", "nothing", "no", "without", "isn't", "kein", "keine", "nicht", "pas"))
_NEGATED = 3  # words before "your fault" in which a "not" makes it a comfort


def _phrases(reading: Reading, name: str, message: str, suggestion: str) -> Iterator[Fault]:
    """The first phrase of list ``name`` that is not turned round by a "not" before it. One fault: the
    tone is that of the whole reply.
    """
    for hit in reading.hits(name):
        if name == "tone/blame" and _negated(reading, hit):
            continue
        yield Fault(hit.start, hit.end, f'"{reading.text[hit.start : hit.end]}" {message}', suggestion)
        return


def _negated(reading: Reading, hit: Hit) -> bool:
    before = reading.words[max(0, hit.first - _NEGATED) : hit.first]
    return any(word.word in _NEGATIONS for word in before)


def find_no_apology(reading: Reading) -> Iterable[Fault]:
    """Only where triage saw a dissatisfied customer; an apology is needed once in a thread."""
    if not _is_dissatisfied(reading) or reading.is_empty or reading.hits("apology"):
        return
    if any(prose.hits("apology") for prose in reading.our_earlier):
        return
    if reading.our_earlier and any(_thanks(prose) for prose in reading.unanswered):
        return
    yield Fault(
        reading.message_start,
        reading.message_start,
        "a dissatisfied customer, and no word of regret",
        "begin with an apology for what happened, in your own words",
    )


def find_no_thanks(reading: Reading) -> Iterable[Fault]:
    """Only where triage saw praise or feedback; thanks are owed once in a thread."""
    assessment = reading.request.assessment
    if assessment is None or assessment.kind not in ("praise", "feedback"):
        return
    if not any(prose.hits("thanks") for prose in (reading, *reading.our_earlier)):
        start = reading.message_start
        yield Fault(start, start, f"{assessment.kind} answered without thanks", "thank them for it")


def find_cold_denial(reading: Reading) -> Iterable[Fault]:
    """A no is fine where regret, a reason to hope or a way forward stands beside it."""
    if reading.links or reading.hits("apology") or reading.hits("tone/help"):
        return
    for hit in reading.hits("tone/denial"):
        yield Fault(
            hit.start, hit.end, "a no, and nothing else", "say what is possible instead, or where to ask"
        )
        return


def _is_dissatisfied(reading: Reading) -> bool:
    assessment = reading.request.assessment
    if assessment is None:
        return False
    if assessment.kind == "complaint":
        return True
    return assessment.kind in ("request", "feedback", "mention") and assessment.sentiment <= _DISSATISFIED


def _thanks(prose: Prose) -> bool:
    return bool(prose.hits("thanks")) and not prose.hits("mock-thanks")


def find_shouting(reading: Reading) -> Iterable[Fault]:
    """Words in capitals. Acronyms, names of one word and references stand alone or carry digits."""
    if reading.text.islower():
        return
    loud = [match for match in _capitals().finditer(reading.text) if not _is_not_prose(reading, match)]
    words = {hit.start for hit in reading.hits("tone/loud")}
    ordinary = [match for match in loud if match.start() in words]
    fault = "capitals read as shouting", "write it in small letters"
    if len(ordinary) >= _LOUD_WORDS:
        yield Fault(ordinary[0].start(), ordinary[-1].end(), *fault)
        return
    orders = {hit.start for hit in reading.hits("tone/very-loud")}
    for match in loud:
        if match.start() in orders:
            yield Fault(match.start(), match.end(), *fault)
            return
    run = _longest_run(reading, loud)
    if len(run) >= _LOUD_RUN and (ordinary or all(len(match.group()) >= _LONG_ENOUGH for match in run)):
        yield Fault(run[0].start(), run[-1].end(), *fault)
        return
    for match in _exclamations().finditer(reading.text):
        yield Fault(match.start(), match.end(), "so many marks read as shouting", "one mark is enough")
        return


@cache
def _capitals() -> re.Pattern[str]:
    return re.compile(r"(?<![\w@#^*/'’-])[^\W\d_a-zà-öø-ÿ]{2,}(?:['’][^\W\d_a-zà-öø-ÿ]{1,2})?(?![\w@'’])")


@cache
def _exclamations() -> re.Pattern[str]:
    return re.compile(r"!{4,}|(?:\?!|!\?)[?!]+|\?{3,}")


def _is_not_prose(reading: Reading, match: re.Match[str]) -> bool:
    """Part of the sign-off or of a link."""
    signature = reading.signature
    if signature and signature.start <= match.start() < signature.end:
        return True
    return reading.in_link(match.start())


def _longest_run(reading: Reading, loud: list[re.Match[str]]) -> list[re.Match[str]]:
    """The longest row of words in capitals with nothing but spaces and commas between them."""
    best: list[re.Match[str]] = []
    run: list[re.Match[str]] = []
    for match in loud:
        between = reading.text[run[-1].end() : match.start()] if run else ""
        if not run or len(between) > _APART or between.strip(" ,!"):
            run = []
        run.append(match)
        if len(run) > len(best):
            best = run
    return best


def find_emoji(reading: Reading) -> Iterable[Fault]:
    """Silent unless triage or the customer's own words say how they feel, or the register is formal."""
    if not (_is_upset(reading) or _is_formal(reading)):
        return
    match = _emoji().search(reading.text)
    if match:
        why = "the register is formal" if not _is_upset(reading) else "the customer is upset"
        yield Fault(match.start(), match.end(), f"an emoji, and {why}", "leave it out")


def _is_upset(reading: Reading) -> bool:
    assessment = reading.request.assessment
    if assessment and (assessment.kind == "complaint" or assessment.priority == "urgent"):
        return True
    if assessment and assessment.sentiment <= _DISSATISFIED and assessment.kind != "praise":
        return True
    return any(prose.hits("distress") for prose in reading.unanswered)


def _is_formal(reading: Reading) -> bool:
    assessment = reading.request.assessment
    register = assessment.register if assessment else reading.policy.tone.register
    return register == "formal"


@cache
def _emoji() -> re.Pattern[str]:
    """Pictures and typed smileys. Arrows, check marks and signs such as ™ are no feelings."""
    return re.compile(
        "[\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u26ff\u2702-\u2712\u2728\u2744\u2753-\u2764]"
        r"|(?<![\w/:])[:;=]['’]?-?[()DPpO3](?![\w/])|<3(?!\w)|\bx[xo]{1,3}(?=\s*(?:[.!^]|$))"
    )
