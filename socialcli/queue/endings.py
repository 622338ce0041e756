"""How tickets ended, and what is still to be said to their customers: the owed thanks, who is asked how it is, who
thanked us or helped somebody else.
"""

from __future__ import annotations

import msgspec

from socialcli.model.followup import FOLLOW_UPS
from socialcli.queue.facts import message_key
from socialcli.queue.reads import Reads
from socialcli.queue.rows import BUCKETS, TicketRow
from socialcli.queue.schema import TICKET_COLUMNS

_ENDING = "endings.first, endings.at, outcome, endings.by"
_OF = (
    f"SELECT {_ENDING}, {TICKET_COLUMNS} FROM endings LEFT JOIN merged USING (n)"
    " JOIN tickets ON tickets.n = coalesce(into_n, endings.n) WHERE tickets.withdrawn = 0"
)
# Of the ticket, or of one that was merged into it.
_OVER = (
    "(EXISTS (SELECT 1 FROM endings e WHERE e.n = tickets.n AND e.{0} = 1) OR EXISTS"
    " (SELECT 1 FROM merged m JOIN endings e ON e.n = m.n WHERE m.into_n = tickets.n AND e.{0} = 1))"
)
_MOST = 1000  # of one kind that are looked at, the longest waiting first
_STILL_OWED = BUCKETS["on-hold"]  # buckets up to this one wait for us


class Ended(msgspec.Struct, frozen=True):
    """A ticket and its end. ``first`` and ``at``: when it was resolved, the first time and the last, epoch seconds."""

    first: int
    at: int
    outcome: str | None
    by: str | None
    row: TicketRow


class Endings(Reads):
    def unthanked(self, row: TicketRow | None = None) -> list[Ended]:
        """Solved tickets, or this one, whose customers are still owed a public thank-you, the oldest end first."""
        wanted = f"thank = 1 AND thanked = 0 AND tickets.status = 'solved' AND NOT {_OVER.format('thanked')}"
        return self._ended(wanted, (), row)

    def unasked(self, since: int, upto: int, row: TicketRow | None = None) -> list[Ended]:
        """Solved tickets, or this one, that were well ended between these times (epoch seconds), and whose customers
        were not asked how it is and have not written since the first end.
        """
        wanted = (
            "asked = 0 AND endings.at >= ? AND endings.at <= ? AND outcome IN ('fixed', 'answered')"
            " AND tickets.status = 'solved' AND tickets.text_created <= endings.first"
            f" AND NOT {_OVER.format('asked')}"
        )
        return self._ended(wanted, (since, upto), row)

    def _ended(self, wanted: str, values: tuple[int, ...], row: TicketRow | None) -> list[Ended]:
        only = "" if row is None else f" AND tickets.n = {row.n}"
        rows = self._rows(f"{_OF} AND {wanted}{only} ORDER BY endings.at, tickets.id LIMIT {_MOST}", values)
        found: dict[int, Ended] = {}
        for first, at, outcome, by, *ticket in rows:  # two ends of one ticket after a merge: the newer one
            one = Ended(first, at, outcome, by, TicketRow(*ticket))
            found[one.row.n] = one
        return sorted(found.values(), key=lambda one: (one.at, one.row.id))

    def praised(self, since: int, row: TicketRow | None = None) -> list[TicketRow]:
        """Tickets, or this one, whose latest message since then (epoch seconds) nobody answered and is praise, or sounds
        glad after an answer of ours, and that were not suggested in vain before, oldest first.
        """
        wanted = (
            f"bucket <= {_STILL_OWED} AND (kind = 'praise' OR (sentiment > 0.05 AND answered_by_us))"
            f" AND received IS NOT NULL AND text_created >= ? AND withdrawn = 0 AND NOT {_OVER.format('greeted')}"
        )
        only = "" if row is None else f" AND n = {row.n}"
        rows = self._rows(
            f"SELECT {TICKET_COLUMNS} FROM tickets WHERE {wanted}{only} ORDER BY text_created, id LIMIT {_MOST}",
            (since,),
        )
        return [TicketRow(*values) for values in rows]

    def is_followed(self, row: TicketRow, what: str) -> bool:
        """Whether this follow-up of the ticket was done, or dismissed."""
        over = _OVER.format(FOLLOW_UPS[what])
        return bool(self._rows(f"SELECT {over} FROM tickets WHERE n = ?", (row.n,))[0][0])

    def ticket_of(self, network: str, message: str) -> TicketRow | None:
        """The ticket that a message was read into; None where it was not, or is gone."""
        sql = "SELECT n FROM messages WHERE key = ? AND n IS NOT NULL"
        rows = self._rows(sql, (message_key(network, message),))
        return self.ticket_by_number(rows[0][0]) if rows else None


def is_owed(row: TicketRow) -> bool:
    """Whether the ticket waits for us."""
    return row.bucket <= _STILL_OWED
