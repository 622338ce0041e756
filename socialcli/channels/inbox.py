"""How far an inbox of JSON Lines was read, and which rows before that are to be looked at once more."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from errno import EINVAL
from hashlib import blake2b
from pathlib import Path

from socialcli import durable
from socialcli.channels.base import Cursor

_OVERLAP = 65536  # bytes read again before the cursor
_PRINT = 4096  # bytes of the first line, and of what stands before the offset, that tell a file from another
_MOST_BAD = 100  # rejected rows that are read again, the newest: somebody may mend them
_MOST_WAITING = 1000  # rows of a later time that the cursor may pass


class Inbox:
    """One reading of ``path`` from ``cursor`` on. Raises OSError for what cannot be read or is no regular file.

    A file that is not the one the cursor was made of (another inode, another first line, other bytes before the
    offset) is read from its beginning. ``seen`` is the offset up to which its rows were met before.
    """

    def __init__(self, path: Path, cursor: Cursor | None) -> None:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise OSError(EINVAL, "not a regular file")
        self._path = path
        offset = int(cursor["offset"]) if cursor is not None else 0
        same = cursor is not None and self._print(offset).items() <= cursor.items()
        self.seen = offset if same else 0
        self._bad: set[int] = {*cursor["bad"]} if cursor is not None and same else set()
        self._waiting: set[int] = {*cursor["waiting"]} if cursor is not None and same else set()

    def _again(self, start: int) -> Iterator[tuple[int, bytes]]:
        """The rows before ``start`` that were no messages, or not yet: (offset, line)."""
        if kept := sorted(one for one in self._bad | self._waiting if one < start):
            with self._path.open("rb") as handle:
                for offset in kept:
                    handle.seek(offset)
                    yield offset, handle.readline().removesuffix(b"\n")

    def lines(self, start: int) -> Iterator[tuple[int, bytes]]:
        """Whole lines from ``start`` on, after those that are read again."""
        yield from self._again(start)
        yield from durable.lines(self._path, start)

    def bad(self, offset: int) -> None:
        self._bad.add(offset)
        self._waiting.discard(offset)

    def waits(self, offset: int) -> None:
        self._waiting.add(offset)
        self._bad.discard(offset)

    def taken(self, offset: int) -> None:
        self._waiting.discard(offset)
        self._bad.discard(offset)

    def cursor(self, end: int) -> Cursor:
        """To be kept when the rows up to ``end`` are on disk. Where too many wait, it stays before the first of
        those that it cannot hold.
        """
        waiting = sorted(self._waiting)
        offset = max(self.seen, end)
        if len(waiting) > _MOST_WAITING:
            offset = min(offset, waiting[_MOST_WAITING])
        return {
            "offset": offset,
            "bad": sorted(self._bad)[-_MOST_BAD:],
            "waiting": waiting[:_MOST_WAITING],
            **self._print(offset),
        }

    def overlapping(self) -> int:
        """The beginning of a line, a little before ``seen``."""
        start = max(0, self.seen - _OVERLAP)
        if start == 0:
            return 0
        with self._path.open("rb") as handle:
            handle.seek(start - 1)
            handle.readline()
            return handle.tell()

    def _print(self, offset: int) -> Cursor:
        """What tells this file from another that took its place."""
        try:
            with self._path.open("rb") as handle:
                inode = os.fstat(handle.fileno()).st_ino
                head = _digest(handle.readline(_PRINT))
                handle.seek(max(0, offset - _PRINT))
                return {"inode": inode, "head": head, "tail": _digest(handle.read(min(offset, _PRINT)))}
        except FileNotFoundError:
            return {"inode": 0, "head": "", "tail": ""}


def is_of(path: Path, cursor: Cursor) -> bool:
    """Whether the cursor was made of this file as it is. Raises OSError."""
    return Inbox(path, cursor).seen == int(cursor["offset"])


def made_anew(path: Path, cursor: Cursor) -> Cursor:
    """The cursor for the same file after words in it were overwritten in place. Raises OSError."""
    return {**cursor, **Inbox(path, None)._print(int(cursor["offset"]))}  # noqa: SLF001 - of this module


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()
