"""Reading the journal through its index: what the rooms of ``Queue`` stand on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from socialcli.errors import InvalidError, NotFoundError, UsageError
from socialcli.queue.index import Index
from socialcli.queue.journal import Journal, Line, Reader
from socialcli.queue.rows import TicketRow
from socialcli.queue.tables import TICKET_COLUMNS

Read = TypeVar("Read")


class Reads:
    """Opens nothing until asked. ``now`` is the time of decisions; ``note`` tells the user."""

    def __init__(self, workspace: Path, now: Callable[[], datetime], note: Callable[[str], None]) -> None:
        self.journal = Journal(workspace / "queue.jsonl")
        self.momentary = workspace / ".socialcli"
        self.index = Index(self.momentary / "index.sqlite", self.journal)
        self._now = now
        self._note = note
        self._fresh = False

    def refresh(self) -> None:
        """See what other processes have written since."""
        self.index.refresh()
        self._tell()

    def _tell(self) -> None:
        """The index is fresh; say what was met on the way."""
        self._fresh = True
        if self.index.new_bad_lines:
            count, self.index.new_bad_lines = self.index.new_bad_lines, 0
            self._note(
                f"queue.jsonl: {count} line(s) are no events and were passed over; see: socialcli doctor"
            )
        if self.index.unknown_events:
            names, self.index.unknown_events = ", ".join(sorted(self.index.unknown_events)), set()
            self._note(f"queue.jsonl: events of a newer release were kept and passed over: {names}")

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._ask(sql, values).fetchall()

    def _ask(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        if not self._fresh:
            self.refresh()
        try:
            return self.index.db.execute(sql, values)
        except sqlite3.DatabaseError:  # damaged where nobody had looked
            return self.index.build_again().execute(sql, values)

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
            raise NotFoundError("ticket", name, hint="socialcli list shows them")
        if len(rows) > 1:
            names = ", ".join(str(row[1]) for row in rows)
            raise UsageError(f'more than one ticket begins with "{name}": {names}', hint="type more of it")
        return TicketRow(*rows[0])

    def ticket_by_number(self, number: int) -> TicketRow:
        return TicketRow(*self._rows(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n = ?", (number,))[0])

    def _lines(self, places: Sequence[tuple[int, int]], read: Callable[[Line], Read]) -> Iterator[Read]:
        if not places:
            return
        with Reader(self.journal.path) as reader:
            for offset, length in places:
                yield self._read(reader, offset, length, read)

    def _read(self, reader: Reader, offset: int, length: int, read: Callable[[Line], Read]) -> Read:
        """What stands at a place that the index knows.

        Raises InvalidError where the journal was changed in place since; the index is then made anew, so
        that the next command passes the line over.
        """
        try:
            return read(reader.line(offset, length))
        except (msgspec.DecodeError, ValueError) as error:
            self.index.refresh(anew=True)
            number = sum(1 for _ in self.journal.lines(end=offset)) + 1
            raise InvalidError(
                f"{self.journal.path}:{number}: the line was changed and is no event any more: {error}",
                hint="run the same command again: the line is then passed over; see: socialcli doctor",
            ) from error
