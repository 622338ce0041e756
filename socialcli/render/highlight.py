"""A text with words marked in place, private data hidden, folded to the screen."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from socialcli.console import Screen
from socialcli.model.assessment import PrivateSpan
from socialcli.render.screen import PLAIN_WIDTH
from socialcli.text.clean import harmless

Span = tuple[int, int]  # code points of the text, the end excluded
Piece = tuple[str, bool]  # whether it is marked

_ON, _OFF = "\x1b[1;4m", "\x1b[0m"  # bold and underlined: it is told apart on every background


def marked(text: str, marks: Iterable[Span], private: Sequence[PrivateSpan], screen: Screen) -> Iterator[str]:
    """Lines for a terminal, each behind blanks."""
    pieces = [(harmless(piece), flag) for piece, flag in _pieces(text, marks, private)]
    shown = "".join(piece for piece, _ in pieces)
    flags = [flag for piece, flag in pieces for _ in piece]
    width = min(screen.width, PLAIN_WIDTH)
    wrapped = textwrap.wrap(
        shown, width - 4, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    place = 0
    for number, line in enumerate(wrapped):
        body = line.lstrip(" ")
        place = shown.index(body[0], place)  # between two lines nothing but blanks was left out
        painted = _painted(body, flags[place : place + len(body)]) if screen.colour else body
        yield ("    " if number else "  ") + painted
        place += len(body)


def hidden(text: str, span: Span, private: Iterable[PrivateSpan]) -> str:
    """What stands in ``span``, with the private data masked that it touches."""
    from socialcli.text.private import mask

    start, end = span
    inside = [
        PrivateSpan(one.kind, max(one.start, start) - start, min(one.end, end) - start)
        for one in private
        if one.start < end and one.end > start
    ]
    return mask(text[start:end], inside) if inside else text[start:end]


def _pieces(text: str, marks: Iterable[Span], private: Sequence[PrivateSpan]) -> Iterator[Piece]:
    """The text in pieces that are marked as a whole or not at all."""
    flags = bytearray(len(text))
    for start, end in marks:
        first, last = _whole(text, start), _whole(text, end)
        flags[first:last] = b"\1" * (last - first)
    done = 0
    for one in private:
        yield from _runs(text, flags, done, one.start)
        yield hidden(text, (one.start, one.end), [one]), any(flags[one.start : one.end])
        done = one.end
    yield from _runs(text, flags, done, len(text))


def _runs(text: str, flags: bytearray, start: int, end: int) -> Iterator[Piece]:
    for flag, places in groupby(range(start, end), key=flags.__getitem__):
        yield "".join(text[place] for place in places), bool(flag)


def _whole(text: str, place: int) -> int:
    """Not between a letter and its combining marks."""
    while 0 < place < len(text) and unicodedata.combining(text[place]):
        place += 1
    return place


def _painted(line: str, flags: Sequence[bool]) -> str:
    told = []
    for flag, places in groupby(range(len(line)), key=flags.__getitem__):
        words = "".join(line[place] for place in places)
        told.append(f"{_ON}{words}{_OFF}" if flag else words)
    return "".join(told)
