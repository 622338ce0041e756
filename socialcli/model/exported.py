"""export: a ticket as one row of a table."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class ExportedTicket(Struct, frozen=True, tag_field="type", tag="export"):
    """The fields, in this order, are the columns; new ones come at the end."""

    id: str
    network: str
    account: str
    customer: str  # handle
    customer_name: str | None
    status: str
    respond: str | None
    priority: str | None
    score: int | None
    kind: str | None
    topic: str | None
    sentiment: float | None
    register: str | None
    language: str | None
    opened_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    overdue: bool
    snoozed_until: datetime | None
    assignee: str | None
    incident: str | None
    labels: tuple[str, ...]
    messages: int
    text: str  # of the customer's latest message
    thread: str  # all messages, oldest first: time, who, what


class ExportedFile(Struct, frozen=True, tag_field="type", tag="exported"):
    """A file of them was written."""

    file: str
    format: str
    tickets: int
