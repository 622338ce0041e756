"""The clock of the office: when are we open, and when have we been open for so long? What is due when stands
in ``deadlines``.

Pure: the policy and a moment in, a moment out; all moments are aware, results are UTC. Published hours are
wall-clock times in ``brand.time_zone``. A span belongs to the day on which it begins: a closed date or a public
holiday cancels the spans that begin on it, and a night shift begun the evening before runs to its end. Where
the clocks change, what the published times can mean counts as open: an hour that happens twice is open twice, one that
never happens is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise, takewhile

from socialcli.policy.schema import Hours, Policy

LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # what lies beyond the calendar is due here
_LAST_DAY = LAST_MOMENT - timedelta(days=3)  # the search for openings ends here, so that nothing overflows
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # as the keys of [hours]
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_A_LONG_TIME = timedelta(days=14)  # what is open for longer never closes
_HOUR = 60
_FULL_DAY = 24 * _HOUR

Span = tuple[int, int]  # minutes from the midnight at which its day begins; the end may lie on the next day
Opening = tuple[datetime, datetime]  # UTC, the end excluded
_NEVER: Opening = (LAST_MOMENT, LAST_MOMENT)


def after(policy: Policy, start: datetime, wait: timedelta, *, always: bool = False) -> datetime:
    """The moment at which we have been open for ``wait`` since ``start``; with coverage "24x7", or where the
    clock ``always`` runs, that is so much later by the clock.
    """
    if policy.hours.coverage == "24x7" or always:
        try:
            return (start + wait).astimezone(UTC)
        except OverflowError:  # a message dated in the year 9999 is no reason to fail
            return LAST_MOMENT
    return _after_open_time(policy, start, wait)


def is_open(policy: Policy, at: datetime) -> bool:
    """Is somebody there at that moment?"""
    return policy.hours.coverage == "24x7" or next(_openings(policy, at), _NEVER)[0] <= at


def opens_at(policy: Policy, at: datetime) -> datetime:
    """``at`` itself while we are open, else the next opening."""
    if policy.hours.coverage == "24x7":
        return at.astimezone(UTC)
    return max(at.astimezone(UTC), next(_openings(policy, at), _NEVER)[0])


def same_night(policy: Policy, one: datetime, other: datetime) -> bool:
    """Whether both moments lie in the same time while we are closed."""
    if is_open(policy, one) or is_open(policy, other):
        return False
    return opens_at(policy, one) == opens_at(policy, other)


def closing(policy: Policy, day: date) -> datetime | None:
    """When the last span that begins on ``day`` ends; None where none does, or with coverage "24x7"."""
    if policy.hours.coverage == "24x7":
        return None
    openings = _openings_of(policy.hours, policy.brand.time_zone, day)
    return openings[-1][1] if openings else None


def openings(policy: Policy, since: datetime, until: datetime) -> list[Opening]:
    """When we are open between these moments, in order; openings that touch or overlap are one. With coverage
    "24x7" that is all of it.
    """
    if policy.hours.coverage == "24x7":
        return [(since.astimezone(UTC), until.astimezone(UTC))] if since < until else []
    found = takewhile(lambda opening: opening[0] < until, _openings(policy, since))
    return joined((max(start, since), min(end, until)) for start, end in found)


def closes_at(policy: Policy, at: datetime) -> datetime | None:
    """When what is open at that moment closes, over all spans that touch; None while we are closed, and where
    nothing closes within two weeks.
    """
    at = at.astimezone(UTC)
    if policy.hours.coverage == "24x7" or at > _LAST_DAY:
        return None
    whole = joined(takewhile(lambda one: one[0] < at + _A_LONG_TIME, _openings(policy, at)))
    if not whole or at < whole[0][0] or whole[0][1] >= at + _A_LONG_TIME:
        return None
    return whole[0][1]


def first_opening(policy: Policy, day: date) -> datetime | None:
    """When the first span that begins on ``day`` begins; None where none does, or with coverage "24x7"."""
    if policy.hours.coverage == "24x7":
        return None
    found = _openings_of(policy.hours, policy.brand.time_zone, day)
    return found[0][0] if found else None


def is_closed(policy: Policy, day: date) -> bool:
    """Whether ``day``, a date where the brand is, is closed or a holiday; never with coverage "24x7"."""
    return policy.hours.coverage == "hours" and _is_closed(policy.hours, day)


def joined(spans: Iterable[Opening]) -> list[Opening]:
    """The same, sorted, those that touch or overlap as one."""
    found: list[Opening] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def on_the_clock(spans: Iterable[Span], day: date, zone_name: str) -> tuple[Opening, ...]:
    """The spans of ``day`` as moments; those of an hour that the clocks leave out are none."""
    midnight, zone = datetime.combine(day, time()), _zone(zone_name)
    found = (
        (
            _instant(midnight + timedelta(minutes=start), zone, fold=0),
            _instant(midnight + timedelta(minutes=end), zone, fold=1),
        )
        for start, end in spans
    )
    return tuple(one for one in found if one[0] < one[1])


def parse_spans(text: str) -> tuple[Span, ...]:
    """One day's hours in order: "" (closed), "09:00-18:00", "22:00-02:00" (over midnight), or several with a
    comma. ValueError for anything else, also for spans of one day that overlap.
    """
    spans = tuple(_span(part.strip()) for part in text.split(",")) if text.strip() else ()
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise ValueError(f'the hours "{text}" overlap or are out of order')
    return spans


def parse_days(text: str) -> tuple[int, ...]:
    """Days of the week, Monday is 0, in order: "mon-fri", "sat, sun", "fri-mon" (over Sunday). ValueError for
    anything else.
    """
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = (one.strip() for one in part.partition("-"))
        start = DAYS.index(first)
        ahead = (DAYS.index(last) - start) % len(DAYS) if dash else 0
        found |= {(start + day) % len(DAYS) for day in range(ahead + 1)}
    return tuple(sorted(found))


def _span(text: str) -> Span:
    clock = r"([01]\d|2[0-4]):([0-5]\d)"
    parts = re.fullmatch(f"{clock}-{clock}", text, re.ASCII)
    if not parts:
        raise ValueError(f'"{text}" is not a span of hours')
    start = int(parts[1]) * _HOUR + int(parts[2])
    end = int(parts[3]) * _HOUR + int(parts[4])
    if start >= _FULL_DAY or end > _FULL_DAY or start == end:
        raise ValueError(f'"{text}" is not a span of hours')
    return start, end if end > start else end + _FULL_DAY


def _after_open_time(policy: Policy, start: datetime, wait: timedelta) -> datetime:
    """The moment at which we have been open for ``wait`` since ``start``."""
    clock = start.astimezone(UTC)
    for opened, closed in _openings(policy, clock):
        clock = max(clock, opened)  # never back: a night shift may reach into the next day's hours
        if closed - clock >= wait:
            return clock + wait
        wait -= max(closed - clock, timedelta())
        clock = max(clock, closed)
    return LAST_MOMENT


def _openings(policy: Policy, since: datetime) -> Iterator[Opening]:
    """The openings that end after ``since``, by their beginning; none if the week has no hours at all."""
    hours, zone = policy.hours, policy.brand.time_zone
    if not any(_week(hours)):
        return
    day = min(since, _LAST_DAY).astimezone(_zone(zone)).date() - _DAY  # a night shift may still run
    while day <= _LAST_DAY.date():
        yield from (opening for opening in _openings_of(hours, zone, day) if opening[1] > since)
        day += _DAY


@lru_cache(maxsize=4096)
def _openings_of(hours: Hours, zone: str, day: date) -> tuple[Opening, ...]:
    """The openings that begin on ``day``."""
    if _is_closed(hours, day):
        return ()
    return on_the_clock(_week(hours)[day.weekday()], day, zone)


def _is_closed(hours: Hours, day: date) -> bool:
    if day.isoformat() in hours.closed:
        return True
    if not hours.holidays or day.isoformat() in hours.open:
        return False
    from socialcli.policy.holidays import is_holiday

    return is_holiday(hours.holidays, day)


def _instant(wall: datetime, zone: tzinfo, *, fold: int) -> datetime:
    """The UTC moment at which a clock on the wall shows ``wall``: the first (fold 0) or the last (fold 1) if it
    shows it twice; the moment of the change if the clock is put forward over it.
    """
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    before, after = (wall.replace(tzinfo=zone, fold=side).astimezone(UTC) for side in (1, 0))
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


@lru_cache(maxsize=8)
def _week(hours: Hours) -> tuple[tuple[Span, ...], ...]:
    days = (hours.mon, hours.tue, hours.wed, hours.thu, hours.fri, hours.sat, hours.sun)
    return tuple(parse_spans(day) for day in days)


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
