"""The score, and parts that add up to it exactly as they are told: limits and rounding are parts too."""

from __future__ import annotations

from collections.abc import Sequence

from socialcli.triage.reading import Evidence
from socialcli.triage.weighing import Part

MOST = 100  # the score's upper end


def score_of(parts: Sequence[Part]) -> tuple[int, list[Part]]:
    """A whole score from 0 to ``MOST`` and the parts that make it. What a limit took away, or gave, is a part
    of its own (most/score, least/score); half a point that rounding moved goes to the last uneven part.
    """
    told = list(parts)
    exact = sum([points for _, points in told])
    rounded = round(exact)
    score = min(MOST, max(0, rounded))
    moved = round(score - exact, 6)
    if rounded > MOST:
        told.append((Evidence("most/score"), moved))
    elif rounded < 0:
        told.append((Evidence("least/score"), moved))
    elif moved:
        _round_off(told, moved)
    return score, told


def _round_off(told: list[Part], moved: float) -> None:
    for place in range(len(told) - 1, -1, -1):
        evidence, points = told[place]
        if points != round(points):
            told[place] = evidence, round(points + moved, 6)
            return
