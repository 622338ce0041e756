"""Patterns of words that people put any blank between."""

from __future__ import annotations

import re

# What patterns without regard to case take for the same, each one code point: places stay as they are.
_SAME = str.maketrans({"’": "'", "´": "'", "ı": "i", "İ": "i", "ſ": "s", "\N{KELVIN SIGN}": "k"})


def plain_letters(text: str) -> str:
    """``text`` with one spelling of the apostrophe and of letters that have several, so that what ``spaced`` finds
    can be looked up. Of the same length.
    """
    return text.translate(_SAME)


def spaced(pattern: str) -> re.Pattern[str]:
    """``pattern`` without regard to case. A blank in it stands for one to four of any kind, an apostrophe for any
    of those that people type; with no end to them a text of blanks alone would take for ever to read.
    """
    return re.compile(pattern.replace(" ", r"\s{1,4}").replace("'", "[’'´]"), re.IGNORECASE)
