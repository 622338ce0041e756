"""``release``: give tickets back, or hand them over."""

from __future__ import annotations

from collections.abc import Sequence

import click

from socialcli import bulk, claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.options import as_option, dry_run_option, note_text, verb
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow


@verb("Give a ticket back, or hand it over.")
@click.argument("tickets", metavar="TICKET...", nargs=-1)
@click.option("--note", metavar="TEXT", help="What the next agent is to know; they see it first.")
@click.option("--to", metavar="AGENT", help="Hand it over to this agent.")
@as_option
@dry_run_option
def command(
    app: App, tickets: tuple[str, ...], note: str | None, to: str | None, agent: str | None, dry_run: bool
) -> Answer:
    """Give tickets back, so that others may answer them, or hand them over. One that nobody has claimed stays as it
    is. "-" reads tickets from standard input: an id a line, or records of list --json.

    \b
    socialcli release k3p --note "The bag is in Leeds, call her before six." --to mo
    """
    return run(app, tickets, agent, note=note, to=to, dry_run=dry_run)


def run(
    app: App,
    tickets: Sequence[str],
    agent: str | None,
    *,
    note: str | None = None,
    to: str | None = None,
    dry_run: bool,
) -> Answer:
    """A claim of somebody else's stays (ConflictError, or PartlyError among others). Raises NotFoundError for an
    unknown agent, UsageError for a note that is empty or too long, and for a hand-over to oneself.
    """
    who = app.agent(agent).id
    text = None if note is None else note_text(note)
    if text == "":
        raise UsageError("the note is empty", hint="--note TEXT, or leave it out")
    if to is not None and app.agent_named(to).id == who:
        raise UsageError(f"{who} has it already: --to takes somebody else", hint="leave --to out")

    def decide(row: TicketRow) -> NewEvent | None:
        claiming.require_free(app, row, who)
        return claiming.released(app, row, who, note=text or "", to=to)

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    view = render.ticket_page(app.now(), masking.masker(app))
    return bulk.answer(app, outcome, view, render.events(render.as_is), dry_run=dry_run)
