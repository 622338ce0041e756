"""The fold of shifts."""

from __future__ import annotations

from socialcli.queue.facts import decode_shift_closed, decode_shift_opened
from socialcli.queue.folding import Folding, seconds_of
from socialcli.queue.journal import Line
from socialcli.queue.rows import TicketRow


class Shifting(Folding):
    """A shift is known by its id, so it counts once, and united journals may tell its end first."""

    def _on_shift_opened(self, line: Line, _row: TicketRow | None, _offset: int, _length: int) -> None:
        self._tables.open_shift(decode_shift_opened(line.data))

    def _on_shift_closed(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_shift_closed(line.data)
        self._tables.close_shift(facts, seconds_of(line.at), offset, length)
