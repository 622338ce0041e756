"""What goes along when a message becomes a ticket of its own. Decided once, and written into the event."""

from __future__ import annotations

from collections.abc import Sequence

from socialcli.model.message import Message
from socialcli.queue.facts import Part, Split
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow, ticket_id


def plan_split(
    row: TicketRow, thread: Sequence[Message], drafts: Sequence[StoredDraft], first: Message
) -> Split:
    """``first`` becomes the opening message; with it goes what answers it, ours too, and of direct messages all
    later ones. ``thread`` is that of the ticket, oldest first; its opening message stays in any case.
    """
    ids = _going(thread, first) - {row.opened_id}
    going = [one for one in thread if one.id in ids]
    going.sort(key=lambda one: one.id != first.id)  # stable: behind it by age
    staying = [one for one in thread if one.id not in ids]
    return Split(
        name=ticket_id(row.network, first.id),
        messages=[one.id for one in going],
        account=first.account,
        parts=[_part(one) for one in going],
        latest=_latest(staying),
        drafts=[stored.row.id for stored in drafts if stored.row.target in ids],
        conversations=_conversations(going, staying, direct=first.visibility == "direct"),
        owed=[part for part in (_owed(staying), _owed(going)) if part is not None],
        answering=sorted(_answered(going) - _answered(staying) - {one.id for one in thread}),
    )


def _going(thread: Sequence[Message], first: Message) -> set[str]:
    begin = (first.created_at, first.id)
    ids = {first.id}
    if first.visibility == "direct":
        later = (one for one in thread if (one.created_at, one.id) > begin)
        ids |= {one.id for one in later if one.visibility == "direct"}
    size = 0
    while size != len(ids):  # what answers them, and what answers that
        size = len(ids)
        ids |= {one.id for one in thread if one.in_reply_to in ids}
    return ids


def _part(message: Message) -> Part:
    return Part(
        id=message.id,
        created=int(message.created_at.timestamp()),
        inbound=message.direction == "inbound",
        versions=list(message.versions),
        gone=message.deleted or message.erased,
    )


def _owed(messages: Sequence[Message]) -> Part | None:
    """What is owed an answer where none of ours stands among them."""
    return None if any(one.direction == "outbound" for one in messages) else _latest(messages)


def _latest(staying: Sequence[Message]) -> Part | None:
    inbound = [one for one in staying if one.direction == "inbound"]
    newest = max(
        inbound, key=lambda one: (not one.deleted and not one.erased, one.created_at, one.id), default=None
    )
    return None if newest is None else _part(newest)


def _conversations(going: Sequence[Message], staying: Sequence[Message], *, direct: bool) -> list[str]:
    """Those that are the new ticket's alone; of direct messages all: what comes later comes behind the split."""
    theirs = {one.conversation_id for one in going if one.direction == "inbound"}
    left = {one.conversation_id for one in staying if one.direction == "inbound"}
    left = set() if direct else left | {one.id for one in staying}
    return sorted(one for one in theirs - left if one is not None)


def _answered(messages: Sequence[Message]) -> set[str]:
    return {one.in_reply_to for one in messages if one.in_reply_to is not None}
