"""The moment that a deadline in the text means: "boards in 40 min", "by 5pm", "closes at noon", "tonight".

Read against the moment at which the message was sent, in the time zone of the brand. Where a text says that it
presses, but not until when ("before closing"), there is none. A day without a time ends at midnight.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from socialcli.text.tokens import NUMBER
from socialcli.triage.reading import Evidence, Reading, Span
from socialcli.triage.signals import clock
from socialcli.triage.signals.timing import hours_ahead

_BEHIND = 3  # words behind the finding in which its time may stand: "boards at gate 4 at 17:30" is too far
_NOON = frozenset({"noon", "midday"})
_DAY_ENDS = frozenset({"midnight", "tonight", "tonite", "today", "day", "eod", "evening"})


def deadline(times: Iterable[Evidence], reading: Reading, sent: datetime, zone: str) -> datetime | None:
    """UTC. ``times`` is what ``timing.deadlines`` found."""
    try:
        for one in times:
            if one.span is not None and one.rule == "time/deadline-today":
                return _today(one.span, reading, sent, zone)
            if one.span is not None and one.rule == "time/deadline-tomorrow":
                return _tomorrow(one.span, reading, sent, zone)
    except OverflowError:  # sent on the last day of the calendar
        return None
    return None


def _today(span: Span, reading: Reading, sent: datetime, zone: str) -> datetime | None:
    if span in reading.found.get("time/within", ()):
        return _after(sent, 60 * _hours(span, reading))
    if span in reading.found.get("time/event", ()):
        minutes = clock.minutes_to_event(reading, span)
        return None if minutes is None else _after(_whole_minute(sent), minutes)
    if (ahead := _clock_time(reading, range(span[0], span[1] + _BEHIND))) is not None:
        return _after(_whole_minute(sent), ahead)
    words = reading.words[span[0] : span[1] + 1]
    if not _NOON.isdisjoint(words):
        noon = _at(sent, zone, time(12), days=0)
        return noon if noon > sent else None
    return _at(sent, zone, time(), days=1) if not _DAY_ENDS.isdisjoint(words) else None


def _tomorrow(span: Span, reading: Reading, sent: datetime, zone: str) -> datetime | None:
    """Only where a time of day stands beside it: "by 5pm tomorrow", "tomorrow at noon"."""
    around = range(max(0, span[0] - _BEHIND), span[1] + _BEHIND)
    ahead = _clock_time(reading, around)
    if ahead is not None:
        minutes = (reading.minute_of_day + ahead) % (24 * 60)
        return _at(sent, zone, time(minutes // 60, minutes % 60), days=1)
    near = reading.words[around.start : around.stop]
    return None if _NOON.isdisjoint(near) else _at(sent, zone, time(12), days=1)


def _hours(span: Span, reading: Reading) -> float:
    """How far ahead; "in half an hour" is half of one."""
    words = reading.words[span[0] : span[1]]
    return 0.5 if "half" in words else hours_ahead(reading, span)


def _clock_time(reading: Reading, places: range) -> int | None:
    """Minutes to the first time of day among these tokens."""
    for place in places:
        if place < len(reading.words) and reading.words[place] == NUMBER:
            ahead = clock.minutes_to_next(reading, place)
            if ahead is not None:
                return ahead
    return None


def _after(sent: datetime, minutes: float) -> datetime:
    return (sent + timedelta(minutes=round(minutes))).astimezone(UTC)


def _whole_minute(sent: datetime) -> datetime:
    return sent.replace(second=0, microsecond=0)


def _at(sent: datetime, zone: str, clock_time: time, *, days: int) -> datetime:
    """That time on the wall, so many days after the message."""
    from zoneinfo import ZoneInfo

    there = ZoneInfo(zone)
    day = sent.astimezone(there).date() + timedelta(days=days)
    return datetime.combine(day, clock_time, there).astimezone(UTC)
