"""What is to be done for a line of a plan, and what became of it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from socialcli.errors import SocialError


class Result(Struct, frozen=True):
    """What became of a line. ``error`` says why it is not done."""

    state: str
    reason: str | None = None
    remote_id: str | None = None
    cost: str = "0"
    error: SocialError | None = None


class Act(Struct, frozen=True):
    """What is to be done: ``cost`` is decimal, in ``currency``; ``go`` does it. ``later`` says why not yet."""

    cost: str
    currency: str
    go: Callable[[], Result]
    later: str | None = None
