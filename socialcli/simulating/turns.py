"""A ticket told again: each message of the customer as it came in, and when it was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from socialcli.model.message import Message
from socialcli.queue.rows import TicketRow, override_of
from socialcli.queue.store import Queue
from socialcli.simulating.sides import Look, Side


class Turn(Struct):
    """A message of the customer, as each side saw it. The last one before an answer is the ``end`` of a wait."""

    at: datetime
    looks: tuple[Look, ...]
    end: bool = False
    answered: datetime | None = None


def turns(queue: Queue, row: TicketRow, sides: Sequence[Side]) -> list[Turn]:
    """Messages whose words are gone are left out."""
    told: list[Turn] = []
    since: datetime | None = None  # when the customer began to wait
    by_hand = override_of(row)
    thread = queue.talk(row)
    for place, message in _in_order(thread, _answered_by_hand(queue, row)):
        if isinstance(message, datetime) or message.direction == "outbound":
            if since is not None and told:
                told[-1].answered = message if isinstance(message, datetime) else message.created_at
            since = None
        elif not (message.erased or message.deleted):
            owns = (
                [look.own for look in told[-1].looks] if since is not None and told else [None] * len(sides)
            )
            if since is not None and told:
                told[-1].end = False
            since = since or message.created_at
            looks = _looks(message, thread[:place], since, by_hand, sides, owns)
            told.append(Turn(message.created_at, looks, end=True))
    return told


def _looks(
    message: Message,
    before: Sequence[Message],
    since: datetime,
    by_hand: Mapping[str, Any],
    sides: Sequence[Side],
    owns: Sequence[datetime | None],
) -> tuple[Look, ...]:
    return tuple(
        side.look(message, before, since, by_hand, own) for side, own in zip(sides, owns, strict=True)
    )


def _answered_by_hand(queue: Queue, row: TicketRow) -> list[datetime]:
    if not row.answered_by_us:
        return []
    return [
        datetime.fromisoformat(event.at)
        for event in queue.history(row)
        if event.event == "done" and event.at is not None
    ]


def _in_order(
    thread: Sequence[Message], answered: Sequence[datetime]
) -> Iterator[tuple[int, Message | datetime]]:
    """Messages with their places in the thread, and between them the answers that are no messages."""
    left = sorted(answered)
    for place, message in enumerate(thread):
        while left and left[0] < message.created_at:
            yield place, left.pop(0)
        yield place, message
    for one in left:
        yield len(thread), one
