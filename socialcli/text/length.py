"""How long a text is by the count of the network it goes to."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from socialcli.errors import UsageError
from socialcli.model.check import Length
from socialcli.model.message import Visibility
from socialcli.text.urls import find_urls
from socialcli.text.x_weight import weigh

_X_PUBLIC = 280
_X_DIRECT = 10_000
_BLUESKY_GRAPHEMES = 300  # app.bsky.feed.post: maxGraphemes
_BLUESKY_BYTES = 3_000  # app.bsky.feed.post: maxLength, UTF-8
_MASTODON = 500  # a server may allow more
_MASTODON_URL = 23
_PAGE = 10_000  # a comment on a page that a feed led to: no site says how much; more is no comment


def measure(
    text: str, network: str, visibility: Visibility, *, reply: bool = False, limit: int | None = None
) -> Length:
    """The length of ``text``; it fits if ``count <= limit``.

    ``reply``: on X the handles that lead a public reply do not count. ``limit``: the server's own, where a
    network lets its servers choose (Mastodon); elsewhere it is not looked at. Where a network has two limits
    (Bluesky) the length is in the unit that is used up more. Linear in the length of the text.

    UsageError: a network that is not in ``NETWORKS``.
    """
    counter = _COUNTERS.get(network)
    if counter is None:
        raise UsageError(
            f'no text limits are known for the network "{network}"', hint=f"known: {', '.join(NETWORKS)}"
        )
    return counter(text, visibility, reply, limit)


def _x(text: str, visibility: Visibility, reply: bool, _limit: int | None) -> Length:
    if visibility == "direct":
        return Length(count=len(text), limit=_X_DIRECT, unit="characters")
    if reply:
        text = text[_leading_handles(text) :]
    return Length(count=weigh(text), limit=_X_PUBLIC, unit="weighted characters")


def _leading_handles(text: str) -> int:
    match = _LEADING_HANDLES.match(text)
    return match.end() if match else 0


def _bluesky(text: str, _visibility: Visibility, _reply: bool, _limit: int | None) -> Length:
    graphemes, size = _graphemes(text), len(text.encode(errors="replace"))
    if size * _BLUESKY_GRAPHEMES > graphemes * _BLUESKY_BYTES:
        return Length(count=size, limit=_BLUESKY_BYTES, unit="bytes")
    return Length(count=graphemes, limit=_BLUESKY_GRAPHEMES, unit="graphemes")


def _mastodon(text: str, _visibility: Visibility, _reply: bool, limit: int | None) -> Length:
    kept: list[str] = []
    end, links = 0, 0
    for url in find_urls(text):
        if url.scheme:
            kept.append(text[end : url.start])
            end, links = url.end, links + 1
    kept.append(text[end:])
    # A space stands in for each link, so that what was apart stays apart.
    rest = _remote_handle().sub(r"\1", " ".join(kept))
    count = _graphemes(rest) + links * (_MASTODON_URL - 1)
    return Length(count=count, limit=_MASTODON if limit is None else limit, unit="characters")


def _graphemes(text: str) -> int:
    if text.isascii() and "\r" not in text:  # CR LF is the only cluster of ASCII
        return len(text)
    from wcwidth import iter_graphemes

    return sum(1 for _ in iter_graphemes(text))


_LEADING_HANDLES = re.compile(r"(?:@\w+\s+)+", re.ASCII)


@functools.cache
def _remote_handle() -> re.Pattern[str]:
    # Every repetition starts with a character that the one before cannot hold: linear.
    return re.compile(r"(?<![/\w])(@[A-Za-z0-9_]++(?>(?:[.\-]++[A-Za-z0-9_]++)*))@[\w.\-]*\w")


def _page(text: str, _visibility: Visibility, _reply: bool, _limit: int | None) -> Length:
    return Length(count=len(text), limit=_PAGE, unit="characters")


NETWORKS: tuple[str, ...] = ("x", "bluesky", "mastodon")  # with limits of their own
_COUNTERS: dict[str, Callable[[str, Visibility, bool, int | None], Length]] = {
    "x": _x,
    "bluesky": _bluesky,
    "mastodon": _mastodon,
    "feed": _page,
}
