"""What went wrong: facts that fell short of what was promised, expected or paid for, then mood, the weak part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from socialcli.text.tokens import MENTION
from socialcli.triage.reading import Evidence, Reading, Span

# Lists of single words that "not" turns round ("wasn't rude"); the others hold the negation themselves.
_TURNED_BY_NOT = frozenset(
    {"complaint/delay", "complaint/staff", "complaint/quality", "complaint/trouble", "complaint/upset"}
)
_MOCK_WITHIN = 8  # words between the praise and the harm it mocks
# What must stand in a text that shouts; it spares a walk over the tokens of most texts.
_NOT_QUIET = re.compile(r"[A-Z?!](?:(?<=[A-Z])[A-Z]{3}|(?<=[?!])[?!])")
_HEAPED = re.compile(r"[?!？！؟][?!？！؟]")
_LOUD = re.compile(r"[A-Z][A-Z]{3}")
_CAPITALS = 3  # shouted words that count as shouting
# Between praise and fact: the sentence ends, or the thanks are for help with the fact.
_MEANT = frozenset(
    {".", "!", "?", ",", "but", "and", "after", "despite", "when", "about", "on", "with", "even"}
    | {
        "helping",
        "help",
        "getting",
        "fixing",
        "resolving",
        "sorting",
        "finding",
        "quick",
        "response",
        "reply",
        "update",
        "informed",
        "compensating",
        "providing",
        "during",
        "through",
        "smile",
        "so",
    }
)
_MAY_BE_MEANT = ("complaint/contrast", "praise/thanks", "thread/resolved")
_NAMES_NOTHING = frozenset({"mark", "sign", "emoticon", "mention", "hashtag", "url"})
_ALL_OF_YOU = frozenset({"as", "guys", "again", "everyone", "all", "folks"})
_HARD_FACTS = (
    "complaint/delay",
    "complaint/cancelled",
    "complaint/lost",
    "complaint/not-delivered",
    "complaint/wait",
    "complaint/no-response",
    "complaint/not-working",
    "complaint/charged",
    "complaint/staff",
    "complaint/disrupted",
    "complaint/upset",
)


def complaints(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    """Evidence of the complaint/ family, one for each list, and mock praise."""
    for name, spans in reading.family("complaint"):
        counting = _anew(spans, reading) if name == "complaint/again" else spans
        span = _standing(name, counting, reading, nots)
        if span is not None:
            yield Evidence(name, span)
    yield from negative_words(reading, nots)
    yield from shouting(reading)


def _anew(spans: Sequence[Span], reading: Reading) -> list[Span]:
    """Without the "never" of "never arrived", which tells of one time."""
    told = reading.starts("complaint/not-delivered") | reading.starts("complaint/no-response")
    return [span for span in spans if span[0] not in told]


def _standing(name: str, spans: Sequence[Span], reading: Reading, nots: frozenset[str]) -> Span | None:
    for span in spans:
        if name not in _TURNED_BY_NOT or reading.words[span[0]] in nots or not reading.negated(span, nots):
            return span
    return None


def negative_words(reading: Reading, nots: frozenset[str]) -> Iterator[Evidence]:
    for span in reading.found.get("negative", ()):
        if reading.words[span[0]] in nots or not reading.negated(span, nots):
            yield Evidence("complaint/negative", span)
            return
    for span in reading.found.get("praise/words", ()):
        if reading.negated(span, nots):
            yield Evidence("complaint/negative", (max(0, span[0] - 1), span[1]))
            return


def shouting(reading: Reading) -> Iterator[Evidence]:
    """Capitals or heaped marks. Mentions, links and short codes (airports, flight numbers) do not count."""
    if reading.text.isascii() and _NOT_QUIET.search(reading.text) is None:
        return
    if _HEAPED.search(reading.text) is not None:
        for place, (word, raw) in enumerate(zip(reading.words, reading.tokens.raw, strict=True)):
            if word in {"!", "?"} and len(raw) > 1:
                yield Evidence("complaint/shouting", (place, place + 1))
                return
    if reading.text.isascii() and len(_LOUD.findall(reading.text)) < _CAPITALS:
        return
    loud = [
        place
        for place, raw in enumerate(reading.tokens.raw)
        if len(raw) > _CAPITALS and raw.isupper() and reading.tokens.kinds[place] == "word"
    ]
    if len(loud) >= _CAPITALS:
        yield Evidence("complaint/shouting", (loud[0], loud[0] + 1))


def mock_praise(reading: Reading, facts: list[Evidence]) -> Evidence | None:
    """Praise that a complaint follows in the same breath: "great job losing my bag"."""
    written = reading.first("praise/mock")
    if written is not None:
        return Evidence("praise/mock", written)
    for praise in reading.found.get("praise/opener", ()):
        for fact in facts:
            if fact.rule not in _HARD_FACTS or fact.span is None:
                continue
            if 0 <= fact.span[0] - praise[1] < _MOCK_WITHIN and not _sentence_between(
                reading, praise[1], fact.span[0]
            ):
                return Evidence("praise/mock", (praise[0], fact.span[1]))
    return _applause(reading, facts)


def _applause(reading: Reading, facts: list[Evidence]) -> Evidence | None:
    """Bare applause for what went wrong once more: "down again. Great job as always". With "but" or thanks in
    the text, for something that was mended, or for something it goes on to name, it may be meant.
    """
    if not (reading.has("complaint/again") and reading.has("praise/applause")) or reading.has(*_MAY_BE_MEANT):
        return None
    if all(fact.rule not in _HARD_FACTS for fact in facts):
        return None
    bare = (span for span in reading.found.get("praise/applause", ()) if _ends(reading, span[1]))
    span = next(bare, None)
    return None if span is None else Evidence("praise/mock", span)


def _ends(reading: Reading, place: int) -> bool:
    """Whether nothing is named behind this place that the praise could be for."""
    if place >= len(reading.words):
        return True
    return reading.tokens.kinds[place] in _NAMES_NOTHING or reading.words[place] in _ALL_OF_YOU


def _sentence_between(reading: Reading, start: int, end: int) -> bool:
    """The comma behind "great job @NorthlineAir," only ends the address."""
    words = reading.words
    return any(
        words[place] in _MEANT and not (words[place] == "," and words[place - 1] == MENTION)
        for place in range(start, end)
    )
