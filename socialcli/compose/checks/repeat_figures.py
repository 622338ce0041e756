"""repeat/already-answered told by figures: the same sizes, times and prices again, in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialcli.compose.checks.rule import Fault

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Prose, Reading

_LEAST = 4  # different ones that make a text the same again: a time and a gate alone are three


def figures_again(reading: Reading) -> list[Fault]:
    """All figures of the reply stand in one earlier answer, and the customer names none to have it confirmed."""
    told = _figures(reading)
    if len(told) < _LEAST or any(told & _figures(prose) for prose in reading.unanswered):
        return []
    if not any(told <= _figures(prose) for prose in reading.our_earlier):
        return []
    return [
        Fault(
            reading.message_start,
            len(reading.text),
            "the customer was told all these figures before",
            "answer what is asked now",
        )
    ]


def _figures(prose: Prose) -> set[str]:
    return {word.word for word in prose.words if word.word.isdigit()}
