"""What was learned, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.learning import Lesson, Score, Unlearned
from socialcli.text.clean import harmless
from socialcli.text.counted import counted

_STATES = {"installed": "installed", "planned": "would be installed", "refused": "refused: not installed"}


def lessons(records: Iterable[Lesson], _screen: Screen) -> Iterator[str]:
    for one in records:
        held = f"{counted(one.examples, 'message')}, {counted(one.folds, 'fold')}"
        yield f"{one.target}: {held}, {_STATES[one.state]}"
        yield f"  rules alone         {_score(one.rules)}"
        yield f"  rules and learned   {_score(one.learned)}"
        if one.left_out:
            told = (f"{number:,} {harmless(why)}" for why, number in one.left_out.items())
            yield f"  left out            {', '.join(told)}"
        yield f"  weightiest words    {', '.join(map(harmless, one.words))}"


def _score(score: Score) -> str:
    return (
        f"accuracy {score.accuracy:.3f}, macro-F1 {score.macro_f1:.3f} ({score.low:.3f} to {score.high:.3f})"
    )


def unlearned(records: Iterable[Unlearned], _screen: Screen) -> Iterator[str]:
    for one in records:
        what = f"{one.target}, learned from {harmless(one.source)} ({counted(one.examples, 'message')})"
        yield f"{what}: {'would be forgotten' if one.state == 'planned' else 'forgotten'}"
