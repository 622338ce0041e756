"""``due``: what we promised, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import click

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import RefusedError
from socialcli.model.promise import Promise
from socialcli.options import duration, verb
from socialcli.text.counted import counted


@verb("What we promised, and by when.")
@click.option("--all", "everything", is_flag=True, help="Also promises that were kept, in time or late.")
@click.option(
    "--within", metavar="DURATION", callback=duration(), help="Only what falls due so soon, or did."
)
@click.option("--account", metavar="A", help="Only what was promised through this account.")
@click.option(
    "--assignee", metavar="AGENT", help="Only of tickets that this agent has, or promised where nobody has."
)
def command(
    app: App, everything: bool, within: int | None, account: str | None, assignee: str | None
) -> Answer:
    """Open promises, the soonest first: words of answers that we sent ("we'll get back to you by 4 pm", "looking
    into it") and the next updates of statements. Our next answer to the customer closes a promise.

    \b
    socialcli due --within 2h
    socialcli due --all --json

    Exit 3 where one of them is broken: past, and nothing was said since.
    """
    return run(app, everything=everything, within=within, account=account, assignee=assignee)


def run(
    app: App,
    *,
    everything: bool = False,
    within: int | None = None,
    account: str | None = None,
    assignee: str | None = None,
) -> Answer:
    """Raises NotFoundError for an unknown account or agent."""
    if account is not None:
        app.account(account)
    if assignee is not None:
        app.agent_named(assignee)
    latest = None if within is None else app.now() + timedelta(seconds=within)
    found = [
        one
        for one in app.queue.promises(kept=everything)
        if (latest is None or one.until <= latest)
        and account in (None, one.account)
        and assignee in (None, one.assignee or one.by)
    ]

    def talk() -> None:
        if not found:
            app.console.note("nothing was promised" if everything else "no promise is open")

    mask = masking.masker(app)
    return Answer(found, render.promises(app.now(), mask), lambda: _broken(found), talk=talk)


def _broken(found: Iterable[Promise]) -> RefusedError | None:
    broken = [one for one in found if one.state == "broken"]
    if not broken:
        return None
    first = broken[0]
    step = f"reply {first.ticket}" if first.ticket is not None else f"statement --account {first.account}"
    return RefusedError(
        f"{counted(len(broken), 'promise')} {'is' if len(broken) == 1 else 'are'} broken",
        hint=f"say what is new, or a new time: socialcli {step}",
    )
