"""What presses, out of the index alone: deadlines and drafts, counted or as rows, for one agent or for all."""

from __future__ import annotations

import msgspec

from socialcli.queue.massing import Massing, held_sql
from socialcli.queue.rows import TicketRow
from socialcli.queue.schema import TICKET_COLUMNS

_HAS_IT = "CASE WHEN assignee IS NOT NULL AND (lease IS NULL OR lease >= ?1) THEN assignee ELSE assigned END"
# Tickets whose deadline runs and ends before ?2; of those that agent ?3 has, or nobody.
_RUNS = (
    "bucket <= 2 AND respond = 'respond' AND due <= ?2 AND coalesce(snoozed, 0) <= ?1"
    f" AND coalesce({_HAS_IT}, ?3) IS ?3"
)
_ANYBODY = "bucket <= 2 AND respond = 'respond' AND due <= ?2 AND coalesce(snoozed, 0) <= ?1 AND ?3 IS NULL"
_NEAR = "due >= ?1 AND warn <= ?1"


class Deadlines(msgspec.Struct, frozen=True):
    """How many tickets are past their deadline, about to miss it, and due later on."""

    late: int = 0
    near: int = 0
    due: int = 0


class Waits(msgspec.Struct, frozen=True):
    """A draft that waits for a person; ``agent`` wrote it."""

    id: str
    agent: str
    state: str


class Pressing(Massing):
    def deadlines(self, upto: int, agent: str | None) -> Deadlines:
        """Of tickets due by ``upto`` (epoch seconds) that the agent has, or nobody; None: whoever has them. Without
        those that sleep or that mass mode holds back.
        """
        where, values = self._running(upto, agent)
        sql = (
            f"SELECT coalesce(sum(due < ?1), 0), coalesce(sum({_NEAR}), 0), count(*)"
            f" FROM tickets INDEXED BY tickets_order WHERE {where}"
        )
        late, near, every = self._rows(sql, values)[0]
        return Deadlines(late, near, every - late - near)

    def due_rows(self, upto: int, agent: str | None) -> list[TicketRow]:
        """The same tickets, the soonest due first."""
        where, values = self._running(upto, agent)
        rows = self._rows(f"SELECT {TICKET_COLUMNS} FROM tickets WHERE {where} ORDER BY due, id", values)
        return [TicketRow(*values) for values in rows]

    def _running(self, upto: int, agent: str | None) -> tuple[str, list[int | str | None]]:
        held, more = held_sql(self.gates())
        where = (_ANYBODY if agent is None else _RUNS) + (f" AND NOT {held}" if held else "")
        return where, [int(self._now().timestamp()), upto, agent, *more]

    def waiting_drafts(self, *states: str) -> list[Waits]:
        """Drafts in these states, oldest first."""
        marks = ",".join("?" * len(states))
        rows = self._rows(
            f"SELECT id, agent, state FROM drafts WHERE state IN ({marks}) ORDER BY offset", states
        )
        return [Waits(*values) for values in rows]
