"""Spam and abuse. Cursing about a late bag is not abuse; an insult aimed at people is."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.signals import advert, victim

_SCORN = "abuse/scorn"  # words that are an insult only beside one
_BY_FORM = frozenset({"spam/number", "spam/short-code"})  # lists that count only where the number fits them


def spam(reading: Reading) -> Iterator[Evidence]:
    """None in what a customer reports: "I got a text saying I won, is this you?"."""
    if victim.reports_spam(reading):
        return
    for name, spans in reading.family("spam"):
        if name not in _BY_FORM:
            yield Evidence(name, spans[0])
    yield from advert.numbers(reading)
    yield from advert.links(reading)


def abuse(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    for name, spans in reading.family("abuse"):
        if name == _SCORN or reading.negated(spans[0], nots):
            continue
        span = next((one for one in spans if not victim.told_of(reading, one)), None)
        if span is not None:
            yield Evidence(name, span)
