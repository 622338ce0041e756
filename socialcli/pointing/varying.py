"""Other words for each customer: of the wordings of a template the one least like what we said lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import structs

from socialcli.drafting import Situation, Words, rendered
from socialcli.policy.schema import Agent, Policy
from socialcli.text.likeness import likeness, too_alike

_TRIED = 24  # wordings that are looked through
_LIKE = 70  # of 100: from here on two of them begin alike; well below what a reader takes for the same
Said = TypeVar("Said", bound=Words)


def varied(place: Situation, words: Said, who: Agent, policy: Policy, lately: Sequence[str]) -> Said:
    """The words as a text: the first that no text in ``lately`` (oldest first) begins like; else one that says
    nearly the same as none of them, whose like was said longest ago. The same message and the same ``lately`` give
    the same text.
    """
    newest_first = list(reversed(lately))
    best, rank = "", (False, -1)
    for turn in range(_TRIED):
        seed = f"{place.target.network} {place.target.id} {turn}"
        text = rendered(place, words, who, policy, seed)
        found = _rank(text, newest_first)
        if found > rank:
            best, rank = text, found
        if found == (True, len(newest_first)):
            break
    return structs.replace(words, text=best)


def _rank(text: str, newest_first: Sequence[str]) -> tuple[bool, int]:
    """Whether none says nearly the same, and how many were said since the last that begins like it."""
    like = [likeness(text, said) for said in newest_first]
    ago = next((n for n, how in enumerate(like) if how >= _LIKE), len(like))
    return not any(
        too_alike(text, said) for said, how in zip(newest_first, like, strict=True) if how >= _LIKE
    ), ago
