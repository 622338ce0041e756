"""Where a finding stands in its file: lines and columns of code points."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from socialcli.model.check import Finding
from socialcli.model.linted import Place, Placed


def placed(file: str | None, text: str, findings: Iterable[Finding]) -> tuple[Placed, ...]:
    """Findings of a text that is the whole of a file."""
    lines = Lines(text)
    return tuple(
        Placed(lines.span(file, one.start, one.end), one, text[one.start : one.end]) for one in findings
    )


class Lines:
    """The lines of a text; only line feeds end one, as editors count."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, file: str | None, start: int, end: int) -> Place:
        return Place(file, *self.at(start), *self.at(end), start, end - start)


def seen_from_here(path: Path) -> str:
    """The path as it is named from the current folder, where it lies below it; else the whole of it."""
    try:
        return os.fspath(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return os.fspath(path)
