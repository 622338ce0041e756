"""Which entries answer a text. Pure: entries and a text in, matches with their reasons out, best first.

Words meet by their stems. A word counts the more, the fewer entries have it (its inverse document frequency), and
twice as much in the question as in the answer; long entries have no advantage (BM25 over the two fields: Robertson
and Zaragoza, "The Probabilistic Relevance Framework", 2009, with its usual k1 = 1.2; b = 0.5, since all entries
are short). An entry in another language than asked for counts half, one of the same topic a quarter more.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal, NamedTuple

from socialcli.data import text_of
from socialcli.model.knowledge import Because, Entry, Match
from socialcli.text.remembered import Remembered

_READ = 4_000  # characters of a text that are looked at
_IN_QUESTION = 2.0  # how much more a word of the question counts than one of the answer
_K1, _B = 1.2, 0.5
_OTHER_LANGUAGE, _NO_LANGUAGE = 0.5, 0.9
_SAME_TOPIC = 1.25
_DIGITS = 2  # of a score
_ENDINGS = (
    "ations", "ation", "ciones", "cion", "mente", "ungen", "ung", "ings", "ing", "ments", "ment", "age", "ers", "ies", "es",
    "ed", "ern", "er", "en", "em", "s", "n",
)  # fmt: skip
_VOWELS = "aeiouy"
_LEAST = 3  # letters of a stem
_ACCENTS = str.maketrans("áàâäãåéèêëíìîïóòôöõøúùûüýÿñç", "aaaaaaeeeeiiiioooooouuuuyync")


class _Read(NamedTuple):
    """An entry as far as the words that were asked for stand in it."""

    entry: Entry
    question: Counter[str]
    answer: Counter[str]
    length: float
    asked: frozenset[str]  # stems of its question


def best(
    entries: Iterable[Entry],
    text: str,
    *,
    language: str | None = None,
    topic: str | None = None,
    limit: int = 3,
) -> list[Match]:
    """The entries that fit ``text`` best, at most ``limit`` of them (0: all that fit at all), the best first; equal
    ones in the order of their ids. ``language`` (two letters) and ``topic`` are those of the customer's message.
    """
    words = _words(text)
    if not words:
        return []
    stems = Remembered(_stem_of)
    lengths: list[float] = []
    read = [one for entry in entries if (one := _read(entry, words, stems, lengths)) is not None]
    weights = _weights(read, words, len(lengths))
    usual = sum(lengths) / max(1, len(lengths))
    found = [_match(one, words, weights, usual, language, topic) for one in read]
    found.sort(key=lambda one: (-one.score, one.entry.id))
    return found[:limit] if limit else found


def stem(word: str) -> str:
    """What "bags", "bag" and "Bag" have in common: small letters, no accents, no usual ending, no doubled last letter.
    Made for Western European languages; the same for all of them, since short texts mix them.
    """
    word = word.casefold().translate(_ACCENTS).replace("ß", "ss")
    for ending in _ENDINGS:
        if len(word) - len(ending) >= _LEAST and word.endswith(ending):
            word = word[: -len(ending)]
            break
    if len(word) > _LEAST and word[-1] in _VOWELS:
        word = word[:-1]
    return word[:-1] if len(word) > _LEAST and word[-1] == word[-2] else word


def _words(text: str) -> dict[str, str]:
    """The telling words of a text: stem -> how the first of them is written."""
    found: dict[str, str] = {}
    for match in _word().finditer(text[:_READ]):
        written = match.group()
        if written.casefold() not in _stop_words():
            found.setdefault(stem(written), written)
    return found


@cache
def _word() -> re.Pattern[str]:
    """A word or a number; links and names of people are none."""
    return re.compile(r"(?<![\w@/.])[^\W_]{2,40}(?![\w/@])|\d")


@cache
def _stop_words() -> frozenset[str]:
    lines = text_of("knowledge", "stop-words.txt").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _read(entry: Entry, words: dict[str, str], stems: Remembered[str], lengths: list[float]) -> _Read | None:
    """None where it has none of the words; how long it is joins the ``lengths`` either way."""
    split = _splitter().findall
    asked = list(map(stems.__getitem__, split(entry.question[:_READ])))
    told = list(map(stems.__getitem__, split(entry.answer[:_READ])))
    lengths.append(_IN_QUESTION * len(asked) + len(told))
    if words.keys().isdisjoint(asked) and words.keys().isdisjoint(told):
        return None
    in_question, in_answer = (Counter(one for one in stemmed if one in words) for stemmed in (asked, told))
    return _Read(entry, in_question, in_answer, lengths[-1], frozenset(asked) - {""})


@cache
def _splitter() -> re.Pattern[str]:
    return re.compile(r"\w+")


def _stem_of(word: str) -> str:
    """Its stem; nothing for a stop word."""
    return "" if word.casefold() in _stop_words() else stem(word)


def _weights(read: Sequence[_Read], words: Iterable[str], entries: int) -> dict[str, float]:
    """The inverse document frequency of each word among so many entries: the rarer, the more it tells."""
    having = Counter(word for one in read for word in {*one.question, *one.answer})
    return {word: math.log(1 + (entries - having[word] + 0.5) / (having[word] + 0.5)) for word in words}


def _match(
    one: _Read,
    words: dict[str, str],
    weights: dict[str, float],
    usual: float,
    language: str | None,
    topic: str | None,
) -> Match:
    reasons = []
    bent = _K1 * (1 - _B + _B * one.length / usual)
    for word in sorted({*one.question, *one.answer}, key=lambda word: (-weights[word], word)):
        often = _IN_QUESTION * one.question[word] + one.answer[word]
        where: Literal["question", "answer"] = "question" if word in one.question else "answer"
        points = weights[word] * often * (_K1 + 1) / (often + bent)
        reasons.append(Because(where, words[word], round(points, _DIGITS)))
    score = sum(reason.points for reason in reasons)
    for kind, factor in (
        ("language", _of_language(one.entry, language)),
        ("topic", _of_topic(one.entry, topic)),
    ):
        if factor != 1:
            reasons.append(Because(kind, "", round(score * (factor - 1), _DIGITS)))  # type: ignore[arg-type]
            score *= factor
    return Match(one.entry, round(score, _DIGITS), _covered(one, weights), tuple(reasons))


def _covered(one: _Read, weights: dict[str, float]) -> float:
    """What is not asked for weighs as much as the rarest word that is."""
    most = max(weights.values())
    whole = sum(weights.get(word, most) for word in one.asked)
    return round(sum(weights[word] for word in one.question) / whole, _DIGITS) if whole else 0.0


def _of_language(entry: Entry, language: str | None) -> float:
    if language is None or entry.language == language.casefold():
        return 1.0
    return _NO_LANGUAGE if entry.language is None else _OTHER_LANGUAGE


def _of_topic(entry: Entry, topic: str | None) -> float:
    same = topic is not None and entry.topic is not None and entry.topic.casefold() == topic.casefold()
    return _SAME_TOPIC if same else 1.0
