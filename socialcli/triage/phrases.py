"""Finds every phrase of every list in one walk over the tokens: a tree of words, no pattern per phrase.

A step looks one word up in a dictionary. A gap ("..") passes over up to three words of the same sentence, so
the work a token can cause is bounded, and the whole is linear in the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socialcli.text.tokens import STOPS
from socialcli.triage.lexicon import Phrase

GAP = 3
_ASIDE = "aside"

Lists = Mapping[str, Sequence[Phrase]]
Span = tuple[int, int]  # first token, token after the last


class _Node:
    __slots__ = ("classes", "gap", "lists", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, list[_Node]] = {}
        self.classes: dict[str, _Node] = {}
        self.gap: _Node | None = None
        self.lists: tuple[str, ...] = ()

    def literal(self, word: str) -> _Node:
        """The child that only this word leads to."""
        for child in self.steps.get(word, ()):
            return child
        child = _Node()
        self.steps[word] = [child]
        return child


class PhraseFinder:
    """Compiled from lists and the classes they use once, then used for every message in that language."""

    def __init__(self, lists: Lists, classes: Lists, *, leaving_out: frozenset[str] = frozenset()) -> None:
        self._root = _Node()
        self._classes = classes
        for name, entries in lists.items():
            if name not in leaving_out:
                for phrase in entries:
                    self._insert(name, phrase)
        self._nodes_by_class(self._root)

    def _insert(self, name: str, phrase: Phrase) -> None:
        node = self._root
        for element in phrase:
            if element == "..":
                node.gap = node.gap or _Node()
                node = node.gap
            elif element.startswith("<") and element[1:-1] in self._classes:
                node = node.classes.setdefault(element[1:-1], _Node())
            else:
                node = node.literal(element)
        node.lists = (*node.lists, name) if name not in node.lists else node.lists

    def _nodes_by_class(self, node: _Node) -> None:
        """Makes every word of a class a step of its own; done last, so that literals stay apart from it."""
        children = [child for steps in node.steps.values() for child in steps]
        children += [*node.classes.values(), *([node.gap] if node.gap else [])]
        for child in children:
            self._nodes_by_class(child)
        for name, target in node.classes.items():
            for phrase in self._classes[name]:
                _link(node, phrase, target)

    def find(self, words: Sequence[str]) -> dict[str, list[Span]]:
        """Spans of tokens by list, in order; the longest where two of a list overlap."""
        found: dict[str, list[Span]] = {}
        roots = self._root.steps
        for start, word in enumerate(words):
            nodes = roots.get(word)
            if nodes is not None:
                for node in nodes:
                    _walk(node, words, start, start + 1, found)
        return _settled(found)


def _link(node: _Node, phrase: Phrase, target: _Node) -> None:
    for word in phrase[:-1]:
        step = _Node()
        node.steps.setdefault(word, []).append(step)
        node = step
    node.steps.setdefault(phrase[-1], []).append(target)


def _walk(node: _Node, words: Sequence[str], start: int, at: int, found: dict[str, list[Span]]) -> None:
    for name in node.lists:
        spans = found.setdefault(name, [])
        if spans and spans[-1][0] == start:
            if spans[-1][1] < at:
                spans[-1] = (start, at)
        elif not spans or spans[-1][1] <= start:
            spans.append((start, at))
    if at >= len(words):
        return
    if node.steps:
        for child in node.steps.get(words[at], ()):
            _walk(child, words, start, at + 1, found)
    if node.gap is not None:
        _over_gap(node.gap, words, start, at, found)


def _over_gap(node: _Node, words: Sequence[str], start: int, at: int, found: dict[str, list[Span]]) -> None:
    for place in range(at, min(at + GAP + 1, len(words))):
        if words[place] in STOPS:
            return
        for child in node.steps.get(words[place], ()):
            _walk(child, words, start, place + 1, found)


def _settled(found: dict[str, list[Span]]) -> dict[str, list[Span]]:
    """Takes out what lies inside a phrase that was set aside; what spans all of it stays."""
    asides = found.pop(_ASIDE, None)
    if not asides:
        return found
    cover = {place: aside for aside in asides for place in range(*aside)}
    kept: dict[str, list[Span]] = {}
    for name, spans in found.items():
        left = [span for span in spans if not _inside(span, cover.get(span[0]))]
        if left:
            kept[name] = left
    return kept


def _inside(span: Span, aside: Span | None) -> bool:
    return aside is not None and span[1] <= aside[1] and span != aside
