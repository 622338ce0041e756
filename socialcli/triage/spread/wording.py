"""What a text is about: its own words without grammar and mood, and pairs of them that stand together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from msgspec import Struct

from socialcli.text.tokens import STOPS, tokenize
from socialcli.triage.lexicon import parse

_READ = 2_000  # characters of a text: what it is about stands there
_SHORTEST = 3  # letters of a word that tells something, and of a stem
_NEAR = 3  # tokens from one word to the next, if they belong together: "app is still down"
# Longest first. What is left of "cancelled", "cancelling", "cancellation" is one stem; so it is of most English
# words, and a wrong cut does no harm: all that counts is that the same word is always cut alike.
_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s", "e")


class Wording(Struct, frozen=True, gc=False):
    """``features``: what the text is about -> how it is written there. A feature is the stem of a word, or two
    stems with a blank between where the words stand together ("app is down": app, down, app down).
    ``link``: the first link, "" for none.
    """

    features: dict[str, str]
    link: str

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(feature for feature in self.features if " " not in feature)


def wording(text: str) -> Wording:
    """Of what the author says: words that are quoted from somebody else's post do not count."""
    own = _without_quotes(text[:_READ])
    features: dict[str, str] = {}
    before, place, link = "", 0, ""
    for at, token in enumerate(tokenize(own)):
        if token.kind == "url":
            link = link or own[token.start : token.end]
        elif token.kind in {"word", "hashtag"} and (stem := stem_of(token.word)):
            features.setdefault(stem, token.word)
            if before and before != stem and at - place <= _NEAR:
                features.setdefault(f"{before} {stem}", f"{features[before]} {token.word}")
            before, place = stem, at
        elif token.word in STOPS:
            before = ""
    return Wording(features, link)


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
