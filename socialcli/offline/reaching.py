"""How a customer wants to be reached, and whether a direct message reaches them at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from msgspec import Struct

from socialcli.model.answers import PrivateChannel
from socialcli.model.message import Message
from socialcli.policy.schema import Account
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Queue
from socialcli.text.wishes import wish_in

CHANNELS: tuple[PrivateChannel, ...] = ("direct", "livechat", "email", "phone")


class Wish(Struct, frozen=True):
    """A customer asks to be reached in a certain way."""

    channel: PrivateChannel
    words: str


def newest_wish(thread: Sequence[Message], kept: PrivateChannel | None, kept_at: str | None) -> Wish | None:
    """The customer's newest wish in a thread, oldest first, unless another preference was kept since: ``kept``, with
    the latest message ``kept_at`` that time.
    """
    since = False  # whether what was kept is newer than the message looked at
    for message in reversed(thread):
        since = since or message.id == kept_at
        found = wish_in(message.text) if message.direction == "inbound" else None
        if found is not None:
            wish = Wish(cast("PrivateChannel", found[0]), found[1])
            return None if since and wish.channel != kept else wish
    return None


def preference(queue: Queue, row: TicketRow, thread: Sequence[Message]) -> PrivateChannel | None:
    """How the customer of a ticket wants to be reached: what they say in it, else what was kept of them."""
    kept = as_channel(queue.preference(row))
    wish = newest_wish(thread, kept, kept_at(queue, row))
    return kept if wish is None else wish.channel


def kept_at(queue: Queue, row: TicketRow) -> str | None:
    """Up to which message the kept preference goes, where it was kept with this ticket."""
    kept = [event.data.get("message") for event in queue.history(row) if event.event == "prefers"]
    return str(kept[-1]) if kept and kept[-1] else None


def as_channel(name: object) -> PrivateChannel | None:
    """A name of a journal as a channel, if it is one that this release knows."""
    return name if name in CHANNELS else None


def closed(queue: Queue, account: Account, row: TicketRow, now: datetime) -> str:
    """Why the customer is reached by no direct message, and invited to none; "" where nothing is known against it."""
    if account.network == "feed":
        return "nobody is written to directly through a feed"
    for one in queue.restrictions():
        theirs = one.author_id == row.author if one.author_id else one.handle.lower() == row.called
        if one.rung == "block" and one.network == row.network and theirs and one.until > now:
            return f"@{one.handle} is blocked until {one.until:%Y-%m-%d}: what they write directly does not reach us"
    refused = [one for one in queue.drafts(row.n, states=("failed",)) if one.draft.road == "direct"]
    if refused and not _wrote_since(queue, row, datetime.fromisoformat(refused[-1].row.at)):
        return f"the network refused our direct message: {refused[-1].draft.reason or 'for good'}"
    return ""


def _wrote_since(queue: Queue, row: TicketRow, at: datetime) -> bool:
    """Whether a direct message of theirs came after that time: then the way is open again."""
    theirs = (one for one in queue.thread(row) if one.direction == "inbound" and one.visibility == "direct")
    return any(one.created_at > at for one in theirs)
