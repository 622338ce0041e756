"""``assign``: whose a ticket is to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import click

from socialcli import assigning, bulk, claiming, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import NotFoundError, UsageError
from socialcli.options import as_option, dry_run_option, verb
from socialcli.policy.absence import is_away
from socialcli.policy.schema import Agent
from socialcli.queue.filtering import NOBODY, Filter
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow

Choose = Callable[[TicketRow], "assigning.Choice | None"]


@verb("Give tickets to somebody: by hand, in turn, by skill.")
@click.argument("words", metavar="TICKET... [AGENT]", nargs=-1)
@click.option("--round", "in_turn", is_flag=True, help="In turn: to whoever has fewest open tickets.")
@click.option(
    "--by-skill", is_flag=True, help="To whoever knows its topic, language or labels best; then in turn."
)
@click.option("--unassigned", is_flag=True, help="All open tickets that nobody has.")
@as_option
@dry_run_option
def command(
    app: App,
    words: tuple[str, ...],
    in_turn: bool,
    by_skill: bool,
    unassigned: bool,
    agent: str | None,
    dry_run: bool,
) -> Answer:
    """Say whose tickets are. Whoever is assigned one finds it with next and list --assignee; it is not claimed until
    they claim it. In turn and by skill a ticket that somebody has, and is there for, stays with them. "-" reads
    tickets from standard input: an id a line, or records of list --json.

    \b
    socialcli assign k3p mo
    socialcli assign --unassigned --by-skill --dry-run
    socialcli list --assignee mo --json | socialcli assign - --round
    """
    if in_turn and by_skill:
        raise UsageError("--round and --by-skill exclude each other", hint="--by-skill goes in turn, too")
    by_hand = not (in_turn or by_skill)
    if by_hand and not words:
        raise UsageError("to whom?", hint="socialcli assign TICKET AGENT, or --round, or --by-skill")
    tickets = words[:-1] if by_hand else words
    if unassigned and tickets:
        raise UsageError("--unassigned names all tickets that nobody has", hint="leave the others out")
    choose = _hand(app, words[-1]) if by_hand else assigning.Dealer(app, by_skill=by_skill).choose
    return run(app, _unassigned(app) if unassigned else tickets, choose, agent, dry_run=dry_run)


def run(
    app: App, tickets: tuple[str, ...] | None, choose: Choose, agent: str | None, *, dry_run: bool
) -> Answer:
    """``tickets``: None: nobody's there are. A claim of somebody else's stays (ConflictError, or PartlyError among
    others).
    """
    who = app.agent(agent).id
    if tickets is None:
        app.console.note("no open ticket is without somebody who has it")
        return Answer([], render.events(render.as_is))

    def decide(row: TicketRow) -> NewEvent | None:
        choice = choose(row)
        if choice is None:
            return None
        if claiming.holder(app, row) != choice.agent:
            claiming.require_free(app, row, who)
        return assigning.assigned(row, choice, who)

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    dealt = Counter(one.data["agent"] for one in outcome.events)
    if dealt:
        told = ", ".join(f"{count:,} to {name}" for name, count in sorted(dealt.items()))
        app.console.note(f"{'would be ' if dry_run else ''}assigned: {told}")
    view = render.tickets(app.now(), masking.masker(app))
    if len(outcome.rows) == 1:
        view = render.ticket_page(app.now(), masking.masker(app))
    return bulk.answer(app, outcome, view, render.events(render.as_is), dry_run=dry_run)


def _unassigned(app: App) -> tuple[str, ...] | None:
    """Ids of the open tickets that are owed an answer and that nobody has, the most pressing first; then those of
    people who are no agents any more.
    """
    team = {one.id for one in app.policy.agents}
    left = [one for one in app.queue.assigned_agents() if one not in team]
    rows = (row for who in (NOBODY, *left) for row in app.queue.rows(Filter(status="open", assignee=who)))
    return tuple(row.id for row in rows if row.bucket == 0) or None


def _named(app: App, name: str) -> Agent:
    """The agent. Raises NotFoundError, which says so where the last word is a ticket."""
    try:
        return app.agent_named(name)
    except NotFoundError as error:
        try:
            app.queue.ticket(name)
        except (NotFoundError, UsageError):
            raise error from None
        hint = f"that is a ticket; the agent stands last: socialcli assign TICKET... AGENT ({error.hint})"
        raise NotFoundError("agent", name, hint=hint) from None


def _hand(app: App, name: str) -> Choose:
    """Raises NotFoundError."""
    chosen = _named(app, name)
    if is_away(chosen, app.policy, app.now()):
        app.console.note(f"{chosen.id} is away (agents.away)")
    choice = assigning.Choice(chosen.id, assigning.HAND)

    def choose(row: TicketRow) -> assigning.Choice | None:
        is_so = row.assigned == chosen.id and claiming.holder(app, row) in (None, chosen.id)
        return None if is_so else choice

    return choose
