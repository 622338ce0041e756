"""``incident``: one problem of many customers, from the suspicion to its end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from socialcli import bulk, masking, render, watching
from socialcli.app import App
from socialcli.approval import rights
from socialcli.console import Answer
from socialcli.drafting import parse_values
from socialcli.errors import Exit, UsageError
from socialcli.model.answered import What
from socialcli.model.incident import INCIDENT_STATES, IncidentState
from socialcli.options import (
    MOST,
    Parts,
    alone,
    as_option,
    dry_run_option,
    duration,
    max_cost_option,
    part,
    plan_option,
    require_only_plan,
    yes_option,
)
from socialcli.queue.journal import NewEvent
from socialcli.render.incident import incidents
from socialcli.watching import showing


class _Incidents(Parts):
    def hint(self, typed: str) -> str:
        close = next((one for one in self.commands if one.startswith(typed)), None)
        return f"socialcli incident {close or f'show {typed}'}; or socialcli incident --help"


@click.group(
    "incident",
    cls=_Incidents,
    short_help="Problems that hit many: what is suspected, what is open.",
    invoke_without_command=True,
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="As in list, where nothing else is said; else it stands behind that.",
)
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> Exit | None:
    """Problems that hit many customers at once. fetch suspects them; people confirm or dismiss them. Alone it
    lists them.

    suspected -> open -> closed, or dismissed: it was none. While one is suspected or open, what customers write
    of it joins by itself.
    """
    return alone(ctx, listed, as_json=as_json)


_part = partial(part, command)


def _mass_option(function: Callable[..., Answer]) -> Callable[..., Answer]:
    text = "In mass mode from now on, for so long (incident.mass_for at most)."
    return click.option("--mass", metavar="TIME", callback=duration(), help=text)(function)


def _incident_argument(function: Callable[..., Answer]) -> Callable[..., Answer]:
    return click.argument("incident", metavar="I")(function)


@_part("list", "Incidents, the newest first.")
@click.option("--state", type=click.Choice(INCIDENT_STATES), help="Only those.")
def listed(app: App, state: IncidentState | None) -> Answer:
    """Incidents, the newest first: all of them, or those of one state."""
    found = app.queue.incidents(state)
    if not found:
        app.console.note("no incidents" if state is None else f"no incident is {state}")
    return Answer([showing.with_mass(app, one) for one in found], incidents(masking.masker(app)))


@_part("show", "One incident with its tickets.")
@_incident_argument
def show(app: App, incident: str) -> Answer:
    """What it is about, why it was suspected, what became of it, and the tickets that joined."""
    return showing.page(app, incident)


@_part("open", "Open an incident by hand.")
@click.option("--topic", required=True, metavar="T", help="What it is about, in a word or two.")
@click.option(
    "--words", required=True, metavar="W,...", help="Words by which messages are known to be of it."
)
@click.option(
    "--account", metavar="A", help="Only messages of this account join [default: of every account]."
)
@click.option("--reason", metavar="R", default="", help="How it is known.")
@_mass_option
@as_option
@dry_run_option
def opened(
    app: App,
    topic: str,
    words: str,
    account: str | None,
    reason: str,
    mass: int | None,
    agent: str | None,
    dry_run: bool,
) -> Answer:
    """Open an incident that nobody has written of yet, or that fetch has not seen. What was written of it in the
    last hours joins at once, later messages with each fetch.

    \b
    socialcli incident open --topic outage --words "app, down, login"
    """
    wanted = watching.wanted(app, topic, words, account, reason or "opened by hand")
    who = _who(app, agent)

    if dry_run:
        return showing.plan(app, watching.begun(app, wanted, mass, who)[1])
    with app.queue.writing() as writing:
        name, events = watching.begun(app, wanted, mass, who)
        writing.events += events
    if name != wanted.incident:
        app.console.note(f"incident {name} is open already")
    return showing.page(app, name)


@_part("confirm", "It is one: a suspected incident is open.")
@_incident_argument
@_mass_option
@as_option
@dry_run_option
def confirm(app: App, incident: str, mass: int | None, agent: str | None, dry_run: bool) -> Answer:
    """Say that a suspected incident is a real one."""
    return showing.turn(app, "incident-confirmed", incident, {}, mass, _who(app, agent), dry_run=dry_run)


@_part("mass", "Mass mode: who of its customers is answered one to one.")
@_incident_argument
@click.option(
    "--for",
    "length",
    metavar="TIME",
    callback=duration(),
    help="How long: 45m, 2h [default, and the longest: incident.mass_for].",
)
@click.option("--off", is_flag=True, help="End it now.")
@click.option("--reason", metavar="R", default="", help="Why.")
@as_option
@dry_run_option
def mass(
    app: App, incident: str, length: int | None, off: bool, reason: str, agent: str | None, dry_run: bool
) -> Answer:
    """Switch mass mode on for an open incident, or off. While it is on, incident.mode decides who of its customers is
    answered one to one; the others are held (list --held) and come back by urgency when it ends, which it does by
    itself.
    """
    if off and length is not None:
        raise UsageError("--off and --for exclude each other", hint="--off ends it now")
    who, why = _who(app, agent), watching.reason_of(reason)

    def step() -> list[NewEvent]:
        return watching.massed(app, app.queue.incident(incident), length, why, who, off=off)

    return showing.taken(app, incident, step, dry_run=dry_run)


@_part("dismiss", "It is none.")
@_incident_argument
@click.option("--reason", metavar="R", help="Why it is none.")
@as_option
@dry_run_option
def dismiss(app: App, incident: str, reason: str | None, agent: str | None, dry_run: bool) -> Answer:
    """Say that it is no incident: a joke that spreads, a mistake. The same words raise none for a day."""
    why = watching.reason_of(reason or "")
    facts = {"reason": why} if why else {}
    return showing.turn(app, "incident-dismissed", incident, facts, None, _who(app, agent), dry_run=dry_run)


@_part("close", "It is over.")
@_incident_argument
@as_option
@dry_run_option
def close(app: App, incident: str, agent: str | None, dry_run: bool) -> Answer:
    """Say that an incident is over. Its tickets stay as they are: each customer is still owed an answer."""
    answer = showing.turn(app, "incident-closed", incident, {}, None, _who(app, agent), dry_run=dry_run)
    if not dry_run:
        from socialcli.pointing import owing

        owing.remind(app, app.queue.incident_name(incident))
    return answer


@_part("join", "Tickets join an incident.")
@_incident_argument
@click.argument("tickets", metavar="TICKET...", nargs=-1)
@as_option
@dry_run_option
def join(app: App, incident: str, tickets: tuple[str, ...], agent: str | None, dry_run: bool) -> Answer:
    """Put tickets into an incident, out of any other. "-" reads them from standard input: an id a line, or records
    of list --json.
    """
    acting = app.agent(agent)
    decide = watching.joined(app, app.queue.incident(incident), acting)
    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    view = render.tickets(app.now(), masking.masker(app))
    return bulk.answer(app, outcome, view, render.events(render.as_is), dry_run=dry_run)


@_part("drill", "Practise on an invented incident, for points.")
@click.argument("act", type=click.Choice(("start", "score")), required=False)
@click.option("--dir", "folder", metavar="DIR", help="Where: for start a folder that is new or empty.")
@click.option("--case", "name", metavar="CASE", help="Which one [default: --seed picks it].")
@click.option(
    "--seed",
    type=click.IntRange(0, MOST),
    default=0,
    help="Another beginning, and other customers [default: 0].",
)
def drill(app: App, act: str | None, folder: str | None, name: str | None, seed: int) -> Answer:
    """Play an invented incident on the file channel, from the first report to the last word, with the real commands;
    or begin one in DIR, handle it yourself with ordinary commands and --now, and have it scored from the journal.

    \b
    socialcli incident drill
    socialcli incident drill start --dir practice --seed 4
    socialcli incident drill score --dir practice

    The same journal has the same score. Each criterion says why, and what a good answer has.
    """
    from socialcli.practising.incident_drilling import drilled

    return drilled(app, act, None if folder is None else Path(folder).expanduser(), name, seed)


def _bulk_options(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """What both rounds through the customers of an incident are told."""
    limit = click.option(
        "--limit",
        metavar="N",
        type=click.IntRange(1, MOST),
        help="Answer at most so many in this run [default: outbox.per_run].",
    )
    for option in (yes_option, dry_run_option, plan_option, max_cost_option, limit, as_option):
        function = option(function)
    return function


@_part("answer", "Point each of its customers to the statement, once.")
@_incident_argument
@_bulk_options
def answer(app: App, incident: str, **wish: Any) -> Answer:
    """Answer each customer of an open incident with a pointer to its statement: once each, the most pressing first,
    in words that vary. Whoever was pointed or answered since is passed over; harm, and what is urgent, is left for
    people and listed. --max-cost holds for all of them together.

    \b
    socialcli incident answer y2d --dry-run
    socialcli incident answer y2d --yes
    socialcli incident answer y2d --plan > plan.jsonl

    Run it again for who joined since, and to go on where it was stopped: nothing is posted twice.
    """
    return _round(app, "pointer", incident, {}, **wish)


@_part("notify", "Tell those who were promised to hear that it is over.")
@_incident_argument
@click.option(
    "--set", "pairs", metavar="NAME=VALUE", multiple=True, help="A value for the template incident-resolved."
)
@_bulk_options
def notify(app: App, incident: str, pairs: tuple[str, ...], **wish: Any) -> Answer:
    """Tell each customer who was pointed to the statement, or promised an update, that it is solved: once each.
    It takes a statement with --state resolved, or a closed incident. Whoever waits for something else, too, is left
    for people. --max-cost holds for all of them together.

    \b
    socialcli incident notify y2d --dry-run
    socialcli incident notify y2d --set what="the problem with online check-in" --yes
    """
    return _round(app, "notice", incident, parse_values(pairs), **wish)


def _round(
    app: App,
    what: What,
    incident: str,
    values: dict[str, str],
    *,
    agent: str | None,
    limit: int | None,
    max_cost: str | None,
    plan: bool,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Raises ConflictError, RefusedError for what speaks against all of it, UsageError where a yes is missing."""
    from socialcli.applying import bulks
    from socialcli.pointing.rounds import Limits, Round

    require_only_plan(plan=plan, dry_run=dry_run)
    who = app.agent(agent)
    task = bulks.task_of(app, what, app.queue.incident_name(incident), who.id, values)
    walk = Round(task, who, Limits(limit or app.policy.outbox.per_run, max_cost), dry_run=dry_run or plan)
    return bulks.gone_through(task, walk, who, plan=plan, dry_run=dry_run, yes=yes)


def _who(app: App, agent: str | None) -> str:
    """Raises RefusedError for somebody who may not (``rights.incidents``)."""
    who = app.agent(agent)
    rights.require(who, "incidents", app.policy)
    return who.id
