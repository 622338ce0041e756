"""Mass mode in the queue: for which incidents it is on, whom it holds back, how many answers the last hour had.

Nothing is written for a ticket that is held: it follows from its incident, what it is worth (``tier``), the policy
and the clock, so that all of them come back by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Protocol

from msgspec import Struct

from socialcli.model.mass import ALWAYS, FIRST, OTHERS, Held, Mode
from socialcli.queue.facts import Massed, decode_massed
from socialcli.queue.journal import Line
from socialcli.queue.reads import Reads
from socialcli.queue.rows import BUCKETS, TicketRow

HOUR = 3600  # seconds of which answers are counted
_OWED = (BUCKETS["open"], BUCKETS["on-hold"])  # buckets whose tickets wait for an answer
# An answer of one's own: no pointer to a statement, no correction of an answer, no word that we are closed.
_ANSWER = "drafts.points = 0 AND drafts.corrects IS NULL AND drafts.acknowledges = 0"
_POINTER = "drafts.points AND NOT drafts.again"  # a word that it is over is said again, on purpose
_COUNTS = f"drafts.state IN ('intended', 'unknown', 'sent') AND {_ANSWER}"


class MassRule(Protocol):
    """What the policy says of mass mode: its section ``incident``."""

    @property
    def mode(self) -> Mode: ...
    @property
    def hourly_cap(self) -> int: ...


class MassRow(Struct, frozen=True):
    """The latest word on mass mode of an incident. ``until``: epoch seconds, 0 = switched off."""

    incident: str
    until: int
    turn: int
    offset: int  # of the event
    length: int


class Gate(Struct, frozen=True):
    """An incident in mass mode. A ticket of it passes whose tier is ``least`` or more; those from ``whole`` on would
    pass if the hour had room. ``room``: epoch seconds from which it has, None = now, or not by the hour.
    """

    incident: str
    until: int
    mode: Mode
    least: int
    whole: int
    room: int | None = None

    def holds(self, tier: int) -> Held | None:
        """Why a ticket of this tier is held back."""
        if tier >= self.least:
            return None
        return "cap" if tier >= self.whole else "mode"


class Massing(Reads):
    mass_rule: Callable[[], MassRule] | None = None  # asked where an incident is in mass mode

    def mass(self, incident: str) -> MassRow | None:
        """The latest word on mass mode of this incident, whatever became of either since."""
        wanted = "SELECT incident, until, turn, offset, length FROM mass WHERE incident = ?"
        return next((MassRow(*row) for row in self._rows(wanted, (incident,))), None)

    def massed(self, row: MassRow) -> tuple[Massed, str | None]:
        """What was said then, and by whom."""
        return next(self._lines([(row.offset, row.length)], _massed))

    def in_mass(self) -> list[MassRow]:
        """The open incidents in mass mode."""
        wanted = (
            "SELECT incident, mass.until, turn, mass.offset, mass.length FROM mass JOIN incidents"
            " ON incidents.id = incident WHERE state = 'open' AND mass.until > ? ORDER BY incident"
        )
        return [MassRow(*row) for row in self._rows(wanted, (self._seconds(),))]

    def gates(self, *, but: str = "") -> list[Gate]:
        """All incidents in mass mode, as the policy has it. ``but``: a draft that does not count."""
        found = self.in_mass()
        if not found or self.mass_rule is None:
            return []
        rule = self.mass_rule()
        return [self._gate(row, rule, but) for row in found]

    def gate(self, row: TicketRow, *, but: str = "") -> Gate | None:
        """That of the incident of a ticket, where it is in mass mode."""
        if row.incident is None:
            return None
        return next((one for one in self.gates(but=but) if one.incident == row.incident), None)

    def why_held(self, row: TicketRow, gates: Sequence[Gate] | None = None) -> Held | None:
        """Why a ticket that waits for an answer is held back now. ``gates``: those of now, if they are known."""
        if row.incident is None or row.bucket not in _OWED:
            return None
        for gate in self.gates() if gates is None else gates:
            if gate.incident == row.incident:
                return gate.holds(row.tier)
        return None

    def _gate(self, row: MassRow, rule: MassRule, but: str) -> Gate:
        if rule.mode == "both":
            return Gate(row.incident, row.until, rule.mode, OTHERS, OTHERS)
        if rule.mode == "status_only":
            return Gate(row.incident, row.until, rule.mode, ALWAYS, ALWAYS)
        answered = self.answers_since(row.incident, self._seconds() - HOUR, but=but)
        if len(answered) < rule.hourly_cap:
            return Gate(row.incident, row.until, rule.mode, FIRST, FIRST)
        room = answered[-rule.hourly_cap] + HOUR if rule.hourly_cap else None
        return Gate(row.incident, row.until, rule.mode, ALWAYS, FIRST, room)

    def answers_since(self, incident: str, since: int, *, but: str = "") -> list[int]:
        """When (epoch seconds, oldest first) the incident's tickets were answered one to one after ``since``, or may
        have been: what is on its way counts.
        """
        wanted = (  # from the few drafts of that time to their tickets: an incident may have very many of these
            "SELECT drafts.at FROM drafts CROSS JOIN tickets ON tickets.n = drafts.ticket"
            f" WHERE tickets.incident = ? AND {_COUNTS} AND drafts.at > ? AND drafts.id != ?"
        )
        after = datetime.fromtimestamp(since, UTC).isoformat(timespec="microseconds")[:26] + "Z"
        found = self._rows(wanted, (incident, after, but))
        return sorted(ceil(datetime.fromisoformat(at).timestamp()) for (at,) in found)

    def count_reached(self, incident: str, since: int) -> tuple[int, int]:
        """How many of the incident's tickets had an answer of their own after ``since``, and how many a pointer."""
        wanted = (
            f"SELECT count(DISTINCT n) FILTER (WHERE {_ANSWER}), count(DISTINCT n) FILTER (WHERE {_POINTER})"
            " FROM drafts CROSS JOIN tickets ON tickets.n = drafts.ticket"
            " WHERE tickets.incident = ? AND drafts.state = 'sent' AND drafts.at >= ?"
        )
        after = datetime.fromtimestamp(since, UTC).isoformat(timespec="microseconds")[:26] + "Z"
        answered, pointed = self._rows(wanted, (incident, after))[0]
        return int(answered), int(pointed)

    def count_held(self, gate: Gate) -> tuple[int, int]:
        """How many tickets wait until the mode ends, and how many until the hour has room."""
        wanted = (
            "SELECT count(*) FILTER (WHERE tier < ?2), count(*) FILTER (WHERE tier BETWEEN ?2 AND ?3 - 1)"
            f" FROM tickets WHERE incident = ?1 AND bucket IN {_OWED}"
        )
        held, capped = self._rows(wanted, (gate.incident, gate.whole, gate.least))[0]
        return int(held), int(capped)

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def held_sql(gates: Sequence[Gate]) -> tuple[str, list[str | int]]:
    """Whether a ticket is held, as a condition on its row, with its values; "" where none is."""
    conditions: list[str] = []
    values: list[str | int] = []
    for gate in gates:
        if gate.least > OTHERS:
            conditions.append("(incident IS ? AND tier < ?)")
            values += [gate.incident, gate.least]
    if not conditions:
        return "", []
    return f"(bucket IN {_OWED} AND ({' OR '.join(conditions)}))", values


def _massed(line: Line) -> tuple[Massed, str | None]:
    return decode_massed(line.data), line.by
