"""By when a text promises something, and how such an hour is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_READ = 10_000  # characters that are looked through: more than any network takes
_HALF_A_DAY = 12
_TODAY = timedelta(hours=12)  # so far ahead or behind a clock time alone is understood, midnight or not


def promised_in(text: str, since: datetime, zone: str) -> datetime | None:
    """The first clock time after ``since`` by which ``text`` promises something ("by 16:00", "bis 16:00 Uhr"),
    read in ``zone``; None where it names none, or one of another day.
    """
    start = since.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    found = []
    for match in _promise().finditer(text[:_READ]):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"]:
            hour = hour % _HALF_A_DAY + (_HALF_A_DAY if match["half"].casefold() == "p" else 0)
        moment = start.replace(hour=hour, minute=minute)
        found.append(moment if moment >= start else moment + timedelta(days=1))
    return min(found).astimezone(UTC) if found else None


def clock_time(moment: datetime, now: datetime, zone: str) -> str:
    """``moment`` as people say it in ``zone``: "16:00", with the date where it is far from ``now``."""
    local = moment.astimezone(ZoneInfo(zone))
    if abs(moment - now) <= _TODAY:
        return f"{local:%H:%M}"
    return f"{local:%H:%M} on {local.day} {local:%B}"


@cache
def _promise() -> re.Pattern[str]:
    """A word that promises, in the languages of the shipped policy, and a time with minutes or with am/pm."""
    return re.compile(
        r"\b(?:by|before|bis|antes de las|a las|avant|d[’']ici)\s{1,3}"
        r"(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d)\b|(?=\s?[ap]\.?m\b))"
        r"(?:\s?(?P<half>[ap])\.?m\b)?"
        r"(?!\s{1,3}(?:tomorrow|on|next|morgen|am|mañana|demain|le|el|del)\b)",
        re.IGNORECASE,
    )
