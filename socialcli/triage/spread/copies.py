"""Which texts are one text that is passed on. Worked out once for all that is heard, in time that grows with the
number of texts, whatever strangers write.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from socialcli.triage.spread.wording import Wording

_EQUAL = 5  # words from which on equal texts are one: that five people write "app is down" is no copying
_RUN = 6  # words in a row that two people hardly choose alike
_LONG_ENOUGH = 5  # stems from which on two like texts are one text, not two alike complaints
_COPY = 0.75  # share of stems that a copy has in common with what it was made from
_MOST_COMPARED = 24  # earlier texts that one text is compared with, those with its rarest words


def classes(wordings: Sequence[Wording]) -> list[int]:
    """For each text the place of the first one that it is a copy of, or its own place."""
    rank = Counter(stem for one in wordings for stem in one.stems)
    runs: dict[tuple[str, ...], int] = {}
    rare: dict[str, list[int]] = defaultdict(list)
    sets = [one.stems for one in wordings]
    found: list[int] = []
    for place, one in enumerate(wordings):
        keys = _runs(one.said)
        first = next((runs[key] for key in keys if key in runs), None)
        telling = _rarest(sets[place], rank)
        if first is None:
            like = _like(sets, place, telling, rare)
            first = place if like is None else found[like]
        found.append(first)
        for key in keys:
            runs.setdefault(key, first)
        for stem in telling:
            rare[stem].append(place)
    return found


def _runs(said: tuple[str, ...]) -> list[tuple[str, ...]]:
    whole = [said] if len(said) >= _EQUAL else []
    return whole + [said[at : at + _RUN] for at in range(len(said) - _RUN + 1)]


def _rarest(stems: frozenset[str], rank: Counter[str]) -> list[str]:
    """Those of which a text that has enough in common with this one must have at least one among its own rarest."""
    if len(stems) < _LONG_ENOUGH:
        return []
    ordered = sorted(stems, key=lambda stem: (rank[stem], stem))
    return ordered[: int(len(stems) * (1 - _COPY)) + 1]


def _like(
    sets: Sequence[frozenset[str]], place: int, telling: Sequence[str], rare: dict[str, list[int]]
) -> int | None:
    """The place of an earlier text that this one was made from."""
    compared: dict[int, None] = {}
    for stem in telling:
        compared.update(dict.fromkeys(rare[stem][-_MOST_COMPARED:]))
        if len(compared) >= _MOST_COMPARED:
            break
    own = sets[place]
    return next((one for one in compared if len(own & sets[one]) >= _COPY * len(own | sets[one])), None)
