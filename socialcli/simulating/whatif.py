"""The queue as it stands, by two policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from socialcli import waiting
from socialcli.app import App
from socialcli.model.simulated import WhatIf
from socialcli.queue.rows import TicketRow, override_of
from socialcli.simulating.moves import Moves, move
from socialcli.simulating.sides import Look, Side


def what_if(app: App, sides: tuple[Side, Side], numbers: Iterable[int], moves: Moves) -> Iterator[WhatIf]:
    """The tickets that would move, in the order of ``numbers``; ``moves`` counts them on the way."""
    for number in numbers:
        row = app.queue.ticket_by_number(number)
        looks = _looks(app, row, sides)
        if looks is None:
            continue
        found = move(row.id, *looks, sides)
        moves.count(found, *looks)
        if found is not None:
            yield found


def _looks(app: App, row: TicketRow, sides: tuple[Side, Side]) -> tuple[Look, Look] | None:
    """What both sides make of the latest message; None where its words are gone."""
    thread = app.queue.talk(row)
    unanswered = app.queue.unanswered(row)
    since, by_hand = waiting.since(row), override_of(row)
    owns: list[datetime | None] = [None, None]
    looks: tuple[Look, Look] | None = None
    for place, message in enumerate(thread):
        counts = message.id == row.text_id or message.id in unanswered
        if not counts or message.direction != "inbound" or message.erased or message.deleted:
            continue
        one, other = (
            side.look(message, thread[:place], since, by_hand, own)
            for side, own in zip(sides, owns, strict=True)
        )
        owns = [one.own, other.own]
        looks = (one, other) if message.id == row.text_id else looks
    return looks
