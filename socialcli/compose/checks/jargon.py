"""tone/jargon: the words of our trade, which the customer has to look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from socialcli.compose.checks.rule import Fault

if TYPE_CHECKING:
    from socialcli.compose.checks.phrases import Hit
    from socialcli.compose.checks.reading import Reading

_NEAR = 3  # words between a term and what explains it


def find_jargon(reading: Reading) -> Iterable[Fault]:
    """Silent where the term is explained beside it, or the customer used it first."""
    for hit in _terms(reading):
        if _is_explained(reading, hit) or _is_theirs(reading, hit):
            continue
        term = reading.text[hit.start : hit.end]
        yield Fault(hit.start, hit.end, f'"{term}" is a word of the trade', "say it in everyday words")
        return


def _terms(reading: Reading) -> Iterator[Hit]:
    yield from reading.hits("tone/jargon")
    for hit in reading.hits("tone/jargon-capitals"):
        written = reading.text[hit.start : hit.end]
        if (
            written.removesuffix("s").isupper()
            and not reading.in_link(hit.start)
            and not _signs(reading, hit)
        ):
            yield hit


def _signs(reading: Reading, hit: Hit) -> bool:
    """Initials of the agent, or part of a handle or hashtag."""
    signature = reading.signature
    if signature and signature.start <= hit.start < signature.end:
        return True
    return reading.text[hit.start - 1 : hit.start] in ("^", "*", "/", "#", "@", "-")


def _is_explained(reading: Reading, hit: Hit) -> bool:
    """As in "the PNR (your booking code)", "your booking code (PNR)", "the PNR, that is, ..."."""
    beside = reading.text[max(0, hit.start - 1) : hit.start] + reading.text[hit.end : hit.end + 2]
    if "(" in beside or ")" in beside:
        return True
    return bool(reading.hits_between("tone/explained", hit.after, hit.after + _NEAR))


def _is_theirs(reading: Reading, hit: Hit) -> bool:
    said = [word.word for word in reading.words[hit.first : hit.after]]
    return any(
        [word.word for word in prose.words[place : place + len(said)]] == said
        for prose in reading.inbound
        for place in range(len(prose.words))
    )
