"""For whom there is an acknowledgement, and why not for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from socialcli import claiming, massmode
from socialcli.app import App
from socialcli.model.protection import Restriction
from socialcli.outbox.closed_hours import held_now, is_held, not_owed, told_elsewhere, wrote_tonight
from socialcli.policy import hours
from socialcli.policy.schema import Policy
from socialcli.queue.filtering import Filter
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow

_UNASKED = ("search", "feed")  # said about us, not to us
_BEGUN = ("intended", "unknown", "parked")  # to be finished, not begun anew


@dataclass(frozen=True)
class Night:
    """The time while we are closed that runs now. ``held``: who is held off; ``kinds``: of messages that the template
    is for, none for any.
    """

    held: tuple[Restriction, ...]
    kinds: tuple[str, ...]


def closed_now(policy: Policy, now: datetime) -> str | None:
    """Why nobody at all is acknowledged; None where somebody may be."""
    if policy.hours.coverage == "24x7":
        return 'hours.coverage is "24x7": we never close'
    if not policy.ack.template:
        return "ack.template is empty: no acknowledgement is wanted"
    return "we are open: answer instead" if hours.is_open(policy, now) else None


def night(app: App) -> Night:
    """Only while ``closed_now`` says nothing. Raises NotFoundError, InvalidError for a template that is not there or
    not right.
    """
    return Night(held_now(app.queue, app.now()), app.template_in(app.policy.ack.template).kinds)


def candidates(app: App) -> list[TicketRow]:
    """The tickets that somebody owes an answer and whose customer has written since we closed, oldest first."""
    rows = app.queue.rows(Filter(status="open", sort="received"), asleep_last=False)
    return [row for row in rows if row.respond == "respond" and wrote_tonight(row, app.policy, app.now())]


def why_not(app: App, row: TicketRow, tonight: Night) -> str | None:
    """Why the customer of this ticket gets none; None for who does."""
    return next(_reasons(app, row, tonight), None)


def given(app: App, row: TicketRow) -> StoredDraft | None:
    """The acknowledgement of this conversation, whatever became of it; one that the check refused is none."""
    found = [one for one in app.queue.drafts(row.n) if one.row.acknowledges and one.row.state != "refused"]
    return found[-1] if found else None


def is_sent(app: App, row: TicketRow) -> bool:
    """Whether this conversation has its acknowledgement."""
    before = given(app, row)
    return before is not None and before.row.state == "sent"


def is_begun(stored: StoredDraft | None) -> bool:
    """Whether an earlier run was stopped in the middle of it."""
    return stored is not None and stored.row.state in _BEGUN


def _reasons(app: App, row: TicketRow, tonight: Night) -> Iterator[str]:
    yield from not_owed(row)
    if tonight.kinds and row.kind not in tonight.kinds:
        yield f"the template is not for {row.kind}"
    if not wrote_tonight(row, app.policy, app.now()):
        yield "its customer has not written since we closed"
    if app.queue.opted_out(row) is not None:
        yield "they asked for no more messages"
    if (held := massmode.told(app, row)) is not None:
        yield f"it is held: {held}"
    if row.priority == "urgent" and not app.policy.ack.emergency:
        yield "it is urgent, and ack.emergency names nobody who is there: it is left for whoever is on call"
    if (holder := claiming.holder(app, row)) is not None:
        yield f"{holder} has it"
    yield from _of_conversation(app, row, tonight)


def _of_conversation(app: App, row: TicketRow, tonight: Night) -> Iterator[str]:
    before = given(app, row)
    if before is not None and not is_begun(before):
        yield f"it has its acknowledgement: draft {before.row.id} ({before.row.state})"
    thread = app.queue.thread(row)
    if row.answered_by_us or row.colleague >= 0 or any(one.direction == "outbound" for one in thread):
        yield "somebody of ours has answered in this conversation"
    target = next((one for one in thread if one.id == row.text_id), None)
    if target is None or target.deleted or target.erased:
        yield "its message is gone"
        return
    if target.source in _UNASKED:
        yield f"it was not said to us (found by {target.source})"
    if target.visibility == "public" and not app.policy.ack.public:
        yield "it was said in public, and ack.public is false"
    if is_held(row, tonight.held):
        yield f"@{target.author.handle} is held off: socialcli block --list"
    if told_elsewhere(app.queue, row, app.policy, app.now()) is not None:
        yield f"@{target.author.handle} was told tonight, in another conversation"
