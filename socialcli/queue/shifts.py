"""Shifts in the queue: who began one, who ended theirs, and the note that was left."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from socialcli.model.ticket import Handover
from socialcli.queue.facts import decode_shift_closed
from socialcli.queue.journal import Line
from socialcli.queue.reads import Reads

_COLUMNS = "id, agent, account, opened, closed"
_NEWEST = 200  # shifts, of all agents, that are looked through


class ShiftRow(msgspec.Struct, frozen=True):
    """A shift; times are epoch seconds."""

    id: str
    agent: str
    account: str
    opened: int
    closed: int | None


class Shifts(Reads):
    def shifts(self, agent: str | None = None) -> list[ShiftRow]:
        """The newest first, of one agent or of all."""
        where = "" if agent is None else " WHERE agent = ?"
        sql = f"SELECT {_COLUMNS} FROM shifts{where} ORDER BY opened DESC, id LIMIT {_NEWEST}"
        return [ShiftRow(*row) for row in self._rows(sql, () if agent is None else (agent,))]

    def left_behind(self) -> Handover | None:
        """What the shift that ended last left for the next; None where it left nothing, or none ended yet."""
        sql = "SELECT offset, length FROM shifts WHERE closed IS NOT NULL ORDER BY closed DESC, id LIMIT 1"
        places = [(offset, length) for offset, length in self._rows(sql)]
        found = next(iter(self._lines(places, _handover)), None)
        return found if found is not None and (found.note or found.to) else None


def _handover(line: Line) -> Handover:
    facts = decode_shift_closed(line.data)
    at = datetime.fromisoformat(line.at).astimezone(UTC).replace(microsecond=0)
    return Handover(facts.agent, facts.to, facts.note, at)
