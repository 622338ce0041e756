"""The spans of the roster as moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from socialcli.policy import schema
from socialcli.policy.absence import is_away
from socialcli.policy.hours import LAST_MOMENT, is_closed, joined, on_the_clock, parse_days, parse_spans
from socialcli.policy.schema import Policy

_DAY = timedelta(days=1)
_AHEAD = timedelta(days=14)  # how far ahead the next duty is looked for, and the end of one
_LAST_DAY = LAST_MOMENT - timedelta(days=17)  # so that no search leaves the calendar


class Duty(Struct, frozen=True, order=True):
    """An agent on duty from ``start`` to ``end`` (UTC, excluded)."""

    start: datetime
    end: datetime
    agent: str


def on_duty(policy: Policy, moment: datetime) -> tuple[str, ...]:
    """The ids of those who are on duty at ``moment`` (aware), in the order of [[agents]]; nobody without a roster."""
    there = {one.agent for one in duties(policy, moment, moment + timedelta(microseconds=1))}
    return tuple(agent.id for agent in policy.agents if agent.id in there)


def off_at(policy: Policy, agent: str, moment: datetime) -> datetime | None:
    """When the duty of ``agent`` that runs at ``moment`` ends, over all spans that touch; None where none runs, or
    none ends within two weeks.
    """
    moment = min(moment, _LAST_DAY)
    theirs = (one for one in duties(policy, moment, moment + _AHEAD) if one.agent == agent)
    whole = joined((one.start, one.end) for one in theirs)
    if not whole or moment < whole[0][0] or whole[0][1] >= moment + _AHEAD:
        return None
    return whole[0][1]


def next_on(policy: Policy, moment: datetime, agent: str | None = None) -> datetime | None:
    """When the next duty of ``agent``, or of anybody, begins after ``moment``; None where none does within two weeks."""
    moment = min(moment, _LAST_DAY)
    found = (one for one in duties(policy, moment, moment + _AHEAD) if agent in (None, one.agent))
    return min((one.start for one in found if one.start > moment), default=None)


def duties(policy: Policy, since: datetime, until: datetime) -> list[Duty]:
    """All that overlap the time between these moments, whole, by their beginning."""
    since, until = (min(one.astimezone(UTC), LAST_MOMENT - 2 * _DAY) for one in (since, until))
    found = (one for row in policy.shift.roster for one in _of_row(policy, row, since, until))
    return sorted(one for one in found if one.end > since and one.start < until)


def _of_row(policy: Policy, row: schema.Duty, since: datetime, until: datetime) -> Iterator[Duty]:
    agent = next((one for one in policy.agents if one.id == row.agent), None)
    if agent is None:  # the policy's own check names it; one that was made by hand has nobody there
        return
    zone = row.zone or policy.brand.time_zone
    for day in _days(
        row, since.astimezone(ZoneInfo(zone)).date() - _DAY, until.astimezone(ZoneInfo(zone)).date()
    ):
        for start, end in on_the_clock(_spans(row.hours), day, zone):
            if not is_closed(
                policy, start.astimezone(ZoneInfo(policy.brand.time_zone)).date()
            ) and not is_away(agent, policy, start):
                yield Duty(start, end, row.agent)


def _days(row: schema.Duty, first: date, last: date) -> Iterable[date]:
    """The days from ``first`` to ``last`` on which spans of ``row`` begin."""
    if row.from_:
        first = max(first, date.fromisoformat(row.from_))
    if row.until:
        last = min(last, date.fromisoformat(row.until))
    wanted = _weekdays(row.days)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return (day for day in days if day.weekday() in wanted)


_spans = lru_cache(maxsize=256)(parse_spans)
_weekdays = lru_cache(maxsize=256)(parse_days)
