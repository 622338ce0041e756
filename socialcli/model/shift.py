"""shift: an agent's time at the desk, from what they find to what they leave."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialcli.model.knowledge import Entry
from socialcli.model.promise import Promise
from socialcli.model.ticket import Handover

ShiftState = Literal["open", "closed", "none"]
Why = Literal["overdue", "due", "promise", "claim", "draft"]


class Backlog(Struct, frozen=True):
    """Tickets that are owed an answer. ``oldest``: since when the customer waits who waits longest."""

    urgent: int
    high: int
    normal: int
    low: int
    overdue: int
    oldest: datetime | None


class Suspected(Struct, frozen=True):
    """An incident that nobody has confirmed or dismissed."""

    id: str
    topic: str
    tickets: int


class Shift(Struct, frozen=True, tag_field="type", tag="shift"):
    """``closed_at`` is None where a shift was forgotten, which ends it after 16 hours. ``until``: the end of the agent's duty by the roster, else our closing time; None where neither is known.
    ``working``: agents whose shifts are open, ``on_duty`` those of the roster.
    """

    id: str | None
    agent: str | None
    account: str
    state: ShiftState
    opened_at: datetime | None
    closed_at: datetime | None
    until: datetime | None
    working: tuple[str, ...]
    on_duty: tuple[str, ...]
    backlog: Backlog
    promises: tuple[Promise, ...]  # that fall due until then
    suspected: tuple[Suspected, ...]
    handover: Handover | None  # what the shift that ended last left


class Left(Struct, frozen=True, tag_field="type", tag="left"):
    """What stands against the end of a shift. ``at``: when it is due, or since when a draft waits."""

    why: Why
    ticket: str | None
    draft: str | None
    at: datetime | None
    what: str


class Tip(Struct, frozen=True, tag_field="type", tag="tip"):
    """The tip of a week ("2026-W47"), one of ``of``."""

    week: str
    of: int
    entry: Entry
