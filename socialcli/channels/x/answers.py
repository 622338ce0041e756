"""What stands in an answer of X: its JSON, its words, and how long it wants to be left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from socialcli.text.clean import clean

_WINDOW = 15 * 60  # seconds: the usual window, where X does not say until when
_SLACK = 30  # seconds: what an answer may take
# What may be used up -> the longest that it lasts.
_LIMITS = {"x-rate-limit": _WINDOW, "x-user-limit-24hour": 86_400, "x-app-limit-24hour": 86_400}
_TOO_MANY = 429


def decode(body: bytes) -> dict[str, Any] | None:
    """The JSON object in ``body``, its texts as they can be stored; None if there is none."""
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"), parse_constant=_refuse)
        return _clean(found) if isinstance(found, dict) else None
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {clean(key): _clean(one) for key, one in value.items()}
    return value


def words_of(body: bytes) -> str:
    """What X says in a refusal, on one line; "" where it says nothing that can be read."""
    found = decode(body) or {}
    first = found.get("errors")
    inner = first[0] if isinstance(first, list) and first and isinstance(first[0], dict) else {}
    said = (inner.get("message"), inner.get("detail"), found.get("detail"), found.get("title"))
    text = next((one for one in said if isinstance(one, str) and one.strip()), "")
    return " ".join(text.split())


def held_until(status: int, headers: Mapping[str, str], now: int) -> int | None:
    """Until when (epoch seconds) X takes no more of this; None if it does. ``now`` is the real clock's.

    Any header may be absent, or hold anything; the daily ones count where they are used up. X's clock may be
    another than ours: its times count from the ``Date`` of the same answer.
    """
    used_up = [name for name in _LIMITS if headers.get(f"{name}-remaining", "").strip() == "0"]
    if not used_up and status != _TOO_MANY:
        return None
    there = _date(headers.get("date", ""), now)
    waits = [
        _wait(headers.get(f"{name}-reset", ""), there, _LIMITS[name]) for name in used_up or ["x-rate-limit"]
    ]
    known = [wait for wait in waits if wait is not None]
    if known and (max(known) > 0 or status != _TOO_MANY):
        return now + max(known) if max(known) > 0 else None
    return now + _WINDOW


def _date(text: str, now: int) -> int:
    """When X answered, by its own clock; ``now`` where it does not say."""
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (ValueError, OverflowError):
        return now


def _wait(reset: str, now: int, longest: int) -> int | None:
    """Seconds; None where that is no time."""
    if not re.fullmatch(r"\s*\d{1,12}\s*", reset, re.ASCII):
        return None
    return min(int(reset) - now, longest + _SLACK)
