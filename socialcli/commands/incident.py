"""``incident``: one problem of many customers, from the suspicion to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from socialcli import bulk, masking, render, watching
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import ConflictError, Exit, UsageError
from socialcli.model.incident import INCIDENT_STATES, RUNNING, Incident, IncidentState
from socialcli.model.times import format_time
from socialcli.options import as_option, dry_run_option, verb
from socialcli.queue.facts import TURNED
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow
from socialcli.render.incident import incident_page, incidents

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


def _part(name: str, short: str) -> Callable[[Callable[..., Answer]], click.Command]:
    """A command of this group."""

    def make(function: Callable[..., Answer]) -> click.Command:
        made = verb(short)(function)
        made.name = name
        command.add_command(made)
        return made

    return make


def _incident_argument(function: Callable[..., Answer]) -> Callable[..., Answer]:
    return click.argument("incident", metavar="I")(function)


@_part("list", "Incidents, the newest first.")
@click.option("--state", type=click.Choice(INCIDENT_STATES), help="Only those.")
def listed(app: App, state: IncidentState | None) -> Answer:
    """Incidents, the newest first: all of them, or those of one state."""
    found = app.queue.incidents(state)
    if not found:
        app.console.note("no incidents" if state is None else f"no incident is {state}")
    return Answer(found, incidents(masking.masker(app)))


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
@as_option
@dry_run_option
def opened(
    app: App, topic: str, words: str, account: str | None, reason: str, agent: str | None, dry_run: bool
) -> Answer:
    """Open an incident that nobody has written of yet, or that fetch has not seen. What was written of it in the
    last hours joins at once, later messages with each fetch.

    \b
    socialcli incident open --topic outage --words "app, down, login"
    """
    wanted = watching.wanted(app, topic, words, account, reason or "opened by hand")
    who = app.agent(agent).id
    if dry_run:
        same = watching.same(app, wanted)
        return _plan(app, [] if same else watching.opening(app, wanted, who))
    with app.queue.writing() as writing:
        same = watching.same(app, wanted)
        writing.events += [] if same else watching.opening(app, wanted, who)
    if same:
        app.console.note(f"incident {same} is open already")
    return _page(app, app.queue.incident(same or wanted.incident))


@_part("confirm", "It is one: a suspected incident is open.")
@_incident_argument
@as_option
@dry_run_option
def confirm(app: App, incident: str, agent: str | None, dry_run: bool) -> Answer:
    """Say that a suspected incident is a real one."""
    return _turn(app, "incident-confirmed", incident, {}, agent, dry_run=dry_run)


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
    return _turn(app, "incident-closed", incident, {}, agent, dry_run=dry_run)


@_part("join", "Tickets join an incident.")
@_incident_argument
@click.argument("tickets", metavar="TICKET...", nargs=-1)
@as_option
@dry_run_option
def join(app: App, incident: str, tickets: tuple[str, ...], agent: str | None, dry_run: bool) -> Answer:
    """Put tickets into an incident, out of any other. "-" reads them from standard input: an id a line, or records
    of list --json.
    """
    who = app.agent(agent).id
    found = app.queue.incident(incident)
    if found.state not in RUNNING:
        raise ConflictError(f"incident {found.id} is {found.state}: no ticket joins it", hint=_AGAIN)

    def decide(row: TicketRow) -> NewEvent | None:
        if row.incident == found.id:
            return None
        return NewEvent("incident-joined", row.id, who, {"incident": found.id}, row.id)

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    view = render.tickets(app.now(), masking.masker(app))
    return bulk.answer(app, outcome, view, render.events(render.as_is), dry_run=dry_run)


def _turn(
    app: App, event: str, name: str, data: dict[str, str], agent: str | None, *, dry_run: bool
) -> Answer:
    """One step. It is safe to repeat; raises ConflictError where the incident has gone another way."""
    who = app.agent(agent).id
    if dry_run:
        found = app.queue.incident(name)
        step = [NewEvent(event, None, who, _facts(found, event, data))] if _goes(found, event) else []
        return _plan(app, step)
    with app.queue.writing() as writing:
        found = app.queue.incident(name)
        if goes := _goes(found, event):
            writing.add(event, None, who, _facts(found, event, data), key=found.id)
    if not goes:
        unkept = "; the reason given now is not kept" if "reason" in data else ""
        app.console.note(f"incident {found.id} is {found.state} already{unkept}")
    return _page(app, app.queue.incident(found.id))


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
    rows = app.queue.tickets_in(found.id)
    mask = masking.masker(app)
    tickets = render.tickets(app.now(), mask)
    return Answer([found], incident_page(lambda screen: tickets(app.queue.records(rows), screen), mask))
