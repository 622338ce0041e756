"""The fold of incidents: what began, what became of it, which tickets joined.

What became of one is settled by rank, as with drafts: suspected < open < dismissed < closed, so two journals that
are united say the same in any order. An incident that stands twice counts once, as it was first told. A ticket
is in the incident that it joined last.
"""

from __future__ import annotations

from datetime import datetime

from socialcli.queue.facts import RAISED, TURNED, decode_joined, decode_raised, decode_turned
from socialcli.queue.folding import Folding
from socialcli.queue.journal import Line
from socialcli.queue.rows import TicketRow


class Joining(Folding):
    def _on_raised(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_raised(line.data)
        at = facts.opened
        self._tables.turn_incident(facts.incident, RAISED[line.event], at, offset, length, facts)

    def _on_turned(self, line: Line, _row: TicketRow | None, offset: int, length: int) -> None:
        facts = decode_turned(line.data)
        at = int(datetime.fromisoformat(line.at).timestamp())
        self._tables.turn_incident(facts.incident, TURNED[line.event], at, offset, length)

    def _on_joined(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        facts = decode_joined(line.data)
        self._inbox(row)
        row.incident = facts.incident
