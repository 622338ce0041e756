"""How a stream of posts is read without losing one: pure bookkeeping, no network.

X shows the newest first, page by page, and some posts late, below newer ones. A *walk* therefore goes from the top
down until it is ``overlap`` below the newest post that an earlier walk knew. It can stop after any page (a crash,
a limit, the money): where it was is part of the ``Progress``, and the next run first finishes it, from the lowest
id that was read, and then walks from the top again.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

_DAY = 86_400


class Spot(Struct, frozen=True):
    """A post on a page: its id, and when it was made (epoch seconds)."""

    id: str
    at: int


class Walk(Struct, frozen=True, omit_defaults=True):
    """On the way down: the newest post it met, the lowest id it read, and where the network wants to go on."""

    top: str = ""
    top_at: int = 0
    until: str = ""
    token: str = ""


class Progress(Struct, frozen=True, omit_defaults=True):
    """Of one stream, between runs: the newest post of all walks that came to their end, the walk that did not, and
    the day (UTC) it was last read.
    """

    newest: str = ""
    newest_at: int = 0
    walk: Walk | None = None
    day: str = ""


class StuckError(Exception):
    """The network gives the same page again."""


def order(post_id: str) -> tuple[int, str]:
    """Ids grow with time, and are too long for numbers in many languages: so they are compared as they stand."""
    return len(post_id), post_id


def not_before(progress: Progress, overlap: int) -> int | None:
    """From when on posts are asked for at all (epoch seconds): a day before the newest known one, so that an idle
    account does not read, and pay, the same old posts again; None: from the beginning.
    """
    return progress.newest_at - max(overlap, _DAY) if progress.newest else None


def stepped(
    progress: Progress, page: Sequence[Spot], token: str | None, *, overlap: int, now: int
) -> Progress:
    """After a page. Its ``walk`` is None where the walk has come to its end.

    ``token``: where the network goes on; None at its end. Posts later than ``now`` are not taken, so nothing may
    pass them. Raises StuckError.
    """
    walk = progress.walk or Walk()
    lowest = min((spot.id for spot in page), key=order, default=walk.until)
    _must_move(walk, lowest if page else "", token)
    top = max(
        (Spot(walk.top, walk.top_at), *(spot for spot in page if spot.at <= now)),
        key=lambda spot: order(spot.id),
    )
    if token is None or _is_deep_enough(progress, page, overlap):
        newest = max(Spot(progress.newest, progress.newest_at), top, key=lambda spot: order(spot.id))
        return Progress(newest.id, newest.at, None, progress.day)
    return msgspec.structs.replace(progress, walk=Walk(top.id, top.at, lowest, token))


def _must_move(walk: Walk, lowest: str, token: str | None) -> None:
    again = bool(walk.until) and bool(lowest) and order(lowest) >= order(walk.until)
    if again or (not lowest and token is not None and token == walk.token):
        raise StuckError


def _is_deep_enough(progress: Progress, page: Sequence[Spot], overlap: int) -> bool:
    """Whether the oldest post of this page lies below all that could have been missed."""
    if not page or not progress.newest:
        return False
    oldest = min(page, key=lambda spot: order(spot.id))
    return oldest.at < progress.newest_at - overlap and order(oldest.id) <= order(progress.newest)


def read_progress(kept: object) -> Progress:
    """As it was kept; from the beginning where it cannot be understood."""
    try:
        return msgspec.convert(kept, Progress)
    except msgspec.ValidationError:
        return Progress()
