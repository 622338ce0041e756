"""``release``: give a ticket back."""

from __future__ import annotations

from socialcli import claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, dry_run_option, ticket_argument, verb


@verb("Give a ticket back.")
@ticket_argument
@as_option
@dry_run_option
def command(app: App, ticket: str, agent: str | None, dry_run: bool) -> Answer:
    """Give a ticket back, so that others may answer it. A ticket that nobody has claimed stays as it is."""
    return run(app, ticket, agent, dry_run=dry_run)


def run(app: App, ticket: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises ConflictError where the claim is somebody else's."""
    who = app.agent(agent).id
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who)
    if not dry_run:
        row = claiming.release(app, ticket, who)
    return Answer([app.queue.record(row)], render.ticket_page(app.now(), masking.masker(app)))
