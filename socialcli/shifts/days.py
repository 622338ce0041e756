"""On which day of the brand the first and the last post belong, and when each is true. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from socialcli.policy import hours
from socialcli.policy.schema import Policy

_DAY = timedelta(days=1)
_BEFORE = timedelta(hours=1)  # so long before we open, or close, the post may be made
_AFTER = timedelta(hours=3)  # so long after we closed "we are closing" is still no news of yesterday


class Day(Struct, frozen=True):
    """A day of ours, from the first opening that begins on ``date`` to the end of the last; None around the clock."""

    date: date
    opens: datetime | None
    closes: datetime | None


def beginning(policy: Policy, now: datetime) -> Day | None:
    """The day that runs, or begins within the hour; None while we are closed for longer, between two spans too."""
    if policy.hours.coverage == "24x7":
        return Day(_today(policy, now), None, None)
    if hours.opens_at(policy, now) > now + _BEFORE:
        return None
    return next((day for day in _days(policy, now) if _opens(day) - _BEFORE <= now < _closes(day)), None)


def ending(policy: Policy, now: datetime) -> Day | None:
    """The day that ends within the hour, or ended within the last three; None at any other time, and where the next
    opening follows at once.
    """
    if policy.hours.coverage == "24x7":
        return None
    for day in _days(policy, now):
        over = hours.opens_at(policy, _closes(day)) >= _closes(day) + _BEFORE
        if over and _closes(day) - _BEFORE <= now < _closes(day) + _AFTER:
            return day
    return None


def last_word(day: Day, back: datetime) -> datetime:
    """Until when it is true that the desk closes now. ``back``: when it opens again."""
    return min(back, _closes(day) + _AFTER)


def _days(policy: Policy, now: datetime) -> Iterator[Day]:
    """Those that may be meant, the latest first."""
    today = _today(policy, now)
    for date_ in (today + _DAY, today, today - _DAY):
        opens, closes = hours.first_opening(policy, date_), hours.closing(policy, date_)
        if opens is not None and closes is not None:
            yield Day(date_, opens, closes)


def _today(policy: Policy, now: datetime) -> date:
    return now.astimezone(ZoneInfo(policy.brand.time_zone)).date()


def _opens(day: Day) -> datetime:
    return day.opens or hours.LAST_MOMENT


def _closes(day: Day) -> datetime:
    return day.closes or hours.LAST_MOMENT
