"""ticket: the conversation with one customer about one matter; event: one line of the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from socialcli.model.answers import Offline
from socialcli.model.mass import Held
from socialcli.model.times import format_time

Status = Literal["new", "open", "pending", "on-hold", "solved", "closed"]

STATUSES: tuple[Status, ...] = ("new", "open", "pending", "on-hold", "solved", "closed")


class Customer(Struct, frozen=True):
    handle: str
    name: str | None


class Handover(Struct, frozen=True):
    """What the last one who had the ticket left for the next."""

    by: str | None
    to: str | None  # null: for whoever takes it
    note: str
    at: datetime


class Ticket(Struct, frozen=True, tag_field="type", tag="ticket"):
    id: str
    network: str
    account: str
    customer: Customer
    text: str  # of the latest inbound message
    received_at: datetime | None  # of the oldest inbound message that is not answered
    status: Status
    respond: str | None  # null until triaged, like all that follows to due_at
    priority: str | None
    score: int | None
    kind: str | None
    topic: str | None
    sentiment: float | None
    register: str | None
    language: str | None
    due_at: datetime | None
    overdue: bool
    assignee: str | None
    incident: str | None
    messages: int
    labels: tuple[str, ...]
    snoozed_until: datetime | None  # null where it is awake
    opened_at: datetime  # of the opening message
    breaching: bool = False  # about to miss its deadline
    asked_since: datetime | None = None  # since when an answer waits for somebody's yes
    offline: Offline | UnsetType = UNSET  # in show and next, where something speaks for going on in private
    assigned: str | None = None  # whose it is while no claim runs
    claimed_until: datetime | None = None  # null where no claim runs
    handover: Handover | None = None  # until somebody answers
    held: Held | None = None  # mass mode holds it back: until that ends, or until the hour has room


# Of an event's data: what the journal keeps in epoch seconds.
_MOMENTS = ("due", "warn", "until", "opened", "since")


def with_times(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an event as it goes out: its times as all others, RFC 3339; null for 0, which is none."""
    data = {name: _time(value) if name in _MOMENTS else value for name, value in data.items()}
    if isinstance(data.get("fields"), dict):  # what a person set by hand
        data["fields"] = with_times(data["fields"])
    return data


def _time(value: Any) -> Any:
    if not isinstance(value, int):
        return value
    try:
        return format_time(datetime.fromtimestamp(value, UTC)) if value else None
    except (OverflowError, OSError, ValueError):  # a line from a stranger: told as it stands
        return value


class Event(Struct, frozen=True, tag_field="type", tag="event"):
    """``event`` says what happened, ``by`` who did it, ``data`` holds what belongs to it."""

    at: str | None  # null in a plan: what has not been written has no time and no id
    id: str | None
    event: str
    ticket: str | None
    by: str | None
    data: dict[str, Any]
