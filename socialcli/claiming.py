"""Who has taken a ticket. A claim is a lease: it ends by itself (``claim.lease`` in the policy)."""

from __future__ import annotations

from socialcli.app import App
from socialcli.errors import ConflictError
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow


def holder(app: App, row: TicketRow) -> str | None:
    """The agent whose claim is running."""
    running = row.lease is not None and row.lease >= int(app.now().timestamp())
    return row.assignee if running else None


def require_free(app: App, row: TicketRow, agent: str) -> None:
    """Raises ConflictError while somebody else's claim is running."""
    who = holder(app, row)
    if who is not None and who != agent:
        raise ConflictError(
            f"ticket {row.id} is claimed by {who}",
            hint="take another one: socialcli next, or wait for the lease to end",
        )


def claim(app: App, name: str, agent: str) -> TicketRow:
    """Claim a ticket; two at the same moment have one winner. Raises ConflictError."""
    with app.queue.writing() as writing:
        row = app.queue.ticket(name)
        require_free(app, row, agent)
        writing.events.append(claimed(app, row, agent))
    return app.queue.ticket(name)


def claim_next(app: App, agent: str) -> TicketRow | None:
    """Claim the most pressing ticket that is free."""
    with app.queue.writing() as writing:
        row = app.queue.next_row(agent)
        if row is None:
            return None
        writing.events.append(claimed(app, row, agent))
    return app.queue.ticket(row.id)


def release(app: App, name: str, agent: str) -> TicketRow:
    """Give a ticket back; one that nobody has claimed stays as it is. Raises ConflictError."""
    row = app.queue.ticket(name)
    require_free(app, row, agent)
    if row.assignee is None:
        return row
    with app.queue.writing() as writing:
        require_free(app, app.queue.ticket(name), agent)
        writing.add("released", row.id, agent, {})
    return app.queue.ticket(name)


def claimed(app: App, row: TicketRow, agent: str) -> NewEvent:
    """The event by which an agent takes a ticket."""
    return NewEvent("claimed", row.id, agent, {"agent": agent, "until": _lease_end(app)})


def is_claimed(app: App, row: TicketRow, agent: str) -> bool:
    """Whether the ticket is the agent's for as long as a claim would make it so."""
    return row.assignee == agent and row.lease == _lease_end(app)


def _lease_end(app: App) -> int:
    return int(app.now().timestamp()) + app.policy.claim.lease
