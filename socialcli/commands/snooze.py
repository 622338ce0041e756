"""``snooze``: tickets put aside until later."""

from __future__ import annotations

from collections.abc import Sequence

import click

from socialcli import bulk, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.model.times import parse_time
from socialcli.options import as_option, dry_run_option, duration, verb
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow


@verb("Put tickets aside until later.")
@click.argument("tickets", metavar="TICKET...", nargs=-1)
@click.option("--for", "seconds", metavar="TIME", callback=duration(), help="So long: 45m, 2h, 3d.")
@click.option("--until", metavar="TIME", help="Until then: 2026-11-21T09:00:00Z.")
@click.option("--wake", is_flag=True, help="Now: it is on the desk again.")
@as_option
@dry_run_option
def command(
    app: App, tickets: tuple[str, ...], seconds: int | None, until: str | None, wake: bool, agent: str | None,
    dry_run: bool,
) -> Answer:  # fmt: skip
    """Put tickets aside. They wake at that time, or when the customer writes again; till then next passes them
    over, and list shows them last. "-" reads tickets from standard input: an id a line, or records of
    list --json.
    """
    return run(app, tickets, agent, seconds=seconds, until=until, wake=wake, dry_run=dry_run)


def run(
    app: App, tickets: Sequence[str], agent: str | None, *, seconds: int | None, until: str | None, wake: bool,
    dry_run: bool,
) -> Answer:  # fmt: skip
    """Raises UsageError where it is not said until when, or a time that has passed."""
    if (seconds is not None) + (until is not None) + wake != 1:
        raise UsageError("until when?", hint="one of --for 2h, --until TIME, --wake")
    now = int(app.now().timestamp())
    moment = 0 if wake else now + seconds if seconds is not None else _moment(str(until))
    if not wake and moment <= now:
        raise UsageError(f"--until {until} has passed", hint="--wake ends a snooze")
    who = app.agent(agent).id

    def decide(row: TicketRow) -> NewEvent | None:
        asleep = row.snoozed if row.snoozed is not None and row.snoozed > now else 0
        return NewEvent("snoozed", row.id, who, {"until": moment}) if asleep != moment else None

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    return bulk.answer(
        app, outcome, render.organised(app.now()), render.events(render.as_is), dry_run=dry_run
    )


def _moment(text: str) -> int:
    try:
        return int(parse_time(text).timestamp())
    except ValueError as error:
        raise UsageError(f"--until: {error}") from error
