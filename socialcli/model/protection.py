"""restriction: a step of the ladder by which somebody is held off, with its evidence and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Rung = Literal["monitor", "mute", "hide", "block"]
RUNGS: tuple[Rung, ...] = ("monitor", "mute", "hide", "block")  # the ladder, lowest first


class Evidence(Struct, frozen=True):
    """What triage says of one message: ``rules`` are those that speak for the reason."""

    message_id: str
    kind: str
    rules: tuple[str, ...]


class Restriction(Struct, frozen=True, tag_field="type", tag="restriction"):
    handle: str
    author_id: str | None
    network: str
    account: str
    rung: Rung
    reason: Literal["spam", "troll", "abuse"]
    guideline: str | None
    message_id: str | None  # the message that is hidden
    ticket: str | None
    evidence: tuple[Evidence, ...]
    by: str
    at: datetime
    until: datetime
    road: Literal["api", "hand", "no"]  # how the network was told: by program, by a person, not at all
    note: str  # what the network does and does not do, and what is to be done by hand
