"""``list``: tickets, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import click

from socialcli import masking, reminding, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.model.assessment import PRIORITIES, Kind
from socialcli.model.ticket import STATUSES
from socialcli.options import MOST, verb
from socialcli.queue.store import Filter

_DEFAULT_LIMIT = 50


@verb("Tickets, the most pressing first.")
@click.option("--status", type=click.Choice(STATUSES), help="Only tickets of this status.")
@click.option("--priority", type=click.Choice(PRIORITIES), help="Only tickets of this priority.")
@click.option("--account", metavar="A", help="Only tickets of this account.")
@click.option("--assignee", metavar="AGENT", help="Only tickets claimed by this agent.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only tickets of this kind.")
@click.option("--incident", metavar="I", help="Only tickets that joined this incident.")
@click.option("--label", metavar="L", help="Only tickets with this label.")
@click.option("--overdue", is_flag=True, help="Only tickets past their deadline.")
@click.option(
    "--sort",
    type=click.Choice(["urgency", "due", "received"]),
    default="urgency",
    show_default=True,
    help="What comes first.",
)
@click.option(
    "--limit", type=click.IntRange(0, MOST), help="At most so many; 0 = all [default: 50, --json: all]."
)
def command(app: App, limit: int | None, **wanted: str | bool | None) -> Answer:
    """Tickets, the most pressing first. Without filters every status is shown."""
    return run(app, limit=limit, **wanted)


def run(app: App, *, limit: int | None, **wanted: str | bool | None) -> Answer:
    """Raises NotFoundError for an unknown account or agent."""
    if wanted.get("account"):
        app.account(str(wanted["account"]))
    if wanted.get("assignee"):
        app.agent(str(wanted["assignee"]))
    if limit is None:
        limit = 0 if app.console.json else _DEFAULT_LIMIT
    reminding.remind(app)
    rows = app.queue.rows(Filter(limit=limit, **wanted))  # type: ignore[arg-type]
    return Answer(app.queue.records(rows), render.tickets(app.now(), _short(app)))


def _short(app: App) -> Callable[[str], str]:
    """For terminals: without private data, and without our own handle, with which nearly every text begins."""
    hide = masking.masker(app)

    def short(text: str) -> str:
        first, _, rest = text.lstrip().partition(" ")
        is_ours = first.startswith("@") and first[1:].casefold() in app.policy.our_handles
        return hide(rest if is_ours and rest.strip() else text)

    return short
