"""What we say that we will do: the turns of phrase that make a promise of a sentence, and those that unmake it.

They stand in ``data/promises``, in English, Spanish, German, French, Portuguese and Italian, one pattern a line, and
are all tried on every text: few mean something in another language. All their repetitions are bounded.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from socialcli.data import text_of
from socialcli.text.patterns import spaced

Turn = Literal[
    "undertakes",
    "returns",
    "looks",
    "will-look",
    "conditions",
    "requests",
    "duties",
    "facts",
    "some-day",
    "denials",
]


@cache
def pattern(turn: Turn) -> re.Pattern[str]:
    """Any of the phrases of this kind; what each kind is for stands at the top of its file."""
    joined = "|".join(f"(?:{line})" for line in _lines(turn))
    for name, part in _parts():
        joined = joined.replace(f"<{name}>", part)
    return spaced(joined)


@cache
def _parts() -> list[tuple[str, str]]:
    named = (line.partition(" = ") for line in _lines("parts"))
    return [(name, part) for name, _, part in named]


def _lines(name: str) -> list[str]:
    lines = text_of("promises", f"{name}.txt").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
