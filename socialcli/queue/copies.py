"""Finding lines whose id stood in the journal before, however large the journal is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Self

from socialcli.queue.journal import PLACE_DIGITS, event_id


def place_of(name: str) -> int | None:
    """Where a line was first written, from its id; None for an id of somebody else's making."""
    try:
        return int(name[:PLACE_DIGITS], 16)
    except ValueError:
        return None


class Copies:
    """Remembers only lines that have moved, in a temporary database; the others are read where they were first
    written. ``is_good`` says whether what is found there counts. Use as a context manager.
    """

    def __init__(self, journal: Path, is_good: Callable[[bytes], bool]) -> None:
        self._is_good = is_good
        self._any = False
        self._file = journal.open("rb")
        self._moved = sqlite3.connect("", isolation_level=None)
        self._moved.execute("CREATE TABLE moved (id TEXT PRIMARY KEY, offset INTEGER) WITHOUT ROWID")
        self._moved.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._moved.close()
        self._file.close()

    def before(self, name: str, offset: int) -> bytes | None:
        """The good line with the id ``name`` that stands before ``offset``; None if this is the first."""
        place = place_of(name)
        at_home = place == offset
        if self._any or not at_home:
            rows = self._moved.execute("SELECT offset FROM moved WHERE id = ?", (name,)).fetchall()
            if rows:
                return self._line(rows[0][0])
        if not at_home and place is not None and place < offset:
            line = self._line(place)
            if event_id(line) == name and self._is_good(line):
                return line
        if not at_home:
            self._any = True
            self._moved.execute("INSERT INTO moved VALUES (?, ?)", (name, offset))
        return None

    def _line(self, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.readline().removesuffix(b"\n")
