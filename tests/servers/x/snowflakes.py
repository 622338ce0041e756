"""Ids that grow with time, and times as the API writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EPOCH = 1288834974657  # milliseconds: 2010-11-04, where X counts from
_SEQUENCE = 22  # bits after the time
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")


class Snowflakes:
    """Gives each id once; those of the same millisecond in the order of asking."""

    def __init__(self) -> None:
        self._given: dict[int, int] = {}

    def at(self, moment: datetime) -> str:
        milliseconds = _milliseconds(moment)
        sequence = self._given.get(milliseconds, 0) + 1
        self._given[milliseconds] = sequence
        return str(first_id(moment) | sequence)


def first_id(moment: datetime) -> int:
    """The smallest id of that millisecond."""
    return (_milliseconds(moment) - EPOCH) << _SEQUENCE


def made_at(snowflake: str) -> datetime:
    milliseconds = (int(snowflake) >> _SEQUENCE) + EPOCH
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def _milliseconds(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def read_time(text: str) -> datetime:
    """RFC 3339 in UTC, as the API asks for it. Raises ValueError."""
    if _TIME.fullmatch(text) is None:
        raise ValueError(f"{text} is no time like 2026-11-20T10:00:00Z")
    return datetime.fromisoformat(text)


def write_time(moment: datetime) -> str:
    """As posts and users have it: whole seconds, whatever the id says."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def write_direct_time(moment: datetime) -> str:
    """As direct messages have it: milliseconds, left out where there are none."""
    milliseconds = moment.microsecond // 1000
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + (f".{milliseconds:03}Z" if milliseconds else "Z")
