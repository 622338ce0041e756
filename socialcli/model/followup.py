"""follow-up: what is still to be said to a customer after their matter was settled."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialcli.model.ticket import Customer

What = Literal["thank-you", "how-is-it", "happy-ending", "helpful-customer"]

# What each is, and the column of the index that says that it is over.
FOLLOW_UPS: dict[str, str] = {
    "thank-you": "thanked",
    "how-is-it": "asked",
    "happy-ending": "greeted",
    "helpful-customer": "greeted",
}
OWED: tuple[What, ...] = ("thank-you", "how-is-it")  # the others are only suggested


class FollowUp(Struct, frozen=True, tag_field="type", tag="follow-up"):
    """``owed``: a task of the team's; else it is only suggested. ``next`` is the command that does it."""

    what: What
    owed: bool
    ticket: str
    account: str
    customer: Customer
    due_at: datetime  # from when on it is to be done
    reason: str
    next: str
    by: str | None  # the agent who closed the ticket
    assignee: str | None
