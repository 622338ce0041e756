"""heard: one message of a customer, as a listening report counts it; listen: the report."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Heard(Struct, gc=False):
    """A message of a customer with what triage says of it; ``respond`` and all behind it is None until then."""

    customer: str  # who it is: network and handle, to tell people apart
    network: str
    at: int  # created_at, epoch seconds
    respond: str | None = None
    priority: str | None = None
    kind: str | None = None
    topic: str | None = None
    sentiment: float | None = None


class Voices(Struct, frozen=True):
    """How many messages, of how many customers."""

    messages: int
    customers: int


class Listen(Struct, frozen=True, tag_field="type", tag="listen"):
    """Six questions about what customers wrote from ``since`` to before ``until``. What each figure counts stands
    at the top of ``report.listen``.
    """

    since: datetime
    until: datetime
    account: str | None  # null: all
    time_zone: str  # of the hours
    wrote: Voices
    frustrated: Voices
    technical: Voices
    account_matters: Voices
    positive_feedback: Voices
    negative_feedback: Voices
    help_link: Voices
    reply_needed: Voices
    reply_welcome: Voices
    by_hour: tuple[int, ...]  # 24 counts of messages, from midnight on
    by_weekday: tuple[tuple[int, ...], ...]  # the same for Monday to Sunday
    untriaged: Voices  # not counted above, nor are the next two
    noise: Voices
    news: Voices
