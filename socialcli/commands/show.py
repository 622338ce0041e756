"""``show``: one ticket with its messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import ticket_argument, verb


@verb("One ticket with its messages.")
@ticket_argument
@click.option("--private", is_flag=True, help="Show private data in full on a terminal.")
@click.option("--history", is_flag=True, help="Show all that happened, not only the messages.")
def command(app: App, ticket: str, private: bool, history: bool) -> Answer:
    """One ticket with its messages, oldest first. On a terminal private data is masked."""
    return run(app, ticket, private=private, history=history)


def run(app: App, ticket: str, *, private: bool, history: bool) -> Answer:
    """Raises NotFoundError."""
    row = app.queue.ticket(ticket)

    def records() -> Iterator[Any]:
        yield app.queue.record(row)
        yield from app.queue.history(row) if history else app.queue.thread(row)
        yield from (stored.draft for stored in app.queue.drafts(row.n) if stored.row.state != "sent")

    mask = (lambda text: text) if private else masking.masker(app)
    return Answer(records(), render.ticket_page(app.now(), mask))
