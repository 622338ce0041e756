"""Phrases in a text: whole words, whatever their case, in any script. Pure; linear in the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from socialcli.data import text_of

_LONGEST = 20_000  # characters that are read; no network takes more
# Nobody sees them, though Unicode calls them letters and marks.
_UNSEEN = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_GAPS = frozenset("_\u115f\u1160\u2800\u3164\uffa0")  # they look like a space, or stand for one
_LOOSE = frozenset(map(chr, range(0x0300, 0x0370)))  # marks; those of a letter are part of it by then
_QUOTES = str.maketrans(dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}", "'"))
# Scripts that put no space between words: any place in them may be the edge of one.
_UNSPACED = ("CJK ", "HIRAGANA", "KATAKANA", "THAI ", "LAO ", "KHMER", "MYANMAR")


def first_in(text: str, phrases: Iterable[str]) -> str | None:
    """The first of the phrases that stands in the text, as it was given; None if none does."""
    said = _plain(text)
    return next((phrase for phrase in phrases if _stands(_plain(phrase), said)), None)


@cache
def legal_phrases() -> tuple[str, ...]:
    """What ships in ``data/approval/legal.txt``."""
    lines = text_of("approval", "legal.txt").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _plain(text: str) -> str:
    """Composed, without case and what nobody sees, one space between words that a hyphen may hold together."""
    seen = "".join(filter(None, map(_shown, text[:_LONGEST])))
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_QUOTES)
    composed = unicodedata.normalize("NFKC", folded)
    return " ".join("".join(char for char in composed if char not in _LOOSE).split())


def _shown(char: str) -> str:
    """How a character looks beside others: nothing, a space, or itself."""
    if char in _GAPS or unicodedata.category(char) == "Pd":
        return " "
    return "" if char in _UNSEEN or unicodedata.category(char) == "Cf" else char


def _stands(phrase: str, said: str) -> bool:
    at = said.find(phrase) if phrase else -1
    while at >= 0:
        end = at + len(phrase)
        if _is_edge(said[at - 1 : at], phrase[0]) and _is_edge(said[end : end + 1], phrase[-1]):
            return True
        at = said.find(phrase, end)
    return False


def _is_edge(beside: str, inside: str) -> bool:
    """Whether a word can end between these two: ``beside`` is "" where the text ends."""
    if not beside or not inside.isalnum():
        return True
    if not beside.isalnum() and not unicodedata.combining(beside):
        return True
    return unicodedata.name(inside, "").startswith(_UNSPACED)
