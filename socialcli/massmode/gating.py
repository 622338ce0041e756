"""What mass mode says to an answer before anybody writes or posts it."""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli.app import App
from socialcli.errors import SocialError
from socialcli.model.draft import Draft
from socialcli.model.times import format_time
from socialcli.outbox.massing import closed
from socialcli.queue.massing import Gate
from socialcli.queue.rows import TicketRow
from socialcli.text.counted import counted


def against(
    app: App, draft: Draft, *, anyway: bool = False, at: datetime | None = None
) -> SocialError | None:
    """What speaks against posting the draft now, or ``at`` a time: a HeldError until the mode ends, a TemporaryError
    until the hour has room. With ``anyway`` a lead posts it all the same.
    """
    return closed(app.queue, app.policy, draft, draft.agent, anyway=anyway, at=at)


def is_held(app: App, draft: Draft) -> bool:
    """Whether a draft that may go out otherwise is left for later."""
    return against(app, draft) is not None


def told(app: App, row: TicketRow) -> str | None:
    """Why a ticket that waits for an answer is held back, in words; None where it is not."""
    gate, why = app.queue.gate(row), app.queue.why_held(row)
    if gate is None or why is None:
        return None
    until = gate.until if why == "mode" or gate.room is None else gate.room
    what = f"mass mode, {gate.mode}" if why == "mode" else "the answers of this hour are out"
    return f"incident {gate.incident}, {what}, until {_time(until)}; the deadline is not paused"


def tell(app: App) -> None:
    """A note for each incident whose mass mode holds tickets back."""
    for gate in app.queue.gates():
        held, capped = app.queue.count_held(gate)
        if held or capped:
            app.console.note(
                f"incident {gate.incident} is in mass mode until {_time(gate.until)}: {_told(gate, held, capped)}"
                " (socialcli list --held)"
            )


def _told(gate: Gate, held: int, capped: int) -> str:
    parts = [f"{counted(held, 'ticket')} held"] if held else []
    if capped:
        room = "" if gate.room is None else f" until {_time(gate.room)}"
        parts.append(f"{counted(capped, 'ticket')} without room{room}")
    return ", ".join(parts)


def _time(seconds: int) -> str:
    return format_time(datetime.fromtimestamp(seconds, UTC))
