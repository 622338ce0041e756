"""``note``: a private note on a ticket."""

from __future__ import annotations

import click

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer, read_stdin
from socialcli.errors import UsageError
from socialcli.model.ticket import Event
from socialcli.options import as_option, dry_run_option, note_text, ticket_argument, verb


@verb("Leave a private note on a ticket.")
@ticket_argument
@click.argument("text")
@as_option
@dry_run_option
def command(app: App, ticket: str, text: str, agent: str | None, dry_run: bool) -> Answer:
    """Leave a private note on a ticket; "-" reads it from standard input. It is never posted."""
    return run(app, ticket, text, agent, dry_run=dry_run)


def run(app: App, ticket: str, text: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises UsageError for an empty note, and for one that is too long."""
    if text == "-":
        text = read_stdin()
    text = note_text(text)
    if not text:
        raise UsageError("the note is empty")
    who = app.agent(agent).id
    row = app.queue.ticket(ticket)
    view = render.events(masking.masker(app))
    if dry_run:
        return Answer([Event(None, None, "note", row.id, who, {"text": text})], view)
    with app.queue.writing() as writing:
        writing.add("note", row.id, who, {"text": text})
    return Answer([list(app.queue.history(row))[-1]], view)
