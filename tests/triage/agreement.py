"""How far two labellings agree, beyond what chance alone would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def kappa(truth: Sequence[str], said: Sequence[str]) -> float:
    """Cohen's kappa (1960): 1 is full agreement, 0 that of chance, below 0 worse than chance.

    Both give one label for each item, in the same order. Where chance alone would always agree (one label
    throughout, or no item) it is 1. Raises ValueError if the lengths differ.
    """
    same = sum(one == other for one, other in zip(truth, said, strict=True))
    total = len(truth)
    of_truth, of_said = Counter(truth), Counter(said)
    by_chance = sum(count * of_said[label] for label, count in of_truth.items())
    if by_chance == total**2:
        return 1.0
    return (same * total - by_chance) / (total**2 - by_chance)
