"""What the events say: the part of each event's data that the fold reads, and its decoders."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from socialcli.model.assessment import Kind, Priority, Register, Respond
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.protection import Restriction, Rung
from socialcli.model.statement import Said
from socialcli.queue.journal import Line

_LAST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z in epoch seconds: what a datetime can hold
_EXACT = 2**53  # integers below it survive every reader of JSON, and SQLite

Count = Annotated[int, Meta(ge=0, lt=_EXACT)]
Moment = Annotated[int, Meta(ge=0, le=_LAST_MOMENT)]  # epoch seconds


class Assessed(msgspec.Struct):
    message_id: str
    respond: Respond
    priority: Priority
    score: Count
    kind: Kind
    topic: str | None
    sentiment: float
    register: Register
    language: str | None
    due: Moment | None
    head_start: Count
    policy: str


class DraftFacts(msgspec.Struct):
    draft: str
    whole: Draft | None = None  # None in events that only add to it
    content: str = ""
    attempt: Count = 0
    wall: Annotated[float, Meta(ge=0, le=_LAST_MOMENT)] = 0.0
    remote_id: str | None = None
    url: str | None = None
    reason: str | None = None
    conflict: bool = False
    again: bool = False  # it was asked for although the message is answered
    upto: Count = 0  # offset in the journal up to which the author had read
    hash: str | None = None
    said: Said | None = None  # it is a statement
    duplicate: bool = False  # the network says that it has this text already


class Claim(msgspec.Struct):
    agent: str
    until: Moment


class Cursor(msgspec.Struct):
    account: str
    cursor: dict[str, Any]


class Alias(msgspec.Struct):
    of: str


class Note(msgspec.Struct):
    text: str


class Fields(msgspec.Struct, forbid_unknown_fields=True):
    """What a person may set by hand: these columns of a ticket, and no others."""

    respond: Respond | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    score: Count | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    topic: str | UnsetType = UNSET
    register: Register | UnsetType = UNSET
    language: str | UnsetType = UNSET
    due: Moment | UnsetType = UNSET
    head_start: Count | UnsetType = UNSET


class Prefers(msgspec.Struct):
    channel: str


class Used(msgspec.Struct):
    account: str
    acts: dict[str, Count]
    cost: Annotated[str, Meta(pattern=r"^\d{1,12}(\.\d{1,6})?$")]
    currency: str
    held: dict[str, Moment] = {}


class Lifted(msgspec.Struct):
    network: str
    handle: str
    rung: Rung
    message_id: str | None = None
    author_id: str | None = None


class Override(msgspec.Struct):
    fields: Fields


decode_message = msgspec.json.Decoder(Message).decode
decode_assessed = msgspec.json.Decoder(Assessed).decode
decode_draft = msgspec.json.Decoder(DraftFacts).decode
decode_claim = msgspec.json.Decoder(Claim).decode
decode_cursor = msgspec.json.Decoder(Cursor).decode
decode_alias = msgspec.json.Decoder(Alias).decode
decode_note = msgspec.json.Decoder(Note).decode
decode_prefers = msgspec.json.Decoder(Prefers).decode
decode_used = msgspec.json.Decoder(Used).decode
decode_restriction = msgspec.json.Decoder(Restriction).decode
decode_lifted = msgspec.json.Decoder(Lifted).decode
decode_override = msgspec.json.Decoder(Override).decode
decode_fields = msgspec.json.Decoder(dict[str, str | int]).decode
decode_any = msgspec.json.Decoder(dict[str, Any]).decode

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


def message_of(line: Line) -> Message | None:
    """The message that a line holds; None for other events.

    Raises msgspec.DecodeError, and ValueError for one that no key or clock could be made of.
    """
    if line.event != "message":
        return None
    return read_message(line)


def read_message(line: Line) -> Message:
    """The message in a line's data. Raises as ``message_of``."""
    message = decode_message(line.data)
    if message.created_at.tzinfo is None or not 0 <= message.created_at.timestamp() <= _LAST_MOMENT:
        raise ValueError(f"created_at {message.created_at} is no moment of the years 1970 to 9999")
    parts = (message.network, message.id, message.author.handle, message.conversation_id, message.in_reply_to)
    if any(part is not None and "\0" in part for part in parts):
        raise ValueError("a name holds the character U+0000, which parts names here")
    return message


# Keys are made of names that other people chose. U+0000 parts them: it stands in no name.


def message_key(network: str, message_id: str) -> str:
    """Under which a message is known."""
    return f"{network}\0{message_id}"


def gone(message_id: str) -> str:
    """A further id of a message that its author deleted, under which no network knows one: a deletion is the
    last word, whatever is read later.
    """
    return f"{message_id}\0gone"


def message_keys(message: Message) -> list[str]:
    """The messages that the fold of this one will look up."""
    keys = [message_key(message.network, one) for one in (message.id, *message.versions)]
    if message.direction == "outbound" and message.in_reply_to is not None:
        keys.append(message_key(message.network, message.in_reply_to))
    return keys


def places(message: Message) -> list[str]:
    """Where in a thread a message stands. A place with the customer behind it is an anchor: the key under
    which other messages of this customer find the ticket.
    """
    found = []
    if message.conversation_id is not None:
        found.append(conversation(message.network, message.conversation_id))
    if message.in_reply_to is not None:
        found.append(answered(message.network, message.in_reply_to))
    return found


def conversation(network: str, name: str) -> str:
    """The place of all messages of a conversation."""
    return f"c\0{network}\0{name}\0"


def answered(network: str, message_id: str) -> str:
    """The place of all messages that answer this one."""
    return f"p\0{network}\0{message_id}\0"


def restriction_key(of: Restriction | Lifted) -> str:
    """Of somebody who is held off, and how; each hidden message by itself. By the network's own id where it is
    known: a handle can be taken by somebody else.
    """
    who = of.handle.lower() if of.author_id is None else f"\0{of.author_id}"
    return f"{of.network}\0{who}\0{of.rung}\0{of.message_id or ''}"


def behind(place: str) -> str:
    """The first text behind all anchors at ``place``."""
    return f"{place[:-1]}\1"
