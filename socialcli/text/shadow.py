"""A text as it is read, where it is written otherwise: letters in pieces, in bold, or with signs that nobody sees.

"médico" from a Mac may be seven characters, a word may hide a zero-width space, be set in mathematical bold or in
full width. Such a text is read through its shadow: composed letters, without what is not seen, with the place
of each character in the text. Emoji stay whole. The time is linear in the text.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Literal

from socialcli.text.remembered import Remembered

_Nature = Literal["plain", "styled", "hangs on"]

_LONGEST = 32  # marks on one letter that are composed at once: to sort more takes a stranger's square of time
_OF_EMOJI = frozenset("\u200d\ufe0e\ufe0f\u20e3") | frozenset(map(chr, range(0xE0020, 0xE0080)))
_COMMON = frozenset("\u200d\ufe0f")  # in emoji, which need no shadow
_STYLES = ("<font>", "<wide>", "<narrow>", "<circle>", "<square>", "<compat>")
_WIDTHS = ("<wide>", "<narrow>")  # of which the marks count too, not letters alone
_MARKS = frozenset({"Mn", "Mc", "Me"})


def is_read_otherwise(text: str) -> bool:
    """Whether ``text`` needs a shadow; nearly none does, nor does one with emoji."""
    odd = [one for one in set(text) if _NATURES[one] != "plain"]
    return bool(odd) and (not _COMMON.issuperset(odd) or _hides(text))


def _hides(text: str) -> bool:
    """Whether a joiner or selector stands behind anything but an emoji."""
    return any(one in _COMMON and not _may_be_emoji(before) for before, one in pairwise(text))


def shadow(text: str) -> tuple[str, list[int]]:
    """The text as it is read, and where each of its characters begins in ``text``; the last place is its end."""
    told: list[str] = []
    places: list[int] = []
    in_emoji = True
    at = 0
    while at < len(text):
        stop = _end_of_letter(text, at)
        piece, start = text[at:stop], at
        if _NATURES[piece[0]] != "hangs on":
            in_emoji = _may_be_emoji(piece[0])
            letters = _composed(piece)
            told += letters
            places += [min(at + number, stop - 1) for number in range(len(letters))]
            start += 1
        if in_emoji:
            kept = [place for place in range(start, stop) if text[place] in _OF_EMOJI]
            told += [text[place] for place in kept]
            places += kept
        at = stop
    return "".join(told), [*places, len(text)]


def _end_of_letter(text: str, at: int) -> int:
    """Behind a character and all that hangs on it."""
    last = min(len(text), at + _LONGEST)
    at += 1
    while at < last and _NATURES[text[at]] == "hangs on":
        at += 1
    return at


def _composed(piece: str) -> str:
    """One character with what hangs on it, as one letter; accents for which there is no such letter fall away."""
    seen = "".join(one for one in piece[1:] if not _is_unseen(one))
    if not seen and _NATURES[piece[0]] == "plain":
        return piece[0]
    written = unicodedata.normalize("NFC", _unstyled(piece[0]) + seen)
    return "".join(one for one in written if not _is_mark(one)) or written[:1]


def _unstyled(character: str) -> str:
    return unicodedata.normalize("NFKC", character) if _is_styled(character) else character


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in _MARKS


def _is_unseen(character: str) -> bool:
    """A format character, a selector of a variant, or the joiner of marks."""
    return (
        unicodedata.category(character) == "Cf"
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or character == "\u034f"
    )


def _may_be_emoji(character: str) -> bool:
    return not (character.isalnum() or character.isspace() or character == "_")


def _is_styled(character: str) -> bool:
    """A letter or digit in another dress; not "…", "½" or "²", which are read as they stand."""
    style = unicodedata.decomposition(character).partition(" ")[0]
    if style not in _STYLES:
        return False
    bare = unicodedata.normalize("NFKC", character)
    return bare.isalpha() or (len(bare) == 1 and (style in _WIDTHS or bare.isalnum()))


def _nature(character: str) -> _Nature:
    if unicodedata.category(character) in _MARKS | {"Cf"}:
        return "hangs on"
    if (
        "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb"
    ):  # later parts of a Korean syllable
        return "hangs on"
    styled = _is_styled(character) or unicodedata.normalize("NFC", character) != character
    return "styled" if styled else "plain"


_NATURES = Remembered(_nature)
