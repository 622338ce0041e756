"""What must be true of an acknowledgement when it goes out: somebody owes the customer an answer, they are not held
off, the time while we are closed in which they wrote still runs, so that the hour which it names lies ahead, and they
have not been told in another conversation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from socialcli.channels.base import same_person
from socialcli.errors import ConflictError
from socialcli.model.message import Author
from socialcli.model.protection import Restriction
from socialcli.policy import hours
from socialcli.policy.schema import Policy
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Queue

_SPAM = ("spam", "abuse")
_TOLD = ("sent", "intended", "unknown")  # it is there, or may be


def not_owed(row: TicketRow) -> Iterator[str]:
    """Why nobody owes the customer an answer."""
    if row.respond is None or row.untriaged:
        yield "it has to be triaged first"
    if row.respond != "respond" or row.kind in _SPAM:
        yield f"nobody owes it an answer ({row.kind}, {row.respond})"
    if row.status != "open":
        yield f"it is {row.status}"


def held_now(queue: Queue, now: datetime) -> tuple[Restriction, ...]:
    """Who is held off."""
    return tuple(one for one in queue.restrictions() if one.until > now)


def is_held(row: TicketRow, held: Sequence[Restriction]) -> bool:
    """Whether the customer of the ticket is among them."""
    who = Author(row.author, row.called)
    return any(
        one.network == row.network and same_person(Author(one.author_id, one.handle), who) for one in held
    )


def wrote_tonight(row: TicketRow, policy: Policy, now: datetime) -> bool:
    """Whether the customer's latest message came in the time while we are closed that runs now."""
    return hours.same_night(policy, datetime.fromtimestamp(max(row.text_created, 0), UTC), now)


def told_elsewhere(queue: Queue, row: TicketRow, policy: Policy, now: datetime) -> str | None:
    """The draft by which the customer was told tonight in another conversation, or may have been."""
    theirs = queue.tickets_of(row.network, row.called, row.author)
    for one in queue.draft_rows([other.n for other in theirs if other.n != row.n]):
        told = one.acknowledges and one.state in _TOLD
        if told and hours.same_night(policy, datetime.fromisoformat(one.at), now):
            return one.id
    return None


def require_night(queue: Queue, row: TicketRow, policy: Policy, now: datetime) -> None:
    """Raises ConflictError."""
    if hours.is_open(policy, now):
        raise ConflictError("we are open again: an answer is due, not an acknowledgement")
    for why in not_owed(row):
        raise ConflictError(f"no acknowledgement for ticket {row.id}: {why}")
    if is_held(row, held_now(queue, now)):
        raise ConflictError(f"@{row.customer} is held off: socialcli block --list")
    if not wrote_tonight(row, policy, now):
        raise ConflictError("it was for another night: the hour that it names is past")
    told = told_elsewhere(queue, row, policy, now)
    if told is not None:
        raise ConflictError(f"@{row.customer} was told tonight, in another conversation: draft {told}")
