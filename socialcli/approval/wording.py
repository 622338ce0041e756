"""Phrases in a text: whole words, whatever their case, in any script. Pure; linear in the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

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
    lines = files("socialcli.data").joinpath("approval", "legal.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _plain(text: str) -> str:
    """Composed, without case and what nobody sees, one space between words."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_QUOTES)
    return " ".join(unicodedata.normalize("NFKC", folded).split())


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
