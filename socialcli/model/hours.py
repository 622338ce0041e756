"""hours: whether we are open, who is there, what is missing, and how a profile says it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class OnDuty(Struct, frozen=True):
    agent: str
    until: datetime | None  # None: for longer than two weeks


class LocalTimes(Struct, frozen=True):
    """The moments of ``hours`` as the brand's clocks show them, with their offset from UTC."""

    at: str
    until: str | None
    opens_at: str | None


class HoursNow(Struct, frozen=True, tag_field="type", tag="hours"):
    """``until``: when what is open closes; ``opens_at``: when we open the next time. None: never within two weeks."""

    at: datetime
    coverage: Literal["hours", "24x7"]
    open: bool
    until: datetime | None
    opens_at: datetime | None
    zone: str
    local: LocalTimes
    on_duty: tuple[OnDuty, ...]


class Gap(Struct, frozen=True, tag_field="type", tag="gap", rename={"from_": "from"}):
    """Open hours of one day, where the brand is, without anybody on duty."""

    date: str
    from_: datetime
    to: datetime
    why: str


class HoursFinding(Struct, frozen=True, tag_field="type", tag="hours-finding"):
    """What is missing or will change. ``key``: what in policies.toml it is about."""

    rule: str
    level: Literal["error", "warning", "info"]
    key: str
    message: str
    suggestion: str


class BioText(Struct, frozen=True, tag_field="type", tag="bio"):
    """A profile text with the hours; ``count`` and ``limit`` in the network's own ``unit``."""

    account: str
    network: str
    language: str
    text: str
    count: int
    limit: int
    unit: str
