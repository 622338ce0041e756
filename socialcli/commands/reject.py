"""``reject``: no, and why."""

from __future__ import annotations

import click

from socialcli import awaiting, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, dry_run_option, verb


@verb("Say no to a draft, with a reason.")
@click.argument("draft")
@click.option("--reason", metavar="R", required=True, help="Why.")
@as_option
@dry_run_option
def command(app: App, draft: str, reason: str, agent: str | None, dry_run: bool) -> Answer:
    """Say no to a draft that waits for approval or its time, is parked, or waits to be posted by hand. It is kept,
    and never posted. Its author sees why in outbox, as long as the customer waits, and in show.
    """
    return run(app, draft, reason, agent, dry_run=dry_run)


def run(app: App, name: str, reason: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises NotFoundError, ConflictError where the draft does not wait."""
    who = app.agent(agent)
    return Answer([awaiting.reject(app, name, who, reason, dry_run=dry_run)], render.drafts)
