"""``can``: by which road a ticket can be answered, before anybody writes a word."""

from __future__ import annotations

import click

from socialcli import offline, render
from socialcli.app import App
from socialcli.channels.base import Way
from socialcli.console import Answer
from socialcli.errors import NotFoundError
from socialcli.model.draft import Reach
from socialcli.options import ticket_argument, verb
from socialcli.outbox.conditions import unwelcome


@verb("By which road a ticket can be answered.")
@ticket_argument
@click.option("--direct", is_flag=True, help="By a direct message, whatever the latest message is.")
def command(app: App, ticket: str, direct: bool) -> Answer:
    """By which road the latest message can be answered (api, direct, hand, no), why, and at what cost."""
    return run(app, ticket, direct=direct)


def run(app: App, ticket: str, *, direct: bool = False) -> Answer:
    """Raises NotFoundError."""
    row = app.queue.ticket(ticket)
    target = next((message for message in app.queue.thread(row) if message.id == row.text_id), None)
    if target is None:
        raise NotFoundError("message", row.text_id)
    way = app.channel(row.account).reach(target, "direct" if direct else None)
    if direct and (why := offline.closed(app.queue, app.account(row.account), row, app.now())):
        way = Way("no", why, way.cost, way.currency)
    if since := app.queue.closed_to(row, target.id):
        way = Way("no", unwelcome(since), way.cost, way.currency)
    return Answer([Reach(row.id, row.account, way.road, way.reason, way.cost, way.currency)], render.reaches)
