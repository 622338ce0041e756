"""Harm, danger or loss unless somebody helps soon; and what the customer has already tried."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.triage.reading import Evidence, Reading, Span

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
_LONG_PAST = frozenset(
    {"yesterday", "week", "weekend", "summer", "winter", "month", "year", "years", "months", "weeks", "ago"}
)
_WAS = frozenset({"was", "were", "got", "had", "left"})
_LASTS = frozenset(
    {"since", "for", "now", "still", "is", "are", "am", "i'm", "we're", "hour", "hours", "hrs", "h"}
    | {"been", "min", "mins", "minutes", "today", "tonight"}
)
# Merry talk of an outage, in which nobody asks for anything.
_MANY = "harm/many"
_LAUGHS = frozenset({"😂", "🤣", "lol", "haha", "hahaha", "lmao", "rofl"})
_QUOTES = frozenset({'"', "'", "“", "”", "‘", "’", "«", "»", "„"})
_NEAR = 4  # words on either side of a name in quotation marks


def harms(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    if not reading.has("harm/stranded") and (stranded := bedless(reading)) is not None:
        yield stranded
    for name, spans in reading.family("harm"):
        if name == _AT_RISK and not reading.has(*_IN_TROUBLE):
            continue
        if not (name in _MAY_BE_OVER and _over(reading)) and not (name == _MANY and _laughed_off(reading)):
            for span in spans:
                if _is_meant(span, reading, nots):
                    yield Evidence("harm/medical" if name == _AT_RISK else name, span)
                    break


def bedless(reading: Reading) -> Evidence | None:
    """A flight cancelled at night for somebody with children, or with no bed: stranded, whatever the words."""
    if not reading.has("complaint/cancelled", "complaint/disrupted") or _over(reading):
        return None
    bed = reading.first("night/bed")
    at_night = reading.has("night/when") or not _MORNING < reading.minute_of_day < _EVENING
    return Evidence("harm/stranded", bed) if bed is not None and at_night else None


def _is_meant(span: Span, reading: Reading, nots: frozenset[str]) -> bool:
    """Neither denied nor a name, such as the candle "Smoke & Fire"."""
    if reading.words[span[0]] not in nots and reading.negated(span, nots):
        return False
    return not _is_name(span, reading)


def _is_name(span: Span, reading: Reading) -> bool:
    """Capitals between quotation marks."""
    words = reading.words
    if _QUOTES.isdisjoint(words) or not all(reading.raw(place)[:1].isupper() for place in range(*span)):
        return False
    before, after = words[max(0, span[0] - _NEAR) : span[0]], words[span[1] : span[1] + _NEAR]
    return not (_QUOTES.isdisjoint(before) or _QUOTES.isdisjoint(after))


def _laughed_off(reading: Reading) -> bool:
    return "?" not in reading.words and not _LAUGHS.isdisjoint(reading.words)


def _over(reading: Reading) -> bool:
    """Told in the past, of a day that is past, with nothing that says it lasts."""
    words = reading.words
    return not _LONG_PAST.isdisjoint(words) and not _WAS.isdisjoint(words) and _LASTS.isdisjoint(words)


def tried_elsewhere(reading: Reading) -> Iterator[Evidence]:
    span = reading.first("tried/elsewhere")
    if span is not None:
        yield Evidence("tried/elsewhere", span)
