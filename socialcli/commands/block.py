"""``block``: hold off spam, trolls and abuse, step by step; never criticism."""

from __future__ import annotations

import click

from socialcli import protecting, render
from socialcli.app import App
from socialcli.applying import planning
from socialcli.approval import rights
from socialcli.console import Answer, interactive
from socialcli.errors import NotFoundError, SocialError, UsageError
from socialcli.model.protection import RUNGS, Restriction, Rung
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
from socialcli.policy.schema import Agent
from socialcli.protecting import Step, Suspect, Wish
from socialcli.protecting.steps import Cause
from socialcli.render.protection import restriction_lines, restrictions


@verb("Hold off spam, trolls and abuse; never criticism.")
@click.argument("target", metavar="[TICKET|@HANDLE]", required=False)
@click.option("--reason", type=click.Choice(["spam", "troll", "abuse"]), help="Why.")
@click.option("--rung", type=click.Choice(RUNGS), help="The step [default: the next one].")
@click.option("--guideline", metavar="G", help="The published guideline; hiding needs one.")
@click.option(
    "--for", "lasts", metavar="TIME", callback=duration(), help="Until it ends by itself, such as 30d."
)
@click.option("--network", metavar="N", help="Where, if several networks know the handle.")
@click.option("--list", "listed", is_flag=True, help="Who is held off, on what evidence, until when.")
@click.option("--lift", "freed", metavar="@HANDLE", help="Take it back: everything, or only --rung.")
@as_option
@max_cost_option
@plan_option
@dry_run_option
@yes_option
def command(
    app: App,
    target: str | None,
    reason: Cause | None,
    rung: Rung | None,
    guideline: str | None,
    lasts: int | None,
    network: str | None,
    listed: bool,
    freed: str | None,
    agent: str | None,
    max_cost: str | None,
    plan: bool,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Hold off somebody who spams, trolls or abuses, one step further than before: monitor, mute, hide, block.

    \b
    socialcli block @spammer --reason spam
    socialcli block k3p --reason abuse --rung hide --guideline threats
    socialcli block --list
    socialcli block --lift @spammer

    Triage must have seen it, and criticism is never held off: it is answered. Every step ends by itself. What
    the network does not allow is said, with what to do by hand.
    """
    if sum((target is not None, listed, freed is not None)) != 1:
        raise UsageError("one of TICKET or @HANDLE, --list, --lift @HANDLE", hint="socialcli block --help")
    if target is None and (reason or guideline or lasts or max_cost):
        raise UsageError("--reason, --guideline, --for and --max-cost belong to TICKET or @HANDLE")
    require_only_plan(plan=plan, dry_run=dry_run)
    if plan and target is None:
        raise UsageError("--plan belongs to TICKET or @HANDLE")
    if listed:
        if rung or network:
            raise UsageError("--list shows everybody", hint="leave out --rung and --network")
        return _list(app)
    who = app.agent(agent) if plan else _who(app, agent)
    if freed is not None:
        return _lift(app, freed, rung, network, who, dry_run=dry_run)
    if reason is None:
        raise UsageError("--reason is missing", hint="--reason spam|troll|abuse")
    wish = Wish(reason, rung, guideline, lasts, max_cost)
    if plan:
        return _planned(app, str(target), network, wish, who)
    return run(app, str(target), network, wish, who, dry_run=dry_run, yes=yes)


def run(
    app: App, target: str, network: str | None, wish: Wish, who: Agent, *, dry_run: bool, yes: bool
) -> Answer:
    """Hold somebody off. Raises UsageError where a yes is missing, click.Abort where a person says no, and
    what ``protecting`` raises.
    """
    suspect = _suspect(app, target, network)
    step = protecting.plan(app, suspect, wish, who)
    view = restrictions(app.now(), state="planned" if dry_run and step.way is not None else "")
    if step.way is None:
        app.console.note(f"@{step.restriction.handle}: {step.restriction.rung} is in force already")
        return Answer([step.restriction], view)
    app.console.note(_price(step, dry_run=dry_run))
    if dry_run:
        return Answer([step.restriction], view)
    _confirm(app, step, yes=yes)
    return Answer([protecting.restrict(app, step)], view)


def _suspect(app: App, target: str, network: str | None) -> Suspect:
    if target.startswith("@"):
        return protecting.of_handle(app, target, network)
    if network is not None:
        raise UsageError("--network belongs to @HANDLE", hint="a ticket is of one network")
    return protecting.of_ticket(app, target)


def _planned(app: App, target: str, network: str | None, wish: Wish, who: Agent) -> Answer:
    """The step as a line of a plan. Raises what ``protecting`` raises."""
    suspect = _suspect(app, target, network)
    return Answer(planning.of_step(app, suspect, protecting.plan(app, suspect, wish, who)), render.plans)


def _price(step: Step, *, dry_run: bool) -> str:
    way = step.way
    if way is None or way.road != "api":
        return "nothing is sent to the network"
    told = "would be told; it would cost" if dry_run else "is told; it costs"
    return f"the network {told} {way.cost} {way.currency}"


def _confirm(app: App, step: Step, *, yes: bool) -> None:
    """Ask a person before the network is told, unless they said yes before."""
    if yes or step.restriction.road != "api":
        return
    if not interactive() or app.console.json:
        raise UsageError(
            f"to {step.restriction.rung} somebody needs a yes",
            hint="add --yes, or look at it first with --dry-run",
        )
    from socialcli.prompts import confirm as ask

    app.console.show(restriction_lines(step.restriction, app.now(), app.console.screen()))
    if not ask("Do it?"):
        app.console.note("nothing was done")
        raise click.Abort


def _list(app: App) -> Answer:
    standing = app.queue.restrictions()
    if not standing:
        app.console.note("nobody is held off")
    return Answer(standing, restrictions(app.now()))


def _lift(
    app: App, name: str, rung: Rung | None, network: str | None, who: Agent, *, dry_run: bool
) -> Answer:
    """The records that were lifted; the first failure ends it, and stands against the answer."""
    wanted = _standing(app, name, rung, network)
    if dry_run:
        return Answer(wanted, restrictions(app.now(), state="would be lifted"))
    lifted: list[Restriction] = []
    failed: list[SocialError] = []
    for one in wanted:
        try:
            protecting.lift(app, one, who.id)
        except SocialError as error:
            failed.append(error)
            break
        lifted.append(one)
    return Answer(lifted, restrictions(app.now(), state="lifted"), lambda: failed[0] if failed else None)


def _standing(app: App, name: str, rung: Rung | None, network: str | None) -> list[Restriction]:
    """What is in force for a handle, or expired and not yet taken back."""
    handle = name.removeprefix("@")
    found = [
        one
        for one in app.queue.restrictions()
        if rung in (None, one.rung) and network in (None, one.network) and _is(app, one, handle)
    ]
    if not found:
        what = "restriction" if rung is None else rung
        raise NotFoundError(f"{what} of", f"@{handle}", hint="socialcli block --list shows them")
    networks = tuple(dict.fromkeys(one.network for one in found))
    if len(networks) > 1:
        raise UsageError(
            f"@{handle} is held off on {' and on '.join(networks)}",
            hint=f"say which: --network {'|'.join(networks)}",
        )
    return found


def _is(app: App, one: Restriction, handle: str) -> bool:
    """Whether it is about somebody of this handle, also where they had another one then."""
    if one.handle.casefold() == handle.casefold():
        return True
    theirs = app.queue.tickets_of(one.network, handle) if one.author_id is not None else []
    return any(row.author == one.author_id for row in theirs)


def _who(app: App, agent: str | None) -> Agent:
    """Raises RefusedError for somebody who may not (``rights.block``)."""
    who = app.agent(agent)
    rights.require(who, "block", app.policy)
    return who
