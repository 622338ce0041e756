"""Spam and abuse. Cursing about a late bag is not abuse; an insult aimed at people is."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.text.tokens import URL
from socialcli.triage.reading import Evidence, Reading

_SCORN = "abuse/scorn"  # words that are an insult only beside one
_LONG_NUMBER = 5  # digits of a number one is told to call or text


def spam(reading: Reading) -> Iterator[Evidence]:
    for name, spans in reading.found.items():
        if name.startswith("spam/") and name != "spam/number":
            yield Evidence(name, spans[0])
    yield from _numbers(reading)
    yield from _links(reading)


def _numbers(reading: Reading) -> Iterator[Evidence]:
    for span in reading.found.get("spam/number", ()):
        last = reading.tokens[span[1] - 1]
        digits = reading.text[last.start : last.end]
        if last.kind != "number" or (len(digits) >= _LONG_NUMBER and digits.isdigit()):
            yield Evidence("spam/number", span)
            return


def _links(reading: Reading) -> Iterator[Evidence]:
    if URL in reading.words:
        place = reading.words.index(URL)
        yield Evidence("spam/link", (place, place + 1))


def abuse(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    for evidence in reading.under("abuse/"):
        if evidence.rule != _SCORN and evidence.span is not None and not reading.negated(evidence.span, nots):
            yield evidence
