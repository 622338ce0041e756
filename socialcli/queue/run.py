"""One run of the fold over the lines that are new: chunk by chunk, each event once, archives where they are named."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

import msgspec

from socialcli.queue.archives import Archives
from socialcli.queue.facts import decode_erased, message_keys, read_line
from socialcli.queue.fold import Fold
from socialcli.queue.journal import EVENT_AT, Journal, Line, event_id
from socialcli.queue.searching import Words
from socialcli.queue.seen import Placed, Seen
from socialcli.queue.tables import Tables

# Bytes of lines that are folded at a time: so many that they stay in the processor's cache.
CHUNK = 128 << 10
_ARCHIVED = b'archived"'
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
            self.missing_archives.add(str(error))

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

    def _prefetch(self, lines: list[Placed]) -> None:
        self._tables.prefetch(
            (line.ticket for line, _, _, _ in lines if line.ticket is not None),
            (key for _, message, _, _ in lines if message is not None for key in message_keys(message)),
        )

    def _read(self, chunk: Lines) -> list[Placed]:
        """The lines decoded: those that a tombstone names without their words, wherever it stands."""
        lines: list[Placed] = []
        named: set[str] = set()
        for offset, raw in chunk:
            try:
                line, message = read_line(raw)
                lines.append((line, message, offset, len(raw)))
                if message is None and line.event == "erased" and isinstance(line, Line):
                    named.update(decode_erased(line.data).events)
            except _NO_EVENT as error:
                if raw.strip():
                    self._bad_line(offset, str(error))
        if named or self._tables.any_erased:
            named |= self._tables.erased_among([line.id for line, _, _, _ in lines])
        return self._without_words(chunk, lines, named) if named else lines

    def _without_words(self, chunk: Lines, lines: list[Placed], named: set[str]) -> list[Placed]:
        from socialcli.queue.erasing import blank

        texts = dict(chunk)
        return [
            (*read_line(blank(texts[placed[2]])), *placed[2:]) if placed[0].id in named else placed
            for placed in lines
        ]

    def _bad_line(self, offset: int, reason: str) -> None:
        self.bad_lines += 1
        self._tables.add_bad_line(offset, reason)
