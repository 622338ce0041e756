"""tone/shouting: words in capitals, rows of marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.rule import Fault

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_LOUD_WORDS = 2  # ordinary words in capitals; one alone may be emphasis
_LOUD_RUN = 3  # words in capitals in a row, whatever they are
_APART = 3  # code points between two words of a row
_LONG_ENOUGH = 4  # letters of a word in capitals that is hardly an acronym
_TOO_LONG = 7  # letters of one that is none


def find_shouting(reading: Reading) -> Iterable[Fault]:
    """Words in capitals. Acronyms, names of one word and references stand alone or carry digits."""
    if reading.text.islower():
        return
    loud = [match for match in _capitals().finditer(reading.text) if not _is_not_prose(reading, match)]
    words = {hit.start for hit in reading.hits("tone/loud")}
    ordinary = [match for match in loud if match.start() in words or _is_too_long(match)]
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
    for match in rows_of_marks().finditer(reading.text):
        yield Fault(match.start(), match.end(), "so many marks read as shouting", "one mark is enough")
        return


@cache
def _capitals() -> re.Pattern[str]:
    return re.compile(r"(?<![\w@#^*/'’-])[^\W\d_a-zà-öø-ÿ]{2,}(?:['’][^\W\d_a-zà-öø-ÿ]{1,2})?(?![\w@'’])")


@cache
def rows_of_marks() -> re.Pattern[str]:
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


def _is_too_long(match: re.Match[str]) -> bool:
    return len(match.group()) >= _TOO_LONG
