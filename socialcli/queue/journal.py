"""The journal ``queue.jsonl``: what happened, one JSON event a line, appended and never edited in place.

The contract
- A line is ``{"at","id","event","ticket","by","v","data","sum"}`` in this order. ``at`` is UTC with microseconds:
  the time the decision was made for (``--now`` freezes it), or that of the line before where the clock went
  back. ``id`` begins with the offset at which the line was first written, and ends by chance. So sorting the
  lines of a journal keeps their order, no two events have one line, and two journals can be united with
  ``sort -u``. It is not made from anybody's words. ``sum`` is the CRC-32 (8 hexadecimal digits) of all bytes
  before it; lines of older releases have none. Only ``doctor --verify`` looks at it.
- A line counts once its line feed is on disk. What must hold together is one event: nothing larger is atomic.
- Whoever appends holds ``.socialcli/queue.lock``. Readers take no lock and stop before an unterminated line.
- A torn tail is set aside by the next writer, never read, never deleted.
- ``append`` returns when fsync has returned: what it was given is then on disk.
- Events and fields that this release does not know stay in the file and are passed over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from zlib import crc32

import msgspec

from socialcli import clock, durable

VERSION = 1
PLACE_DIGITS = 11  # hexadecimal: 16 TB of journal
_ID = f"%0{PLACE_DIGITS}x%08x"
_SUM_DIGITS = 8
_SEAL = b',"sum":"00000000"}'
_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
# A line from further ahead was written by a clock that was wrong: later ones do not follow it.
_MOST_AHEAD = timedelta(days=1)
_FEW = 16  # lines at the end of the journal that are looked at for its last event


class Line(msgspec.Struct, frozen=True, gc=False):
    """One event as it stands in the journal; ``data`` is not decoded yet."""

    at: str
    id: str
    event: str
    ticket: str | None = None
    by: str | None = None
    v: int = VERSION
    data: msgspec.Raw = msgspec.Raw(b"{}")


class NewEvent(msgspec.Struct, frozen=True, gc=False):
    """An event to be written. ``key`` tells events of the same moment apart; it never holds a text."""

    event: str
    ticket: str | None
    by: str | None
    data: Any
    key: str = ""


class _Out(msgspec.Struct, gc=False):
    at: str
    id: str
    event: str
    ticket: str | None
    by: str | None
    v: int
    data: Any


decode_line = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode


EVENT_AT = len('{"at":"2026-11-20T10:00:00.000000Z","id":"0000000000014eca5cd","event":"')
_ID_AT = len('{"at":"2026-11-20T10:00:00.000000Z","id":"')
_LONGEST_ID = 200


def is_event(raw: bytes, name: bytes) -> bool:
    """Whether a line is an event of this name, without decoding it."""
    return raw.startswith(name + b'"', EVENT_AT)


def event_id(raw: bytes) -> str | None:
    """The id in a line, without decoding it; None if it does not begin as lines of a journal do."""
    if not raw.startswith(b'{"at":"') or not raw.startswith(b'","id":"', _ID_AT - 8):
        return None
    end = raw.find(b'"', _ID_AT, _ID_AT + _LONGEST_ID)
    return None if end < 0 else raw[_ID_AT:end].decode("utf-8", "replace")


def stamp(at: datetime) -> str:
    """The ``at`` of a line: 27 characters, so that sorting by text is sorting by time."""
    return at.strftime(_STAMP)


def placed(raw: bytes, place: int) -> bytes:
    """A line with this place in its id, where it has one that could hold it."""
    if event_id(raw) is None or not 0 <= place < 16**PLACE_DIGITS:
        return raw
    return b"%b%0*x%b" % (raw[:_ID_AT], PLACE_DIGITS, place, raw[_ID_AT + PLACE_DIGITS :])


def encode_events(events: Iterable[NewEvent], at: datetime, start: int) -> bytes:
    """The lines of ``events`` as they will stand at offset ``start`` of the journal."""
    when, chance = stamp(at), int.from_bytes(os.urandom(4))
    out, place = [], start
    for event in events:
        told_apart = crc32(f"{event.event}|{event.ticket}|{event.by}|{event.key}".encode(), chance)
        line = _Out(
            when,
            _ID % (place, told_apart),
            event.event,
            event.ticket,
            event.by,
            VERSION,
            event.data,
        )
        body = _encode(line)[:-1]
        out.append(b'%b,"sum":"%08x"}\n' % (body, crc32(body)))
        place += len(out[-1])
    return b"".join(out)


def sealed(line: bytes) -> bytes:
    """A line, whose ``sum`` may be missing or wrong, with the right one."""
    line = line.rstrip()
    body = line[: -len(_SEAL)] if is_sealed(line) else line[:-1]
    return body + _sealing(body)


def is_sealed(line: bytes) -> bool:
    """Whether a line, without white space behind it, ends with a ``sum``, right or wrong."""
    return line.endswith(b'"}') and line[: -_SUM_DIGITS - 2].endswith(_SEAL[: -_SUM_DIGITS - 2])


def agrees(line: bytes) -> bool:
    """Whether the ``sum`` of a sealed line is right."""
    return line.endswith(_sealing(line[: -len(_SEAL)]))


def _sealing(body: bytes | bytearray) -> bytes:
    return b',"sum":"%08x"}' % crc32(body)


def moment_of(raw: bytes) -> datetime | None:
    """The ``at`` of a line; None if it is no event of ours."""
    try:
        at = decode_line(raw).at
        moment = datetime.fromisoformat(at)
        return moment if stamp(moment) == at else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _last_moment(handle: int, end: int) -> datetime | None:
    """The ``at`` of the last event before ``end``: behind it a few lines may be bad, or were set aside."""
    for _ in range(_FEW):
        if end == 0:
            break
        start = durable.last_line_end(handle, end - 1)
        moment = moment_of(os.pread(handle, end - start, start))
        if moment is not None:
            return moment
        end = start
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

    def never_back(self, at: datetime, end: int) -> datetime:
        """``at``, or the ``at`` of the last line before ``end`` if that is later and can be believed."""
        if end == 0:
            return at
        handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            last = _last_moment(handle, end)
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
        data = encode_events(events, self.never_back(at, end), end)
        if not data:
            return 0, None
        _, torn = durable.append(self.path, data, point="journal")
        return len(data), torn

    def lines(self, start: int = 0, *, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Whole lines with their offsets, from ``start``."""
        return durable.lines(self.path, start, end=end)

    def mentions(self, *words: bytes) -> bool:
        """Whether any of the words stands anywhere in the file: quicker by far than to read its lines."""
        return durable.mentions(self.path, words)

    def chunks(self, start: int, size: int) -> Iterator[list[tuple[int, bytes]]]:
        """Whole lines with their offsets, from ``start``, about ``size`` bytes of them at a time."""
        return durable.chunks(self.path, start, size)


class Reader:
    """Reads single lines by place; keeps the file open. Use as a context manager. ``archived`` reads those that
    lie in an archive: places below 0.
    """

    def __init__(self, path: Path, archived: Callable[[int, int], bytes]) -> None:
        self._archived = archived
        try:
            self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle >= 0:
            os.close(self._handle)

    def raw(self, offset: int, length: int) -> bytes:
        """The line at ``offset``. Raises OSError, ValueError for an archive that cannot be read."""
        if offset < 0:
            return self._archived(offset, length)
        return os.pread(self._handle, length, offset) if self._handle >= 0 else b""
