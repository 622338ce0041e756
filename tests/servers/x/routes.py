"""Every endpoint: its name, where it is, what its query may hold, who may ask, how often, and what answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.servers.x import reads, writes
from tests.servers.x.parameters import Allowed
from tests.servers.x.reads import Request

_RANGE = frozenset({"since_id", "until_id", "start_time", "end_time"})
_POST, _USER = Allowed("post"), Allowed("user")
_TIMELINE = Allowed("post", _RANGE, (5, 100, 10))
_OWN = Allowed("post", _RANGE | {"exclude"}, (5, 100, 10))
_SEARCH = Allowed("post", _RANGE | {"query", "next_token", "sort_order"}, (10, 100, 10))
_DIRECTS = Allowed("direct", frozenset({"event_types"}), (1, 100, 100))
_NOTHING = Allowed()


@dataclass(frozen=True)
class Route:
    """``limit``: requests in 15 minutes by one caller. ``user_context``: not for app-only tokens."""

    name: str
    path: str
    allowed: Allowed
    answer: Callable[[Request], dict[str, Any]]
    limit: int
    user_context: bool = False
    status: int = 200

    @property
    def method(self) -> str:
        return self.name.split(" ", 1)[0]

    def parameters(self, method: str, path: str) -> dict[str, str] | None:
        """Those in the path; None where this is another route."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        match = re.fullmatch(pattern, path) if method == self.method else None
        return None if match is None else {name: unquote(value) for name, value in match.groupdict().items()}


ROUTES = (
    Route("GET users/me", "/2/users/me", _USER, reads.users_me, 75, user_context=True),
    Route("GET users", "/2/users", Allowed("user", frozenset({"ids"})), reads.users, 900),
    Route("GET users/by", "/2/users/by/username/{username}", _USER, reads.user_by_username, 900),
    Route("GET user", "/2/users/{id}", _USER, reads.user_by_id, 900),
    Route("GET mentions", "/2/users/{id}/mentions", _TIMELINE, reads.mentions, 300),
    Route("GET timeline", "/2/users/{id}/tweets", _OWN, reads.timeline, 900),
    Route("GET search", "/2/tweets/search/recent", _SEARCH, reads.search, 300),
    Route("GET tweets", "/2/tweets", Allowed("post", frozenset({"ids"})), reads.tweets, 900),
    Route("GET tweet", "/2/tweets/{id}", _POST, reads.tweet, 900),
    Route("POST tweets", "/2/tweets", _NOTHING, writes.create_post, 100, user_context=True, status=201),
    Route("DELETE tweet", "/2/tweets/{id}", _NOTHING, writes.delete_post, 50, user_context=True),
    Route("GET dm_events", "/2/dm_events", _DIRECTS, reads.dm_events, 15, user_context=True),
    Route(
        "GET dm_conversation",
        "/2/dm_conversations/with/{participant_id}/dm_events",
        _DIRECTS,
        reads.dm_conversation,
        15,
        user_context=True,
    ),
    Route(
        "POST dm",
        "/2/dm_conversations/with/{participant_id}/messages",
        _NOTHING,
        writes.send_direct,
        15,
        user_context=True,
        status=201,
    ),
    Route("POST muting", "/2/users/{id}/muting", _NOTHING, writes.mute, 50, user_context=True),
    Route(
        "DELETE muting",
        "/2/users/{source_user_id}/muting/{target_user_id}",
        _NOTHING,
        writes.unmute,
        50,
        user_context=True,
    ),
    Route("POST dm/block", "/2/users/{id}/dm/block", _NOTHING, writes.dm_block, 50, user_context=True),
    Route("POST dm/unblock", "/2/users/{id}/dm/unblock", _NOTHING, writes.dm_unblock, 50, user_context=True),
    Route("PUT hidden", "/2/tweets/{tweet_id}/hidden", _NOTHING, writes.hide, 50, user_context=True),
)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        parameters = route.parameters(method, path)
        if parameters is not None:
            return route, parameters
    return None
