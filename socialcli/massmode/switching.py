"""Switching mass mode on and off: by a person, for an open incident, for a time."""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli.app import App
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.incident import Incident
from socialcli.model.times import format_time, spelled
from socialcli.queue.facts import MASS
from socialcli.queue.journal import NewEvent

_NEWEST = 200  # statements that are looked through


def until(app: App, seconds: int | None) -> int:
    """When it ends (epoch seconds) if it is switched on now for so long; None = as the policy says. Raises
    RefusedError for longer than that.
    """
    longest = app.policy.incident.mass_for
    if seconds is not None and seconds > longest:
        raise RefusedError(
            f"mass mode for {spelled(seconds)}: at most {spelled(longest)} at a time (incident.mass_for)",
            hint="switch it on once more when that is over",
        )
    return int(app.now().timestamp()) + (longest if seconds is None else seconds)


def switched_on(app: App, incident: str, seconds: int | None, who: str, reason: str = "") -> NewEvent | None:
    """The event, for an incident that is open by now, or with the events beside this one; None where it is on already
    and nobody asks for another end. Raises RefusedError as ``until``.
    """
    end, running = until(app, seconds), _until(app, incident)
    if running is not None and (seconds is None or running == end):
        when = format_time(datetime.fromtimestamp(running, UTC))
        unkept = "; the reason given now is not kept" if reason else ""
        app.console.note(f"incident {incident} is in mass mode until {when} already{unkept}")
        return None
    _tell_of_the_statement(app, incident)
    return _said(app, incident, end, who, reason)


def require_open(found: Incident) -> None:
    """Raises ConflictError for an incident that is not open."""
    if found.state != "open":
        hint = f"socialcli incident confirm {found.id} --mass 2h" if found.state == "suspected" else ""
        raise ConflictError(f"incident {found.id} is {found.state}: mass mode is for open ones", hint=hint)


def switched_off(app: App, incident: str, who: str, reason: str = "") -> NewEvent | None:
    """The event; None where it is not on."""
    if _until(app, incident) is None:
        app.console.note(f"incident {incident} is not in mass mode")
        return None
    return _said(app, incident, 0, who, reason)


def _said(app: App, incident: str, end: int, who: str, reason: str) -> NewEvent:
    """Until when (epoch seconds) it is on, 0 = not any more. ``turn`` says that whoever speaks knew of what was said
    before.
    """
    known = app.queue.mass(incident)
    data = {
        "incident": incident,
        "until": end,
        "turn": 0 if known is None else known.turn + 1,
        **({"reason": reason} if reason else {}),
    }
    return NewEvent(MASS, None, who, data, incident)


def _tell_of_the_statement(app: App, incident: str) -> None:
    """It comes first: who is not answered has nothing else to read."""
    said = app.queue.statements(_NEWEST)
    if not any(one.incident == incident and one.state == "sent" for one in said):
        app.console.note(
            f"nobody has been told of it in public yet: socialcli statement --incident {incident}"
        )


def _until(app: App, incident: str) -> int | None:
    return next((one.until for one in app.queue.in_mass() if one.incident == incident), None)
