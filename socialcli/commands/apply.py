"""``apply``: acts that were planned with ``--plan``, signed by others, and are done now, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from socialcli import render
from socialcli.app import App
from socialcli.applying import lines, signing
from socialcli.applying.lines import STDIN
from socialcli.applying.running import Limits, Run
from socialcli.approval import rights
from socialcli.console import Answer, interactive
from socialcli.errors import SocialError, UsageError
from socialcli.model.plan import Applied, Plan
from socialcli.options import (
    MOST,
    as_option,
    dry_run_option,
    duration,
    max_cost_option,
    verb,
    yes_option,
)
from socialcli.policy.schema import Agent


@verb("Do what was planned and signed, each line once.")
@click.argument("source", metavar="PLAN|-")
@click.option("--show", is_flag=True, help="Only print the lines, to be read before they are signed.")
@click.option("--sign", is_flag=True, help="Put your name under lines instead of doing them.")
@click.option("--line", "names", metavar="ID", multiple=True, help="With --sign: this line; may be repeated.")
@click.option("--all", "every", is_flag=True, help="With --sign: all lines.")
@click.option(
    "--output", "target", metavar="FILE", help="With --sign: write the signed plan there [default: in place]."
)
@click.option(
    "--max", "most", metavar="N", type=click.IntRange(1, MOST), help="Do at most so many lines in this run."
)
@click.option(
    "--max-age",
    metavar="TIME",
    default="24h",
    show_default=True,
    callback=duration(),
    help="Refuse lines that were made longer ago.",
)
@as_option
@max_cost_option
@dry_run_option
@yes_option
def command(
    app: App,
    source: str,
    show: bool,
    sign: bool,
    names: tuple[str, ...],
    every: bool,
    target: str | None,
    most: int | None,
    max_age: int,
    agent: str | None,
    max_cost: str | None,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Do the lines of a plan that somebody signed and nobody changed since, each once; --max-cost holds for all
    of them together. With --sign, sign them. "-" reads the plan from standard input.

    \b
    socialcli reply k3p --text "So sorry, Marta. It is on its way. ^SB" --plan >> plan.jsonl
    socialcli apply plan.jsonl --show
    socialcli apply plan.jsonl --sign --all --as mo
    socialcli apply plan.jsonl --dry-run
    socialcli apply plan.jsonl --as sb --yes

    What has changed since it was planned is refused, with the reason. Running it again goes on where it stopped,
    and posts nothing twice.
    """
    if show:
        if sign or names or every or target is not None or most or max_cost or dry_run:
            raise UsageError("--show stands alone")
        return Answer(_read(source), render.plan_pages)
    who = app.agent(agent)
    if sign:
        if bool(names) == every:
            raise UsageError("which lines?", hint="--line ID, or --all")
        if most or max_cost or dry_run:
            raise UsageError("--sign only signs", hint="leave out --max, --max-cost and --dry-run")
        return _signed(app, source, who, names, target)
    if names or every or target is not None:
        raise UsageError("--line, --all and --output belong to --sign")
    rights.require(who, "post", app.policy)
    return _applied(app, source, who, Limits(most, max_cost, max_age), dry_run=dry_run, yes=yes)


def _read(source: str) -> Iterator[Plan]:
    with lines.opened(source) as plan:
        plan.require_whole()
        yield from (line for _, line in plan.lines())


def _applied(app: App, source: str, who: Agent, limits: Limits, *, dry_run: bool, yes: bool) -> Answer:
    """Raises InvalidError with all broken lines, UsageError where a yes is missing, click.Abort where a person
    says no; nothing is then done.
    """
    run = Run(app, who, limits, dry_run=dry_run)

    def records() -> Iterator[Applied]:
        with lines.opened(source) as plan:
            count = plan.require_whole()
            if count and not (dry_run or yes):
                _confirm(app, count)
            yield from run.through(plan)

    return Answer(records(), render.applied, run.error, lambda: app.console.note(run.summary()))


def _confirm(app: App, count: int) -> None:
    """Ask a person once for the whole plan."""
    if not interactive() or app.console.json:
        raise UsageError("posting needs a yes", hint="add --yes, or look at it first with --dry-run")
    from socialcli.prompts import confirm

    if not confirm(f"Do the signed ones of {count:,} lines?"):
        app.console.note("nothing was done")
        raise click.Abort


def _signed(app: App, source: str, who: Agent, names: tuple[str, ...], target: str | None) -> Answer:
    """The lines that were signed; or, of a plan on standard input, the whole plan with the signatures."""
    if source != STDIN:
        done = signing.in_place(app, source, who, names, target)
        return Answer(done.signed, render.signed, done.error)
    if target is not None:
        raise UsageError(
            "--output with a plan on standard input", hint="the signed plan goes to standard output"
        )
    made: list[signing.Signing] = []

    def through() -> Iterator[Any]:
        with lines.opened(source) as plan:
            made.append(signing.prepared(app, plan, who, names))
            yield from (lines.read(raw) for raw in made[0].pass_through(plan))

    def error() -> SocialError | None:
        return made[0].error() if made else None

    return Answer(through(), render.plans, error)
