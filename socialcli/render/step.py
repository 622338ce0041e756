"""Commands of a rehearsal, as they are typed and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialcli.console import Screen
from socialcli.errors import Exit
from socialcli.model.step import Step

WIDTH = 80  # columns, where nobody says how wide the screen is
_HANGING = "    "
_CODES = r"\x1b\[[0-9;]*m"  # colour: takes no room on the screen


def step_lines(step: Step, screen: Screen, width: int) -> Iterator[str]:
    """What it is for, the command as it is typed, and what it printed."""
    yield ""
    yield from (f"# {line}" for line in wrapped(step.say, width - 2))
    yield from (bold(line, screen) for line in _folded(f"$ {step.line}", width))
    out = step.stdout.splitlines()
    kept = out[: step.lines] if step.lines else out
    for line in kept:
        yield from _folded(line, width)
    if len(out) > len(kept):
        yield f"(and {len(out) - len(kept)} lines more)"
    for line in step.stderr.splitlines():
        yield from _folded(line, width)
    if step.exit:
        meaning = next((one.meaning for one in Exit if one == step.exit), "not one of ours")
        yield from _folded(f"(exit code {step.exit}, {meaning})", width)


def _folded(line: str, width: int) -> list[str]:
    """A line, broken where it is wider than the screen."""
    if len(re.sub(_CODES, "", line)) <= width:
        return [line]
    return wrapped(line, width, hanging=" " * (len(line) - len(line.lstrip())) + _HANGING)


def wrapped(text: str, width: int, *, hanging: str = "") -> list[str]:
    import textwrap

    return textwrap.wrap(
        text, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


def bold(text: str, screen: Screen) -> str:
    return f"\x1b[1m{text}\x1b[0m" if screen.colour else text
