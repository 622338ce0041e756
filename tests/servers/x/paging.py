"""Newest first, a page at a time. A token holds for the query that it came from, and stands between two ids, so that
what is posted meanwhile moves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tests.servers.x.parameters import Parameters
from tests.servers.x.refusals import invalid

_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_ID_DIGITS = 13  # base 32: 65 bits
_OF_A_QUERY = ("query", "exclude", "event_types", "since_id", "until_id", "start_time", "end_time")


class _Numbered(Protocol):
    id: str


Item = TypeVar("Item", bound=_Numbered)


@dataclass
class Paging:
    """How this network pages: ``most`` rows at once whatever is asked for; the first page without any row."""

    most: int = 100
    first_empty: bool = False


def page(
    items: Sequence[Item], asked: Parameters, scope: str, how: Paging
) -> tuple[list[Item], dict[str, Any]]:
    """The page that was asked for and its ``meta``. ``scope`` names the list. Raises Refusal for a foreign token."""
    scope += "?" + "&".join(str(asked.get(each)) for each in _OF_A_QUERY)
    token = asked.get("next_token") or asked.get("pagination_token")
    if token is not None:
        before = _read(token, scope)
        items = [each for each in items if int(each.id) < before]
    elif how.first_empty and items:
        return [], {"result_count": 0, "next_token": _token(int(items[0].id) + 1, scope)}
    shown = list(items[: min(asked.max_results, how.most)])
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if len(items) > len(shown):
        meta["next_token"] = _token(int(shown[-1].id), scope)
    return shown, meta


def _token(number: int, scope: str) -> str:
    digits = "".join(_DIGITS[number >> (5 * place) & 31] for place in range(_ID_DIGITS))
    return digits + hashlib.sha256(f"{number} {scope}".encode()).hexdigest()[:8]


def _read(token: str, scope: str) -> int:
    places = [_DIGITS.find(each) for each in token[:_ID_DIGITS]]
    number = sum(digit << (5 * place) for place, digit in enumerate(places))
    if min(places, default=-1) < 0 or _token(number, scope) != token:
        raise invalid(
            "pagination_token", token, f"The `pagination_token` query parameter value [{token}] is not valid"
        )
    return number
