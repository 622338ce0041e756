"""The journal ``queue.jsonl``: what happened, one JSON event a line, appended and never edited in place.

The contract
- A line is ``{"at","id","event","ticket","by","v","data"}`` in this order. ``at`` is UTC with microseconds:
  the time the decision was made for (``--now`` freezes it), or that of the line before where the clock went
  back. ``id`` begins with the offset at which the line was first written, and ends by chance. So sorting the
  lines of a journal keeps their order, no two events have one line, and two journals can be united with
  ``sort -u``. It is not made from anybody's words.
- A line counts once its line feed is on disk. What must hold together is one event: nothing larger is atomic.
- Whoever appends holds ``.socialcli/queue.lock``. Readers take no lock and stop before an unterminated line.
- A torn tail is set aside by the next writer, never read, never deleted.
- ``append`` returns when fsync has returned: what it was given is then on disk.
- Events and fields that this release does not know stay in the file and are passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import msgspec

from socialcli import clock, durable

VERSION = 1
PLACE_DIGITS = 11  # hexadecimal: 16 TB of journal
_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
# A line from further ahead was written by a clock that was wrong: later ones do not follow it.
_MOST_AHEAD = timedelta(days=1)


class Line(msgspec.Struct, frozen=True):
    """One event as it stands in the journal; ``data`` is not decoded yet."""

    at: str
    id: str
    event: str
    ticket: str | None = None
    by: str | None = None
    v: int = VERSION
    data: msgspec.Raw = msgspec.Raw(b"{}")


class NewEvent(msgspec.Struct, frozen=True):
    """An event to be written. ``key`` tells events of the same moment apart; it never holds a text."""

    event: str
    ticket: str | None
    by: str | None
    data: Any
    key: str = ""


class _Out(msgspec.Struct):
    at: str
    id: str
    event: str
    ticket: str | None
    by: str | None
    v: int
    data: Any


decode_line = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode_into


def stamp(at: datetime) -> str:
    """The ``at`` of a line: 27 characters, so that sorting by text is sorting by time."""
    return at.strftime(_STAMP)


def encode_events(events: Iterable[NewEvent], at: datetime, start: int) -> bytes:
    """The lines of ``events`` as they will stand at offset ``start`` of the journal."""
    when, chance = stamp(at), os.urandom(4).hex()
    out = bytearray()
    for event in events:
        place = start + len(out)
        told_apart = f"{when}|{event.event}|{event.ticket}|{event.by}|{event.key}|{chance}"
        digest = blake2b(told_apart.encode(), digest_size=4).hexdigest()
        line = _Out(
            when,
            f"{place:0{PLACE_DIGITS}x}{digest}",
            event.event,
            event.ticket,
            event.by,
            VERSION,
            event.data,
        )
        _encode(line, out, len(out))
        out += b"\n"
    return bytes(out)


def _moment(raw: bytes) -> datetime | None:
    """The ``at`` of a line; None if it is no event of ours."""
    try:
        at = decode_line(raw).at
        moment = datetime.fromisoformat(at)
        return moment if stamp(moment) == at else None
    except (msgspec.DecodeError, ValueError):
        return None


class Journal:
    """The file. Reading needs no lock; ``append`` must be called under it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        """Bytes in the file, an unterminated tail included; 0 if there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def end(self) -> int:
        """Offset behind the last whole line: where the next one will be written."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return 0
        try:
            return durable.last_line_end(handle, os.lseek(handle, 0, os.SEEK_END))
        finally:
            os.close(handle)

    def _never_back(self, at: datetime, end: int) -> datetime:
        """``at``, or the ``at`` of the last line before ``end`` if that is later and can be believed."""
        if end == 0:
            return at
        handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            start = durable.last_line_end(handle, end - 1)
            last = _moment(os.pread(handle, end - start, start))
        finally:
            os.close(handle)
        if last is None or last - max(at, clock.now()) > _MOST_AHEAD:
            return at
        return max(at, last)

    def append(self, events: Iterable[NewEvent], at: datetime) -> tuple[int, Path | None]:
        """Write the events in one piece; returns how many bytes, and where a torn tail was set aside.

        Raises StorageError; the journal is then as it was.
        """
        end = self.end()
        data = encode_events(events, self._never_back(at, end), end)
        if not data:
            return 0, None
        _, torn = durable.append(self.path, data, point="journal")
        return len(data), torn

    def lines(self, start: int = 0, *, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Whole lines with their offsets, from ``start``."""
        return durable.lines(self.path, start, end=end)


class Reader:
    """Reads single lines by place; keeps the file open. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def line(self, offset: int, length: int) -> Line:
        """The event at ``offset``. Raises msgspec.DecodeError if none is there."""
        return decode_line(os.pread(self._handle, length, offset))
