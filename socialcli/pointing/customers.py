"""Whom an incident has hit: one record for each customer, not for each ticket."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from socialcli.app import App
from socialcli.queue.rows import DraftRow, TicketRow

UNDER_WAY = ("awaiting-approval", "approved", "scheduled", "intended", "unknown", "parked", "by-hand")
_WAITS = ("new", "open", "on-hold")


class Customer(Struct, frozen=True):
    """``rows``: their tickets in the incident, the most pressing first; ``others``: those that are not in it;
    ``drafts``: what we said in any of them, or are about to.
    """

    rows: tuple[TicketRow, ...]
    others: tuple[TicketRow, ...]
    drafts: tuple[DraftRow, ...]

    @property
    def row(self) -> TicketRow:
        """The ticket in which they are answered: the most pressing one that waits, else the most pressing one."""
        return next((one for one in self.rows if one.status in _WAITS), self.rows[0])

    def waiting(self) -> TicketRow | None:
        """A ticket of theirs, in the incident or not, in which somebody owes them an answer."""
        return next((one for one in (*self.rows, *self.others) if is_owed(one)), None)

    def answered_since(self, moment: datetime) -> DraftRow | None:
        """An answer of ours that went out in one of these tickets then or later."""
        theirs = {one.n for one in self.rows}
        sent = (one for one in self.drafts if one.state == "sent" and one.ticket in theirs)
        return next((one for one in sent if datetime.fromisoformat(one.at) >= moment), None)

    def under_way(self) -> DraftRow | None:
        """A draft in the ticket that is on its way."""
        return next((one for one in self.drafts if one.ticket == self.row.n and one.state in UNDER_WAY), None)


def is_owed(row: TicketRow) -> bool:
    """Whether the customer waits for an answer, as far as triage knows."""
    return row.received is not None and row.status in _WAITS and row.respond in (None, "respond")


def is_gone(app: App, row: TicketRow) -> bool:
    """Whether the message that would be answered stands no more."""
    return any(one.id == row.text_id and (one.erased or one.deleted) for one in app.queue.thread(row))


def customers(app: App, incident: str) -> list[Customer]:
    """All of them, whose ticket is the most pressing first."""
    found: list[Customer] = []
    seen: set[int] = set()
    for row in app.queue.tickets_in(incident):
        if row.n not in seen:
            found.append(customer_of(app, incident, row))
            seen |= {one.n for one in found[-1].rows}
    return found


def customer_of(app: App, incident: str, row: TicketRow) -> Customer:
    """The customer of this ticket, as the queue has them now."""
    theirs = app.queue.tickets_of(row.network, row.called, row.author)
    rows = [one for one in theirs if one.incident == incident]
    rows.sort(key=lambda one: (one.bucket, -one.urgency, one.id))
    others = tuple(one for one in theirs if one.incident != incident)
    drafts = app.queue.draft_rows([one.n for one in theirs])
    return Customer(tuple(rows) or (app.queue.ticket_by_number(row.n),), others, tuple(drafts))
