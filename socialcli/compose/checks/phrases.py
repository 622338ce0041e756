"""Phrase lists: shipped as plain text in ``data/checks/*.txt``, matched word by word.

The form of a list file::

    # a comment
    $we = we|i               a name for alternatives, usable below in the same file
    [tone/blame]             the list that the following lines belong to
    $we told|warned (you)?   alternatives; (...)? may be missing
    you should _2 have read  _2 stands for up to two other words

A phrase never reaches over the end of a sentence. All are followed at once (``stages.py``), so thousands
cost little more than one, and no input makes it slow. Of a line only the first word is read before a text
holds that word: to check one text, nearly all lines need not be read further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from socialcli.compose.checks.stages import Line, Stages, expanded, may_be_missing, words_in
from socialcli.compose.checks.words import Word
from socialcli.data import text_of

_FILES = (
    *("tone.txt", "tone_blame.txt", "tone_defensive.txt", "tone_robotic.txt", "tone_denial.txt"),
    *("tone_sarcasm.txt", "tone_jargon.txt", "tone_casual.txt", "apology.txt", "promise.txt"),
    *("approval_admission.txt", "approval_money.txt", "privacy.txt", "asks.txt", "answer.txt"),
)


class Hit(NamedTuple):
    """A phrase in a text: code points ``start``-``end``, words ``first`` up to, not with, ``after``."""

    start: int
    end: int
    first: int
    after: int


def crosses(hit: Hit, others: Sequence[Hit]) -> bool:
    """One of ``others`` has a word in common with ``hit``."""
    return any(other.first < hit.after and hit.first < other.after for other in others)


class Phrases:
    """All phrases of some lists. ``by_first``: the lines by each word that they may begin with."""

    def __init__(self, by_first: Mapping[str, Sequence[Line]]) -> None:
        self.stages = Stages(by_first)
        self.names = frozenset(one.list_name for lines in by_first.values() for one in lines)  # of the lists


@cache
def shipped() -> Phrases:
    """Every shipped list. Read once, when the first text is checked."""
    by_first: dict[str, list[Line]] = {}
    for name in _FILES:
        for words, lines in _phrases(text_of("checks", name)):
            for word in words:
                by_first.setdefault(word, []).extend(lines)
    return Phrases(by_first)


def hits_of(words: Sequence[Word], phrases: Phrases) -> dict[str, tuple[Hit, ...]]:
    """All phrases in ``words``: list -> hits in order of their place; of those that begin at the same
    word only the longest counts.
    """
    plain = [word.word for word in words]
    found: dict[str, list[Hit]] = {}
    for place, word in enumerate(words):
        for name, after in phrases.stages.ends(plain, place).items():
            found.setdefault(name, []).append(Hit(word.start, words[after - 1].end, place, after))
    return {name: tuple(hits) for name, hits in found.items()}


def _phrases(source: str) -> list[tuple[Sequence[str], list[Line]]]:
    """The phrases of a list file, those together that begin with the same alternatives, which stand before them."""
    names: dict[str, str] = {}
    found: list[tuple[Sequence[str], list[Line]]] = []
    alike: dict[str, list[Line]] = {}  # by the first piece as it is written
    current = ""
    for raw in source.splitlines():
        line = raw.strip()
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            current = line[1:-1]
        elif line[0] == "$" and " = " in line:
            name, _, value = line.partition(" = ")
            names = {**names, name: expanded(value, names)}
            alike = {}
        else:
            for piece, rest in _beginnings(line):
                if piece not in alike:
                    alike[piece] = []
                    found.append((words_in(expanded(piece, names)) or (), alike[piece]))
                alike[piece].append(Line(current, rest, names))
    return found


def _beginnings(line: str) -> Iterator[tuple[str, str]]:
    """The first piece and what is behind it; a first word that may be missing gives the second one too."""
    rest = line
    while rest:
        piece, _, rest = rest.partition(" ")
        if piece:
            yield piece, rest
            if not may_be_missing(piece):
                return
