"""Phrases followed word by word, all of a list at once.

A *stage* is what is known after some words: which phrases have begun and how far each of them is, so which words
may come next and which phrases may end here. Stages are made when a text first needs them and kept, so that a text is
read with one look-up a word, however many phrases there are. There are as many as the phrases have beginnings that
texts really hold; where there are too many they are forgotten, and made again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from socialcli.compose.checks.words import ENDS

_NAME = re.compile(r"\$\w+")
_MOST = 20_000  # stages that are kept; the shipped lists and a hundred thousand texts make half of that
_ANY = ""  # stands for a word that no phrase names at this place; no word is empty
_SELDOM = 2  # times that a stage is asked before it pays to sort its phrases by their words


class Step(NamedTuple):
    """One part of a phrase: ``words`` (any but the end of a sentence, where None) from ``least`` to ``most`` times."""

    words: frozenset[str] | None
    least: int
    most: int


class Line:
    """A phrase behind its first word, as it is written; it is read when a text first holds that word."""

    __slots__ = ("_names", "_pieces", "_written", "list_name")

    def __init__(self, list_name: str, written: str, names: Mapping[str, str]) -> None:
        self.list_name = list_name
        self._written = written
        self._names = names
        self._pieces: Sequence[str] | None = None

    def steps(self, at: int) -> Iterable[Step]:
        """From step ``at`` on."""
        if self._pieces is None:
            self._pieces = expanded(self._written, self._names).split()
        return map(step_of, self._pieces[at:])


class _Spot(NamedTuple):
    """How far one phrase is: before its step ``at``, of which so many ``more`` words may come; 0: all of them."""

    line: int
    at: int
    more: int = 0


class Stage:
    """After some words: ``ends`` are the lists with a phrase that may end here."""

    __slots__ = ("_anything", "_asked", "_by_word", "_named", "ends", "is_last", "next")

    def __init__(self, spots: Iterable[_Spot], lines: Sequence[Line]) -> None:
        self.next: dict[str, Stage] = {}
        self._named: list[tuple[frozenset[str], _Spot]] = []
        self._anything: list[_Spot] = []
        self._asked = 0
        self._by_word: dict[str, list[_Spot]] = {}
        ends: dict[str, None] = {}
        for spot in spots:
            line = lines[spot.line]
            if self._ends(spot, line.steps(spot.at)):
                ends[line.list_name] = None
        self.ends = tuple(ends)
        self.is_last = not self._named and not self._anything  # every phrase is at its end

    def _ends(self, spot: _Spot, steps: Iterable[Step]) -> bool:
        """Notes what may follow; whether nothing need follow."""
        more = spot.more
        for at, step in enumerate(steps, start=spot.at):
            if step.words is None:
                left = (more or step.most) - 1
                self._anything.append(_Spot(spot.line, at, left) if left else _Spot(spot.line, at + 1))
                more = 0
                continue
            self._named.append((step.words, _Spot(spot.line, at + 1)))
            if step.least:
                return False
        return True

    def spots_after(self, word: str) -> tuple[str, tuple[_Spot, ...]]:
        """How far the phrases are after ``word``, each once, in a fixed order; and by what ``next`` knows that."""
        named = self._naming(word)
        others = () if word in ENDS else self._anything
        return word if named else _ANY, tuple(sorted({*named, *others}))

    def _naming(self, word: str) -> Sequence[_Spot]:
        if self._asked < _SELDOM:
            self._asked += 1
            return [spot for words, spot in self._named if word in words]
        if self._named and not self._by_word:
            for words, spot in self._named:
                for one in words:
                    self._by_word.setdefault(one, []).append(spot)
        return self._by_word.get(word, ())

    def key(self, word: str) -> str | None:
        """By what ``next`` knows the stage after ``word``; None where every phrase breaks off, as far as can be told
        at once.
        """
        if word in self._by_word or (self._named and not self._by_word):
            return word
        return _ANY if self._anything and word not in ENDS else None


class Stages:
    """All stages of some lists. ``by_first``: the phrases by each word that they may begin with."""

    def __init__(self, by_first: Mapping[str, Sequence[Line]]) -> None:
        self._by_first = by_first
        self._lines: list[Line] = []
        self._known: dict[tuple[_Spot, ...], Stage] = {}
        self._first: dict[str, Stage] = {}

    def ends(self, words: Sequence[str], place: int) -> dict[str, int]:
        """Each list with a phrase that begins at word ``place``, and the word behind the longest of them."""
        stage = self._begun(words[place])
        if stage is None:
            return {}
        found = dict.fromkeys(stage.ends, place + 1)
        for after in range(place + 1, len(words)):
            if stage.is_last:
                break
            following = stage.next.get(words[after]) or self._after(stage, words[after])
            if following is None:
                break
            stage = following
            for name in stage.ends:
                found[name] = after + 1
        return found

    def _begun(self, word: str) -> Stage | None:
        """The stage after a first word; None where no phrase begins with it."""
        stage = self._first.get(word)
        if stage is None and word in self._by_first:
            first = len(self._lines)
            self._lines += self._by_first[word]
            spots = tuple(_Spot(line, 0) for line in range(first, len(self._lines)))
            stage = self._first[word] = Stage(spots, self._lines)
        return stage

    def _after(self, stage: Stage, word: str) -> Stage | None:
        """The stage one word further; None where every phrase breaks off."""
        key = stage.key(word)
        if key is None:
            return None
        found = stage.next.get(key)
        if found is None:
            key, spots = stage.spots_after(word)
            if not spots:
                return None
            found = stage.next[key] = self._stage(spots)
        return found

    def _stage(self, spots: tuple[_Spot, ...]) -> Stage:
        stage = self._known.get(spots)
        if stage is None:
            if len(self._known) >= _MOST:
                self._known.clear()
                for first in self._first.values():
                    first.next.clear()
            stage = self._known[spots] = Stage(spots, self._lines)
        return stage


def expanded(written: str, names: Mapping[str, str]) -> str:
    """With its $names replaced, alone or as one of several alternatives."""
    return _NAME.sub(lambda match: names[match.group()], written) if "$" in written else written


@cache
def step_of(piece: str) -> Step:
    words = words_in(piece)
    if words is None:
        return Step(None, 0, int(piece[1:]))
    return Step(frozenset(words), 0 if may_be_missing(piece) else 1, 1)


def words_in(piece: str) -> Sequence[str] | None:
    """Its alternatives, each once; None where any words may stand."""
    return None if piece.startswith("_") else tuple(dict.fromkeys(piece.strip("()?").split("|")))


def may_be_missing(piece: str) -> bool:
    return piece.startswith("_") or piece.endswith(")?")
