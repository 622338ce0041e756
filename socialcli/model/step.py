"""step: one command of a rehearsal, with what it printed."""

from __future__ import annotations

from msgspec import Struct


class Step(Struct, frozen=True, tag_field="type", tag="step"):
    """One command that was run. ``expected`` is the exit code that it should end with."""

    say: str
    line: str  # as it is typed
    command: tuple[str, ...]
    at: str
    workspace: str
    exit: int
    expected: int
    stdout: str
    stderr: str
    chapter: str = ""
    lines: int = 0
