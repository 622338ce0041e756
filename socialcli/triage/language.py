"""The language of a message: what the network says, else a vote of very common words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from socialcli.text.tokens import fold

# What networks write when they do not know.
_UNSURE_TAGS = frozenset({"und", "zxx", "mul", "mis", "qme", "qam", "qct", "qht", "qst", "art"})
_CODE_LENGTH = 2
_AT_LEAST = 2  # votes a language needs
_ENOUGH = 400  # characters; longer texts are judged by their beginning

Votes = Mapping[str, Sequence[str]]  # word -> languages in which it is very common


@lru_cache(maxsize=256)
def stated(tag: str | None) -> str | None:
    """The network's tag as ISO 639-1, or None where it does not know."""
    if not tag or tag.lower() in _UNSURE_TAGS:
        return None
    code = tag.replace("_", "-").split("-")[0].lower()
    return code if len(code) == _CODE_LENGTH else None


_WORD = re.compile(r"(?<![\w@#])[^\W\d_]{2,}(?:['’][^\W\d_]+)*")


def beginning(text: str) -> list[str]:
    """Folded words of the first few hundred characters."""
    return [fold(word) for word in _WORD.findall(text[:_ENOUGH])]


def guessed(words: Sequence[str], votes: Votes) -> tuple[str | None, str | None]:
    """(the language if one is clearly ahead, the likeliest even if it is not)."""
    counts: dict[str, int] = {}
    for word in words:
        for language in votes.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    if not counts:
        return None, None
    ranked = sorted(counts, key=lambda language: -counts[language])
    best = ranked[0]
    runner_up = counts[ranked[1]] if len(ranked) > 1 else 0
    clear = counts[best] >= _AT_LEAST and counts[best] > runner_up
    return (best if clear else None), (best if counts[best] > runner_up else None)
