"""Which words of a text of ours promise something, and the time that they name.

A promise is a sentence in which we undertake something ("we will ...", "you'll hear from us", "next update") and
name a time, or say that we are at it ("looking into it"), which names none. No promises: questions, what hangs on
a condition ("if you DM us we'll ..."), what the customer shall do ("reply by 3 pm"), what is past ("I looked into
it"), facts ("your flight leaves at 16:00"). Pure; linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from socialcli.text.promise_times import Named, times_in
from socialcli.text.undertakings import Turn, pattern

_READ = 10_000  # characters that are looked through: more than any network takes
_NEAR = 40  # characters before a time in which what leaves or opens then is named
_LONGEST = 160  # characters of the words that are kept


class Pledge(NamedTuple):
    """Code points of the text as given. ``time`` is None where none is named."""

    start: int
    end: int
    time: Named | None


def pledges_in(text: str) -> list[Pledge]:
    """The promises in ``text``, in its order. One that says only that we are at it counts only alone."""
    text = text[:_READ]
    sentences = list(_sentences(text))
    asks = "?" in text or pattern("requests").search(text) is not None
    timed = [pledge for start, end in sentences for pledge in _timed(text, start, end, asks=asks)]
    if timed:
        return timed
    return list(_untimed(text, sentences, asks=asks))[:1]


def is_holding(text: str) -> bool:
    """Whether ``text`` only keeps the customer waiting: it says that we are at it, or will come back."""
    text = text[:_READ]
    return any(_goes_on(text, start, end) for start, end in _sentences(text)) or bool(
        pattern("will-look").search(text)
    )


@cache
def _breaks() -> re.Pattern[str]:
    """Ends of sentences. The point of "3 p.m." or "approx." ends none, nor does that of "16.00"."""
    return re.compile(r"(?<![ap]\.m)(?<!approx)(?<!\bca)(?<!\bca\b)[.…](?=\s|$)|[!?;\n]+|\s[–—]\s")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _breaks().finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _counts(sentence: str) -> bool:
    """Neither a question nor a condition."""
    return "?" not in sentence[-2:] and pattern("conditions").search(sentence) is None


class _Sentence(NamedTuple):
    """Where in a sentence stands what makes or unmakes a promise: starts, and spans of cues, in order."""

    text: str
    cues: list[tuple[int, int]]
    duties: list[int]  # what the customer shall do
    begins: tuple[list[int], list[int]]  # where the words of a promise may begin
    comes_back: int  # end of the last words of our coming back; -1 without any


def _timed(text: str, start: int, end: int, *, asks: bool) -> Iterator[Pledge]:
    """``asks``: the text wants something of the customer first; then only a deadline in so many words counts."""
    sentence = text[start:end]
    named = [one for one in times_in(sentence) if one.firm or not asks]
    if not named or not _counts(sentence):
        return
    read = _read(sentence)
    if not read.cues or _asks_first(sentence, read.cues[0][0]):
        return
    behind = 0  # what was promised before
    for time in named:
        cue = _cue_of(time, read.cues)
        if cue[0] < behind or not _is_ours(read, time, cue):
            continue
        first = min(
            *(next((at for at in places if at >= behind), time.start) for places in read.begins), time.start
        )
        behind = max(cue[1], time.end)
        yield Pledge(start + first, start + min(behind, first + _LONGEST), time)


def _read(sentence: str) -> _Sentence:
    duties = _starts("duties", sentence)
    denials = _starts("denials", sentence)
    clauses = [0, *(match.end() for match in _clauses().finditer(sentence))]
    cues = []
    for match in pattern("undertakes").finditer(sentence):
        clause = clauses[bisect_right(clauses, match.start()) - 1]
        if not (
            _any_between(duties, clause, match.start()) or _any_between(denials, clause, match.start() - 1)
        ):
            cues.append(match.span())
    begins = ([at for at, _ in cues], _starts("looks", sentence))
    return _Sentence(
        sentence,
        cues,
        duties,
        begins,
        max((match.end() for match in pattern("returns").finditer(sentence)), default=-1),
    )


def _starts(turn: Turn, sentence: str) -> list[int]:
    return [match.start() for match in pattern(turn).finditer(sentence)]


def _any_between(places: list[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


@cache
def _clauses() -> re.Pattern[str]:
    return re.compile(r"[,:(]|\b(?:but|and|so|pero|y|aber|und|mais|et|mas|e|ma)\b", re.IGNORECASE)


def _cue_of(time: Named, cues: list[tuple[int, int]]) -> tuple[int, int]:
    """The nearest undertaking before the end of the time, else the first behind it."""
    at = bisect_left(cues, (time.end, 0))
    return cues[max(0, at - 1)]


def _is_ours(read: _Sentence, time: Named, cue: tuple[int, int]) -> bool:
    """Whether the time is that of what we undertake, not of a duty of the customer's or of a fact."""
    if _any_between(read.duties, cue[0] + 1, time.start - 1):
        return False
    begin = max(0, time.start - _NEAR, cue[1] if cue[1] <= time.start else 0)
    if pattern("facts").search(read.text, begin, time.start) is not None:
        return False
    return time.firm or read.comes_back > cue[0]


def _asks_first(sentence: str, cue: int) -> bool:
    """Whether it hangs on what the customer sends: "DM us your reference and we'll ..."."""
    return pattern("requests").search(sentence[:cue]) is not None


def _untimed(text: str, sentences: list[tuple[int, int]], *, asks: bool) -> Iterator[Pledge]:
    for start, end in sentences:
        sentence = text[start:end]
        if not _counts(sentence) or pattern("some-day").search(sentence) is not None:
            continue
        now = pattern("looks").search(sentence)
        match = now if now is not None else None if asks else pattern("will-look").search(sentence)
        if match is not None and not _asks_first(sentence, match.start()):
            last = len(_tail().sub("", sentence[-_LONGEST:])) + max(0, len(sentence) - _LONGEST)
            after = start + min(max(last, match.end()), match.start() + _LONGEST)
            yield Pledge(start + match.start(), after, _joined(sentence, match.span()))


def _joined(sentence: str, look: tuple[int, int]) -> Named | None:
    """The deadline of the clause that follows "we are looking into it": "... and write here by 10:20"."""
    read = _read(sentence)
    for time in times_in(sentence):
        clause = _clauses().search(sentence, look[1], max(look[1], time.start))
        if time.firm and clause is not None and _is_ours(read, time, (look[0], clause.end())):
            return time
    return None


@cache
def _tail() -> re.Pattern[str]:
    """What stands behind the words of a promise: points, a link, a sign-off."""
    return re.compile(r"(?>\s(?:https?://\S{1,120}|[\^/*~–-]\s?\w{1,20})|[\s.!…;–—-])+$")


def _goes_on(text: str, start: int, end: int) -> bool:
    sentence = text[start:end]
    return _counts(sentence) and pattern("looks").search(sentence) is not None
