"""``archive``: move finished tickets out of the journal, still readable."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from socialcli.app import App
from socialcli.console import Answer, interactive
from socialcli.errors import RefusedError, UsageError
from socialcli.model.retention import Archiving
from socialcli.model.times import parse_duration, parse_time
from socialcli.options import as_option, dry_run_option, verb, yes_option
from socialcli.render.retention import archivings


@verb("Move finished tickets out of the journal, still readable.")
@click.option(
    "--before",
    metavar="TIME",
    help="What was quiet for so long (90d), or since then (a time) [default: retention.archive_after].",
)
@as_option
@dry_run_option
@yes_option
def command(app: App, before: str | None, agent: str | None, dry_run: bool, yes: bool) -> Answer:
    """Move tickets that are finished, and quiet since --before, into a compressed file under archive/.

    \b
    socialcli archive --dry-run
    socialcli archive --before 90d --yes
    socialcli archive --before 2026-09-01T00:00:00Z

    log, show, export and list --match still read them; a new message of the customer opens such a ticket again.
    """
    since = _ago(app, app.policy.retention.archive_after) if before is None else _moment(app, before)
    return run(app, since, agent, dry_run=dry_run, yes=yes)


def run(app: App, before: datetime, agent: str | None, *, dry_run: bool, yes: bool) -> Answer:
    """Raises UsageError where a yes is missing, click.Abort where a person says no, and what ``archive`` raises."""
    from socialcli.queue.archiving import archive

    by = _who(app, agent)
    if dry_run or not yes:
        planned = archive(app.queue, before, by, app.now(), dry_run=True)
        if dry_run or planned.state == "nothing":
            return Answer([planned], archivings)
        _confirm(app, planned)
    return Answer([archive(app.queue, before, by, app.now(), dry_run=False)], archivings)


def _ago(app: App, seconds: int) -> datetime:
    """Raises OverflowError before the year 1."""
    return (app.now() - timedelta(seconds=seconds)).replace(microsecond=0)


def _moment(app: App, text: str) -> datetime:
    """A duration back from now, a time, or a day (UTC). Raises UsageError."""
    try:
        return _ago(app, parse_duration(text))
    except (ValueError, OverflowError):
        pass
    try:
        before = parse_time(f"{text}T00:00:00Z" if len(text) == len("2026-09-01") else text)
    except ValueError as error:
        raise UsageError(
            f"--before: {error}", hint="such as 90d, 2026-09-01, 2026-09-01T00:00:00Z"
        ) from error
    if before > app.now():
        raise UsageError(f'--before: "{text}" has not come yet', hint="such as --before 90d")
    return before.replace(microsecond=0)


def _who(app: App, agent: str | None) -> str | None:
    """Nobody need be named, as a clock runs this too. Raises RefusedError for somebody who only drafts."""
    if agent is None and len(app.policy.agents) != 1:
        return None
    who = app.agent(agent)
    if who.role == "draft":
        raise RefusedError(f"{who.id} only drafts: archiving is for others", hint="ask an agent or a lead")
    return who.id


def _confirm(app: App, planned: Archiving) -> None:
    if not interactive() or app.console.json:
        raise UsageError("to archive needs a yes", hint="add --yes, or look at it first with --dry-run")
    from socialcli.prompts import confirm as ask

    app.console.show(archivings([planned], app.console.screen()))
    if not ask("Archive it?"):
        app.console.note("nothing was archived")
        raise click.Abort
