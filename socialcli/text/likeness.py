"""Whether two texts say the same to a reader: whatever decorates them does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

# From here on two texts are the same to a reader, and to a network that looks for copies: the figure (of 100)
# by which a reply counts as the same reply again. Two wordings of one fact in unlike sentences stay below 75.
_ALIKE = 85
_READ = 10_000  # characters that are compared: more than any network takes


def too_alike(one: str, other: str) -> bool:
    """Whether two accounts that say this would say the same: links, handles and white space do not count."""
    from rapidfuzz import fuzz

    return fuzz.ratio(_core(one), _core(other), score_cutoff=_ALIKE) >= _ALIKE


def likeness(one: str, other: str) -> float:
    """How like one text is to another, of 100; links, handles and white space do not count."""
    from rapidfuzz import fuzz

    return fuzz.ratio(_core(one), _core(other))


def same(one: str, other: str) -> bool:
    """Whether a text was only decorated otherwise."""
    return _core(one) == _core(other)


def like_which(text: str, others: Iterable[tuple[str, str]]) -> str | None:
    """The account among ``(account, text)`` that says nearly the same; None if none does."""
    return next((account for account, other in others if too_alike(text, other)), None)


@lru_cache(maxsize=256)  # one text is held against many
def _core(text: str) -> str:
    return "".join(_noise().sub(" ", text[:_READ].casefold()).split())


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(r"https?://\S+|@\w+")
