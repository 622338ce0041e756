"""What whoever keeps hours, or promises to be there around the clock, still lacks (K7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from socialcli.model.hours import HoursFinding
from socialcli.model.times import format_time
from socialcli.policy.schema import Account, Policy
from socialcli.rosters.bio import LANGUAGES, LIMITS, bio, tells_hours
from socialcli.rosters.coverage import Change, Hole, clock_changes, holes, twice
from socialcli.text.counted import counted

AHEAD = timedelta(days=14)
_NAMED = 3  # holes that one finding names
_MINUTE = 60


def findings(policy: Policy, now: datetime, templates: Collection[str]) -> list[HoursFinding]:
    """All of them, what is worst first. ``templates``: the names of those that there are."""
    found = [*_roster(policy, now), *_overlaps(policy, now), *_clocks(policy, now)]
    if policy.hours.coverage == "hours":
        found += [*_bios(policy), *_acknowledgement(policy), *_posts(policy, templates)]
    order = ("error", "warning", "info")
    return sorted(found, key=lambda one: order.index(one.level))


def network_of(account: Account) -> str | None:
    """Whose profile text the account has; None for one that has none, such as a feed."""
    network = account.limits if account.network == "file" else account.network
    return network if network in LIMITS else None


def language_of(policy: Policy) -> str:
    """The brand's first language that the hours can be said in."""
    return next((one for one in policy.brand.languages if one in LANGUAGES), LANGUAGES[0])


def published(policy: Policy) -> list[Account]:
    """The accounts whose profile tells customers when we are there: those of service and brand."""
    return [one for one in policy.accounts if one.role != "agent" and network_of(one) is not None]


def _roster(policy: Policy, now: datetime) -> Iterator[HoursFinding]:
    if not policy.shift.roster:
        yield HoursFinding(
            "roster/nobody", "warning", "shift.roster", "nobody is rostered: who is there is not known",
            "write [[shift.roster]] with agent, days, hours for each",
        )  # fmt: skip
        return
    bare = holes(policy, now, now + AHEAD)
    if bare:
        named = "; ".join(_when(one, policy) for one in bare[:_NAMED])
        more = f"; and {len(bare) - _NAMED} more" if len(bare) > _NAMED else ""
        what = "24x7 is promised, and" if policy.hours.coverage == "24x7" else "while we are open"
        yield HoursFinding(
            "roster/gap", "error", "shift.roster",
            f"{what} nobody is on duty at {counted(len(bare), 'time')} in the next 14 days: {named}{more}",
            "socialcli hours gaps lists them; roster somebody, or change hours.coverage",
        )  # fmt: skip


def _when(hole: Hole, policy: Policy) -> str:
    zone = ZoneInfo(policy.brand.time_zone)
    start, end = hole.start.astimezone(zone), hole.end.astimezone(zone)
    return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M} ({hole.why})"


def _overlaps(policy: Policy, now: datetime) -> Iterator[HoursFinding]:
    told = set()
    for first, second in twice(policy, now, now + AHEAD):
        if first.agent not in told:  # the same every week: once is enough
            told.add(first.agent)
            when = f"{format_time(second.start)} to {format_time(min(first.end, second.end))}"
            yield HoursFinding(
                "roster/overlap", "warning", "shift.roster", f"{first.agent} is on duty twice from {when}",
                "let one of the two end sooner",
            )  # fmt: skip


def _clocks(policy: Policy, now: datetime) -> Iterator[HoursFinding]:
    for change in clock_changes(policy, now, now + AHEAD):
        yield HoursFinding(
            "clocks/change", "info", "brand.time_zone" if change.zone == policy.brand.time_zone else "shift.roster",
            _said(change), "look at socialcli hours gaps for that day",
        )  # fmt: skip


def _said(change: Change) -> str:
    minutes = abs(int(change.by.total_seconds())) // _MINUTE
    how = "forward" if change.by > timedelta() else "back"
    return f"clocks in {change.zone} go {how} by {minutes} minutes at {format_time(change.at)}"


def _bios(policy: Policy) -> Iterator[HoursFinding]:
    for account in published(policy):
        network = str(network_of(account))
        if tells_hours(policy, account.bio, network):
            continue
        number = policy.accounts.index(account)
        what = "does not say today's hours" if account.bio else "is not known to say the hours"
        yield HoursFinding(
            "hours/bio", "error", f"accounts[{number}].bio", f"the profile of {account.name} {what}",
            f'put there, and in the profile: "{bio(policy, network, language_of(policy)).text}"',
        )  # fmt: skip


def _acknowledgement(policy: Policy) -> Iterator[HoursFinding]:
    key = "ack.auto" if not policy.ack.auto else "ack.template" if not policy.ack.template else ""
    if key:
        yield HoursFinding(
            "hours/acknowledgement", "error", key, "who writes while we are closed is not told so",
            'ack.auto = true, and ack.template = "acknowledgement"',
        )  # fmt: skip


def _posts(policy: Policy, templates: Collection[str]) -> Iterable[HoursFinding]:
    for key, name in (("greeting", policy.shift.greeting), ("closing", policy.shift.closing)):
        if name and name in templates:
            continue
        what = f"there is no template {name}" if name else f"the day has no {key} post"
        yield HoursFinding(
            "hours/posts", "error", f"shift.{key}", what, f'shift.{key} = "shift-{key}" posts the shipped one'
        )
