"""``can``: by which road a ticket can be answered, before anybody writes a word."""

from __future__ import annotations

from socialcli import render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import NotFoundError
from socialcli.model.draft import Reach
from socialcli.options import ticket_argument, verb


@verb("By which road a ticket can be answered.")
@ticket_argument
def command(app: App, ticket: str) -> Answer:
    """By which road the latest message can be answered (api, direct, hand, no), why, and at what cost."""
    return run(app, ticket)


def run(app: App, ticket: str) -> Answer:
    """Raises NotFoundError."""
    row = app.queue.ticket(ticket)
    target = next((message for message in app.queue.thread(row) if message.id == row.text_id), None)
    if target is None:
        raise NotFoundError("message", row.text_id)
    way = app.channel(row.account).reach(target)
    return Answer([Reach(row.id, row.account, way.road, way.reason, way.cost, way.currency)], render.reaches)
