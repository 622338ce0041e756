"""A practised incident: the road through it, what a learner is told at the beginning, and the score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from socialcli.console import Screen
from socialcli.model.score import Score
from socialcli.model.step import Step
from socialcli.render.score import scores
from socialcli.render.step import WIDTH, step_lines, wrapped
from socialcli.text.clean import harmless


def incident_drill(records: Iterable[Any], screen: Screen) -> Iterator[str]:
    """Steps as they are played, and then the score."""
    width = screen.width or WIDTH
    for one in records:
        if isinstance(one, Step):
            yield from step_lines(one, screen, width)
        elif isinstance(one, Score):
            yield ""
            yield from scores([one], screen)


def incident_begun(records: Iterable[Any], screen: Screen) -> Iterator[str]:
    """What is practised, where, and how to go on."""
    width = screen.width or WIDTH
    for one in records:
        yield from wrapped(f"{harmless(one.title)}. {harmless(one.about)}", width)
        yield ""
        yield f"cd {harmless(one.folder)}"
        yield f"export SOCIALCLI_NOW={one.start}    # your clock: set it on as you go"
        yield "socialcli fetch                              # and then whatever you would do"
        yield "socialcli incident drill score --dir .       # at any time"
