"""``next``: the ticket to answer next."""

from __future__ import annotations

import click

from socialcli import claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, verb


@verb("The ticket to answer next.")
@click.option("--claim", is_flag=True, help="Claim it at once.")
@as_option
def command(app: App, claim: bool, agent: str | None) -> Answer:
    """The most pressing ticket that is owed an answer and that nobody else has claimed."""
    return run(app, claim=claim, agent=agent)


def run(app: App, *, claim: bool, agent: str | None) -> Answer:
    """An empty queue is an empty answer."""
    who = app.agent(agent).id if claim or agent else None
    row = app.queue.next_row(who)
    if row is not None and claim and who is not None:
        row = claiming.claim_next(app, who)
    rows = [row] if row is not None else []
    if not rows:
        app.console.note("nothing is waiting")
    return Answer(app.queue.records(rows), render.ticket_page(app.now(), masking.masker(app)))
