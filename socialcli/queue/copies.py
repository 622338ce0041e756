"""Finding lines whose id stood in the journal before, however large the journal is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from socialcli.queue.journal import PLACE_DIGITS, event_id


def place_of(name: str) -> int | None:
    """Where a line was first written, from its id; None for an id of somebody else's making."""
    try:
        return int(name[:PLACE_DIGITS], 16)
    except ValueError:
        return None


def is_erased_form(line: bytes, of: bytes) -> bool:
    """Whether ``line`` is what an erasure left ``of`` the other."""
    from socialcli.queue.erasing import blank

    try:
        return line != of and blank(of, _customer(line)).rstrip() == line.rstrip()
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False


def erased_forms(lines: Mapping[str | None, Sequence[bytes]]) -> dict[str, str | None]:
    """Of good lines by id: the ids of which an erased form is among several, and what its customer is called."""
    found: dict[str, str | None] = {}
    for name, those in lines.items():
        for line in those if name is not None and len(those) > 1 else ():
            if name is not None and any(is_erased_form(line, of) for of in those):
                found[name] = _customer(line)
    return found


def _customer(line: bytes) -> str | None:
    """The pseudonym in an erased line; None for one that leaves people their names."""
    from socialcli.queue.erasing import PSEUDONYM

    try:
        facts = _decode_called(line).data
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    called = facts.author.handle if facts.author else facts.handle
    return called if called is not None and called.startswith(PSEUDONYM) else None


class _Author(msgspec.Struct):
    handle: str | None = None


class _Called(msgspec.Struct):
    author: _Author | None = None
    handle: str | None = None


class _WithName(msgspec.Struct):
    data: _Called


_decode_called = msgspec.json.Decoder(_WithName).decode


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
