"""Times and durations as they are written: in imports, on the command line, in policies.toml.

Read: RFC 3339, ``2017-10-31 22:10:10 +0000``, epoch seconds or milliseconds, and
``Tue Oct 31 22:10:10 +0000 2017``. Written: RFC 3339, UTC, ``Z``, whole seconds.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, tzinfo

# The real class even where this module is first imported while freezegun stands in for it: its
# stand-in cannot be encoded by msgspec.
_datetime: type[datetime] = next(base for base in datetime.__mro__ if base.__module__ == "datetime")
_from_iso = _datetime.fromisoformat
_from_epoch = _datetime.fromtimestamp

_FIRST_YEAR = 1970
_LAST_EPOCH = 253_402_300_799  # 9999-12-31T23:59:59Z
# Numbers from here on are milliseconds: as seconds they would lie beyond the year 5138, as
# milliseconds this is March 1973.
_MILLISECONDS_FROM = 100_000_000_000
_LONGEST = 48  # characters; no form is longer
_DATE_END = 10
_SEPARATORS = frozenset(("", "T", "t", " "))  # what may stand behind the date; "" is a date alone

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {name: f"{number:02d}" for number, name in enumerate(_MONTHS, 1)}
_WEEKDAYS = frozenset(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_TWITTER_WORDS = 6  # Tue Oct 31 22:10:10 +0000 2017

_UNIT_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LONGEST_DURATION = 36_500 * 86_400  # a hundred years: what is longer is a slip of the pen


class NoZoneError(ValueError):
    """A time that may be any of several moments."""


def parse_time(value: str | float, *, zone: tzinfo | None = None) -> datetime:
    """An aware UTC time in whole seconds (fractions are cut off).

    ``value`` is text or an epoch number. A time without an offset is read in ``zone``; without one
    that is a ValueError, as is nonsense and all that lies outside the years 1970 to 9999.
    """
    if not isinstance(value, str):
        return _epoch(value, value)
    if value.isdigit():
        return _epoch_text(value)
    try:
        moment = _from_iso(value)
    except ValueError:
        moment = _other_form(value)
    else:
        # The standard library reads more than RFC 3339: any letter between date and time, week dates.
        if value[_DATE_END : _DATE_END + 1] not in _SEPARATORS or "W" in value:
            raise _not_a_time(value)
    return _settled(moment, value, zone)


def format_time(moment: datetime) -> str:
    """RFC 3339, UTC, ``Z``, whole seconds. ``moment`` is aware."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds")[:-6] + "Z"


def parse_duration(text: str) -> int:
    """Seconds in "45s", "15m", "2h", "3d", "1h30m"; ValueError for anything else."""
    parts = re.fullmatch(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", text, re.ASCII)
    if not parts or not text:
        raise ValueError(f"{_shown(text)} is not a duration (write 15m, 2h, 3d)")
    seconds = sum(
        int(count or 0) * unit for count, unit in zip(parts.groups(), _UNIT_SECONDS.values(), strict=True)
    )
    if seconds > _LONGEST_DURATION:
        raise ValueError(f"{_shown(text)} is longer than a hundred years")
    return seconds


def spelled(seconds: int) -> str:
    """The shortest way to write a duration: "90s", "15m", "7d"."""
    for unit, length in _UNIT_SECONDS.items():
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _settled(moment: datetime, value: str, zone: tzinfo | None) -> datetime:
    """``moment`` as UTC, whole seconds, within the years we take."""
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            if zone is None:
                raise NoZoneError(f"{_shown(value)} has no time zone (add Z, or an offset such as +01:00)")
            moment = moment.replace(tzinfo=zone)
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            raise _out_of_range(value) from None
    if moment.year < _FIRST_YEAR:
        raise _out_of_range(value)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _epoch_text(digits: str) -> datetime:
    if not digits.isascii():
        raise _not_a_time(digits)
    if len(digits) > _LONGEST:
        raise _out_of_range(digits)
    return _epoch(int(digits), digits)


def _epoch(number: float, value: str | float) -> datetime:
    """``value`` is what was written, for the message."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise _not_a_time(value)
    if isinstance(number, float) and not math.isfinite(number):
        raise _not_a_time(value)
    seconds = number // 1000 if number >= _MILLISECONDS_FROM else number // 1
    if not 0 <= seconds <= _LAST_EPOCH:
        raise _out_of_range(value)
    return _from_epoch(seconds, UTC)


def _other_form(value: str) -> datetime:
    """What ``fromisoformat`` does not read. The time zone may still be missing."""
    text = value.strip() if len(value) <= _LONGEST else ""
    words = text.split()
    if len(words) == _TWITTER_WORDS:
        return _twitter(words, value)
    # "1509487810.0" is what spreadsheets and data frames make of an epoch number.
    if re.fullmatch(r"\d{1,15}\.\d+", text, re.ASCII):
        return _epoch(float(text), value)
    return _relaxed_iso(text, value)


def _twitter(words: list[str], value: str) -> datetime:
    """``Tue Oct 31 22:10:10 +0000 2017``, whatever the locale of this machine."""
    weekday, month, day, clock, offset, year = words
    if weekday not in _WEEKDAYS or month not in _MONTH_NUMBERS:
        raise _not_a_time(value)
    return _iso(f"{year}-{_MONTH_NUMBERS[month]}-{day:0>2}T{clock}{offset}", value)


def _relaxed_iso(text: str, value: str) -> datetime:
    """RFC 3339 with a lower-case ``z``, a space before the offset, or a leap second."""
    text = re.sub(r"\s(?=[+-]\d|Z$)", "", text.replace("z", "Z"))
    leap = re.fullmatch(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:)60(.*)", text, re.ASCII)
    # No clock here knows a 61st second.
    return _iso(f"{leap[1]}59{leap[2]}" if leap else text, value)


def _iso(text: str, value: str) -> datetime:
    if text[_DATE_END : _DATE_END + 1] not in _SEPARATORS:
        raise _not_a_time(value)
    try:
        return _from_iso(text)
    except ValueError:
        raise _not_a_time(value) from None


def _not_a_time(value: str | float) -> ValueError:
    return ValueError(f"{_shown(value)} is not a time (write 2026-11-20T10:00:00Z)")


def _out_of_range(value: str | float) -> ValueError:
    return ValueError(f"{_shown(value)} lies outside the years 1970 to 9999")


def _shown(value: object) -> str:
    """As it stood in the file, short and harmless enough for one line of an error."""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return f'"{"".join(c if c.isprintable() else "?" for c in text)}"'
