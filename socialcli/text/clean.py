"""Broken or hostile Unicode: mended on arrival, made harmless for a terminal."""

from __future__ import annotations

import functools
import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """The text as it can be stored: surrogate pairs joined, lone surrogates and NUL replaced by U+FFFD.

    Nothing else is touched: what a stranger wrote is evidence.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", REPLACEMENT) if "\0" in text else text


@functools.cache
def _unprintable() -> re.Pattern[str]:
    # C0 and C1 controls, DEL, separators that end a line, bidi controls, zero-width and tag characters.
    # ZERO WIDTH JOINER stays: emoji are made with it, and it moves nothing.
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
        "\U000e0000-\U000e0fff\U000f0000-\U0010ffff\ue000-\uf8ff]"
    )


def harmless(text: str, *, lines: bool = False) -> str:
    """The text as it can be shown: whatever could move the cursor, colour, reorder or hide is spelled out
    as ``\\x1b`` or ``\\u202e``; line feeds stay with ``lines``, else they and tabs become a space.

    More than three combining marks in a row are cut, so that one message cannot paint over its neighbours.
    """

    def spell(match: re.Match[str]) -> str:
        character = match.group()
        if character in "\n\t\r":
            return "" if lines and character == "\r" else character if lines else " "
        return character.encode("unicode_escape").decode()

    shown = _unprintable().sub(spell, text)
    return shown if shown.isascii() else _at_most_three_marks(shown)


def _at_most_three_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= 3:  # noqa: PLR2004 - Vietnamese and pointed Hebrew need up to three
            kept.append(character)
    return "".join(kept)
