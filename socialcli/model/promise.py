"""promise: what we said we would do, and by when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from socialcli.model.ticket import Customer

PromiseState = Literal["open", "broken", "kept", "kept-late"]


class Promised(Struct, frozen=True):
    """A promise in a text of ours. ``start`` and ``end`` are code points of the text as given; ``until`` is UTC."""

    words: str
    start: int
    end: int
    until: Annotated[datetime, Meta(tz=True)]


class Promise(Struct, frozen=True, tag_field="type", tag="promise"):
    """One line of ``due``. ``ticket`` and ``customer`` are null for a statement, which promises to everybody."""

    draft: str
    ticket: str | None
    account: str
    customer: Customer | None
    words: str
    until: datetime
    promised_at: datetime  # when the draft was sent
    by: str  # the agent whose words they are
    state: PromiseState
    kept_at: datetime | None  # when we said the next thing
    assignee: str | None
