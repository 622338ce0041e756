"""``release``: give tickets back."""

from __future__ import annotations

from collections.abc import Sequence

import click

from socialcli import bulk, claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, dry_run_option, verb
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow


@verb("Give a ticket back.")
@click.argument("tickets", metavar="TICKET...", nargs=-1)
@as_option
@dry_run_option
def command(app: App, tickets: tuple[str, ...], agent: str | None, dry_run: bool) -> Answer:
    """Give tickets back, so that others may answer them. One that nobody has claimed stays as it is. "-" reads
    tickets from standard input: an id a line, or records of list --json.
    """
    return run(app, tickets, agent, dry_run=dry_run)


def run(app: App, tickets: Sequence[str], agent: str | None, *, dry_run: bool) -> Answer:
    """A claim of somebody else's stays (ConflictError, or PartlyError among others)."""
    who = app.agent(agent).id

    def decide(row: TicketRow) -> NewEvent | None:
        claiming.require_free(app, row, who)
        return NewEvent("released", row.id, who, {}) if row.assignee is not None else None

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    view = render.ticket_page(app.now(), masking.masker(app))
    return bulk.answer(app, outcome, view, render.events(render.as_is), dry_run=dry_run)
