"""Each event counts once, however often its line stands in the journal (copied, or united with another one).

The id of an event begins with the offset at which its line was first written. A line that stands there is the
first of its kind, unless a copy of it stood before: only ids of lines that have moved need to be remembered,
and a journal that was never touched by hand has none.
"""

from __future__ import annotations

import sqlite3
from io import FileIO
from pathlib import Path

from socialcli.model.message import Message
from socialcli.queue.journal import PLACE_DIGITS, Line
from socialcli.queue.tables import in_batches

Placed = tuple[Line, Message | None, int, int]  # with its offset and length

_ID_FROM = len('{"at":"2026-11-20T10:00:00.000000Z","id":"')


def new_events(db: sqlite3.Connection, journal: Path, lines: list[Placed]) -> list[Placed]:
    """Those of ``lines`` whose event was not folded before; remembers the ids of moved ones."""
    moved = {line.id for line, _, offset, _ in lines if not line.id.startswith(f"{offset:0{PLACE_DIGITS}x}")}
    if not moved and not db.execute("SELECT EXISTS (SELECT 1 FROM moved)").fetchone()[0]:
        return lines
    ids = sorted({line.id for line, _, _, _ in lines})
    seen = {name for (name,) in in_batches(db, "SELECT id FROM moved WHERE id IN ({})", ids)}
    kept = []
    with journal.open("rb", buffering=0) as file:
        for placed in lines:
            name, offset = placed[0].id, placed[2]
            if name in seen:
                continue
            if name in moved and _stands_before(file, name, offset):
                continue
            seen.add(name)
            kept.append(placed)
    db.executemany("INSERT OR IGNORE INTO moved VALUES (?)", ((name,) for name in moved))
    return kept


def _stands_before(file: FileIO, name: str, offset: int) -> bool:
    """Whether the line still stands where it was first written, and that is before ``offset``."""
    try:
        place = int(name[:PLACE_DIGITS], 16)
    except ValueError:
        return False  # an id of somebody else's making
    if place >= offset:
        return False
    file.seek(place)
    return file.read(_ID_FROM + len(name)).endswith(name.encode())
