"""Which tickets, in which order: the filters of ``list`` and ``export``, as SQL over the index.

All columns that a filter asks for stand in the index ``tickets_order``, so that a filter that few tickets pass
is one run over a narrow index, and not a look at every ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from socialcli.queue.massing import Massing, held_sql
from socialcli.queue.matches import Searches
from socialcli.queue.rows import BUCKETS, TicketRow
from socialcli.queue.schema import ORDERS, TICKET_COLUMNS, in_batches

_PLAIN = ("status", "priority", "account", "kind", "incident")
# Whose a ticket is: see rows.has_it.
_CLAIMED = "assignee IS NOT NULL AND (lease IS NULL OR lease >= ?)"
_HAS_IT = f"CASE WHEN {_CLAIMED} THEN assignee ELSE assigned END"
NOBODY = ""  # as the assignee in a filter
_STILL_DUE = BUCKETS["on-hold"]  # buckets up to this one have a deadline that runs
_FEW = 5000  # tickets with a label, below which they are gathered and sorted
_AT_ONCE = 200  # tickets with a match that are looked at together
_ALL = -1  # SQLite's LIMIT without an end
_BY_NUMBER = f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n IN ({{}})"
_HAS_LABEL = "EXISTS (SELECT 1 FROM labels WHERE labels.n = tickets.n AND label = ?)"


class Filter(msgspec.Struct, frozen=True):
    """What ``list`` asks for; None is no wish."""

    status: str | None = None
    priority: str | None = None
    account: str | None = None
    assignee: str | None = None
    kind: str | None = None
    incident: str | None = None
    label: str | None = None
    match: str | None = None  # words, as ``searching.match_expression`` reads them
    overdue: bool = False
    breaching: bool = False  # not overdue, but about to be
    snoozed: bool = False  # only those that sleep
    held: bool = False  # only those that mass mode holds back
    sort: str | None = None  # a key of ``ORDERS``; None: by urgency, with ``match`` the newest match first
    limit: int = 0  # 0: all


class Filtering(Searches, Massing):
    def rows(self, wanted: Filter, *, asleep_last: bool = True) -> Iterator[TicketRow]:
        """The tickets that pass the filter, in its order, as a stream: there may be hundreds of thousands.

        Those that mass mode holds back come behind the others, and then those that sleep, but not where only they
        are asked for, with ``asleep_last`` off, or in the order of the matches. Raises UsageError for a match without a word.
        """
        found = self._matching(wanted) if wanted.match is not None else self._filtered(wanted, asleep_last)
        yield from islice(found, wanted.limit or None)

    def next_row(
        self, agent: str | None, *, but: Sequence[int] = (), absent: Sequence[str] = (), held: bool = True
    ) -> TicketRow | None:
        """The most pressing ticket that somebody owes an answer, that is awake, that nobody else has, and none of
        ``but`` (their numbers). What is assigned to those who are ``absent`` is anybody's. One that mass mode holds
        back comes only where there is no other, and not at all without ``held``.
        """
        now = int(self._now().timestamp())
        condition, values = held_sql(self.gates())
        passes = [(f" AND NOT {condition}", values)] if condition else []
        passes += [("", [])] if held or not condition else []
        for free, more in passes:
            rows = self._rows(
                f"SELECT {TICKET_COLUMNS} FROM tickets WHERE bucket = 0 AND coalesce(snoozed, 0) <= ?2"
                f" AND coalesce(CASE WHEN {_CLAIMED.replace('?', '?2')} THEN assignee"
                "  WHEN assigned IN (SELECT value FROM json_each(?3)) THEN NULL ELSE assigned END, ?1) IS ?1"
                f" AND n NOT IN ({','.join(map(str, but))}){free} ORDER BY {ORDERS['urgency']} LIMIT 1",
                (agent, now, msgspec.json.encode(absent).decode(), *more),
            )
            if rows:
                return TicketRow(*rows[0])
        return None

    def assigned_agents(self) -> list[str]:
        """Those to whom any ticket is assigned."""
        found = self._rows(
            "SELECT DISTINCT assigned FROM tickets WHERE assigned IS NOT NULL ORDER BY assigned"
        )
        return [str(name) for (name,) in found]

    def load(self) -> dict[str, tuple[int, int]]:
        """Agent -> how many tickets that are owed an answer they have, and a number that is higher the later they
        were assigned their latest.
        """
        rows = self._rows(
            f"SELECT {_HAS_IT} AS who, sum(bucket = 0), max(assigned_at) FROM tickets"
            " WHERE coalesce(assignee, assigned) IS NOT NULL GROUP BY who",
            (int(self._now().timestamp()),),
        )
        return {who: (count, last) for who, count, last in rows if who is not None}

    def oldest_waiting(self) -> TicketRow | None:
        """Of the tickets that are owed an answer and awake, the one whose customer waits longest."""
        rows = self._rows(
            f"SELECT {TICKET_COLUMNS} FROM tickets WHERE n = (SELECT n FROM tickets INDEXED BY tickets_order"
            " WHERE bucket = 0 AND received IS NOT NULL AND coalesce(snoozed, 0) <= ?"
            " ORDER BY received, id LIMIT 1)",
            (int(self._now().timestamp()),),
        )
        return TicketRow(*rows[0]) if rows else None

    def count(self, wanted: Filter) -> int:
        """How many tickets pass the filter, its limit left aside. Not for one with a match, which would look
        at every text.
        """
        now = int(self._now().timestamp())
        conditions, values = self._conditions(wanted, now)
        if wanted.snoozed:
            conditions.append("snoozed > ?")
            values.append(now)
        if wanted.label is not None:
            conditions.append("n IN (SELECT labels.n FROM labels WHERE label = ?)")
            values.append(wanted.label)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return int(self._rows(f"SELECT count(*) FROM tickets{where}", values)[0][0])

    def _filtered(self, wanted: Filter, asleep_last: bool) -> Iterator[TicketRow]:
        now = int(self._now().timestamp())
        held, values = ("", []) if wanted.held else held_sql(self.gates())
        if wanted.snoozed:
            yield from self._select(wanted, now, "tickets_snoozed", ("snoozed > ?", [now]))
        elif asleep_last:
            awake = "coalesce(snoozed, 0) <= ?"
            if held:
                yield from self._select(wanted, now, "", (f"{awake} AND NOT {held}", [now, *values]))
                awake += f" AND {held}"
            yield from self._select(wanted, now, "", (awake, [now, *values]))
            yield from self._select(wanted, now, "tickets_snoozed", ("snoozed > ?", [now]))
        else:
            yield from self._select(wanted, now, "", ("1", []))

    def _select(
        self, wanted: Filter, now: int, index: str, more: tuple[str, list[Any]]
    ) -> Iterator[TicketRow]:
        conditions, values = self._conditions(wanted, now)
        conditions.append(more[0])
        values += more[1]
        order = ORDERS[wanted.sort or "urgency"]
        if wanted.label is not None:
            conditions.append(self._labelled(wanted.label))
            values.append(wanted.label)
        elif not index and (wanted.sort is None or len(conditions) > 1):
            index = "tickets_order"
        by = f" INDEXED BY {index}" if index else ""
        where = " AND ".join(conditions)
        # First the numbers, out of the index alone; then the rows of those.
        inner = f"SELECT n FROM tickets{by} WHERE {where} ORDER BY {order} LIMIT ?"
        numbers = (n for (n,) in self._ask(inner, (*values, wanted.limit or _ALL)))
        while batch := list(islice(numbers, _AT_ONCE)):
            found = in_batches(self.index.db, _BY_NUMBER, batch)
            rows = {int(row[0]): TicketRow(*row) for row in found}
            yield from (rows[n] for n in batch if n in rows)

    def _conditions(self, wanted: Filter, now: int) -> tuple[list[str], list[Any]]:
        conditions, values = _conditions(wanted, now)
        if wanted.held:
            held, more = held_sql(self.gates())
            conditions.append(
                held or "bucket < 0"
            )  # a bare 0 leaves an index nothing to do, which SQLite refuses
            values += more
        return conditions, values

    def _labelled(self, label: str) -> str:
        """Few tickets with a label are gathered, then sorted; many are met soon on the way along the order."""
        several = "SELECT count(*) FROM (SELECT 1 FROM labels WHERE label = ? LIMIT ?)"
        if self._rows(several, (label, _FEW))[0][0] < _FEW:
            return "n IN (SELECT labels.n FROM labels WHERE label = ?)"
        return _HAS_LABEL

    # by words

    def _matching(self, wanted: Filter) -> Iterator[TicketRow]:
        numbers = self.find(wanted.match or "")
        if wanted.sort is not None:
            yield from self._of(numbers, wanted)
            return
        seen: set[int] = set()
        while batch := list(islice(numbers, _AT_ONCE)):
            new = [n for n in dict.fromkeys(batch) if n not in seen]
            seen.update(new)
            passed = {row.n: row for row in self._of(new, wanted)}
            yield from (passed[n] for n in new if n in passed)

    def _of(self, numbers: Iterable[int], wanted: Filter) -> Iterator[TicketRow]:
        """Those of these tickets that pass the other filters."""
        now = int(self._now().timestamp())
        conditions, values = self._conditions(wanted, now)
        if wanted.snoozed:
            conditions.append("snoozed > ?")
            values.append(now)
        if wanted.label is not None:
            conditions.append(_HAS_LABEL)
            values.append(wanted.label)
        conditions.append("n IN (SELECT value FROM json_each(?))")
        values.append(msgspec.json.encode(list(numbers)).decode())
        order = f" ORDER BY {ORDERS[wanted.sort]}" if wanted.sort is not None else ""
        sql = f"SELECT {TICKET_COLUMNS} FROM tickets WHERE {' AND '.join(conditions)}{order}"
        for row in self._ask(sql, values):
            yield TicketRow(*row)


def _conditions(wanted: Filter, now: int) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for column in _PLAIN:
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    if wanted.status is not None:  # the first key of the order says as much
        most = 1 if wanted.status == "open" else 0
        first = BUCKETS.get(wanted.status, 0)
        conditions.append(f"bucket BETWEEN {first} AND {first + most}")
    if wanted.assignee is not None:
        conditions.append(f"({_HAS_IT}) IS ?")
        values += [now, wanted.assignee or None]
    if wanted.overdue:
        conditions.append(f"due < ? AND bucket <= {_STILL_DUE} AND respond = 'respond'")
        values.append(now)
    if wanted.breaching:
        conditions.append(f"due >= ? AND warn <= ? AND bucket <= {_STILL_DUE} AND respond = 'respond'")
        values += [now, now]
    return conditions, values
