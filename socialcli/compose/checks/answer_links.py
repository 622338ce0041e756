"""answer/no-link: the reply points to a page, and does not say where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.rule import Fault

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading


def find_no_link(reading: Reading) -> Iterable[Fault]:
    """Silent where we gave a link before: "the link above"."""
    if reading.links or any(
        _holds_link(said.text) for said in reading.request.thread if said.direction == "outbound"
    ):
        return
    for sentence in reading.sentences:
        if sentence.asks or reading.hits_between("answer/no-link-owed", sentence.first, sentence.after):
            continue
        hits = reading.hits_between("answer/see", sentence.first, sentence.after)
        if hits:
            yield _no_link(hits[0].start, hits[0].end)
            return
    end = reading.signature.start if reading.signature else len(reading.text)
    if match := _leads_nowhere().search(reading.text[max(0, end - _TAIL) : end]):
        start = max(0, end - _TAIL) + match.start()
        yield _no_link(start, start + len(match.group().rstrip()))


_TAIL = 40  # code points at the end in which a link is announced


@cache
def _leads_nowhere() -> re.Pattern[str]:
    """The reply ends where a link should follow: "the fare rules are here:"."""
    return re.compile(
        r"\b(?:here|below|link|page|site|form|details|visit|aqu[ií]|hier|ici|aqui|qui)[ ]?(?::|-|–|>+|👇|⬇️?|➡️?)\s*$",
        re.IGNORECASE,
    )


def _holds_link(text: str) -> bool:
    return "://" in text or "www." in text


def _no_link(start: int, end: int) -> Fault:
    return Fault(
        start,
        end,
        "points to a page, and gives no link",
        "add the link to the very page, or say the answer itself",
    )
