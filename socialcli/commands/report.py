"""``report``: figures about the work."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.model.times import format_time, parse_duration, parse_time
from socialcli.options import verb

_SECOND = timedelta(seconds=1)


@click.group("report", short_help="Figures: what customers say.")
def command() -> None:
    """Figures about the work. Each report takes --json."""


@verb("What customers say: six questions about a period.")
@click.option(
    "--since", metavar="TIME", default="7d", show_default=True, help="From when on: so long ago, or a time."
)
@click.option("--until", metavar="TIME", help="To before when: so long ago, or a time [default: now].")
@click.option("--account", metavar="A", help="Only what came in through this account.")
def listen(app: App, since: str, until: str | None, account: str | None) -> Answer:
    """Six questions about what customers wrote: how many are frustrated; what is about technical or account
    matters; feedback, positive and negative; what a page of help would answer; what needs a reply, or would
    gain by one; and at what hour they write. Each is counted in messages and in customers.

    \b
    socialcli report listen
    socialcli report listen --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --account support
    """
    return run(app, since, until, account)


listen.name = "listen"
command.add_command(listen)


def run(app: App, since: str, until: str | None, account: str | None) -> Answer:
    """Raises NotFoundError for an unknown account, UsageError for what is no time and for a period that ends
    before it begins. A period without messages is one of zeros.
    """
    from socialcli.render.report import listening
    from socialcli.report.listen import listen as listen_to

    if account is not None:
        app.account(account)
    now = app.now().replace(microsecond=0)
    start = _moment("--since", since, now)
    end = now if until is None else _moment("--until", until, now)
    if start > end:
        raise UsageError(
            f"the period begins at {format_time(start)} and ends before, at {format_time(end)}",
            hint="--since 30d --until 7d",
        )
    before = end + _SECOND if until is None else end  # what is written just now counts
    heard = app.queue.said_between(int(start.timestamp()), int(before.timestamp()), account)
    found = listen_to(app.console.progress(heard, "report"), start, end, account, app.policy)

    def talk() -> None:
        if found.untriaged.messages:
            app.console.note("what is not triaged is not in the figures: socialcli triage")

    return Answer([found], listening, talk=talk)


def _moment(option: str, text: str, now: datetime) -> datetime:
    """So long before now (7d), or a time."""
    try:
        return now - timedelta(seconds=parse_duration(text))
    except (ValueError, OverflowError):
        pass
    try:
        return parse_time(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}", hint="so long ago: 7d, 12h; or 2026-11-01T00:00:00Z") from None
