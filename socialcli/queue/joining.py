"""The fold of incidents: what began, what became of it, which tickets joined.

What became of one is settled by rank, as with drafts, so two journals that are united say the same in any order:
suspected < dismissed as a mere suspicion < open < dismissed while open < closed. What is told of one before its beginning
waits for that. An incident that stands twice counts once, as it was first told. A ticket is in the incident that it joined
last.
"""

from __future__ import annotations

from datetime import datetime

from socialcli.queue.facts import (
    INCIDENT_RANK,
    RAISED,
    TURNED,
    decode_joined,
    decode_massed,
    decode_raised,
    decode_turned,
)
from socialcli.queue.folding import Folding
from socialcli.queue.journal import Line
from socialcli.queue.rows import TicketRow


class Joining(Folding):
    def _on_raised(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_raised(line.data)
        state = RAISED[line.event]
        self._tables.raise_incident(facts, state, INCIDENT_RANK[state, ""], offset, length)

    def _on_turned(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_turned(line.data)
        at = int(datetime.fromisoformat(line.at).timestamp())
        state = TURNED[line.event]
        rank = INCIDENT_RANK.get((state, facts.was), INCIDENT_RANK[state, ""])
        self._tables.turn_incident(facts.incident, state, rank, at, offset, length)

    def _on_joined(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_joined(line.data)
        self._inbox(row)
        row.incident, row.joined_as = facts.incident, line.ticket

    def _on_mass(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        self._tables.set_mass(decode_massed(line.data), line.at + line.id, offset, length)
