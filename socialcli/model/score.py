"""score: what a practised case, or a practised incident, was worth, point by point."""

from __future__ import annotations

from msgspec import Struct


class Part(Struct, frozen=True):
    """One criterion of a score."""

    criterion: str  # what was looked at, such as "first-answer"
    points: int  # 0 to ``of``
    of: int
    why: str  # what was seen, in one sentence
    good: str  # what a good answer has here


class Score(Struct, frozen=True, tag_field="type", tag="score"):
    """``points`` and ``of`` are the sums of the parts'."""

    case: str
    points: int
    of: int
    parts: tuple[Part, ...]


def total(case: str, parts: tuple[Part, ...]) -> Score:
    return Score(case, sum(one.points for one in parts), sum(one.of for one in parts), parts)
