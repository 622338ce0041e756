"""One run of the fold over the lines that are new: chunk by chunk, each event once, archives where they are named."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress

import msgspec

from socialcli.model.message import Message
from socialcli.queue.archives import Archives, in_words
from socialcli.queue.facts import (
    MessageLine,
    decode_erased,
    message_key,
    message_keys,
    read_line,
    read_message,
)
from socialcli.queue.findings import without_values
from socialcli.queue.fold import Fold
from socialcli.queue.journal import EVENT_AT, PLACE_DIGITS, Journal, Line, decode_line, event_id
from socialcli.queue.searching import Words
from socialcli.queue.seen import Placed, Seen
from socialcli.queue.sidetables import Meant
from socialcli.queue.tables import Tables

# Bytes of lines that are folded at a time: so many that they stay in the processor's cache.
CHUNK = 128 << 10
_ARCHIVED = b'archived"'
_ERASED = b'erased"'
_MAY_HOLD_TOMBSTONES = (b'"event":"erased"', b'"event":"archived"')
_CHANGES = ("edited", "renamed", "deleted")
_BY_MESSAGE_ONLY = ("restricted", "lifted")  # they protect others: a tombstone that takes one names it
# What a line may raise that is JSON and still no event: whatever stands in it, the other lines count.
_NO_EVENT = (msgspec.DecodeError, ValueError, TypeError, OverflowError, RecursionError, OSError)

Lines = list[tuple[int, bytes]]  # with their places


class Run:
    """``meta`` is what the index knows of earlier runs; without it nothing is folded."""

    def __init__(
        self,
        db: sqlite3.Connection,
        journal: Journal,
        meta: Mapping[str, int | str] | None = None,
        tables: Tables | None = None,
    ) -> None:
        self.bad_lines = 0
        self.unknown_events: set[str] = set()
        self.missing_archives: set[str] = set()
        self._db = db
        self._journal = journal
        self._folds = meta is not None
        self._tables = tables or Tables(db)
        self._fold = Fold(self._tables)
        self._words = Words(db)
        meta = meta or {}
        self.seen = Seen(db, str(meta.get("high", "")), self._ids_before, rising=bool(meta.get("rising", 1)))

    def chunks(self, start: int) -> Iterator[Lines]:
        """The lines of the journal from offset ``start``, and behind an event that names an archive those of
        the archive, in chunks of their own.
        """
        for chunk in self._journal.chunks(start, CHUNK):
            done = 0
            for at in [at for at, (_, raw) in enumerate(chunk) if raw.startswith(_ARCHIVED, EVENT_AT)]:
                yield chunk[done : at + 1]
                yield from self._archived(chunk[at][1])
                done = at + 1
            if done < len(chunk):
                yield chunk[done:] if done else chunk

    def _archived(self, event: bytes) -> Iterator[Lines]:
        try:
            yield from Archives(self._db, self._journal.path.parent, note=self._folds).chunks(event)
        except _NO_EVENT as error:
            self.missing_archives.add(in_words(error))

    def _ids_before(self, place: int) -> Iterator[str]:
        earlier = Run(self._db, self._journal)
        for offset, raw in (placed for chunk in earlier.chunks(0) for placed in chunk):
            if offset == place:
                return
            name = event_id(raw)
            if name is not None:
                yield name

    def fold(self, chunk: Lines) -> None:
        """Fold these lines, and write the rows."""
        lines = self.seen.new_events(self._read(chunk))
        self._prefetch(lines)
        take, apply = self._fold.take, self._fold.apply
        for line, message, offset, length in lines:
            try:
                if message is not None:
                    take(line, message, offset, length)
                elif not apply(line, offset, length):  # type: ignore[arg-type]  # a line without a message
                    self.unknown_events.add(line.event)
            except _NO_EVENT as error:
                self._bad_line(offset, f"{line.event}: {error}")
        self._fold.relieve()
        self._words.add(lines)

    def finish(self) -> None:
        """Write what still waits."""
        self._fold.flush()
        self._tables.lately.write()

    def _prefetch(self, lines: list[Placed]) -> None:
        self._tables.prefetch(
            (line.ticket for line, _, _, _ in lines if line.ticket is not None),
            (key for _, message, _, _ in lines if message is not None for key in message_keys(message)),
        )

    def _read(self, chunk: Lines) -> list[Placed]:
        """The lines decoded: those that a tombstone names without their words, wherever it stands."""
        lines: list[Placed] = []
        for offset, raw in chunk:
            try:
                line, message = read_line(raw)
                lines.append((line, message, offset, len(raw)))
                if message is None and line.event == "erased" and isinstance(line, Line):
                    self._add_tombstone(line)
            except _NO_EVENT as error:
                if raw.strip():
                    self._bad_line(offset, str(error))
        if not self._tables.any_erased:
            return lines
        self._tables.add_meant([meant(line, message) for line, message, _, _ in lines])
        erased = self._tables.erased_among([line.id for line, _, _, _ in lines])
        return self._without_words(chunk, lines, erased) if erased else lines

    def _without_words(
        self, chunk: Lines, lines: list[Placed], erased: Mapping[str, str | None]
    ) -> list[Placed]:
        from socialcli.queue.erasing import blank

        texts = dict(chunk)
        return [
            (*read_line(blank(texts[placed[2]], erased[placed[0].id])), *placed[2:])
            if placed[0].id in erased
            else placed
            for placed in lines
        ]

    def learn(self) -> None:
        """Note all tombstones before anything is folded: lines that they mean may stand before them."""
        if not self._journal.mentions(*_MAY_HOLD_TOMBSTONES):
            return
        for chunk in Run(self._db, self._journal).chunks(0):
            for _, raw in chunk:
                if raw.startswith(_ERASED, EVENT_AT):
                    with suppress(*_NO_EVENT):  # it is met again, and noted as bad
                        self._add_tombstone(decode_line(raw))

    def _add_tombstone(self, line: Line) -> None:
        self._tables.add_tombstone(line.ticket, line.at + line.id, decode_erased(line.data))

    def _bad_line(self, offset: int, reason: str) -> None:
        self.bad_lines += 1
        self._tables.add_bad_line(offset, without_values(reason))


def meant(line: Line | MessageLine, message: Message | None) -> Meant:
    """What a line is known by to a tombstone that does not name it."""
    if message is None and line.event in _CHANGES and isinstance(line, Line):
        with suppress(*_NO_EVENT):
            message = read_message(line)
    key = None if message is None or message.deleted else message_key(message.network, message.id)
    return line.id, line.at, None if line.event in _BY_MESSAGE_ONLY else line.ticket, key


def brings_tombstones(journal: Journal, start: int) -> bool:
    """Whether tombstones of another copy stand behind ``start``: what they mean may stand anywhere before. One that
    was written here has its place in its id.
    """
    return any(
        raw.startswith(_ERASED, EVENT_AT)
        and not (event_id(raw) or "").startswith(f"{place:0{PLACE_DIGITS}x}")
        for place, raw in journal.lines(start)
    )
