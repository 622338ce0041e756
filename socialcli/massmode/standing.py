"""How mass mode stands: who was answered, who was pointed, who waits."""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli.app import App
from socialcli.model.mass import Mass
from socialcli.queue.incidents import IncidentRow
from socialcli.queue.massing import HOUR, MassRow


def state(app: App, incident: str) -> Mass | None:
    """Of one incident by its whole id; None where mass mode was never on."""
    row = app.queue.mass(incident)
    return None if row is None else _state(app, row)


def held(app: App) -> list[Mass]:
    """Of each incident that is in mass mode now."""
    return [_state(app, row) for row in app.queue.in_mass()]


def _state(app: App, row: MassRow) -> Mass:
    queue, rule = app.queue, app.policy.incident
    now = int(app.now().timestamp())
    said, by = queue.massed(row)
    gate = next((one for one in queue.gates() if one.incident == row.incident), None)
    answered, pointed = queue.count_reached(row.incident, _opened(queue.incident_rows(), row.incident))
    waiting, capped = (0, 0) if gate is None else queue.count_held(gate)
    return Mass(
        incident=row.incident,
        mode=rule.mode,
        on=gate is not None,
        until=_time(row.until) if row.until else None,
        by=by,
        reason=said.reason,
        cap=rule.hourly_cap if rule.mode == "tiered" else None,
        answered=answered,
        pointed=pointed,
        held=waiting,
        capped=capped,
        this_hour=len(queue.answers_since(row.incident, now - HOUR)),
        room_at=_time(gate.room) if gate is not None and gate.room is not None else None,
    )


def _opened(rows: list[IncidentRow], incident: str) -> int:
    """When the incident was opened, epoch seconds; 0 where its beginning is not known."""
    return next((one.opened for one in rows if one.id == incident), 0)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
