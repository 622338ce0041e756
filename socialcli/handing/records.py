"""What was handed on, and what became of it: read from the events of a ticket.

Attempts are settled by rank, not by clock: one that was taken is the last word; one of which nobody knows weighs more
than one that certainly failed. An intent without a receipt is one of which nobody knows.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import msgspec

from socialcli.app import App
from socialcli.model.handoff import Handoff, HandoffState
from socialcli.model.ticket import Event
from socialcli.queue.rows import TicketRow

_RANK: dict[str, int] = {"failed": 0, "unknown": 1, "sent": 2}
_LOST = "it was interrupted before anybody knew"


class Kept(msgspec.Struct):
    """A hand-off with its attempts."""

    intents: list[Event]
    receipts: list[Event]

    @property
    def attempts(self) -> int:
        return len(self.intents)

    @property
    def state(self) -> HandoffState:
        return _state(self)[0]

    @property
    def open(self) -> list[Event]:
        """Intents without a receipt. United journals may hold several of one number."""
        receipts = Counter(map(_attempt, self.receipts))
        found = []
        for intent in self.intents:
            receipts[_attempt(intent)] -= 1
            if receipts[_attempt(intent)] < 0:
                found.append(intent)
        return found


def of_ticket(app: App, row: TicketRow) -> list[Handoff]:
    """All hand-offs of a ticket, in the order in which they began."""
    return [record(row.id, kept) for kept in _kept(app, row).values()]


def mails_back(app: App, row: TicketRow) -> list[Event]:
    """Notes of the mails that came in for a ticket, but for what was erased."""
    notes = (one for one in app.queue.history(row) if one.event == "note")
    return [one for one in notes if one.data.get("mail") and one.data.get("text")]


def find(app: App, row: TicketRow, name: str) -> Kept | None:
    return _kept(app, row).get(name)


def record(ticket: str, kept: Kept) -> Handoff:
    state, reason = _state(kept)
    last = kept.intents[-1]
    data: dict[str, Any] = last.data
    return Handoff(
        id=str(data["handoff"]),
        ticket=ticket,
        to=str(data.get("to", "")),
        way=data.get("way", "file"),
        where=str(data.get("where", "")),
        format=data.get("format", "md"),
        private=bool(data.get("private")),
        note=str(data.get("note", "")),
        state=state,
        at=last.at,
        by=last.by,
        reason=reason,
        message_id=data.get("message_id"),
        question=data.get("question"),
    )


def _kept(app: App, row: TicketRow) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    for event in app.queue.history(row):
        if event.event not in ("handoff", "handed"):
            continue
        one = found.setdefault(str(event.data.get("handoff")), Kept([], []))
        (one.intents if event.event == "handoff" else one.receipts).append(event)
    return {name: one for name, one in found.items() if one.intents}


def _attempt(event: Event) -> Any:
    return event.data.get("attempt")


def _state(kept: Kept) -> tuple[HandoffState, str | None]:
    """The state that weighs most, and the reason that was given last for it."""
    told: list[tuple[str, str | None]] = [("unknown", _LOST) for _ in kept.open]
    for event in kept.receipts:
        state = str(event.data.get("state"))
        told.append((state if state in _RANK else "unknown", event.data.get("reason")))
    best = max(_RANK[state] for state, _ in told)
    state, reason = [one for one in told if _RANK[one[0]] == best][-1]
    return cast("HandoffState", state), reason
