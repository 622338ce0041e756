"""``claim``: take tickets, so that nobody else answers them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from socialcli import bulk, claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, dry_run_option, verb
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow


@verb("Take a ticket, so that nobody else answers it.")
@click.argument("tickets", metavar="TICKET...", nargs=-1)
@as_option
@dry_run_option
def command(app: App, tickets: tuple[str, ...], agent: str | None, dry_run: bool) -> Answer:
    """Take tickets for as long as claim.lease in the policy says. Claiming one again renews the lease. "-" reads
    tickets from standard input: an id a line, or records of list --json.
    """
    return run(app, tickets, agent, dry_run=dry_run)


def run(app: App, tickets: Sequence[str], agent: str | None, *, dry_run: bool) -> Answer:
    """A ticket that somebody else has claimed stays theirs (ConflictError, or PartlyError among others)."""
    who = app.agent(agent).id

    def decide(row: TicketRow) -> NewEvent | None:
        claiming.require_free(app, row, who)
        return None if claiming.is_claimed(app, row, who) else claiming.claimed(app, row, who)

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    view = render.ticket_page(app.now(), masking.masker(app))
    return bulk.answer(app, outcome, view, render.events(render.as_is), dry_run=dry_run)
