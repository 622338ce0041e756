"""Reading the journal through its index: what the rooms of ``Queue`` stand on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from socialcli.errors import ConflictError, InvalidError, NotFoundError, UsageError
from socialcli.queue.archives import ArchiveReader, in_words
from socialcli.queue.index import Index
from socialcli.queue.journal import Journal, Line, Reader, decode_line, event_id
from socialcli.queue.rows import TicketRow
from socialcli.queue.schema import TICKET_COLUMNS, places_of
from socialcli.text.counted import counted

Read = TypeVar("Read")
_LOOK = "see: socialcli doctor --verify"


class Reads:
    """Opens nothing until asked. ``now`` is the time of decisions; ``note`` tells the user."""

    def __init__(self, workspace: Path, now: Callable[[], datetime], note: Callable[[str], None]) -> None:
        self.journal = Journal(workspace / "queue.jsonl")
        self.momentary = workspace / ".socialcli"
        self.index = Index(self.momentary / "index.sqlite", self.journal)
        self._now = now
        self._note = note
        self._fresh = False
        self._erased: bool | None = None  # whether there are tombstones; None: not looked yet

    def refresh(self) -> None:
        """See what other processes have written since."""
        self.index.refresh()
        self._tell()

    def _tell(self) -> None:
        """The index is fresh; say what was met on the way."""
        self._fresh = True
        self._erased = None
        if self.index.new_bad_lines:
            count, self.index.new_bad_lines = self.index.new_bad_lines, 0
            self._note(
                f"queue.jsonl: {counted(count, 'line')} passed over, being no event; see: socialcli doctor"
            )
        if self.index.unknown_events:
            names, self.index.unknown_events = ", ".join(sorted(self.index.unknown_events)), set()
            self._note(f"queue.jsonl: events of a newer release were kept and passed over: {names}")
        for reason in sorted(self.index.missing_archives):
            self._note(f"an archive could not be read; its tickets are missing: {reason}")
        self.index.missing_archives.clear()
        if self.index.lost:
            lost, self.index.lost = self.index.lost, 0
            self._note(
                f"queue.jsonl is {lost:,} bytes shorter than it was: if it was put back from a copy, see: "
                "socialcli doctor --verify"
            )

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        if not self._fresh:
            self.refresh()
        try:
            return self.index.db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError:  # damaged where nobody had looked
            return self.index.build_again().execute(sql, values).fetchall()

    def _ask(self, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows as a stream."""
        if not self._fresh:
            self.refresh()
        try:
            rows = self.index.db.execute(sql, values)
        except sqlite3.DatabaseError:  # damaged where nobody had looked
            rows = self.index.build_again().execute(sql, values)
        yield from rows

    def explain(self, error: Exception) -> None:
        """Raises InvalidError where the index turned out to be damaged; it is made again at once."""
        if isinstance(error, sqlite3.DatabaseError):
            self.index.build_again()
            raise InvalidError(
                f"{self.momentary / 'index.sqlite'} was damaged ({error}), and was made again",
                hint="nothing was lost: run the same command again",
            ) from error

    def ticket(self, name: str) -> TicketRow:
        """By id, former id, or a unique beginning of one. Raises NotFoundError, UsageError."""
        name = name.strip().lower()
        after = f"{name}\uffff"
        rows = self._rows(
            f"SELECT {TICKET_COLUMNS} FROM tickets WHERE id >= ?1 AND id < ?2 UNION "
            f"SELECT {TICKET_COLUMNS} FROM aliases JOIN tickets USING (n)"
            " WHERE aliases.id >= ?1 AND aliases.id < ?2 LIMIT 5",
            (name, after),
        )
        if not name or not rows:
            hint = "socialcli list shows them"
            if self.index.unread():
                hint = "an archive cannot be read, and may hold it: socialcli doctor --verify"
            raise NotFoundError("ticket", name, hint=hint)
        if len(rows) > 1:
            names = ", ".join(str(row[1]) for row in rows)
            raise UsageError(f'more than one ticket begins with "{name}": {names}', hint="type more of it")
        return TicketRow(*rows[0])

    def ticket_by_number(self, number: int) -> TicketRow:
        """Also by the number that it had before a merge."""
        wanted = "coalesce((SELECT into_n FROM merged WHERE merged.n = ?1), ?1)"
        return TicketRow(
            *self._rows(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n = {wanted}", (number,))[0]
        )

    def _places(self, n: int, *kinds: int) -> list[tuple[int, int]]:
        """Offset and length of the events of these kinds of a ticket, in the order of the journal."""
        self._rows("SELECT 1")  # fresh, and sound
        return [place[:2] for place in places_of(self.index.db, n) if place[2] in kinds]

    def _reader(self) -> Reader:
        archived = ArchiveReader(self.index.db, self.journal.path.parent)
        return Reader(self.journal.path, archived.line)

    def _lines(self, places: Sequence[tuple[int, int]], read: Callable[[Line], Read]) -> Iterator[Read]:
        if not places:
            return
        with self._reader() as reader:
            for offset, length in places:
                yield self._read(reader, offset, length, read)

    def _read(self, reader: Reader, offset: int, length: int, read: Callable[[Line], Read]) -> Read:
        """What stands at a place that the index knows.

        Raises InvalidError where the journal was changed in place since; the index is then made anew, so
        that the next command passes the line over.
        """
        try:
            return read(decode_line(self._masked(reader.raw(offset, length))))
        except (msgspec.DecodeError, ValueError, RecursionError, OSError) as error:
            if self.index.is_behind():
                raise ConflictError(
                    f"{self.journal.path} was rewritten while it was read (archive, forget, doctor --repair)",
                    hint="nothing was lost: run the same command again",
                ) from error
            self.index.refresh(anew=True)
            if offset < 0:
                raise InvalidError(f"an archive cannot be read: {in_words(error)}", hint=_LOOK) from error
            number = sum(1 for _ in self.journal.lines(end=offset)) + 1
            raise InvalidError(
                f"{self.journal.path}:{number}: the line was changed and is no event any more: {error}",
                hint=f"run the same command again: the line is then passed over; {_LOOK}",
            ) from error

    def _masked(self, raw: bytes) -> bytes:
        """A line as it may be read: without the words that a tombstone took from it, wherever they still stand."""
        if self._erased is None:
            self._erased = bool(self._rows("SELECT EXISTS (SELECT 1 FROM erased)")[0][0])
        found = (
            self._rows("SELECT customer FROM erased WHERE id = ?", (event_id(raw),)) if self._erased else []
        )
        if not found:
            return raw
        from socialcli.queue.erasing import blank

        return blank(raw, found[0][0])
