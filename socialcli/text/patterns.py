"""Patterns of words that people put any blank between."""

from __future__ import annotations

import re


def spaced(pattern: str) -> re.Pattern[str]:
    """``pattern`` without regard to case. A blank in it stands for one to four of any kind, an apostrophe for any
    of those that people type; with no end to them a text of blanks alone would take for ever to read.
    """
    return re.compile(pattern.replace(" ", r"\s{1,4}").replace("'", "[’'´]"), re.IGNORECASE)
