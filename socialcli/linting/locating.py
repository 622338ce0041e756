"""Where in a template the words of a rendered text come from, as near as can be told.

A rendered text does not know its lines any more: white space was folded, values were put in. So the words of a
finding are looked for in the body, then the variable whose value they are, then as many of the words as stand there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from socialcli.compose.templates import Template
from socialcli.linting.places import Lines
from socialcli.model.linted import Place

_AROUND = 60  # code points on both sides of words that tell which of several equal words are meant
_MOST = 50  # equal words that are looked at
_MOST_WORDS = 30
_BLANK = re.compile(r"[ \t-\r\x85\u2028\u2029]+")


def place_in(
    template: Template, file: str, text: str, start: int, end: int, values: Mapping[str, str]
) -> Place:
    """The place in the file of what made ``text[start:end]``; the first words of the body where that is not known."""
    source = template.source
    body = _Body.of(source)
    offset = body.find(text, start, end)
    if offset is None:
        offset = _variable(source, text, start, end, values)
    if offset is None:
        offset = body.find_part(text[start:end])
    line, column = Lines(source).at(len(source) - len(source.lstrip()) if offset is None else offset)
    return Place(file, template.first_line + line - 1, column)


def first_words(template: Template, file: str) -> Place:
    return place_in(template, file, "", 0, 0, {})


class _Body:
    """A body with its white space folded and its letters small, and where each of its characters stood."""

    def __init__(self, source: str) -> None:
        folded: list[str] = []
        self._at: list[int] = []
        end = 0
        for blank in (*_BLANK.finditer(source), None):
            start = blank.start() if blank else len(source)
            folded += map(_small, source[end:start])
            self._at += range(end, start)
            if blank:
                folded.append(" ")
                self._at.append(start)
                end = blank.end()
        self._text = "".join(folded)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(source: str) -> _Body:
        return _Body(source)

    def find(self, text: str, start: int, end: int) -> int | None:
        """Where the words stand in the source; of several places the one with the most of the text around it."""
        words = "".join(map(_small, text[start:end]))
        if not words.strip():
            return None
        before = "".join(map(_small, text[max(0, start - _AROUND) : start]))[::-1]
        after = "".join(map(_small, text[end : end + _AROUND]))
        best, most, at = None, -1, self._text.find(words)
        for _ in range(_MOST):
            if at < 0:
                break
            behind = at + len(words)
            alike = _alike(before, self._text[max(0, at - _AROUND) : at][::-1])
            alike += _alike(after, self._text[behind : behind + _AROUND])
            if alike > most:
                best, most = self._at[at], alike
            at = self._text.find(words, at + 1)
        return best

    def find_part(self, words: str) -> int | None:
        """Where the longest beginning, else the longest end, of the words stands: whole words, two at least."""
        parts = _BLANK.sub(" ", words).split(" ")[:_MOST_WORDS]
        ends = range(1, len(parts) - 1)
        for some in (*(parts[:-cut] for cut in ends), *(parts[cut:] for cut in ends)):
            piece = " ".join(some)
            found = self.find(piece, 0, len(piece))
            if found is not None:
                return found
        return None


def _small(char: str) -> str:
    """In small letters, where that is one character still."""
    small = char.lower()
    return small if len(small) == 1 else char


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _variable(source: str, text: str, start: int, end: int, values: Mapping[str, str]) -> int | None:
    """Where the body puts in the variable whose value stands at these words."""
    for name, value in values.items():
        at = text.find(value)
        if value and at >= 0 and at < max(end, start + 1) and start < at + len(value):
            named = rf"(?:[^{{}}\"']|\"[^\"]*\"|'[^']*')*?\b{re.escape(name)}\b"
            used = re.search(rf"\{{\{{{named}", source) or re.search(rf"\{{%{named}", source)
            if used:
                return used.start()
    return None
