"""What is wrong with a roster: open hours without anybody, agents who are on duty twice, clocks that will change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from socialcli.policy.hours import LAST_MOMENT, Opening, joined, openings
from socialcli.policy.schema import Policy
from socialcli.rosters.duties import Duty, duties

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_FAR = LAST_MOMENT - timedelta(days=400)  # so that no search leaves the calendar


class Hole(Struct, frozen=True):
    """Open hours without anybody, of one day where the brand is. Moments are UTC."""

    start: datetime
    end: datetime
    why: str


class Change(Struct, frozen=True):
    """Clocks are put on or back: at ``at`` (UTC), by ``by`` (positive: forward)."""

    zone: str
    at: datetime
    by: timedelta


def holes(policy: Policy, since: datetime, until: datetime) -> list[Hole]:
    """The open hours between these moments in which nobody is on duty, none longer than a day."""
    since, until = min(since, _FAR), min(until, _FAR)
    there = duties(policy, since, until)
    covered = joined((one.start, one.end) for one in there)
    return [
        Hole(start, end, _why(policy, there, start, end))
        for opening in openings(policy, since, until)
        for bare in _without(opening, covered)
        for start, end in _by_day(bare, policy.brand.time_zone)
    ]


def twice(policy: Policy, since: datetime, until: datetime) -> list[tuple[Duty, Duty]]:
    """Duties of one agent that overlap each other, between these moments."""
    since, until = min(since, _FAR), min(until, _FAR)
    found = []
    for _, group in groupby(sorted(duties(policy, since, until), key=_by_agent), key=lambda one: one.agent):
        latest: Duty | None = None
        for one in group:
            if latest is not None and one.start < latest.end:
                found.append((latest, one))
            latest = one if latest is None or one.end > latest.end else latest
    return found


def clock_changes(policy: Policy, since: datetime, until: datetime) -> list[Change]:
    """When the clocks of the brand and of the roster change between these moments, the soonest first."""
    since, until = (min(one, _FAR).replace(microsecond=0) for one in (since, until))
    zones = dict.fromkeys((policy.brand.time_zone, *(one.zone for one in policy.shift.roster if one.zone)))
    found = (change for zone in zones for change in _changes(zone, since, until))
    return sorted(found, key=lambda one: (one.at, one.zone))


def _by_agent(one: Duty) -> tuple[str, datetime, datetime]:
    return one.agent, one.start, one.end


def _without(opening: Opening, covered: Iterable[Opening]) -> Iterator[Opening]:
    """What of ``opening`` none of ``covered``, which is in order, covers."""
    bare, closed = opening
    for start, end in covered:
        if start >= closed:
            break
        if start > bare:
            yield bare, start
        bare = max(bare, end)
    if bare < closed:
        yield bare, closed


def _by_day(span: Opening, zone_name: str) -> Iterator[Opening]:
    """The span in pieces, none over the brand's midnight."""
    start, end = span
    zone = ZoneInfo(zone_name)
    while start < end:
        next_day = start.astimezone(zone).date() + _DAY
        midnight = datetime.combine(next_day, time(), zone).astimezone(end.tzinfo)
        upto = min(end, midnight if midnight > start else start + _DAY)
        yield start, upto
        start = upto


def _why(policy: Policy, there: list[Duty], start: datetime, end: datetime) -> str:
    if not policy.shift.roster:
        return "nobody is rostered at all"
    missed = _missed(policy, start, end)
    away = [agent.id for agent in policy.agents if any(one.agent == agent.id for one in missed)]
    gone = f"{', '.join(away)} {'is' if len(away) == 1 else 'are'} away"
    if away and not any(_without((start, end), joined((one.start, one.end) for one in missed))):
        return gone
    before = [one.agent for one in there if one.end == start]
    after = [one.agent for one in there if one.start == end]
    parts = [f"after {before[-1]}" if before else "", f"before {after[0]}" if after else ""]
    where = " and ".join(part for part in parts if part)
    part = f"; {gone} for part of it" if away else ""
    return f"nobody is on duty {where}".rstrip() + part


def _missed(policy: Policy, start: datetime, end: datetime) -> list[Duty]:
    """The duties that there would be then, were nobody away."""
    present = structs.replace(policy, agents=tuple(structs.replace(one, away=()) for one in policy.agents))
    return duties(present, start, end)


@lru_cache(maxsize=16)
def _changes(zone_name: str, since: datetime, until: datetime) -> tuple[Change, ...]:
    """Day by day, then halved down to the second."""
    zone, found, at = ZoneInfo(zone_name), [], since
    while at < until:
        ahead = min(at + _DAY, until)
        shift = _offset(ahead, zone) - _offset(at, zone)
        if shift:
            found.append(Change(zone_name, _moment(at, ahead, zone), shift))
        at = ahead
    return tuple(found)


def _moment(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = _offset(before, zone)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
