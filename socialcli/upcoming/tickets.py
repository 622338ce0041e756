"""The part of ``today`` that is about tickets and drafts."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli import approval
from socialcli.app import App
from socialcli.model.ticket import Ticket
from socialcli.model.today import Item, Section
from socialcli.pointing import owing
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow
from socialcli.upcoming.whose import AHEAD, STUCK, is_for


def deadlines(app: App, agent: str | None) -> Iterator[Item]:
    """Tickets that are late, about to be, or due within a day."""
    rows = app.queue.due_rows(int((app.now() + AHEAD).timestamp()), agent)
    for row, record in zip(rows, app.queue.records(rows), strict=True):
        yield _of_ticket(app, _section(record), row, record)


def _section(record: Ticket) -> Section:
    if record.overdue:
        return "late"
    return "breaching" if record.breaching else "due"


def _of_ticket(app: App, section: Section, row: TicketRow, record: Ticket) -> Item:
    what = ", ".join(filter(None, (record.priority, record.kind, record.topic))) or "not triaged"
    unwanted = app.queue.closed_to(row, row.text_id) is not None  # they asked for no more messages
    step = f"resolve {record.id} --outcome no-answer" if unwanted else f"reply {record.id}"
    return Item(
        section=section,
        ticket=record.id,
        draft=None,
        incident=record.incident,
        account=record.account,
        customer=record.customer.handle,
        due_at=record.due_at,
        reason=what,
        next=f"socialcli {step}",
        agent=record.assignee or row.assigned,
    )


def promises(app: App, agent: str | None) -> Iterator[Item]:
    """Those that are broken, and those that fall due within a day."""
    for one in [*app.queue.promises(), *owing.owed(app)]:
        whose = None if one.ticket is None else one.assignee or one.by  # what all were promised, all keep
        if one.until > app.now() + AHEAD or not is_for(agent, whose):
            continue
        step = f"reply {one.ticket}" if one.ticket is not None else f"statement --account {one.account}"
        yield Item(
            section="promised",
            ticket=one.ticket,
            draft=one.draft,
            incident=None,
            account=one.account,
            customer=None if one.customer is None else one.customer.handle,
            due_at=one.until,
            reason=f"{'broken promise' if one.state == 'broken' else 'promised'}: {one.words}",
            next=f"socialcli {step}",
            agent=one.assignee or one.by,
        )


def approvals(app: App, agent: str | None) -> Iterator[Item]:
    """Drafts that wait for a yes, of those that the agent may give."""
    for stored in app.queue.drafts(states=("awaiting-approval",)):
        if agent is None or agent in approval.approvers(stored.draft.agent, app.policy):
            reason = f"by {stored.draft.agent}: {stored.draft.reason or 'needs a yes'}"
            yield _of_draft(app, "approval", stored, reason, f"socialcli approve {stored.draft.id}")


def stuck(app: App, agent: str | None) -> Iterator[Item]:
    """Drafts that are not out, and for which a person is needed."""
    for stored in app.queue.drafts(states=STUCK):
        if is_for(agent, stored.draft.agent):
            why = f": {stored.draft.reason}" if stored.draft.reason else ""
            by_hand = stored.draft.state == "by-hand" and stored.draft.ticket is not None
            step = f"done {stored.draft.ticket} --url ADDRESS" if by_hand else "outbox --settle"
            yield _of_draft(app, "stuck", stored, f"{stored.draft.state}{why}", f"socialcli {step}")


def _of_draft(app: App, section: Section, stored: StoredDraft, reason: str, step: str) -> Item:
    draft = stored.draft
    row = None if draft.ticket is None else app.queue.ticket(draft.ticket)
    unwanted = app.queue.unwanted(draft) is not None  # they asked for no more messages
    return Item(
        section=section,
        ticket=draft.ticket,
        draft=draft.id,
        incident=None if row is None else row.incident,
        account=draft.account,
        customer=None if row is None else app.queue.record(row).customer.handle,
        due_at=None if row is None else app.queue.record(row).due_at,
        reason=reason,
        next=f"socialcli recall {draft.id}" if unwanted else step,
        agent=draft.agent,
    )
