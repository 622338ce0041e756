"""Each event counts once, however often its line stands in the journal (copied, or united with another one).

The ids of a journal rise from line to line, and its rewrites keep their order. So a line with an id above all
before it is new, and nothing need be remembered but the highest one. Where an id does not rise (lines were
copied, two journals were united, an archive holds older lines), all ids are remembered from then on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from socialcli.model.message import Message
from socialcli.queue.facts import MessageLine
from socialcli.queue.journal import Line
from socialcli.queue.schema import in_batches

Placed = tuple[Line | MessageLine, Message | None, int, int]  # with its offset and length


class Seen:
    """``high`` is the highest id that was folded; ``rising`` whether all ids rose so far. ``earlier`` lists the
    ids of all lines before a place.
    """

    def __init__(
        self, db: sqlite3.Connection, high: str, earlier: Callable[[int], Iterable[str]], *, rising: bool
    ) -> None:
        self.high = high
        self.rising = rising
        self._db = db
        self._earlier = earlier

    def new_events(self, lines: list[Placed]) -> list[Placed]:
        """Those of ``lines`` whose event was not folded before."""
        if self.rising:
            high = self.high
            for placed in lines:
                if placed[0].id <= high:
                    break
                high = placed[0].id
            else:
                self.high = high
                return lines
            self.rising, self.high = False, ""
            first = lines[0][2]
            self._remember(self._earlier(first))
        return self._not_yet(lines)

    def _not_yet(self, lines: list[Placed]) -> list[Placed]:
        ids = list(dict.fromkeys(placed[0].id for placed in lines))
        seen = {name for (name,) in in_batches(self._db, "SELECT id FROM seen WHERE id IN ({})", ids)}
        kept = []
        for placed in lines:
            if placed[0].id not in seen:
                seen.add(placed[0].id)
                kept.append(placed)
        self._remember(ids)
        return kept

    def _remember(self, ids: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?)", ((name,) for name in ids))
