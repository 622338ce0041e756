"""What a text is about: its own words without grammar and mood, and pairs of them that stand together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from msgspec import Struct

from socialcli.text.tokens import STOPS, Token, tokenize
from socialcli.triage.lexicon import parse

READ = 2_000  # characters of a text: what it is about stands there
_KEPT = 64  # words of a text by which copies of it are known
_SHORTEST = 3  # letters of a word that tells something, and of a stem
_NEAR = 3  # tokens from one word to the next, if they belong together: "app is still down"
# Longest first. What is left of "cancelled", "cancelling", "cancellation" is one stem; so it is of most English
# words, and a wrong cut does no harm: all that counts is that the same word is always cut alike.
_LAUGHING = ("😂", "🤣", "😹", "😆", "😜")
_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s", "e")


class Wording(Struct, frozen=True, gc=False):
    """``features``: what the text is about -> how it is written there. A feature is the stem of a word, or two
    stems with a blank between where the words stand together ("app is down": app, down, app down).
    ``link``: the first link, "" for none. ``said``: its first words, folded. ``names``: stems that stand in the
    middle of a sentence with a capital, as names do.
    """

    features: dict[str, str]
    link: str
    said: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(feature for feature in self.features if " " not in feature)


def wording(text: str, nameless: frozenset[str] = frozenset()) -> Wording:
    """Of what the author says: words that are quoted from somebody else's post do not count, nor do laughter
    and the stems ``nameless``.
    """
    own = _without_quotes(text[:READ])
    tokens = list(tokenize(own))
    features: dict[str, str] = {}
    before, place, link = "", 0, ""
    for at, token in enumerate(tokens):
        if token.kind == "url":
            link = link or own[token.start : token.end]
        elif token.kind in {"word", "hashtag"} and (stem := _telling(token.word, nameless)):
            features.setdefault(stem, token.word)
            if before and before != stem and at - place <= _NEAR:
                features.setdefault(f"{before} {stem}", f"{features[before]} {token.word}")
            before, place = stem, at
        elif token.word in STOPS:
            before = ""
    said = [token.word for token in tokens if token.kind in {"word", "hashtag", "number"}]
    return Wording(features, link, tuple(said[:_KEPT]), _names(own, tokens))


def _telling(word: str, nameless: frozenset[str]) -> str:
    stem = stem_of(word)
    return "" if stem in nameless or _laughter().fullmatch(word) else stem


def _names(own: str, tokens: Sequence[Token]) -> frozenset[str]:
    found = set()
    for before, token in pairwise(tokens):
        inside = before.kind in {"word", "number"} or before.word == ","
        if token.kind == "word" and inside and own[token.start : token.end].istitle():
            found.add(stem_of(token.word))
    return frozenset(found - {""})


def laughs(text: str) -> bool:
    read = text[:READ]
    return any(mark in read for mark in _LAUGHING) or any(
        _laughter().fullmatch(token.word) for token in tokenize(read)
    )


@cache
def _laughter() -> re.Pattern[str]:
    """Folded words. Linear: each is matched as a whole, in one way only."""
    return re.compile(r"b?a?(?:ha){2,}h?|(?:he){2,}|(?:ja){2,}|(?:ah){2,}a?|(?:lo)+l|lmf?ao+|rofl|memes?")


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The stem of a folded word; "" for one that tells nothing."""
    if len(word) < _SHORTEST or word in _stopwords():
        return ""
    return _undoubled(_cut(word))


def _cut(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _undoubled(stem: str) -> str:
    """So that "cancelled" and "canceled" meet, and "stopped" and "stop"."""
    return stem[:-1] if len(stem) > _SHORTEST and stem[-1] == stem[-2] else stem


def features_of(words: Iterable[str]) -> tuple[str, ...]:
    """What words of an incident stand for; "cancelled flights" is a pair. One that tells nothing gives none."""
    found: dict[str, None] = {}
    for word in words:
        stems = [stem for token in tokenize(word) if (stem := stem_of(token.word))]
        if stems:
            found[" ".join(stems[:2])] = None
    return tuple(found)


def _without_quotes(text: str) -> str:
    return _quote().sub(" ", text) if "@" in text else text


@cache
def _quote() -> re.Pattern[str]:
    """``RT @who: ...`` to the end, and ``“@who: ...”``. Linear: each part excludes what ends it."""
    return re.compile(r"\bRT\s{0,3}@\w{1,30}(?s:.*)|[“\"]\s{0,3}@\w{1,30}:[^”\"]*[”\"]?")


@cache
def _stopwords() -> frozenset[str]:
    source = resources.files("socialcli.data").joinpath("lexicon", "stopwords.txt").read_text("utf-8")
    lists = parse(source).lists.values()
    return frozenset(phrase[0] for phrases in lists for phrase in phrases)
