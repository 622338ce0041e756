"""``claim``: take a ticket, so that nobody else answers it."""

from __future__ import annotations

from socialcli import claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, dry_run_option, ticket_argument, verb


@verb("Take a ticket, so that nobody else answers it.")
@ticket_argument
@as_option
@dry_run_option
def command(app: App, ticket: str, agent: str | None, dry_run: bool) -> Answer:
    """Take a ticket for as long as claim.lease in the policy says. Claiming it again renews the lease."""
    return run(app, ticket, agent, dry_run=dry_run)


def run(app: App, ticket: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises ConflictError while somebody else's claim is running."""
    who = app.agent(agent).id
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who)
    if not dry_run:
        row = claiming.claim(app, ticket, who)
    return Answer([app.queue.record(row)], render.ticket_page(app.now(), masking.masker(app)))
