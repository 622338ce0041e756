"""``statement``: tell everybody about a problem that hits many."""

from __future__ import annotations

from typing import get_args

import click

from socialcli import posting, render
from socialcli.announcing import pointing, saying
from socialcli.announcing.planning import Wanted
from socialcli.app import App
from socialcli.applying import planning
from socialcli.console import Answer, read_stdin
from socialcli.drafting import parse_values
from socialcli.errors import ConflictError, UsageError
from socialcli.model.statement import Stage
from socialcli.options import (
    as_option,
    dry_run_option,
    duration,
    max_cost_option,
    plan_option,
    require_only_plan,
    verb,
    yes_option,
)
from socialcli.pointing import owing
from socialcli.text.clean import clean

_SOONEST, _LATEST = 60, 7 * 86400  # seconds to a promised update


@verb("Tell everybody about a problem that hits many.")
@click.option("--incident", metavar="I", help="The incident it is about.")
@click.option(
    "-t",
    "--template",
    "templates",
    metavar="TEMPLATE",
    multiple=True,
    help="A statement template; may be stacked [default: statement-STATE].",
)
@click.option(
    "--text", "texts", metavar="T", multiple=True, help="The text itself, one for each --account; - is stdin."
)
@click.option(
    "--state",
    "stage",
    type=click.Choice(get_args(Stage)),
    help="How far it is [default: as before, else investigating].",
)
@click.option(
    "--set", "pairs", metavar="NAME=VALUE", multiple=True, help="A value for the template; may be repeated."
)
@click.option(
    "--account",
    "accounts",
    metavar="A",
    multiple=True,
    help="Through which accounts [default: those of the brand, else the first of service].",
)
@click.option(
    "--next-update",
    metavar="DURATION",
    callback=duration(_SOONEST, _LATEST),
    help="When the next word is promised [default: incident.next_update].",
)
@click.option(
    "--point", "tickets", metavar="TICKET", multiple=True, help="Answer this ticket with a pointer to it."
)
@click.option("--list", "listed", is_flag=True, help="What was said, and which updates are promised.")
@click.option("--again", is_flag=True, help="Say the same once more, on purpose.")
@as_option
@max_cost_option
@plan_option
@dry_run_option
@yes_option
def command(
    app: App,
    incident: str | None,
    templates: tuple[str, ...],
    texts: tuple[str, ...],
    stage: Stage | None,
    pairs: tuple[str, ...],
    accounts: tuple[str, ...],
    next_update: int | None,
    tickets: tuple[str, ...],
    listed: bool,
    again: bool,
    agent: str | None,
    max_cost: str | None,
    plan: bool,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Post a public statement through one account or several, each in its own words, and promise the next.

    \b
    socialcli statement --set what="online check-in" --dry-run
    socialcli statement --state resolved --set what="online check-in" --yes
    socialcli statement --point k3p --point 2fu --yes

    It waits for somebody else's yes where approval.when says so. The same call again continues the same
    drafts and never posts them twice.
    """
    speaks = texts or templates or pairs or stage or next_update or incident
    if listed and (speaks or tickets):
        raise UsageError("--list stands alone", hint="leave out what is to be said")
    if tickets and speaks:
        raise UsageError("--point answers customers and says nothing new", hint="post the statement first")
    if tickets and plan:
        raise UsageError(
            "--plan is for what is said to everybody", hint="reply TICKET --plan answers one of them"
        )
    require_only_plan(plan=plan, dry_run=dry_run)
    if texts and (templates or pairs):
        raise UsageError("--text stands alone", hint="leave out -t and --set")
    if listed:
        return _listed(app)
    who = app.agent(agent)
    wish = posting.Wish(again=again, dry_run=dry_run, yes=yes, max_cost=max_cost)
    if tickets:
        return pointing.point(app, tickets, accounts, who, wish)
    wanted = Wanted(
        accounts=accounts,
        texts=_given(texts),
        templates=templates,
        values=parse_values(pairs),
        stage=stage,
        next_update=next_update,
        incident=None if incident is None else _about(app, incident),
        again=again,
    )
    if plan:
        return Answer(planning.of_statement(app, wanted, who, wish), render.plans)
    answer = saying.say(app, wanted, who, wish)
    if stage == "resolved" and not dry_run:
        owing.remind_of_all(app)
    return answer


def _about(app: App, name: str) -> str:
    """The id of the incident. Raises NotFoundError, and ConflictError for one that is none."""
    found = app.queue.incident(name)
    if found.state == "dismissed":
        raise ConflictError(
            f"incident {found.id} was dismissed: it is none", hint="leave --incident out, or open another one"
        )
    return found.id


def _listed(app: App) -> Answer:
    """What was said, newest first."""
    found = app.queue.statements()
    if not found:
        app.console.note("nothing was said to everybody yet")
    return Answer(found, render.statements)


def _given(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts themselves. Raises UsageError where standard input is asked for twice."""
    if texts.count("-") > 1:
        raise UsageError("--text - twice: standard input can be read once", hint="write one of them out")
    return tuple(clean(read_stdin().removesuffix("\n") if text == "-" else text) for text in texts)
