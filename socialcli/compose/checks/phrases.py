"""Phrase lists: shipped as plain text in ``data/checks/*.txt``, matched word by word.

The form of a list file::

    # a comment
    $we = we|i               a name for alternatives, usable below in the same file
    [tone/blame]             the list that the following lines belong to
    $we told|warned (you)?   alternatives; (...)? may be missing
    you should _2 have read  _2 stands for up to two other words

A phrase never reaches over the end of a sentence. Matching is one pass over the words with a look-up
by first word, so hundreds of phrases cost little more than one, and no input makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from socialcli.compose.checks.words import ENDS, Word

_NAME = re.compile(r"\$\w+")
_FILES = ("tone.txt", "apology.txt", "approval.txt", "privacy.txt", "asks.txt")


class Step(NamedTuple):
    """One part of a phrase: ``words`` (any word, where None) from ``least`` to ``most`` times."""

    words: frozenset[str] | None
    least: int
    most: int


Rest = tuple[Step, ...]


class Hit(NamedTuple):
    """A phrase in a text: code points ``start``-``end``, words ``first`` up to, not with, ``after``."""

    start: int
    end: int
    first: int
    after: int


class Phrases(NamedTuple):
    by_first: Mapping[str, tuple[tuple[str, Rest], ...]]  # first word -> (list, the rest of the phrase)


@cache
def shipped() -> Phrases:
    """Every shipped list. Read once, when the first text is checked."""
    folder = files("socialcli.data") / "checks"
    index: dict[str, list[tuple[str, Rest]]] = {}
    for name in _FILES:
        for list_name, first, rest in _phrases((folder / name).read_text(encoding="utf-8")):
            for word in first:
                index.setdefault(word, []).append((list_name, rest))
    return Phrases({word: tuple(found) for word, found in index.items()})


def hits_of(words: Sequence[Word], phrases: Phrases) -> dict[str, tuple[Hit, ...]]:
    """All phrases in ``words``: list -> hits in order of their place; of those that begin at the same
    word only the longest counts.
    """
    found: dict[str, dict[int, Hit]] = {}
    by_first = phrases.by_first
    for place, word in enumerate(words):
        for list_name, rest in by_first.get(word.word, ()):
            after = _match(words, place + 1, rest)
            if after is None:
                continue
            hits = found.setdefault(list_name, {})
            if place not in hits or hits[place].after < after:
                hits[place] = Hit(word.start, words[after - 1].end, place, after)
    return {name: tuple(hits.values()) for name, hits in found.items()}


def _match(words: Sequence[Word], at: int, rest: Rest) -> int | None:
    """Where ``rest`` ends when it begins at word ``at``; parts that may be missing are tried longest
    first, gaps shortest first. Phrases are short and ours, so the tries are few whatever the text.
    """
    if not rest:
        return at
    step, tail = rest[0], rest[1:]
    most = at
    while most - at < step.most and most < len(words) and _fits(words[most].word, step):
        most += 1
    least = at + step.least
    places = range(least, most + 1) if step.words is None else range(most, least - 1, -1)
    for place in places:
        after = _match(words, place, tail)
        if after is not None:
            return after
    return None


def _fits(word: str, step: Step) -> bool:
    return word not in ENDS if step.words is None else word in step.words


def _phrases(source: str) -> Iterator[tuple[str, frozenset[str], Rest]]:
    """(list, alternatives of the first word, rest) of each phrase of a list file."""
    names: dict[str, str] = {}
    current = ""
    for raw in source.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            current = line[1:-1]
        elif line.startswith("$") and " = " in line:
            name, _, value = line.partition(" = ")
            names[name] = _expand(value, names)
        else:
            yield from ((current, *phrase) for phrase in _starts(_expand(line, names)))


def _starts(line: str) -> Iterator[tuple[frozenset[str], Rest]]:
    """The phrase by its first word; a first word that may be missing gives it twice."""
    steps = tuple(_step(piece) for piece in line.split())
    for place, step in enumerate(steps):
        if step.words:
            yield step.words, steps[place + 1 :]
        if step.least:
            return


def _expand(line: str, names: Mapping[str, str]) -> str:
    """``line`` with its $names replaced, alone or as one of several alternatives."""
    return _NAME.sub(lambda match: names[match.group()], line)


def _step(piece: str) -> Step:
    if piece.startswith("_"):
        return Step(None, 0, int(piece[1:]))
    optional = piece.endswith(")?")
    return Step(frozenset(piece.strip("()?").split("|")), 0 if optional else 1, 1)
