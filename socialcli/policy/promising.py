"""Until when a text of ours promises something, by the brand's clock and hours.

Pure: the text, the policy and the moment at which it goes out in, moments in UTC out. What people say is read so:

- "by 3 pm", "at 16:00": the next such moment on the clock of ``brand.time_zone``.
- "within 24 hours", "in the next hour": so long by the clock, open or not.
- "within 5 working days": the close of the fifth working day after this one. Working days are those with hours,
  with coverage "24x7" Monday to Friday.
- "today", "tomorrow", "by Friday", "end of the day": the close of that day; midnight with coverage "24x7", on a day
  without hours, and where we have closed already.
- "first thing" 10:00, "morning" and "noon" 12:00, "lunch" 13:00, "afternoon" 18:00, "evening" 22:00; "close of
  business" our closing time, else 18:00.
- "this week", "next week": the close of its Friday.
- no time ("we are looking into it"): after ``promise.after_holding`` of open time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from socialcli.model.promise import Promised
from socialcli.policy.hours import LAST_MOMENT, after, closing
from socialcli.policy.schema import Policy
from socialcli.text.pledges import is_holding, pledges_in
from socialcli.text.promise_times import Named, Part

_PART_ENDS: dict[Part, time] = {
    "first-thing": time(10),
    "morning": time(12),
    "noon": time(12),
    "lunch": time(13),
    "afternoon": time(18),
    "business": time(18),
    "evening": time(22),
}
_DAY = timedelta(days=1)
_HALF_A_DAY = 12  # hours
_WEEK = 7
_FRIDAY = 4


def promises_in(text: str, policy: Policy, at: datetime) -> tuple[Promised, ...]:
    """What ``text``, which goes out ``at`` then, promises; in its order."""
    found = []
    for pledge in pledges_in(text):
        until = _until(pledge.time, policy, at)
        if until is not None:
            found.append(Promised(text[pledge.start : pledge.end], pledge.start, pledge.end, until))
    return tuple(found)


def keeps_waiting(text: str, policy: Policy) -> bool:
    """Whether ``text`` leaves the clock of the first answer running: a holding reply, where the policy says so."""
    return not policy.promise.holding_stops_first_reply and is_holding(text)


def _until(said: Named | None, policy: Policy, at: datetime) -> datetime | None:
    """None for a time that is past, or that no calendar has."""
    if said is None:
        return _whole(after(policy, at, timedelta(seconds=policy.promise.after_holding)))
    try:
        moment = _moment(said, policy, at.astimezone(ZoneInfo(policy.brand.time_zone)))
    except (OverflowError, ValueError):  # the 31st of February; the end of the calendar
        return None
    if moment is None:
        return None
    moment = min(moment.astimezone(UTC), LAST_MOMENT)
    return _whole(moment) if moment >= at.replace(second=0, microsecond=0) else None


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _moment(said: Named, policy: Policy, now: datetime) -> datetime | None:
    if said.minutes is not None:
        return now.astimezone(UTC) + timedelta(minutes=said.minutes)
    if said.working_days is not None:
        return _close(policy, _working_day(policy, now.date(), said.working_days), now)
    day = _day(said, now.date())
    if said.clock is not None:
        return _at_clock(said, day, now)
    if said.part is not None:
        return _end_of(said.part, day, policy, now)
    return None if day is None else _close(policy, day, now)


def _end_of(part: Part, day: date | None, policy: Policy, now: datetime) -> datetime:
    """The end of a part of that day; without one of the next that comes."""
    if part == "midnight":
        return _midnight(day or now.date(), now)
    closed = closing(policy, day or now.date()) if part == "business" else None
    moment = closed or _wall(day or now.date(), _PART_ENDS[part], now.tzinfo)
    return moment + _DAY if day is None and moment < now else moment


def _day(said: Named, today: date) -> date | None:
    """The day that is named; None where none is."""
    if said.ahead is not None:
        return today + said.ahead * _DAY
    if said.weekday is not None:
        return today + ((said.weekday - today.weekday() - 1) % _WEEK + 1) * _DAY
    if said.date is not None:
        month, number = said.date
        this_year = date(today.year, month, number)
        return this_year if this_year >= today else date(today.year + 1, month, number)
    if said.weeks is not None:
        ahead = _FRIDAY - today.weekday() if today.weekday() <= _FRIDAY else _WEEK - 1 - today.weekday()
        friday = today + ahead * _DAY
        return friday if not said.weeks else today + (_WEEK - today.weekday() + _FRIDAY) * _DAY
    return None


def _at_clock(said: Named, day: date | None, now: datetime) -> datetime:
    """The clock time on that day; without one the next that comes, this very minute included."""
    hour, minute = said.clock or (0, 0)
    hours = sorted({hour % 24, (hour + _HALF_A_DAY) % 24}) if said.either_half else [hour]
    moments = [_wall(day or now.date(), time(one, minute), now.tzinfo) for one in hours]
    this_minute = now.replace(second=0, microsecond=0)
    ahead = [one for one in moments if one >= this_minute]
    if ahead or day is not None:
        return min(ahead, default=max(moments))
    return _wall(now.date() + _DAY, time(hours[0], minute), now.tzinfo)


def _close(policy: Policy, day: date, now: datetime) -> datetime:
    """When ``day`` is over: our closing time, else midnight."""
    closed = closing(policy, day)
    return _midnight(day, now) if closed is None or closed <= now else closed


def _midnight(day: date, now: datetime) -> datetime:
    return _wall(day + _DAY, time(), now.tzinfo)


def _working_day(policy: Policy, day: date, count: int) -> date:
    """The ``count``-th working day after ``day``."""
    weekday_only = policy.hours.coverage == "24x7" or not any(
        closing(policy, day + ahead * _DAY) for ahead in range(2 * _WEEK)
    )
    while count > 0:
        day += _DAY
        count -= day.weekday() <= _FRIDAY if weekday_only else closing(policy, day) is not None
    return day


def _wall(day: date, clock: time, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, clock, zone)
