"""Whose a ticket is. A claim is a lease: it ends by itself (``claim.lease`` in the policy). What is assigned stays
assigned, and is nobody's claim: who claims it, works on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from socialcli.app import App
from socialcli.approval import rights
from socialcli.errors import ConflictError
from socialcli.model.times import format_time
from socialcli.policy.absence import is_away
from socialcli.policy.hours import after
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


def next_row(app: App, agent: str | None, *, but: Sequence[int] = (), held: bool = True) -> TicketRow | None:
    """The most pressing ticket that is free or the agent's, and none of ``but`` (their numbers). What is assigned to
    somebody who is away, or who left, is free. One that mass mode holds back comes last, and not at all without ``held``.
    """
    away = _absent(app, app.queue.assigned_agents())
    if agent is not None:
        but = (*but, *_for_others(app, agent))
    return app.queue.next_row(agent, but=but, absent=away, held=held)


def _absent(app: App, names: Sequence[str]) -> list[str]:
    """Those of them who are away, or no agents any more. Where nothing is assigned the policy need not be read."""
    agents = {one.id: one for one in app.policy.agents} if names else {}
    return [one for one in names if one not in agents or is_away(agents[one], app.policy, app.now())]


def spared(app: App, agent: str) -> datetime | None:
    """Until when an agent who met much abuse (``[relief]``) is given no more of it; None where they are not, or where
    nobody else is there to take it.
    """
    relief, now = app.policy.relief, app.now()
    until = app.queue.relieved_until(agent, relief) if relief.after else None
    if until is None:
        return None
    others = (
        one
        for one in app.policy.agents
        if one.id != agent and rights.may(one, "post", app.policy) and not is_away(one, app.policy, now)
    )
    return until if any(app.queue.relieved_until(one.id, relief) is None for one in others) else None


def tell_of_relief(app: App, agent: str | None) -> None:
    """Kindly, to an agent who is spared abuse."""
    until = None if agent is None else spared(app, agent)
    if until is not None:
        told = f"you have had a lot of abuse to read: until {format_time(until)} the next of it"
        app.console.note(f"{told} goes to somebody else")


def _for_others(app: App, agent: str) -> list[int]:
    """Numbers of the tickets with abuse that somebody else is to have; the agent's own stay theirs."""
    waiting = app.queue.abusive_waiting()
    if not waiting or spared(app, agent) is None:
        return []
    found = (app.queue.ticket_by_number(n) for n in waiting)
    return [row.n for row in found if agent not in (holder(app, row), row.assigned)]


def claim_next(app: App, agent: str) -> TicketRow | None:
    """Claim the most pressing ticket that is free, and that mass mode lets somebody answer."""
    with app.queue.writing() as writing:
        row = next_row(app, agent, held=False)
        if row is None:
            return None
        writing.events.append(claimed(app, row, agent))
    return app.queue.ticket(row.id)


def give_up(app: App, name: str, agent: str) -> None:
    """End a claim; a ticket that is assigned to somebody stays so. Raises ConflictError."""
    with app.queue.writing() as writing:
        row = app.queue.ticket(name)
        require_free(app, row, agent)
        if row.assignee is not None:
            writing.add("released", row.id, agent, {"to": row.assigned} if row.assigned else {})


def hand_over(app: App, name: str, agent: str, *, to: str, note: str = "") -> None:
    """Give a ticket to another agent. Raises ConflictError."""
    with app.queue.writing() as writing:
        row = app.queue.ticket(name)
        require_free(app, row, agent)
        event = released(app, row, agent, note=note, to=to)
        writing.events += [] if event is None else [event]


def released(
    app: App, row: TicketRow, agent: str, *, note: str = "", to: str | None = None
) -> NewEvent | None:
    """The event by which an agent gives a ticket back, or hands it over; None where it is so already."""
    if note or to is not None:
        known = app.queue.handover(row)
        again = known is not None and (known.by, known.to, known.note) == (agent, to, note)
        settled = row.assigned != agent if to is None else row.assigned == to
        is_so = row.assignee is None and settled and (again or not note)
        facts = {"note": note, "to": to}
        return None if is_so else NewEvent("released", row.id, agent, {k: v for k, v in facts.items() if v})
    has = row.assignee is not None or row.assigned == agent
    return NewEvent("released", row.id, agent, {}) if has else None


def claimed(app: App, row: TicketRow, agent: str) -> NewEvent:
    """The event by which an agent takes a ticket."""
    return NewEvent("claimed", row.id, agent, {"agent": agent, "until": _lease_end(app)})


def is_claimed(app: App, row: TicketRow, agent: str) -> bool:
    """Whether the ticket is the agent's for as long as a claim would make it so."""
    return row.assignee == agent and row.lease == _lease_end(app)


def renew(app: App, name: str, agent: str) -> None:
    """Where the agent's own claim has run out and nobody has taken the ticket since, it goes on."""
    row = app.queue.ticket(name)
    if row.assignee == agent and holder(app, row) is None:
        with suppress(ConflictError):  # somebody was faster: that is told where it is posted
            claim(app, row.id, agent)


def _lease_end(app: App) -> int:
    """Epoch seconds: only open time counts."""
    ends = after(app.policy, app.now(), timedelta(seconds=app.policy.claim.lease))
    return int(ends.timestamp())
