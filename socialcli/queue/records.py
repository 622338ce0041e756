"""Rows and lines as the records that commands print."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from socialcli.model.draft import Draft
from socialcli.model.mass import Held
from socialcli.model.message import Author, Message
from socialcli.model.ticket import Customer, Event, Handover, Status, Ticket, with_times
from socialcli.queue.facts import decode_released
from socialcli.queue.journal import Line
from socialcli.queue.rows import BUCKETS, DraftRow, TicketRow, has_it

_data = msgspec.json.Decoder(dict[str, Any]).decode


class StoredDraft(msgspec.Struct, frozen=True):
    """A draft as the journal holds it: the row, the whole record, and the name of its ticket."""

    row: DraftRow
    draft: Draft


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def ticket_record(
    row: TicketRow,
    latest: Message,
    now: int,
    asked: datetime | None = None,
    handover: Handover | None = None,
    held: Held | None = None,
) -> Ticket:
    """``asked``: since when an answer waits for somebody's yes; ``held``: why mass mode holds it back."""
    due = row.due if row.respond == "respond" else None
    runs = due is not None and row.bucket <= BUCKETS["on-hold"]
    return Ticket(
        id=row.id,
        network=row.network,
        account=row.account,
        customer=Customer(latest.author.handle, latest.author.name),
        text=latest.text,
        received_at=_time(row.received),
        status=cast("Status", row.status),
        respond=row.respond,
        priority=row.priority,
        score=row.score,
        kind=row.kind,
        topic=row.topic,
        sentiment=row.sentiment,
        register=row.register,
        language=row.language,
        due_at=_time(due),
        overdue=runs and due is not None and due < now,
        assignee=has_it(row, now),
        incident=row.incident,
        messages=row.messages,
        labels=tuple(msgspec.json.decode(row.labels, type=list[str])),
        snoozed_until=_time(row.snoozed) if row.snoozed is not None and row.snoozed > now else None,
        opened_at=datetime.fromtimestamp(row.opened, UTC),
        breaching=runs and due is not None and row.warn is not None and row.warn <= now <= due,
        asked_since=asked,
        assigned=row.assigned,
        claimed_until=_time(row.lease) if row.lease is not None and row.lease >= now else None,
        handover=handover,
        held=held,
    )


def handover_record(line: Line) -> Handover | None:
    """What the last one who had the ticket left for the next; None where the words are gone."""
    facts = decode_released(line.data)
    at = datetime.fromisoformat(line.at).replace(microsecond=0)
    return Handover(line.by, facts.to, facts.note, at) if facts.note else None


def as_message(stored: StoredDraft, network: str) -> Message:
    draft = stored.draft
    return Message(
        id=draft.remote_id or draft.id,
        network=network,
        account=draft.account,
        author=Author(None, draft.account),
        text=draft.text,
        created_at=datetime.fromisoformat(stored.row.at).replace(microsecond=0),
        visibility=draft.check.visibility,
        direction="outbound",
        source="reply",
        in_reply_to=draft.target,
        url=draft.url,
    )


def event_record(line: Line) -> Event:
    """A line of the journal as ``log`` prints it: times go out in whole seconds."""
    return Event(f"{line.at[:19]}Z", line.id, line.event, line.ticket, line.by, with_times(_data(line.data)))
