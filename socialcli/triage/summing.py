"""The score, and parts that add up to it exactly as they are told: limits and rounding are parts too."""

from __future__ import annotations

from collections.abc import Sequence

from socialcli.triage.reading import Evidence
from socialcli.triage.weighing import Part

MOST = 100  # the score's upper end
ROUNDING = "most/rounding"  # the part that makes a score whole


def score_of(parts: Sequence[Part]) -> tuple[int, list[Part]]:
    """A whole score from 0 to ``MOST`` and the parts that make it, each as it weighs. What a limit took away, or
    gave (most/score, least/score), and what made the score whole (most/rounding) is a part of its own.
    """
    exact = sum([points for _, points in parts])
    rounded = round(exact)
    score = min(MOST, max(0, rounded))
    moved = round(score - exact, 6)
    if not moved:
        return score, list(parts)
    if exact + moved != score:  # weights such as 0.1, of which no sum is exact
        moved = score - exact
    limit = "most/score" if rounded > MOST else "least/score" if rounded < 0 else ROUNDING
    return score, [*parts, (Evidence(limit), moved)]
