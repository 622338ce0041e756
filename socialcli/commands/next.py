"""``next``: the ticket to answer next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from socialcli import bulk, claiming, masking, reminding, render
from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.options import as_option, dry_run_option, verb


@verb("The ticket to answer next.")
@click.option("--claim", is_flag=True, help="Claim it at once.")
@as_option
@dry_run_option
def command(app: App, claim: bool, agent: str | None, dry_run: bool) -> Answer:
    """The most pressing ticket that is owed an answer and that nobody else has claimed."""
    return run(app, claim=claim, agent=agent, dry_run=dry_run)


def run(app: App, *, claim: bool, agent: str | None, dry_run: bool) -> Answer:
    """An empty queue is an empty answer. People see the words that wait for an answer, too."""
    who = app.agent(agent).id if claim or agent else None
    reminding.remind(app)
    row = app.queue.next_row(who)
    if row is not None and claim and who is not None and not dry_run:
        row = claiming.claim_next(app, who)
    rows = [row] if row is not None else []
    if not rows:
        app.console.note("nothing is waiting")
    if row is not None and claim and who is not None and dry_run:
        plan = [] if claiming.is_claimed(app, row, who) else [bulk.planned(claiming.claimed(app, row, who))]
        return Answer(plan, render.events(render.as_is))
    page = render.ticket_page(app.now(), masking.masker(app))

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        waiting = [one for row in rows for one in app.queue.thread(row) if one.direction == "inbound"]
        yield from page([*records, *waiting[-1:]], screen)

    return Answer(app.queue.records(rows), view)
