"""Drafts that stand beside others of their ticket: answers that wait for one yes, a holding reply while they wait, an
acknowledgement before them, the correction of an answer.
"""

from __future__ import annotations

from socialcli.errors import ConflictError, TemporaryError
from socialcli.model.draft import Draft
from socialcli.queue.facts import ON_ITS_WAY
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Queue

_COUNTS = (*ON_ITS_WAY, "sent")  # what is there, or may come


def in_the_way(queue: Queue, row: TicketRow, draft: Draft, *, waits: bool) -> StoredDraft | None:
    """Another draft of the ticket that is on its way and keeps this one back. ``waits``: this one is to wait for a
    yes, and overtakes nothing. Raises TemporaryError while a holding reply is being posted that it would overtake.
    """
    under_way = queue.drafts(row.n, states=ON_ITS_WAY)
    approved = any(one.row.id == draft.id and one.row.approved_hash for one in under_way)
    for other in under_way:
        if other.row.id != draft.id and not _stand_beside(draft, other, approved=approved, waits=waits):
            return other
    return None


def way_out(other: StoredDraft) -> str:
    """What can be done about a draft that keeps another one back."""
    name, again = other.row.id, "--again answers all the same"
    match other.row.state:
        case "awaiting-approval":
            what = f"socialcli approve {name} --as AGENT, or socialcli reject {name} --reason WHY; {again}"
        case "approved" | "scheduled":
            what = f"socialcli recall {name} takes it back; {again}"
        case "by-hand":
            what = f"socialcli done {other.draft.ticket} --url ADDRESS once it is posted, or socialcli recall {name}; {again}"
        case _:
            what = "socialcli outbox --settle finishes it"
    return what


def _stand_beside(draft: Draft, other: StoredDraft, *, approved: bool, waits: bool) -> bool:
    """Whether both may be under way. A yes to one is the choice among all that wait for it."""
    if other.row.holds is not None or other.row.acknowledges:  # only these must not be overtaken
        if other.row.state == "intended" and not waits:
            what = "acknowledgement" if other.row.acknowledges else "holding reply"
            raise TemporaryError(
                f"the {what} of this ticket is on its way: draft {other.row.id}",
                hint="socialcli outbox --settle finishes both",
            )
        return True
    if other.row.state != "awaiting-approval":
        return False
    return approved or draft.holds is not None or (waits and other.row.agent != draft.agent)


def require_its_turn(queue: Queue, row: TicketRow, draft: Draft) -> None:
    """A holding reply is still needed, and said once; an acknowledgement and a correction too. Raises ConflictError."""
    if draft.acknowledges:
        _require_first_word(queue, row, draft)
    if draft.holds is not None:
        _require_waiting(queue, row, draft)
    if draft.corrects is not None:
        _require_uncorrected(queue, row, draft)


def _require_waiting(queue: Queue, row: TicketRow, draft: Draft) -> None:
    held = queue.draft(str(draft.holds)).draft
    if held.state != "awaiting-approval":
        raise ConflictError(f"draft {held.id} waits no more: it is {held.state}")
    for other in queue.drafts(row.n, states=_COUNTS):
        if other.row.holds is not None and other.row.target == draft.target and other.row.id != draft.id:
            raise ConflictError(f"message {draft.target} has its holding reply: draft {other.row.id}")


def _require_first_word(queue: Queue, row: TicketRow, draft: Draft) -> None:
    others = [one.row for one in queue.drafts(row.n, states=_COUNTS) if one.row.id != draft.id]
    given = next((one.id for one in others if one.acknowledges), None)
    if given is not None:
        raise ConflictError(f"ticket {row.id} has its acknowledgement: draft {given}")
    if row.answered_by_us or row.colleague >= 0 or any(one.state == "sent" for one in others):
        raise ConflictError(f"ticket {row.id} was answered before: it needs no acknowledgement")


def _require_uncorrected(queue: Queue, row: TicketRow, draft: Draft) -> None:
    for other in queue.drafts(row.n, states=_COUNTS):
        if other.row.corrects == draft.corrects and other.row.id != draft.id:
            raise ConflictError(
                f"draft {draft.corrects} was corrected before, by draft {other.row.id}",
                hint=f"correct that one: --correct {other.row.id}",
            )
