"""Drafts that wait for somebody's yes: since when, until when, and which of them answer the same message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from socialcli import approval
from socialcli.app import App
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.draft import Draft
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.render.draft import Beside

_TRIED = ("scheduled", "parked", "failed", "by-hand")  # certainly not posted: a no ends them
_REJECTED = ("awaiting-approval", "approved", "rejected", *_TRIED)


def waiting(app: App) -> list[Draft]:
    """All that wait for a yes; those of one ticket together, by the one that waits longest."""
    found = app.queue.drafts(states=("awaiting-approval",))
    tickets = [one.draft.ticket or one.row.id for one in found]
    together = sorted(range(len(found)), key=lambda number: (tickets.index(tickets[number]), number))
    return [shown(app, found[number]) for number in together]


def shown(app: App, stored: StoredDraft) -> Draft:
    """The draft, with the time at which a holding reply goes out in its place, if one still does."""
    at = approval.fallback_at(stored.draft, app.policy)
    if at is None or not needs_holding(app, stored):
        return stored.draft
    return msgspec.structs.replace(stored.draft, fallback_at=at)


def beside(app: App, hide: Callable[[str], str]) -> Callable[[Draft], Beside]:
    """What is told of a draft that the draft itself does not hold. ``hide`` masks private data."""

    def find(draft: Draft) -> Beside:
        row = app.queue.draft(draft.id).row
        held = datetime.fromisoformat(row.at) if row.state == "parked" and row.conflict else None
        if draft.ticket is None:
            return Beside(held=held)
        thread = app.queue.thread(app.queue.ticket(draft.ticket))
        target = next((one for one in thread if one.id == draft.target), None)
        if target is None:
            return Beside(held=held)
        return Beside(target.author.handle, "[erased]" if target.erased else hide(target.text), held)

    return find


def needs_holding(app: App, stored: StoredDraft) -> bool:
    """Whether the customer whom the draft answers has heard nothing of us, and said nothing new since."""
    held = holding_of(app, stored)
    if stored.draft.ticket is None or (held is not None and held.row.state != "refused"):
        return False
    row = app.queue.ticket(stored.draft.ticket)
    return row.text_id == stored.row.target and stored.row.target in app.queue.unanswered(row)


def holding_of(app: App, stored: StoredDraft) -> StoredDraft | None:
    """The holding reply to the message that the draft answers, whatever became of it."""
    others = app.queue.drafts(stored.row.ticket) if stored.row.ticket is not None else []
    return next((one for one in others if one.row.holds and one.row.target == stored.row.target), None)


def rivals(app: App, stored: StoredDraft) -> Sequence[StoredDraft]:
    """The other answers to the same message that wait for a yes. What is said once more on purpose is no rival."""
    if stored.row.ticket is None or stored.row.again:
        return ()
    others = app.queue.drafts(stored.row.ticket, states=("awaiting-approval",))
    return [
        one
        for one in others
        if one.row.id != stored.row.id and one.row.target == stored.row.target and not one.row.again
    ]


def reject(app: App, name: str, by: Agent, reason: str, *, dry_run: bool = False) -> Draft:
    """The draft, which nobody posts any more. Raises NotFoundError, ConflictError where it does not wait, RefusedError
    for somebody who may only draft: it ends no draft of others.
    """
    stored = app.queue.draft(name)
    if by.role == "draft" and by.id != stored.draft.agent:
        raise RefusedError(
            f"{by.name} may only draft, and did not write draft {stored.draft.id}",
            hint="somebody else says no: --as AGENT",
        )
    if not dry_run:
        with app.queue.writing() as writing:
            stored = app.queue.draft(name)
            if stored.draft.state not in _REJECTED:
                raise ConflictError(f"draft {stored.draft.id} does not wait: it is {stored.draft.state}")
            attempt = stored.row.attempt + (stored.draft.state in _TRIED)
            data = {"draft": stored.draft.id, "attempt": attempt, "reason": reason}
            if stored.draft.state != "rejected":
                writing.add("rejected", stored.draft.ticket, by.id, data, key=stored.draft.id)
    return app.queue.draft(stored.draft.id).draft
