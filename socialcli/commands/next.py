"""``next``: the ticket to answer next."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import click

from socialcli import bulk, claiming, masking, massmode, reminding, render
from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import UsageError
from socialcli.options import as_option, dry_run_option, verb
from socialcli.outbox.conditions import unwelcome
from socialcli.queue.rows import TicketRow
from socialcli.returning.proposing import with_proposal


@verb("The ticket to answer next.")
@click.option("--claim", is_flag=True, help="Claim it at once.")
@as_option
@dry_run_option
def command(app: App, claim: bool, agent: str | None, dry_run: bool) -> Answer:
    """The most pressing ticket that is owed an answer and that nobody else has claimed. One that mass mode holds back
    comes only where there is no other, and is not claimed.
    """
    return run(app, claim=claim, agent=agent, dry_run=dry_run)


def run(app: App, *, claim: bool, agent: str | None, dry_run: bool) -> Answer:
    """An empty queue is an empty answer. People see the words that wait for an answer, too."""
    who = _who(app, agent, needed=claim)
    reminding.remind(app)
    row = claiming.next_row(app, who, held=not claim)
    if row is not None and claim and who is not None and not dry_run:
        row = claiming.claim_next(app, who)
    rows = [row] if row is not None else []
    if not rows:
        app.console.note("nothing is waiting")
    massmode.tell(app)
    claiming.tell_of_relief(app, who)
    _tell_of_opt_out(app, row)
    if row is not None and claim and who is not None and dry_run:
        plan = [] if claiming.is_claimed(app, row, who) else [bulk.planned(claiming.claimed(app, row, who))]
        return Answer(plan, render.events(render.as_is))
    page = render.ticket_page(app.now(), masking.reader(app, who))

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        waiting = [one for row in rows for one in app.queue.thread(row) if one.direction == "inbound"]
        yield from page([*records, *waiting[-1:]], screen)

    told = [
        with_proposal(app, one, record) for one, record in zip(rows, app.queue.records(rows), strict=True)
    ]
    return Answer(told, view)


def _who(app: App, agent: str | None, *, needed: bool) -> str | None:
    """Who asks. Unless it is needed, only where it is known; the policy is read only where it may matter."""
    if not (needed or agent or os.environ.get("SOCIALCLI_AGENT") or app.queue.assigned_agents()):
        return None
    try:
        return app.agent(agent).id
    except UsageError:
        if needed:
            raise
        return None


def _tell_of_opt_out(app: App, row: TicketRow | None) -> None:
    since = None if row is None else app.queue.closed_to(row, row.text_id)
    if row is not None and since is not None:
        told = f"{unwelcome(since)}: it cannot be answered"
        app.console.note(f"{told}; socialcli resolve {row.id} --outcome no-answer closes it")
