"""Incidents in the queue, and what the spread check reads of the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from socialcli.errors import NotFoundError, UsageError
from socialcli.model.incident import RUNNING, Heard, Incident, IncidentState, Known, Turn
from socialcli.queue.facts import RAISED, TURNED, Raised, decode_raised, decode_turned
from socialcli.queue.journal import Line
from socialcli.queue.reads import Reads
from socialcli.queue.rows import TicketRow, customer_key
from socialcli.queue.schema import ORDERS, TICKET_COLUMNS

_COLUMNS = "id, account, state, opened, changed, offset, length"
# With the ticket of each message, also after that was merged into another.
_HEARD = "lately LEFT JOIN merged USING (n) JOIN tickets ON tickets.n = coalesce(into_n, lately.n)"


class IncidentRow(msgspec.Struct, frozen=True):
    """What the index knows of an incident; ``changed``: when it came to its state, epoch seconds."""

    id: str
    account: str | None
    state: IncidentState
    opened: int
    changed: int
    offset: int  # of the event with which it began
    length: int


class _Writer(msgspec.Struct, gc=False):
    id: str | None
    handle: str


class _Said(msgspec.Struct, gc=False):
    """A message, decoded no further than the spread check looks."""

    id: str
    text: str
    author: _Writer


_said = msgspec.json.Decoder(_Said).decode


class Incidents(Reads):
    def incidents(self, state: IncidentState | None = None) -> list[Incident]:
        """Newest first; with ``state`` only those."""
        rows = self.incident_rows(() if state is None else (state,))
        return [self._incident(row) for row in rows]

    def incident(self, name: str) -> Incident:
        """By id or a unique beginning of one. Raises NotFoundError, UsageError."""
        return self._incident(self._incident_row(name))

    def incident_name(self, name: str) -> str:
        """The whole id. Raises NotFoundError, UsageError."""
        return self._incident_row(name).id

    def incident_rows(self, states: Sequence[str] = (), account: str | None = None) -> list[IncidentRow]:
        """Newest first; with ``account`` only those that its messages may join."""
        where = ["state IN ({})".format(",".join("?" * len(states)))] if states else []
        where += ["(account IS NULL OR account = ?)"] if account is not None else []
        values = [*states, *([] if account is None else [account])]
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        sql = f"SELECT {_COLUMNS} FROM incidents{condition} ORDER BY opened DESC, offset DESC"
        return [_row(values) for values in self._rows(sql, values)]

    def _incident_row(self, name: str) -> IncidentRow:
        name = name.strip().lower()
        sql = f"SELECT {_COLUMNS} FROM incidents WHERE id >= ? AND id < ? ORDER BY id LIMIT 5"
        rows = self._rows(sql, (name, f"{name}\uffff")) if name else []
        if not rows:
            raise NotFoundError("incident", name, hint="socialcli incident list shows them")
        if len(rows) > 1:
            names = ", ".join(row[0] for row in rows)
            raise UsageError(f'more than one incident begins with "{name}": {names}', hint="type more of it")
        return _row(rows[0])

    def _incident(self, row: IncidentRow) -> Incident:
        facts, by = self.raised(row)
        tickets = self._rows(
            "SELECT id, network, customer FROM tickets WHERE incident = ? ORDER BY n", (row.id,)
        )
        return Incident(
            id=row.id,
            topic=facts.topic,
            words=tuple(facts.words),
            opened_at=_time(row.opened),
            state=row.state,
            tickets=tuple(ticket for ticket, _, _ in tickets),
            authors=len({(network, customer) for _, network, customer in tickets}),
            account=row.account,
            reason=facts.reason,
            by=by,
            since=_time(facts.since),
            history=tuple(self._turns(row.id)),
        )

    def raised(self, row: IncidentRow) -> tuple[Raised, str | None]:
        """How it began, and who said so."""
        return next(self._lines([(row.offset, row.length)], _raised))

    def _turns(self, name: str) -> list[Turn]:
        places = self._rows("SELECT offset, length FROM turns WHERE incident = ? ORDER BY offset", (name,))
        return list(self._lines(cast("list[tuple[int, int]]", places), _turn))

    def tickets_in(self, incident: str) -> list[TicketRow]:
        """The most pressing first, as ``list`` has them."""
        sql = f"SELECT {TICKET_COLUMNS} FROM tickets WHERE incident = ? ORDER BY {ORDERS['urgency']}"
        return [TicketRow(*values) for values in self._rows(sql, (incident,))]

    # what the spread check asks

    def known(self, row: IncidentRow) -> Known:
        """An incident as the spread check sees it."""
        facts, _ = self.raised(row)
        last = row.changed
        if row.state in RUNNING:
            sql = "SELECT coalesce(max(text_created), 0) FROM tickets WHERE incident = ?"
            last = max(last, self._rows(sql, (row.id,))[0][0])
        return Known(facts.topic, tuple(facts.words), row.state, last, facts.since)

    def rhythm(self, account: str, since: int) -> list[tuple[int, int]]:
        """Beginnings of five minutes (epoch seconds) from ``since`` on, and the inbound messages in each."""
        sql = "SELECT at, messages FROM rhythm WHERE account = ? AND at >= ?"
        return cast("list[tuple[int, int]]", self._rows(sql, (account, since)))

    def newest_heard(self, account: str) -> int | None:
        """The place in the journal of the inbound message of ``account`` that was taken in last, of those that the
        check reads; None for none.
        """
        place: int | None = self._rows("SELECT max(offset) FROM lately WHERE account = ?", (account,))[0][0]
        return place

    def authors_since(self, account: str, since: int) -> int:
        """How many customers wrote through ``account`` since then, as far as the newest messages go."""
        sql = (
            f"SELECT count(DISTINCT coalesce(tickets.author, tickets.customer)) FROM {_HEARD}"
            " WHERE lately.account = ? AND created >= ?"
        )
        return int(self._rows(sql, (account, since))[0][0])

    def heard(self, account: str, since: int, upto: int) -> list[tuple[Heard, str | None]]:
        """The newest inbound messages of ``account`` between these times (epoch seconds), oldest first, each with
        the incident of its ticket.
        """
        sql = (
            f"SELECT created, offset, length, id, incident FROM {_HEARD}"
            " WHERE lately.account = ? AND created BETWEEN ? AND ? ORDER BY created, offset"
        )
        rows = self._rows(sql, (account, since, upto))
        found = zip(rows, self._lines([row[1:3] for row in rows], _words), strict=True)
        return [
            (
                Heard(
                    said.id, ticket, said.author.id or customer_key(said.author.handle), created, said.text
                ),
                name,
            )
            for (created, _, _, ticket, name), said in found
            if said.text
        ]


def _row(values: tuple[Any, ...]) -> IncidentRow:
    return IncidentRow(*values)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _raised(line: Line) -> tuple[Raised, str | None]:
    return decode_raised(line.data), line.by


def _words(line: Line) -> _Said:
    return _said(line.data)


def _turn(line: Line) -> Turn:
    at = datetime.fromisoformat(line.at).astimezone(UTC).replace(microsecond=0)
    if line.event in RAISED:
        return Turn(at, RAISED[line.event], line.by, decode_raised(line.data).reason)
    return Turn(at, TURNED[line.event], line.by, decode_turned(line.data).reason)
