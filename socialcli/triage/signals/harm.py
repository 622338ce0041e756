"""Harm, danger or loss unless somebody helps soon; and what the customer has already tried."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.triage.reading import Evidence, Reading

# Harm that is over once the story is told in the past ("we were stranded last year").
_MAY_BE_OVER = frozenset({"harm/stranded", "harm/missing-out", "harm/many"})
_LONG_PAST = frozenset({"yesterday", "week", "month", "year", "years", "months", "weeks", "ago"})


def harms(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    over = not _LONG_PAST.isdisjoint(reading.words)
    for name, spans in reading.found.items():
        if name.startswith("harm/") and not (over and name in _MAY_BE_OVER):
            for span in spans:
                if reading.words[span[0]] in nots or not reading.negated(span, nots):
                    yield Evidence(name, span)
                    break


def tried_elsewhere(reading: Reading) -> Iterator[Evidence]:
    span = reading.first("tried/elsewhere")
    if span is not None:
        yield Evidence("tried/elsewhere", span)
