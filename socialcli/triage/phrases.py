"""Finds every phrase of every list in one walk over the tokens: a tree of words, no pattern per phrase.

A step looks one word up in a dictionary. A gap ("..") passes over up to three words of the same sentence, so
the work a token can cause is bounded, and the whole is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from socialcli.text.tokens import STOPS
from socialcli.triage.lexicon import Phrase

GAP = 3
_ASIDE = "aside"
_END = ""  # no word

Lists = Mapping[str, Sequence[Phrase]]
Span = tuple[int, int]  # first token, token after the last
# Lists in which a first word is found by itself, or where to walk on behind the second.
_Step = tuple[tuple[str, ...], "_Node | None"]


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


class _Start:
    """What a first word leads to, so that most of them cost no walk: ``lists`` is what the word alone is found in,
    ``pairs`` what to do about it and the word that follows, in the order of a walk, for the words that make more
    of it; ``later`` are those that do so behind a gap.
    """

    __slots__ = ("later", "lists", "nodes", "pairs")

    def __init__(self, nodes: Sequence[_Node]) -> None:
        self.nodes = nodes
        self.lists = tuple(dict.fromkeys(name for node in nodes for name in node.lists))
        self.later = frozenset(word for node in nodes if node.gap is not None for word in node.gap.steps)
        following = dict.fromkeys(word for node in nodes for word in node.steps)
        self.pairs = {word: tuple(_steps_of_pair(nodes, word)) for word in following}


def _steps_of_pair(nodes: Sequence[_Node], following: str) -> Iterator[_Step]:
    for node in nodes:
        if node.lists:
            yield node.lists, None
        for child in node.steps.get(following, ()):
            yield (), child


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
        self._starts = {word: _Start(nodes) for word, nodes in self._root.steps.items()}

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
        start_of = self._starts.get
        padded = [*words, _END]
        for at, word in enumerate(words):
            start = start_of(word)
            if start is None:
                continue
            if start.later and not start.later.isdisjoint(words[at + 1 : at + 2 + GAP]):
                for node in start.nodes:
                    _walk(node, words, at, at + 1, found)
            elif padded[at + 1] in start.pairs:
                for lists, child in start.pairs[padded[at + 1]]:
                    if child is None:
                        _note(lists, (at, at + 1), found)
                    else:
                        _walk(child, words, at, at + 2, found)
            elif start.lists:
                _note(start.lists, (at, at + 1), found)
        return _settled(found) if _ASIDE in found else found


def _note(lists: tuple[str, ...], span: Span, found: dict[str, list[Span]]) -> None:
    for name in lists:
        spans = found.get(name)
        if spans is None:
            found[name] = [span]
        elif spans[-1][1] <= span[0]:
            spans.append(span)
        elif spans[-1][0] == span[0] and spans[-1][1] < span[1]:
            spans[-1] = span


def _link(node: _Node, phrase: Phrase, target: _Node) -> None:
    for word in phrase[:-1]:
        step = _Node()
        node.steps.setdefault(word, []).append(step)
        node = step
    node.steps.setdefault(phrase[-1], []).append(target)


def _walk(node: _Node, words: Sequence[str], start: int, at: int, found: dict[str, list[Span]]) -> None:
    if node.lists:
        _note(node.lists, (start, at), found)
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
    asides = found.pop(_ASIDE)
    cover = {place: aside for aside in asides for place in range(*aside)}
    kept: dict[str, list[Span]] = {}
    for name, spans in found.items():
        left = [span for span in spans if not _inside(span, cover.get(span[0]))]
        if left:
            kept[name] = left
    return kept


def _inside(span: Span, aside: Span | None) -> bool:
    return aside is not None and span[1] <= aside[1] and span != aside
