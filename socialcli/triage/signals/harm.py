"""Harm, danger or loss unless somebody helps soon; and what the customer has already tried."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.triage.reading import Evidence, Reading

# Harm that is over once the story is told in the past ("we were stranded last year").
_MAY_BE_OVER = frozenset({"harm/stranded", "harm/missing-out", "harm/many"})
# A medicine or a child is harm only where something goes wrong beside it.
_AT_RISK = "harm/at-risk"
_IN_TROUBLE = (
    "complaint/delay",
    "complaint/cancelled",
    "complaint/lost",
    "complaint/not-delivered",
    "complaint/not-working",
    "complaint/disrupted",
    "complaint/lacking",
    "complaint/no-response",
    "complaint/denied",
)
_EVENING, _MORNING = 20 * 60, 5 * 60  # minutes of the day; between them it is night
_LONG_PAST = frozenset({"yesterday", "week", "month", "year", "years", "months", "weeks", "ago"})


def harms(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    if not reading.has("harm/stranded") and (stranded := bedless(reading)) is not None:
        yield stranded
    for name, spans in reading.family("harm"):
        if name == _AT_RISK and not reading.has(*_IN_TROUBLE):
            continue
        if not (name in _MAY_BE_OVER and _over(reading)):
            for span in spans:
                if reading.words[span[0]] in nots or not reading.negated(span, nots):
                    yield Evidence("harm/medical" if name == _AT_RISK else name, span)
                    break


def bedless(reading: Reading) -> Evidence | None:
    """A flight cancelled at night for somebody with children, or with no bed: stranded, whatever the words."""
    if not reading.has("complaint/cancelled", "complaint/disrupted") or _over(reading):
        return None
    bed = reading.first("night/bed")
    at_night = reading.has("night/when") or not _MORNING < reading.minute_of_day < _EVENING
    return Evidence("harm/stranded", bed) if bed is not None and at_night else None


def _over(reading: Reading) -> bool:
    return not _LONG_PAST.isdisjoint(reading.words)


def tried_elsewhere(reading: Reading) -> Iterator[Evidence]:
    span = reading.first("tried/elsewhere")
    if span is not None:
        yield Evidence("tried/elsewhere", span)
