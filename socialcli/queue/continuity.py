"""Whether lines are missing in the middle of a journal.

An id begins with the offset at which its line was first written. So in a journal that was only appended to, each
line begins where the one before it ended. Lines of spaces, bad lines and copies fill a place; archived lines left
theirs. After a united journal (ids go back) no more can be said of gaps.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

SHORTEST = 100  # bytes: no line is shorter; a smaller gap is a line that was shortened, and named as changed


class Gap(NamedTuple):
    """``after`` and ``before`` are line numbers; ``start`` and ``end`` offsets of first writing. Lines of
    ``filled`` bytes stand there that nobody can read any more.
    """

    after: int
    before: int
    start: int
    end: int
    filled: int


class Continuity:
    """Takes the lines of a journal in order. ``united`` is the first line whose id goes back; 0: there is none."""

    def __init__(self) -> None:
        self.united = 0
        self.gaps: list[Gap] = []
        self._least = self._most = 0  # where the next line begins
        self._last = 0  # number of the last line that had a place

    def fill(self, length: int) -> None:
        """A line of ``length`` bytes of which nobody knows when it was written."""
        self._most += length

    def take(self, number: int, offset: int, place: int, length: int, *, fresh: bool) -> None:
        """A line of ``length`` bytes (white space around it not counted) that stands at ``offset`` and was first
        written at ``place``; ``fresh``: it begins anew in a journal that an archive was taken out of.
        """
        if place != offset and not fresh:  # else it was appended to the journal as it was then
            if place < self._least:
                self.united = self.united or number
            elif place - self._most >= SHORTEST:
                filled = self._most - self._least
                self.gaps.append(Gap(self._last, number, self._least, place, filled))
        self._least = self._most = place + length
        self._last = number


class Covered:
    """The places that archived lines left."""

    def __init__(self) -> None:
        self._spans: list[list[int]] = []

    def add(self, start: int, end: int) -> None:
        if self._spans and self._spans[-1][1] == start:
            self._spans[-1][1] = end
        else:
            self._spans.append([start, end])

    def left_of(self, gaps: list[Gap]) -> list[tuple[Gap, int]]:
        """Each gap with the bytes in it that no archived line filled, where a line may be among them."""
        spans = _merged(self._spans)
        starts = [start for start, _ in spans]
        left = []
        for gap in gaps:
            filled = gap.filled
            for start, end in spans[max(0, bisect_right(starts, gap.start) - 1) :]:
                if start >= gap.end:
                    break
                filled += max(0, min(end, gap.end) - max(start, gap.start))
            if (missing := gap.end - gap.start - filled) >= SHORTEST:
                left.append((gap, missing))
        return left


def _merged(spans: list[list[int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
