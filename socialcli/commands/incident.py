"""``incident``: one problem of many customers, from the suspicion to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from socialcli import bulk, masking, massmode, render, watching
from socialcli.app import App
from socialcli.approval import rights
from socialcli.console import Answer, Screen
from socialcli.drafting import parse_values
from socialcli.errors import ConflictError, Exit, UsageError
from socialcli.model.answered import What
from socialcli.model.incident import INCIDENT_STATES, RUNNING, Incident, IncidentState
from socialcli.model.times import format_time
from socialcli.options import (
    MOST,
    as_option,
    dry_run_option,
    duration,
    max_cost_option,
    part,
    plan_option,
    require_only_plan,
    yes_option,
)
from socialcli.queue.facts import TURNED
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow
from socialcli.render.answered import answered as answered_lines
from socialcli.render.drill import incident_begun, incident_drill
from socialcli.render.incident import incident_page, incidents
from socialcli.render.score import scores
from socialcli.render.step import WIDTH

_AGAIN = "what begins anew is another incident: socialcli incident open"
_WHAT = {"incident-confirmed": "confirmed", "incident-dismissed": "dismissed", "incident-closed": "closed"}
# The states out of which a step leads; the end of each step stands in TURNED.
_FROM: dict[str, tuple[IncidentState, ...]] = {
    "incident-confirmed": ("suspected",),
    "incident-dismissed": ("suspected", "open"),
    "incident-closed": ("suspected", "open"),
}


class _Incidents(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            close = next((one for one in self.commands if one.startswith(name)), None)
            hint = f"socialcli incident {close or f'show {name}'}"
            raise UsageError(f'incident: no command "{name}"', hint=f"{hint}; or socialcli incident --help")
        return super().resolve_command(ctx, args)


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
    if ctx.invoked_subcommand is None:
        code: Exit = ctx.invoke(listed, as_json=as_json)
        return code
    if as_json:
        raise UsageError(
            "--json stands too early", hint=f"socialcli incident {ctx.invoked_subcommand} ... --json"
        )
    return None


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
    return Answer([_with_mass(app, one) for one in found], incidents(masking.masker(app)))


@_part("show", "One incident with its tickets.")
@_incident_argument
def show(app: App, incident: str) -> Answer:
    """What it is about, why it was suspected, what became of it, and the tickets that joined."""
    return _page(app, app.queue.incident(incident))


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

    def steps() -> Iterator[NewEvent]:
        same = watching.same(app, wanted)
        yield from [] if same else watching.opening(app, wanted, who)
        yield from _mass_too(app, same or wanted.incident, mass, who)

    if dry_run:
        return _plan(app, list(steps()))
    with app.queue.writing() as writing:
        same = watching.same(app, wanted)
        writing.events += steps()
    if same:
        app.console.note(f"incident {same} is open already")
    return _page(app, app.queue.incident(same or wanted.incident))


@_part("confirm", "It is one: a suspected incident is open.")
@_incident_argument
@_mass_option
@as_option
@dry_run_option
def confirm(app: App, incident: str, mass: int | None, agent: str | None, dry_run: bool) -> Answer:
    """Say that a suspected incident is a real one."""
    return _turn(app, "incident-confirmed", incident, {}, agent, dry_run=dry_run, mass=mass)


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
        found = app.queue.incident(incident)
        if off:
            event = massmode.switched_off(app, found.id, who, why)
        else:
            massmode.require_open(found)
            event = massmode.switched_on(app, found.id, length, who, why)
        return [] if event is None else [event]

    if dry_run:
        return _plan(app, step())
    with app.queue.writing() as writing:
        writing.events += step()
    return _page(app, app.queue.incident(incident))


@_part("dismiss", "It is none.")
@_incident_argument
@click.option("--reason", metavar="R", help="Why it is none.")
@as_option
@dry_run_option
def dismiss(app: App, incident: str, reason: str | None, agent: str | None, dry_run: bool) -> Answer:
    """Say that it is no incident: a joke that spreads, a mistake. The same words raise none for a day."""
    why = watching.reason_of(reason or "")
    return _turn(app, "incident-dismissed", incident, {"reason": why} if why else {}, agent, dry_run=dry_run)


@_part("close", "It is over.")
@_incident_argument
@as_option
@dry_run_option
def close(app: App, incident: str, agent: str | None, dry_run: bool) -> Answer:
    """Say that an incident is over. Its tickets stay as they are: each customer is still owed an answer."""
    answer = _turn(app, "incident-closed", incident, {}, agent, dry_run=dry_run)
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
    who = acting.id
    found = app.queue.incident(incident)
    if found.state not in RUNNING:
        raise ConflictError(f"incident {found.id} is {found.state}: no ticket joins it", hint=_AGAIN)

    def decide(row: TicketRow) -> NewEvent | None:
        if row.incident == found.id:
            return None
        if app.queue.gate(row) is not None:  # out of mass mode: as if it were switched off for this one
            rights.require(acting, "incidents", app.policy)
        return NewEvent("incident-joined", row.id, who, {"incident": found.id}, row.id)

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
    from socialcli.practising import incident_cases, incident_play

    where = None if folder is None else Path(folder).expanduser()
    if act is None:
        screen = app.console.screen()
        shown = None if app.console.json else Screen(screen.terminal, screen.colour, screen.width or WIDTH)
        play = incident_cases.staged(name, seed)
        return Answer(incident_play.play_through(play, where, shown), incident_drill)
    if where is None:
        raise UsageError(f"{act}: in which folder?", hint=f"socialcli incident drill {act} --dir DIR")
    if act == "start":
        return Answer([incident_play.begin(where, incident_cases.staged(name, seed))], incident_begun)
    if name is not None or seed:
        raise UsageError("--case and --seed belong to start", hint="DIR knows what is practised in it")
    return Answer([incident_play.score(where, app.console.note)], scores)


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
    limits = Limits(limit or app.policy.outbox.per_run, max_cost)
    walk = Round(task, who, limits, dry_run=dry_run or plan)
    due = walk.announce()
    if plan:
        return Answer(bulks.planned(task, walk, who), render.plans, walk.error)
    if not dry_run:
        rights.require(who, "post", app.policy)
        walk.confirm(due, yes=yes)
    return Answer(walk.through(), answered_lines, walk.error, lambda: app.console.note(walk.summary()))


def _turn(
    app: App,
    event: str,
    name: str,
    data: dict[str, str],
    agent: str | None,
    *,
    dry_run: bool,
    mass: int | None = None,
) -> Answer:
    """One step. It is safe to repeat; raises ConflictError where the incident has gone another way."""
    who = _who(app, agent)
    if dry_run:
        found = app.queue.incident(name)
        step = [NewEvent(event, None, who, _facts(found, event, data))] if _goes(found, event) else []
        return _plan(app, [*step, *_mass_too(app, found.id, mass, who)])
    with app.queue.writing() as writing:
        found = app.queue.incident(name)
        if goes := _goes(found, event):
            writing.add(event, None, who, _facts(found, event, data), key=found.id)
        writing.events += _mass_too(app, found.id, mass, who)
    if not goes:
        unkept = "; the reason given now is not kept" if "reason" in data else ""
        app.console.note(f"incident {found.id} is {found.state} already{unkept}")
    return _page(app, app.queue.incident(found.id))


def _mass_too(app: App, name: str, seconds: int | None, who: str) -> list[NewEvent]:
    """Mass mode along with the step that makes the incident an open one."""
    event = None if seconds is None else massmode.switched_on(app, name, seconds, who)
    return [] if event is None else [event]


def _with_mass(app: App, found: Incident) -> Incident:
    return structs.replace(found, mass=massmode.state(app, found.id))


def _who(app: App, agent: str | None) -> str:
    """Raises RefusedError for somebody who may not (``rights.incidents``)."""
    who = app.agent(agent)
    rights.require(who, "incidents", app.policy)
    return who.id


def _facts(found: Incident, event: str, data: dict[str, str]) -> dict[str, str]:
    """A dismissal says what it knew: that of an open incident counts for more than that of a suspicion."""
    was = {"was": found.state} if event == "incident-dismissed" else {}
    return {"incident": found.id, **data, **was}


def _goes(found: Incident, event: str) -> bool:
    """Whether the step is still to be taken."""
    if found.state == TURNED[event]:
        return False
    if found.state in _FROM[event]:
        return True
    since = format_time(next(turn.at for turn in found.history if turn.state == found.state))
    raise ConflictError(
        f"incident {found.id} is {found.state} since {since}: it cannot be {_WHAT[event]}", hint=_AGAIN
    )


def _plan(app: App, events: Sequence[NewEvent]) -> Answer:
    planned = (bulk.planned(one) for one in events)
    return Answer(planned, render.events(masking.masker(app)))


def _page(app: App, found: Incident) -> Answer:
    """The incident, on paper with its tickets as ``list`` prints them."""
    found = _with_mass(app, found)
    rows = app.queue.tickets_in(found.id)
    mask = masking.masker(app)
    tickets = render.tickets(app.now(), mask)
    return Answer([found], incident_page(lambda screen: tickets(app.queue.records(rows), screen), mask))
