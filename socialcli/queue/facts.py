"""What the events say: the part of each event's data that the fold reads, and its decoders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from socialcli.model.message import Message
from socialcli.queue.journal import Line


class _Author(msgspec.Struct):
    handle: str


class MessageFacts(msgspec.Struct):
    """The part of a message that the index needs."""

    id: str
    network: str
    account: str
    author: _Author
    created_at: datetime
    direction: str = "inbound"
    visibility: str = "public"
    in_reply_to: str | None = None
    conversation_id: str | None = None


class Assessed(msgspec.Struct):
    message_id: str
    respond: str
    priority: str
    score: int
    kind: str
    topic: str | None
    sentiment: float
    register: str
    language: str | None
    due: int | None
    head_start: int
    policy: str


class DraftFacts(msgspec.Struct):
    draft: str
    whole: msgspec.Raw = msgspec.Raw(b"")  # the draft itself; empty in events that only add to it
    content: str = ""
    attempt: int = 0
    wall: float = 0.0
    remote_id: str | None = None
    url: str | None = None
    reason: str | None = None
    conflict: bool = False
    again: bool = False  # it was asked for although the message is answered
    upto: int = 0  # offset in the journal up to which the author had read
    hash: str | None = None


class Whole(msgspec.Struct):
    target: str
    account: str
    agent: str
    road: str


class Claim(msgspec.Struct):
    agent: str
    until: int


class Cursor(msgspec.Struct):
    account: str
    cursor: dict[str, Any]


class Alias(msgspec.Struct):
    of: str


class Override(msgspec.Struct):
    fields: dict[str, str | int]


_facts = msgspec.json.Decoder(MessageFacts).decode
decode_assessed = msgspec.json.Decoder(Assessed).decode
decode_draft = msgspec.json.Decoder(DraftFacts).decode
decode_whole = msgspec.json.Decoder(Whole).decode
decode_claim = msgspec.json.Decoder(Claim).decode
decode_cursor = msgspec.json.Decoder(Cursor).decode
decode_alias = msgspec.json.Decoder(Alias).decode
decode_override = msgspec.json.Decoder(Override).decode
decode_fields = msgspec.json.Decoder(dict[str, str | int]).decode
decode_message = msgspec.json.Decoder(Message).decode

# A draft's facts by rank within one attempt; "sent" beats every attempt.
RANK = {
    state: rank
    for rank, state in enumerate(
        (
            "composed",
            "refused",
            "awaiting-approval",
            "approved",
            "rejected",
            "recalled",
            "scheduled",
            "by-hand",
            "intended",
            "unknown",
            "parked",
            "failed",
            "sent",
        )
    )
}
ON_ITS_WAY = ("intended", "unknown", "by-hand", "awaiting-approval", "approved", "scheduled")


def message_facts(line: Line) -> MessageFacts | None:
    """What the index needs of a message; None for other events. Raises msgspec.DecodeError."""
    return _facts(line.data) if line.event == "message" else None


def message_keys(facts: MessageFacts) -> list[str]:
    """The messages that the fold of this one will look up."""
    keys = [f"{facts.network}:{facts.id}"]
    if facts.direction == "outbound" and facts.in_reply_to is not None:
        keys.append(f"{facts.network}:{facts.in_reply_to}")
    return keys


def places(facts: MessageFacts | Message) -> list[str]:
    """Where in a thread a message stands. A place with the customer behind it is an anchor: the key under
    which other messages of this customer find the ticket.
    """
    found = []
    if facts.conversation_id is not None:
        found.append(conversation(facts.network, facts.conversation_id))
    if facts.in_reply_to is not None:
        found.append(answered(facts.network, facts.in_reply_to))
    return found


def conversation(network: str, name: str) -> str:
    """The place of all messages of a conversation."""
    return f"c|{network}|{name}|"


def answered(network: str, message_id: str) -> str:
    """The place of all messages that answer this one."""
    return f"p|{network}|{message_id}|"
