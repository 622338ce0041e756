"""today: one thing that is to be done, or to be known, now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Section = Literal[
    "late",  # past the deadline
    "breaching",  # about to miss it
    "due",  # within a day
    "promised",  # promises that are open, and those that are broken
    "approval",  # drafts that wait for a yes
    "stuck",  # drafts that were parked, whose outcome is unknown, or that go out by hand
    "incidents",  # suspected and open ones
    "held",  # tickets that mass mode keeps waiting
    "questions",  # to experts, not answered yet
    "follow-ups",  # what is owed after the end
    "review",  # steps of the ladder that ended and stand; who opted out since yesterday
    "handover",  # what the last shift left
    "suggested",  # happy endings and helpful customers
]
SECTIONS: tuple[Section, ...] = (
    "late", "breaching", "due", "promised", "approval", "stuck", "incidents", "held", "questions", "follow-ups",
    "review", "handover", "suggested",
)  # fmt: skip


class Item(Struct, frozen=True, tag_field="type", tag="today"):
    """``agent``: whose it is; null: anybody's. ``next`` is the command, or the step, that deals with it."""

    section: Section
    ticket: str | None
    draft: str | None
    incident: str | None
    account: str | None
    customer: str | None  # the handle
    due_at: datetime | None
    reason: str
    next: str
    agent: str | None
