"""Spam and abuse. Cursing about a late bag is not abuse; an insult aimed at people is."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.signals import advert

_SCORN = "abuse/scorn"  # words that are an insult only beside one
_BY_FORM = frozenset({"spam/number", "spam/short-code"})  # lists that count only where the number fits them


def spam(reading: Reading) -> Iterator[Evidence]:
    for name, spans in reading.family("spam"):
        if name not in _BY_FORM:
            yield Evidence(name, spans[0])
    yield from advert.numbers(reading)
    yield from advert.links(reading)


def abuse(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    for name, spans in reading.family("abuse"):
        if name != _SCORN and not reading.negated(spans[0], nots):
            yield Evidence(name, spans[0])
