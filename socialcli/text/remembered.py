"""What was worked out for a short piece of text, kept: people use the same few thousand words over and over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_LONGEST = 40  # characters of a piece that is kept; longer ones are mostly unique, and a stranger's
_MOST = 20_000  # pieces kept; all are forgotten when there are more, so that memory stays small

_Value = TypeVar("_Value")


class Remembered(dict[str, _Value]):
    """A dictionary that fills itself: ``remembered[piece]`` is ``work_out(piece)``, worked out once. Used with
    ``map(remembered.__getitem__, pieces)``, which asks for all of them without a step of Python for each.
    """

    __slots__ = ("_work_out",)

    def __init__(self, work_out: Callable[[str], _Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, piece: str) -> _Value:
        value = self._work_out(piece)
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = value
        return value
