"""What customers wrote in a period, message by message, with what triage says of each.

A ticket with one message stands whole in its row. Of one with several the row knows only the latest, so their
messages and assessments are read where they stand in the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from socialcli.model.listening import Heard
from socialcli.queue.journal import Line, Reader
from socialcli.queue.reads import Reads
from socialcli.queue.rows import TicketRow, override_of
from socialcli.queue.schema import MESSAGE, OTHER, TICKET_COLUMNS, unpack_places

_WHAT = f"SELECT {TICKET_COLUMNS}, threads.places FROM tickets JOIN threads USING (n)"


class _Written(msgspec.Struct, gc=False):
    """The part of a message that is looked at."""

    id: str
    created_at: datetime
    direction: str = "inbound"


class _Verdict(msgspec.Struct, gc=False):
    """The part of an assessment that is."""

    message_id: str
    respond: str
    priority: str
    kind: str
    topic: str | None
    sentiment: float


_decode_written = msgspec.json.Decoder(_Written).decode
_decode_verdict = msgspec.json.Decoder(_Verdict).decode


class Hearing(Reads):
    def said_between(self, since: int, until: int, account: str | None = None) -> Iterator[Heard]:
        """Inbound messages written from ``since`` to before ``until`` (epoch seconds), in no order; those that
        came in through ``account``, or all.
        """
        where = "opened < ? AND text_created >= ?" + (" AND account = ?" if account is not None else "")
        values = (until, since, *(() if account is None else (account,)))
        found = self._ask(f"{_WHAT} WHERE {where}", values)
        with self._reader() as reader:
            for *columns, places in found:
                row = TicketRow(*columns)
                every = [_only(row)] if row.messages == 1 else self._each(row, places, reader)
                yield from (one for one in every if since <= one.at < until)

    def _each(self, row: TicketRow, packed: bytes, reader: Reader) -> Iterator[Heard]:
        """Each inbound message of a ticket, whose events stand at these places."""
        written: dict[str, _Written] = {}
        verdicts: dict[str, _Verdict] = {}
        for offset, length, kind in unpack_places(packed):
            told = self._read(reader, offset, length, _told) if kind in (MESSAGE, OTHER) else None
            if isinstance(told, _Written):
                written.setdefault(told.id, told)
            elif told is not None:
                verdicts[told.message_id] = told
        by_hand = override_of(row)
        for one in written.values():
            if one.direction == "inbound":
                yield _heard(row, int(one.created_at.timestamp()), verdicts.get(one.id), by_hand)


def _only(row: TicketRow) -> Heard:
    """The message of a ticket that has but one."""
    return _heard(row, row.text_created, row if row.policy is not None else None, {})


def _heard(row: TicketRow, at: int, verdict: TicketRow | _Verdict | None, by_hand: dict[str, Any]) -> Heard:
    heard = Heard(f"{row.network}\0{row.customer}", row.network, at)
    if verdict is not None:
        heard.respond = by_hand.get("respond", verdict.respond)
        heard.priority = by_hand.get("priority", verdict.priority)
        heard.kind = by_hand.get("kind", verdict.kind)
        heard.topic = by_hand.get("topic", verdict.topic)
        heard.sentiment = verdict.sentiment
    return heard


def _told(line: Line) -> _Written | _Verdict | None:
    """What a line says of a message; None for one that is about something else."""
    if line.event == "message":
        return _decode_written(line.data)
    return _decode_verdict(line.data) if line.event == "assessed" else None
