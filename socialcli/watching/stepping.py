"""The steps of an incident from the suspicion to its end, as events; where one cannot be taken, why."""

from __future__ import annotations

from socialcli import massmode
from socialcli.app import App
from socialcli.approval import rights
from socialcli.bulk import Decide
from socialcli.errors import ConflictError
from socialcli.model.incident import RUNNING, Incident, IncidentState
from socialcli.model.times import format_time
from socialcli.policy.schema import Agent
from socialcli.queue.facts import TURNED, Raised
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow
from socialcli.watching.opening import opening, same

_AGAIN = "what begins anew is another incident: socialcli incident open"
_WHAT = {"incident-confirmed": "confirmed", "incident-dismissed": "dismissed", "incident-closed": "closed"}
# The states out of which a step leads; the end of each step stands in TURNED.
_FROM: dict[str, tuple[IncidentState, ...]] = {
    "incident-confirmed": ("suspected",),
    "incident-dismissed": ("suspected", "open"),
    "incident-closed": ("suspected", "open"),
}


def begun(app: App, wanted: Raised, mass: int | None, who: str) -> tuple[str, list[NewEvent]]:
    """The incident that is open then, by id, and the events that make it so. ``mass``: seconds of mass mode, None =
    none. Raises ConflictError where it is suspected already.
    """
    known = same(app, wanted)
    events = [] if known else list(opening(app, wanted, who))
    name = known or wanted.incident
    return name, [*events, *_mass_too(app, name, mass, who)]


def turned(
    app: App, found: Incident, event: str, data: dict[str, str], mass: int | None, who: str
) -> list[NewEvent]:
    """One step; it is safe to repeat. Raises ConflictError where the incident has gone another way."""
    facts = _facts(found, event, data)
    step = [NewEvent(event, None, who, facts, found.id)] if _goes(found, event) else []
    return [*step, *_mass_too(app, found.id, mass, who)]


def massed(
    app: App, found: Incident, length: int | None, reason: str, who: str, *, off: bool
) -> list[NewEvent]:
    """Mass mode on for ``length`` seconds (None: as the policy says), or off. Raises as ``massmode`` does."""
    if off:
        event = massmode.switched_off(app, found.id, who, reason)
    else:
        massmode.require_open(found)
        event = massmode.switched_on(app, found.id, length, who, reason)
    return [] if event is None else [event]


def joined(app: App, found: Incident, who: Agent) -> Decide:
    """How a ticket joins by hand. Raises ConflictError for an incident that is over."""
    if found.state not in RUNNING:
        raise ConflictError(f"incident {found.id} is {found.state}: no ticket joins it", hint=_AGAIN)

    def decide(row: TicketRow) -> NewEvent | None:
        if row.incident == found.id:
            return None
        if app.queue.gate(row) is not None:  # out of mass mode: as if it were switched off for this one
            rights.require(who, "incidents", app.policy)
        return NewEvent("incident-joined", row.id, who.id, {"incident": found.id}, row.id)

    return decide


def _mass_too(app: App, name: str, seconds: int | None, who: str) -> list[NewEvent]:
    """Mass mode along with the step that makes the incident an open one."""
    event = None if seconds is None else massmode.switched_on(app, name, seconds, who)
    return [] if event is None else [event]


def _facts(found: Incident, event: str, data: dict[str, str]) -> dict[str, str]:
    """A dismissal says what it knew: that of an open incident counts for more than that of a suspicion."""
    was = {"was": found.state} if event == "incident-dismissed" else {}
    return {"incident": found.id, **data, **was}


def _goes(found: Incident, event: str) -> bool:
    """Whether the step is still to be taken."""
    if found.state == TURNED[event]:
        return False
    if found.state in _FROM[event]:
        return True
    since = format_time(next(turn.at for turn in found.history if turn.state == found.state))
    raise ConflictError(
        f"incident {found.id} is {found.state} since {since}: it cannot be {_WHAT[event]}", hint=_AGAIN
    )
