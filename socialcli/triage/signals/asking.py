"""Questions, requests, feedback, praise: what the customer wants of us."""

from __future__ import annotations

from socialcli.triage.reading import Evidence, Reading

_BUT = frozenset({"but", "pero", "aber", "mais", "mas", "ma"})
_OPENING = 3  # a question word this near to the start of a sentence opens a question


def question(reading: Reading) -> Evidence | None:
    """A question mark with words before it, else a question's opening words."""
    if "?" in reading.words and (mark := _mark(reading)) is not None:
        return Evidence("question/mark", (mark, mark + 1))
    asks = reading.first("question/asks")
    if asks is not None:
        return Evidence("question/asks", asks)
    return _opened(reading)


def _mark(reading: Reading) -> int | None:
    something_said = False
    for place, token in enumerate(reading.tokens):
        if token.word == "?" and something_said:
            return place
        something_said = something_said or token.kind in {"word", "number", "hashtag"}
    return None


def _opened(reading: Reading) -> Evidence | None:
    openers = reading.starts("question/word")
    if not openers:
        return None
    since_start = 0
    for place, token in enumerate(reading.tokens):
        if token.word in {".", "!", "?"}:
            since_start = 0
        elif token.kind == "word":
            since_start += 1
            if since_start == 1 and place in openers and place + _OPENING <= len(reading.tokens):
                return Evidence("question/asks", (place, place + 1))
    return None


def request(reading: Reading) -> Evidence | None:
    span = reading.first("request/words")
    return None if span is None else Evidence("request/words", span)


def feedback(reading: Reading) -> Evidence | None:
    span = reading.first("feedback/words")
    return None if span is None else Evidence("feedback/words", span)


def praises(reading: Reading, nots: frozenset[str]) -> list[Evidence]:
    """Every word of praise that is meant as such, in order; "thanks, but ..." is mere politeness."""
    return [
        Evidence("praise/words", span)
        for span in reading.found.get("praise/words", ())
        if (reading.words[span[0]] in nots or not reading.negated(span, nots))
        and not _taken_back(reading, span[1])
    ]


def _taken_back(reading: Reading, place: int) -> bool:
    return next((word for word in reading.words[place : place + 2] if word != ","), "") in _BUT
