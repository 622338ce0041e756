"""How long a ticket may wait: its deadline, worked out from its thread and what triage says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from socialcli.app import App
from socialcli.model.assessment import Priority
from socialcli.model.message import Message
from socialcli.policy.deadlines import Due, due, own_deadline, sooner
from socialcli.queue.rows import TicketRow


def since(row: TicketRow) -> datetime:
    """Since when the customer waits; of a ticket that nobody waits for, when it was opened."""
    return datetime.fromtimestamp(row.opened if row.received is None else row.received, UTC)


def clock(app: App, row: TicketRow, thread: Sequence[Message], priority: Priority) -> Due:
    """The deadline of the ticket as it stands, at this priority."""
    unanswered = app.queue.unanswered(row)
    own: datetime | None = None
    for place, message in enumerate(thread):
        if message.id in unanswered and not message.erased:
            own = sooner(own, said(app, message, thread[:place]))
    latest = next((message for message in thread if message.id == row.text_id), None)
    return due(app.policy, priority, since(row), latest, own)


def said(app: App, message: Message, before: Sequence[Message]) -> datetime | None:
    """The customer's own deadline, as far as it can be kept."""
    return own_deadline(message, app.assessor.assess(message, before).deadline)
