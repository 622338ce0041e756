"""``hours``: are we open, who is there, what is missing, and how a profile says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import click

from socialcli import rosters
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import Exit, NotFoundError, RefusedError, UsageError
from socialcli.model.hours import BioText, Gap, HoursFinding, HoursNow, LocalTimes, OnDuty
from socialcli.options import Parts, alone, part
from socialcli.policy import hours
from socialcli.policy.schema import Account
from socialcli.render import hours as render
from socialcli.rosters.bio import LANGUAGES, LIMITS, bio
from socialcli.rosters.checking import findings, language_of, network_of, published
from socialcli.rosters.coverage import holes
from socialcli.text.counted import counted

_MOST_DAYS = 366


@click.group(
    "hours", cls=Parts, invoke_without_command=True, short_help="Are we open, who is there, what is missing."
)
@click.option("--json", "as_json", is_flag=True, help="As in now, where nothing else is said.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> Exit | None:
    """Our hours, by [hours] and [[shift.roster]] in policies.toml. Alone it says what now says."""
    return alone(ctx, now, as_json=as_json)


_part = partial(part, command)


@_part("now", "Whether we are open, until when, who is there.")
def now(app: App) -> Answer:
    """Whether we are open, until when, when the next time, and who is on duty: by the brand's clock and in UTC."""
    return Answer([state(app)], render.now)


def state(app: App) -> HoursNow:
    """As of now."""
    policy, at = app.policy, app.now().replace(microsecond=0)
    until = hours.closes_at(policy, at)
    opens = _next_opening(app, at, until)
    zone = ZoneInfo(policy.brand.time_zone)

    def local(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")

    there = tuple(OnDuty(one, rosters.off_at(policy, one, at)) for one in rosters.on_duty(policy, at))
    times = LocalTimes(str(local(at)), local(until), local(opens))
    is_open = hours.is_open(policy, at)
    return HoursNow(at, policy.hours.coverage, is_open, until, opens, policy.brand.time_zone, times, there)


def _next_opening(app: App, at: datetime, until: datetime | None) -> datetime | None:
    """None with coverage "24x7", and where nothing opens any more."""
    if app.policy.hours.coverage == "24x7" or (until is None and hours.is_open(app.policy, at)):
        return None
    opens = hours.opens_at(app.policy, until or at)
    return None if opens >= hours.LAST_MOMENT else opens


@_part("gaps", "Open hours without anybody on duty.")
@click.option(
    "--days", type=click.IntRange(1, _MOST_DAYS), default=14, show_default=True, help="So many days ahead."
)
def gaps(app: App, days: int) -> Answer:
    """Open hours in which the roster has nobody. Exit 3 where there are any.

    \b
    socialcli hours gaps --days 30
    socialcli hours gaps --json
    """
    policy, since = app.policy, app.now().replace(microsecond=0)
    zone = ZoneInfo(policy.brand.time_zone)
    found = [
        Gap(one.start.astimezone(zone).date().isoformat(), one.start, one.end, one.why)
        for one in holes(policy, since, since + timedelta(days=days))
    ]

    def talk() -> None:
        if not found:
            app.console.note(f"somebody is on duty in all open hours of the next {counted(days, 'day')}")

    return Answer(found, render.gaps(zone), lambda: _uncovered(found), talk)


def _uncovered(found: list[Gap]) -> RefusedError | None:
    if not found:
        return None
    hint = "roster somebody: [[shift.roster]] in policies.toml"
    return RefusedError(f"nobody is on duty in open hours: {counted(len(found), 'gap')}", hint=hint)


@_part("check", "What whoever keeps hours still lacks.")
def check(app: App) -> Answer:
    """Whether what customers are told about our hours is there, and the roster keeps it, over the next 14 days.

    With coverage "24x7": nobody missing in the roster. With "hours" also: the hours in the profile text of each
    account, an acknowledgement for who writes while we are closed, the first and the last post of the day. Clocks that
    will change are named. Exit 3 where something is missing.
    """
    found = findings(app.policy, app.now().replace(microsecond=0), app.template_names())

    def talk() -> None:
        if not found:
            app.console.note("nothing is missing")

    return Answer(found, render.findings, lambda: _missing(found), talk)


def _missing(found: list[HoursFinding]) -> RefusedError | None:
    errors = [one for one in found if one.level == "error"]
    if not errors:
        return None
    return RefusedError(
        f"{counted(len(errors), 'thing')} missing: {', '.join(dict.fromkeys(one.key for one in errors))}",
        hint="each line above says what to do",
    )


@_part("bio", "The hours as a profile text says them.")
@click.option("--account", metavar="A", help="Only for this account [default: all of service and brand].")
@click.option("--language", type=click.Choice(LANGUAGES), help="[default: the brand's first of these].")
@click.option("--network", type=click.Choice(tuple(LIMITS)), help="[default: the account's own].")
def bio_(app: App, account: str | None, language: str | None, network: str | None) -> Answer:
    """A text for the profile, with the hours, as long as the network has room: 160 characters on X, 500 on Mastodon,
    256 on Bluesky, each counted as the network does. Put it there by hand, and into accounts.bio for `hours check`.
    """
    found = [_bio(app, one, network, language) for one in _asked(app, account, network)]
    return Answer(found, render.bios)


def _asked(app: App, name: str | None, network: str | None) -> list[Account]:
    """Raises NotFoundError, and UsageError for an account without a profile."""
    accounts = published(app.policy) if name is None else [app.account(name)]
    if network is None and any(network_of(one) is None for one in accounts):
        raise UsageError(
            f"account {accounts[0].name} has no profile ({accounts[0].network})",
            hint=f"--network {'|'.join(LIMITS)}",
        )
    if not accounts:
        raise NotFoundError("account", "with a profile", known=tuple(one.name for one in app.policy.accounts))
    return accounts


def _bio(app: App, account: Account, network: str | None, language: str | None) -> BioText:
    network, language = network or str(network_of(account)), language or language_of(app.policy)
    made = bio(app.policy, network, language)
    return BioText(account.name, network, language, made.text, made.count, made.limit, made.unit)
