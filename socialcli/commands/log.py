"""``log``: what happened, and who did it."""

from __future__ import annotations

import click

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import verb


@verb("What happened, and who did it.")
@click.argument("ticket", required=False)
def command(app: App, ticket: str | None) -> Answer:
    """The events of one ticket, or of the whole queue, in the order in which they were written."""
    return run(app, ticket)


def run(app: App, ticket: str | None) -> Answer:
    """Raises NotFoundError."""
    found = app.queue.everything() if ticket is None else app.queue.history(app.queue.ticket(ticket))
    return Answer(found, render.events(masking.masker(app)))
