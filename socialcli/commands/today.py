"""``today``: what is to be done now, by one agent or the team."""

from __future__ import annotations

import os

import click

from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.options import verb


@verb("What is to be done now.")
@click.option("--agent", metavar="AGENT", help="Of this agent [default: who acts, else the team].")
@click.option("--team", is_flag=True, help="Of the whole team.")
@click.option("--line", "short", is_flag=True, help="One line, for a shell's prompt or a status bar.")
def command(app: App, agent: str | None, team: bool, short: bool) -> Answer:
    """Late, about to breach, due within a day, promised, waiting for a yes, stuck; incidents, questions to experts,
    follow-ups, what the last shift left. For one agent: what they have, and what nobody has.

    \b
    socialcli today
    socialcli today --team --json
    socialcli today --line
    """
    if agent is not None and team:
        raise UsageError("--agent and --team exclude each other", hint="leave one of them out")
    if short and app.console.json:
        raise UsageError("--line is text", hint="leave out --json, or --line")
    return line(app, agent, team=team) if short else run(app, agent, team=team)


def run(app: App, agent: str | None, *, team: bool) -> Answer:
    """Raises NotFoundError for an unknown agent."""
    from socialcli import claiming, masking
    from socialcli.render.today import today
    from socialcli.upcoming.gathering import gather

    who = None if team else _whose(app, agent)
    found = gather(app, who)

    def talk() -> None:
        claiming.tell_of_relief(app, who)
        if not found:
            app.console.note("nothing is to be done now")

    return Answer(found, today(app.now(), masking.reader(app, who)), talk=talk)


def line(app: App, agent: str | None, *, team: bool) -> Answer:
    """Reads the index alone; the policy only to know an agent that was named. Raises NotFoundError."""
    from socialcli.upcoming.line import line as view

    who = None if team else os.environ.get("SOCIALCLI_AGENT") or None
    if agent is not None:
        who = app.agent_named(agent).id
    return Answer([], view(app, who))


def _whose(app: App, agent: str | None) -> str | None:
    """The agent who was named, or acts; None where that is not known."""
    if agent is not None:
        return app.agent_named(agent).id
    try:
        return app.agent(None).id
    except UsageError:
        return None
