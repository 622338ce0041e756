"""The query of a request, exactly as the specification allows it; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl

from tests.servers.x import names
from tests.servers.x.refusals import invalid
from tests.servers.x.snowflakes import read_time

Kind = Literal["post", "user", "direct"]
_ID = re.compile(r"[0-9]{1,19}")
_FIELDS: dict[Kind, tuple[str, ...]] = {
    "post": ("tweet.fields", "post.fields", "user.fields", "media.fields", "poll.fields", "place.fields"),
    "user": ("user.fields", "tweet.fields", "post.fields"),
    "direct": ("dm_event.fields", "tweet.fields", "post.fields", "user.fields", "media.fields"),
}


@dataclass(frozen=True)
class Allowed:
    """What an endpoint's query may hold: the objects it answers with, other names, and the size of a page."""

    kind: Kind | None = None
    names: frozenset[str] = frozenset()
    page: tuple[int, int, int] | None = None  # smallest, largest, otherwise


@dataclass(frozen=True)
class Parameters:
    """A query that was found right, in the old spelling."""

    given: Mapping[str, str]
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by "tweet.fields" and so on
    expansions: frozenset[str] = frozenset()
    max_results: int = 10

    def get(self, name: str) -> str | None:
        return self.given.get(name)

    def time(self, name: str) -> datetime | None:
        text = self.given.get(name)
        return None if text is None else read_time(text)

    def number(self, name: str) -> int | None:
        text = self.given.get(name)
        return None if text is None else int(text)


def checked(query: str, allowed: Allowed, *, new: bool) -> Parameters:
    """Raises Refusal (400) for what this endpoint does not have. ``new``: the names since 2.167 are known."""
    given = _pairs(query)
    known = _known(allowed, new=new)
    for name in given:
        if name not in known:
            raise invalid(
                name, given[name], f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]"
            )
    _check_values(given)
    fields: dict[str, frozenset[str]] = {}
    for name in _FIELDS.get(allowed.kind, ()) if allowed.kind else ():
        if name in given:
            chosen = _choice(name, given[name], (names.NEW if new else names.OLD)[name])
            fields[names.TO_OLD.get(name, name)] = (
                fields.get(names.TO_OLD.get(name, name), frozenset()) | chosen
            )
    expansions: frozenset[str] = frozenset()
    if "expansions" in given and allowed.kind:
        table = names.NEW_EXPANSIONS if new else names.OLD_EXPANSIONS
        expansions = _choice("expansions", given["expansions"], table[allowed.kind])
    return Parameters(given, fields, expansions, _page_size(given, allowed.page))


def _pairs(query: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in given:
            raise invalid(name, value, f"The query parameter [{name}] stands there twice")
        given[name] = value
    return given


def _known(allowed: Allowed, *, new: bool) -> frozenset[str]:
    known = allowed.names
    if allowed.page:
        known |= {"max_results", "pagination_token"}
    if allowed.kind:
        known |= {"expansions", *_FIELDS[allowed.kind]}
    return known if new else known - {"post.fields"}


def _check_values(given: Mapping[str, str]) -> None:
    for name, value in given.items():
        if name in {"since_id", "until_id"} and not _ID.fullmatch(value):
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
        if name in {"start_time", "end_time"}:
            try:
                read_time(value)
            except ValueError as error:
                raise invalid(
                    name, value, f"The `{name}` query parameter value is not valid: {error}"
                ) from error
        if not value:
            raise invalid(name, value, f"The `{name}` query parameter can not be empty")


def _choice(name: str, value: str, allowed: frozenset[str]) -> frozenset[str]:
    chosen = value.split(",")
    for each in chosen:
        if each not in allowed:
            message = (
                f"The `{name}` query parameter value [{each}] is not one of [{','.join(sorted(allowed))}]"
            )
            raise invalid(name, each, message)
    if len(set(chosen)) < len(chosen):
        raise invalid(name, value, f"The `{name}` query parameter names the same thing twice")
    return frozenset(names.TO_OLD.get(each, each) for each in chosen)


def _page_size(given: Mapping[str, str], page: tuple[int, int, int] | None) -> int:
    if page is None:
        return 0
    smallest, largest, otherwise = page
    text = given.get("max_results", str(otherwise))
    if not (text.isascii() and text.isdigit() and smallest <= int(text[:9]) <= largest):
        message = f"The `max_results` query parameter value [{text}] is not between {smallest} and {largest}"
        raise invalid("max_results", text, message)
    return int(text)


def checked_id(name: str, value: str) -> str:
    """An id in the path or in a list. Raises Refusal (400)."""
    if not _ID.fullmatch(value):
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return value
