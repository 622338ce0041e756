"""spelling/*: slips of the keyboard. Information only: the language lives, and names look like mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.data import text_of
from socialcli.text.language import language_of

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_READ = 20_000  # code points


def find_slips(reading: Reading) -> Iterable[Fault]:
    """Shipped slips in English; and, where the policy names a word list, lower-case words that are not on it."""
    known = reading.policy.dictionary
    slips = _slips()
    for match in _words().finditer(reading.text[:_READ].lower()):
        meant = slips.get(match.group())
        if meant is not None and not reading.in_link(match.start()) and _is_english(reading):
            yield Fault(match.start(), match.end(), f'"{match.group()}" is misspelt', f'write "{meant}"')
    if known:
        yield from _not_listed(reading, known)


def _not_listed(reading: Reading, known: frozenset[str]) -> Iterable[Fault]:
    for match in _small_words().finditer(reading.text[:_READ]):
        word = match.group()
        if _bare(word) in known or word in _slips() or reading.in_link(match.start()):
            continue
        yield Fault(
            match.start(),
            match.end(),
            f'"{word}" is not in the dictionary',
            "look at it again, or add it to the list",
        )


def _bare(word: str) -> str:
    """Without the apostrophe and what it joins, where that is a possessive."""
    return word.replace("’", "'").removesuffix("'s")


def _is_english(reading: Reading) -> bool:
    return language_of(reading.text[:_READ]) in (None, "en")


@cache
def _slips() -> dict[str, str]:
    """Slip -> what was meant."""
    source = text_of("checks", "slips.txt")
    lines = (line for line in source.splitlines() if line and line[0] != "#")
    return {slip: meant for slip, _, meant in (line.partition(" ") for line in lines)}


@cache
def _words() -> re.Pattern[str]:
    return re.compile(r"(?<![\w@#./-])[a-z]{3,20}(?![\w@/-])")


@cache
def _small_words() -> re.Pattern[str]:
    """Words that are no names, handles, hashtags or references: small letters only."""
    return re.compile(r"(?<![\w@#./'’-])[^\W\d_A-ZÀ-Þ]{3,40}(?:['’][^\W\d_A-ZÀ-Þ]{1,3})?(?![\w@/'’-])")


RULES = (
    Rule(
        "spelling/slip",
        "info",
        "A slip costs little, and looks like haste. A word list of your own (reply.dictionary) finds more.",
        find_slips,
        CheckRequest(text="We definitely received your message, and will look tomorrow. ^SB"),
        drafts(
            "We definately got your message. ^SB",
            "Sorry for the inconvience, Marta. ^SB",
            "Teh desk opens at six. ^SB",
            "We recieved it, and will write tommorow. ^SB",
        ),
    ),
)
