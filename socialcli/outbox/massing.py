"""The gate of mass mode: whether an answer to one customer may go out while their incident is in it."""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli.errors import RefusedError, SocialError, TemporaryError
from socialcli.model.draft import Draft
from socialcli.model.times import format_time
from socialcli.policy.schema import Policy
from socialcli.queue.massing import Gate
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Queue

_LEAD = "a lead may answer all the same: socialcli reply {ticket} ... --now-anyway"


class HeldError(RefusedError):
    """Mass mode holds the ticket back. The same answer may go out once that ends."""


def closed(
    queue: Queue, policy: Policy, draft: Draft, by: str, *, anyway: bool = False, at: datetime | None = None
) -> SocialError | None:
    """Why the draft may not go out now; None if it may. A statement, a pointer to one and the correction of an answer
    always may, and with ``anyway`` what a lead sends. ``at``: it is to go out then.
    """
    gate = _gate(queue, draft)
    row = None if gate is None else queue.ticket(str(draft.ticket))
    if gate is None or row is None or (at is not None and at.timestamp() >= gate.until):
        return None
    why = gate.holds(row.tier)
    if why is None or (anyway and _is_lead(policy, by)):
        return None
    return _held(row, gate) if why == "mode" else _full(row, gate, policy.incident.hourly_cap)


def require_open(queue: Queue, policy: Policy, draft: Draft, by: str, *, anyway: bool) -> str | None:
    """The incident whose mass mode a lead passes over with this draft, if one does. Raises HeldError, and
    TemporaryError where the hour has no room.
    """
    error = closed(queue, policy, draft, by, anyway=anyway)
    if error is not None:
        raise error
    if not anyway or closed(queue, policy, draft, by) is None:
        return None
    return queue.ticket(str(draft.ticket)).incident


def _gate(queue: Queue, draft: Draft) -> Gate | None:
    if draft.ticket is None or draft.points is not None or draft.corrects is not None:
        return None
    return queue.gate(queue.ticket(draft.ticket), but=draft.id)


def _is_lead(policy: Policy, agent: str) -> bool:
    return any(one.id == agent and one.role == "lead" for one in policy.agents)


def _held(row: TicketRow, gate: Gate) -> HeldError:
    until = _time(gate.until)
    urgent = f"if it presses: socialcli triage {row.id} --set priority=urgent --reason WHY; "
    return HeldError(
        f"ticket {row.id} is held: incident {gate.incident} is in mass mode ({gate.mode}) until {until}",
        hint=f"point to the statement: socialcli statement --point {row.id}; or answer then: --at {until};"
        f" {urgent if gate.mode == 'tiered' else ''}{_LEAD.format(ticket=row.id)}",
    )


def _full(row: TicketRow, gate: Gate, cap: int) -> TemporaryError:
    room = f"room again at {_time(gate.room)}" if gate.room is not None else f"until {_time(gate.until)}"
    return TemporaryError(
        f"incident {gate.incident} is in mass mode, and this hour has no room (incident.hourly_cap is {cap})",
        hint=f"{room}: socialcli outbox --settle; {_LEAD.format(ticket=row.id)}",
    )


def _time(seconds: int) -> str:
    return format_time(datetime.fromtimestamp(seconds, UTC))
