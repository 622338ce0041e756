"""``recall``: take a draft back before it goes out."""

from __future__ import annotations

import click

from socialcli import recalling, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import as_option, dry_run_option, verb


@verb("Take a draft back before it goes out.")
@click.argument("draft")
@click.option("--reason", metavar="R", help="Why.")
@as_option
@dry_run_option
def command(app: App, draft: str, reason: str | None, agent: str | None, dry_run: bool) -> Answer:
    """Take back a draft that waits: for a yes, for its time, to be tried again, or to be posted by hand. Its
    author may, and a lead. It is kept, and never posted; reply --again says the same anew on purpose.
    """
    return run(app, draft, reason, agent, dry_run=dry_run)


def run(app: App, name: str, reason: str | None, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises what ``recalling.recall`` raises."""
    return Answer([recalling.recall(app, name, app.agent(agent), reason, dry_run=dry_run)], render.drafts)
