"""Archives: old lines of the journal, byte for byte, in ``archive/*.jsonl.gz``.

A file is a row of gzip members (``zcat`` reads it), each of them some whole lines, so that one line can be read
without the rest. It counts once the journal holds an ``archived`` event that names it; the fold reads it there.
Its lines have places below 0: those of the first archive that the journal names come first.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from socialcli import durable
from socialcli.queue.facts import decode_archived
from socialcli.queue.journal import decode_line, event_id

FOLDER = "archive"
_SPAN = 44  # bits: the bytes that one archive may hold, uncompressed
_FIRST = -(1 << 62)
_BLOCK = 1 << 18
_LARGEST = 256 << 20  # bytes of one member, uncompressed; ours hold one line beyond 64 KiB at most
_GZIP = 31  # what zlib calls a gzip member
_MEMBER = 64 << 10  # bytes of whole lines in one member; a longer line has one of its own


class Archives:
    """Reads archives; with ``note`` writes down in the index where their members lie."""

    def __init__(self, db: sqlite3.Connection, workspace: Path, *, note: bool) -> None:
        self._db = db
        self._workspace = workspace
        self._note = note

    def chunks(self, event: bytes) -> Iterator[list[tuple[int, bytes]]]:
        """The lines of the archive that ``event`` names, with their places. Raises OSError, ValueError,
        msgspec.DecodeError.
        """
        name = decode_archived(decode_line(event).data).file
        number = self._number(name)
        for begin, length, offset, content in members(locate(self._workspace, name)):
            place = place_of(number, offset)
            if self._note:
                row = (place, number, begin, length)
                self._db.execute("INSERT OR REPLACE INTO members VALUES (?,?,?,?)", row)
            lines = []
            for line in content.split(b"\n")[:-1]:
                lines.append((place, line))
                place += len(line) + 1
            yield lines

    def _number(self, name: str) -> int:
        row = self._db.execute("SELECT number FROM archives WHERE file = ?", (name,)).fetchone()
        if row is not None:
            return int(row[0])
        number = int(self._db.execute("SELECT coalesce(max(number), 0) + 1 FROM archives").fetchone()[0])
        if self._note:
            self._db.execute("INSERT INTO archives VALUES (?, ?)", (number, name))
        return number


def place_of(number: int, offset: int) -> int:
    """The place of a line in the ``number``-th archive, by its offset in the uncompressed stream."""
    return _FIRST + (number << _SPAN) + offset


def locate(workspace: Path, name: str) -> Path:
    """The file that an ``archived`` event names; nothing outside the folder. Raises ValueError."""
    folder, _, file = name.partition("/")
    if folder != FOLDER or not file or "/" in file or file.startswith("."):
        raise ValueError(f"{name} is no archive of this workspace")
    return workspace / FOLDER / file


def in_words(error: Exception) -> str:
    """Why an archive cannot be read, with its name."""
    if isinstance(error, OSError):
        name = Path(str(error.filename)).name if error.filename else "an archive"
        return f"{name}: {(error.strerror or str(error)).lower()}"
    return str(error)


def members(path: Path) -> Iterator[tuple[int, int, int, bytes]]:
    """Each gzip member: where it begins and how long it is in the file, its offset in the uncompressed stream,
    and what it holds. Raises OSError, and ValueError where the file is damaged.
    """
    begin = offset = 0
    with path.open("rb") as file:
        rest = b""
        while rest or (rest := file.read(_BLOCK)):
            unpack = zlib.decompressobj(_GZIP)
            content, read = bytearray(), 0
            while not unpack.eof:
                if not rest and not (rest := file.read(_BLOCK)):
                    raise ValueError(f"{path.name} ends in the middle, at byte {begin + read:,}")
                try:
                    content += unpack.decompress(rest)
                except zlib.error as error:
                    raise ValueError(f"{path.name} is damaged behind byte {begin:,}") from error
                if len(content) > _LARGEST:
                    raise ValueError(
                        f"{path.name} holds more behind byte {begin} than was ever written there"
                    )
                read += len(rest) - len(unpack.unused_data)
                rest = unpack.unused_data
            yield begin, read, offset, bytes(content)
            begin, offset = begin + read, offset + len(content)


def counts(path: Path) -> tuple[int, int]:
    """How many lines an archive holds, and of how many tickets. Raises as ``members``."""
    lines, tickets = 0, set()
    for _, _, _, content in members(path):
        for raw in content.splitlines():
            lines += 1
            try:
                tickets.add(decode_line(raw).ticket)
            except (msgspec.DecodeError, ValueError, RecursionError):
                continue
    return lines, len(tickets - {None})


def held_alone(path: Path, journal: Iterable[bytes]) -> int:
    """How many lines of an archive stand nowhere in the ``journal``. Raises as ``members``."""
    alone = [
        event_id(raw) for _, _, _, content in members(path) for raw in content.splitlines() if raw.strip()
    ]
    there = {name for name in map(event_id, journal) if name is not None}
    return sum(name not in there for name in alone)


def new_name(at: datetime) -> str:
    """The name of an archive made now, as its event will tell it."""
    return f"{FOLDER}/{at:%Y%m%dT%H%M%S}-{os.urandom(3).hex()}.jsonl.gz"


def write(workspace: Path, name: str, lines: Iterable[bytes]) -> None:
    """A new archive of these lines (without line feeds), whole and on disk. Raises StorageError."""
    folder = workspace / FOLDER
    try:
        durable.step("archive-folder:before", disk=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        durable.sync_directory(workspace)
    except OSError as error:
        raise durable.storage_error(error, folder) from error
    durable.replace(locate(workspace, name), (_packed(one) for one in _portions(lines)), point="archive")


def rewrite(path: Path, contents: Iterable[bytes]) -> None:
    """The archive with other ``contents`` of its members, each as long as it was. Raises StorageError."""
    durable.replace(path.resolve(), (_packed(one) for one in contents), point="archive-rewrite")


def _portions(lines: Iterable[bytes]) -> Iterator[bytes]:
    portion = bytearray()
    for line in lines:
        if portion and len(portion) + len(line) >= _MEMBER:
            yield bytes(portion)
            portion.clear()
        portion += line + b"\n"
    if portion:
        yield bytes(portion)


def _packed(content: bytes) -> bytes:
    """A gzip member, without a time: the same content gives the same bytes."""
    pack = zlib.compressobj(wbits=_GZIP)
    return pack.compress(content) + pack.flush()


class ArchiveReader:
    """Reads single lines by place; keeps the member that was read last."""

    def __init__(self, db: sqlite3.Connection, workspace: Path) -> None:
        self._db = db
        self._workspace = workspace
        self._first = 0
        self._content = b""

    def line(self, place: int, length: int) -> bytes:
        """The line at a place below 0. Raises OSError, ValueError."""
        if not self._first <= place < self._first + len(self._content):
            self._read_member(place)
        start = place - self._first
        return self._content[start : start + length]

    def _read_member(self, place: int) -> None:
        sql = (
            "SELECT place, file, start, members.length FROM members JOIN archives USING (number)"
            " WHERE place <= ? ORDER BY place DESC LIMIT 1"
        )
        row = self._db.execute(sql, (place,)).fetchone()
        if row is None:
            raise ValueError("no archive holds this place")
        first, name, start, packed = row
        path = locate(self._workspace, name)
        with path.open("rb") as file:
            file.seek(start)
            try:
                self._first, self._content = first, zlib.decompress(file.read(packed), _GZIP)
            except zlib.error:  # damaged, or rewritten just now by an erasure: then its places are as before
                self._first, self._content = _found_at(path, first)


def _found_at(path: Path, place: int) -> tuple[int, bytes]:
    """The member that begins at ``place``, by reading all before it. Raises ValueError."""
    wanted = (place - _FIRST) & ((1 << _SPAN) - 1)
    for _, _, offset, content in members(path):
        if offset == wanted:
            return place, content
    raise ValueError(f"{path.name} holds nothing at {wanted}")
