"""``due``: what we promised, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from socialcli import experts, masking, render
from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import RefusedError
from socialcli.model.followup import FollowUp
from socialcli.model.handoff import Question
from socialcli.model.promise import Promise
from socialcli.options import duration, verb
from socialcli.pointing import owing
from socialcli.returning import following
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
    into it"), the next updates of statements, and the word that an incident is over to whoever was pointed to its
    statement. Our next answer to the customer closes a promise. Below stand the
    follow-ups that are owed (see follow-up).

    \b
    socialcli due --within 2h
    socialcli due --all --json

    Questions that an expert has not answered stand among them.

    Exit 3 where one of them is broken: past, and nothing was said since; or where an answer of an expert is overdue.
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
    promised: list[Promise | Question] = [
        *app.queue.promises(kept=everything),
        *owing.owed(app),
        *experts.open_questions(app),
    ]
    found = [
        one
        for one in sorted(promised, key=_order)
        if (latest is None or _until(one) <= latest)
        and account in (None, one.account)
        and assignee in (None, one.assignee or one.by)
    ]

    owed = [
        one
        for one in following.owed(app)
        if account in (None, one.account) and assignee in (None, one.assignee or one.by)
    ]

    def talk() -> None:
        if not found and not owed:
            app.console.note("nothing was promised" if everything else "no promise is open")

    said = render.promises(app.now(), masking.masker(app))

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        records = list(records)
        yield from said([one for one in records if isinstance(one, Promise | Question)], screen)
        yield from render.follow_ups(app.now())([one for one in records if isinstance(one, FollowUp)], screen)

    return Answer([*found, *owed], view, lambda: _broken(found), talk=talk)


def _until(one: Promise | Question) -> datetime:
    return one.until if isinstance(one, Promise) else one.due_at


def _order(one: Promise | Question) -> tuple[datetime, str, str]:
    name, words = (one.draft, one.words) if isinstance(one, Promise) else (one.id, one.text)
    return _until(one), name, words


def _broken(found: Iterable[Promise | Question]) -> RefusedError | None:
    broken = [one for one in found if isinstance(one, Promise) and one.state == "broken"]
    overdue = [one for one in found if isinstance(one, Question) and one.state == "overdue"]
    told = [
        f"{counted(len(ones), what)} {'is' if len(ones) == 1 else 'are'} {how}"
        for ones, what, how in ((broken, "promise", "broken"), (overdue, "question", "overdue"))
        if ones
    ]
    if not told:
        return None
    if not broken:
        asked = overdue[0]
        return RefusedError(
            told[0], hint=f"ask {asked.name} again, then: socialcli expert answer {asked.ticket} TEXT"
        )
    first = broken[0]
    step = f"reply {first.ticket}" if first.ticket is not None else f"statement --account {first.account}"
    return RefusedError(" and ".join(told), hint=f"say what is new, or a new time: socialcli {step}")
