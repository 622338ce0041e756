"""A score: a line a criterion, and what a good answer has where points are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.score import Part, Score
from socialcli.render.screen import folded, paint
from socialcli.text.clean import harmless

_NAME_WIDTH = 15


def scores(records: Iterable[Score], screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{harmless(one.case)}: {one.points} of {one.of} points"
        for part in one.parts:
            yield from _part(part, screen)


def _part(part: Part, screen: Screen) -> Iterator[str]:
    full = part.points == part.of
    points = f"{part.points:>2}/{part.of}"
    head = f"  {harmless(part.criterion):<{_NAME_WIDTH}} {points if full else paint(points, 'warning', screen)}  "
    yield from folded(head, harmless(part.why), screen, "      ")
    if not full:
        yield from folded("      good: ", harmless(part.good), screen, "        ")
