"""What is known of a customer beyond the ticket at hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from socialcli.app import App
from socialcli.model.card import Card, Prior
from socialcli.model.ticket import Ticket
from socialcli.queue.rows import BUCKETS, TicketRow

_LOOKED_AT = 20  # other tickets of the customer, the newest
_OWED = BUCKETS["on-hold"]  # buckets up to this one wait for us


def card(app: App, row: TicketRow, record: Ticket) -> Card | None:
    """None where nothing is known beyond this ticket."""
    theirs = app.queue.tickets_of(row.network, row.called, row.author)
    others = [one for one in theirs if one.n != row.n][:_LOOKED_AT]
    prefers = app.queue.preference(row)
    opted_out = app.queue.opted_out(row)
    if not others and prefers is None and opted_out is None:
        return None
    before = [one for one in others if (one.opened, one.opened_id) < (row.opened, row.opened_id)]
    return Card(
        customer=record.customer,
        open=tuple(one.id for one in others if one.bucket <= _OWED),
        prior=tuple(_prior(app, one) for one in others if one.bucket > _OWED),
        same_topic_before=row.topic is not None and any(one.topic == row.topic for one in before),
        prefers=prefers,
        languages=_languages([row, *others]),
        opted_out=opted_out,
    )


def _languages(rows: Sequence[TicketRow]) -> tuple[str, ...]:
    latest = sorted(rows, key=lambda one: (-one.text_created, one.text_id))
    return tuple(dict.fromkeys(one.language for one in latest if one.language is not None))


def _prior(app: App, row: TicketRow) -> Prior:
    outcome, agent, at = _ending(app, row)
    if agent is None:
        answers = app.queue.drafts(row.n, states=("sent", "by-hand"), newest=1)
        agent = answers[-1].draft.agent if answers else None
    return Prior(row.id, row.topic, row.kind, outcome, agent, at)


def _ending(app: App, row: TicketRow) -> tuple[str | None, str | None, datetime | None]:
    """Outcome, who and when, of the latest resolve or done; nothing for a ticket that is not closed by one."""
    if not row.solved:
        return None, None, None
    ends = [event for event in app.queue.history(row) if event.event in ("resolved", "done")]
    if not ends or ends[-1].at is None:
        return None, None, None
    end = ends[-1]
    return end.data.get("outcome"), end.by, datetime.fromisoformat(str(end.at))
