"""opt-out: a customer who wants no messages of ours."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class OptOut(Struct, frozen=True, tag_field="type", tag="opt-out"):
    handle: str
    author_id: str | None
    network: str
    ticket: str  # in which they said so, or in which it was taken down
    message_id: str | None  # by which they said so; null: taken down by hand
    since: datetime  # what they write later may be answered, each message once
    by: str | None  # who took it down; null: triage
    reason: str | None
