"""What the events say: the part of each event's data that the fold reads, and its decoders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from socialcli.model.assessment import Kind, Priority, Register, Respond
from socialcli.model.draft import Draft
from socialcli.model.incident import IncidentState
from socialcli.model.mass import Harm
from socialcli.model.message import Message
from socialcli.model.promise import Promised
from socialcli.model.protection import Restriction, Rung
from socialcli.model.statement import Said
from socialcli.queue.journal import EVENT_AT, Line, decode_line

_LAST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z in epoch seconds: what a datetime can hold
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    warn: Moment | None = None  # from when on the deadline is near
    harm: Harm | None = None  # what the message tells of
    presses: bool = False  # urgent, and not because something is down for many
    abusive: bool = False  # it insults people, whatever else it says


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
    read: str | None = None  # version of the newest message that the author had read: it holds in any journal
    hash: str | None = None
    said: Said | None = None  # it is a statement
    duplicate: bool = False  # the network says that it has this text already
    promised: list[Promised] = []  # what the words in ``whole`` promise, counted from this event
    holding: bool = False  # they only keep the customer waiting: the clock of the first answer runs on


class Claim(msgspec.Struct):
    agent: str
    until: Moment


class Assigned(msgspec.Struct):
    agent: str


class Released(msgspec.Struct):
    """``note`` and ``to``: handed over, with what the next agent is to know."""

    note: str = ""
    to: str | None = None


class Cursor(msgspec.Struct):
    account: str
    cursor: dict[str, Any]


class Alias(msgspec.Struct):
    of: str


class Note(msgspec.Struct):
    text: str
    wakes: bool = False  # it came from outside, and should be seen


class HandedOn(msgspec.Struct):
    """A hand-off that begins, or what became of it."""

    handoff: str


class Asked(msgspec.Struct):
    """A question to an expert. ``text`` may hold words of the customer."""

    question: str
    expert: str
    due: Moment
    text: str = ""


class Answered(msgspec.Struct):
    """What the expert said."""

    question: str
    text: str = ""


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


class Resolved(msgspec.Struct):
    outcome: str | None = None
    thank: bool = False  # a public thank-you is owed since: the customer began in public


class Followed(msgspec.Struct):
    """A follow-up that was done, or is not to be done."""

    what: str  # one of ``FOLLOW_UPS``; of a newer release another
    how: str = "sent"  # "sent", "by-hand", "dismissed"
    draft: str | None = None


class OptedOut(msgspec.Struct):
    """The customer of a ticket wants no messages of ours."""

    since: Moment  # when they wrote so, or somebody heard it
    message: str | None = None  # by which they said so; None: somebody took it down by hand


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


class Labelled(msgspec.Struct):
    add: list[str] = []
    remove: list[str] = []


class Snoozed(msgspec.Struct):
    until: Moment  # 0: awake


class Merged(msgspec.Struct):
    of: str  # the other ticket


class Part(msgspec.Struct):
    """A message that goes along in a split, as far as the fold needs it."""

    id: str
    created: Moment
    inbound: bool
    versions: list[str] = []
    gone: bool = False  # deleted by its author, or erased


class Split(msgspec.Struct, rename={"name": "as"}):
    name: str  # the new ticket
    messages: Annotated[list[str], Meta(min_length=1)]  # its opening message first
    account: str
    parts: list[Part]
    latest: Part | None  # the customer's latest message of those that stay
    drafts: list[str] = []  # those that answer what goes
    conversations: list[str] = []  # what is read in them later belongs to the new ticket
    answering: list[str] = []  # what answers these, likewise
    owed: list[Part] = []  # the latest of those whose answers all went to, or stayed in, the other ticket


class Signed(msgspec.Struct):
    """A line of a plan that was applied: its hash, and who is said to have signed it."""

    plan: str
    verb: str
    signers: Annotated[list[str], Meta(min_length=1)]


class Erased(msgspec.Struct):
    """A tombstone: these lines hold nobody's words any more, whatever stands in them."""

    events: list[str]
    customer: str | None = None  # what the customer is called from now on; None: only messages are erased
    network: str = ""
    messages: list[str] = []
    drafts: list[str] = []
    names: list[str] = []  # keyed hashes of what the customer was called


class Archived(msgspec.Struct):
    file: str  # in the workspace
    lines: Count
    tickets: Count


class Anything(msgspec.Struct):
    """Whatever stands in it: the fold does not look."""


class Override(msgspec.Struct):
    fields: Fields
    warn: Moment | None = None  # belongs to the deadline among the fields


class Raised(msgspec.Struct):
    """An incident as a whole, as it was suspected or opened. Nobody's own words: several customers share them."""

    incident: Annotated[str, Meta(min_length=1)]
    topic: str
    words: list[str]
    reason: str
    account: str | None  # None: of all accounts
    opened: Moment
    since: Moment  # of the earliest message that belongs to it
    examples: list[str] = []  # tickets


class Turned(msgspec.Struct):
    """What became of an incident, by whose word stands in the line."""

    incident: str
    reason: str = ""
    was: IncidentState | Literal[""] = ""  # of a dismissal: the state out of which it led


class Joined(msgspec.Struct):
    incident: str


class Massed(msgspec.Struct):
    """Mass mode of an incident, by whose word stands in the line."""

    incident: str
    until: Moment  # 0: off
    turn: Count = 0  # how many such words its speaker knew of
    reason: str = ""


class ShiftOpened(msgspec.Struct):
    shift: Annotated[str, Meta(min_length=1)]
    agent: str
    account: str
    opened: Moment


class ShiftClosed(msgspec.Struct):
    """The end of a shift. ``to``: the agent who goes on, "" where none was named; ``handed``: tickets they took over."""

    shift: Annotated[str, Meta(min_length=1)]
    agent: str
    account: str
    opened: Moment
    to: str = ""
    note: str = ""
    handed: list[str] = []


decode_message = msgspec.json.Decoder(Message).decode
decode_assessed = msgspec.json.Decoder(Assessed).decode
decode_draft = msgspec.json.Decoder(DraftFacts).decode
decode_claim = msgspec.json.Decoder(Claim).decode
decode_assigned = msgspec.json.Decoder(Assigned).decode
decode_released = msgspec.json.Decoder(Released).decode
decode_cursor = msgspec.json.Decoder(Cursor).decode
decode_alias = msgspec.json.Decoder(Alias).decode
decode_note = msgspec.json.Decoder(Note).decode
decode_handed = msgspec.json.Decoder(HandedOn).decode
decode_asked = msgspec.json.Decoder(Asked).decode
decode_answered = msgspec.json.Decoder(Answered).decode
decode_prefers = msgspec.json.Decoder(Prefers).decode
decode_resolved = msgspec.json.Decoder(Resolved).decode
decode_followed = msgspec.json.Decoder(Followed).decode
decode_opted_out = msgspec.json.Decoder(OptedOut).decode
decode_used = msgspec.json.Decoder(Used).decode
decode_restriction = msgspec.json.Decoder(Restriction).decode
decode_lifted = msgspec.json.Decoder(Lifted).decode
decode_labelled = msgspec.json.Decoder(Labelled).decode
decode_snoozed = msgspec.json.Decoder(Snoozed).decode
decode_merged = msgspec.json.Decoder(Merged).decode
decode_split = msgspec.json.Decoder(Split).decode
decode_signed = msgspec.json.Decoder(Signed).decode
decode_erased = msgspec.json.Decoder(Erased).decode
decode_archived = msgspec.json.Decoder(Archived).decode
decode_override = msgspec.json.Decoder(Override).decode
decode_raised = msgspec.json.Decoder(Raised).decode
decode_turned = msgspec.json.Decoder(Turned).decode
decode_joined = msgspec.json.Decoder(Joined).decode
decode_massed = msgspec.json.Decoder(Massed).decode
decode_fields = msgspec.json.Decoder(dict[str, str | int]).decode
decode_shift_opened = msgspec.json.Decoder(ShiftOpened).decode
decode_shift_closed = msgspec.json.Decoder(ShiftClosed).decode
decode_any = msgspec.json.Decoder(Anything).decode


def encode_fields(fields: dict[str, str | int]) -> str:
    return msgspec.json.encode(fields).decode()


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
# What becomes of an incident, by rank. Where two people, each with a journal of their own, say different things of a
# suspicion, the one who took it for real is right: an alarm too many is dismissed again, one too few hurts. Who dismissed
# it while it was open knew of that, and has the last word. "" stands for lines of older releases.
INCIDENT_RANK: dict[tuple[str, str], int] = {
    ("suspected", ""): 0,
    ("dismissed", ""): 1,
    ("dismissed", "suspected"): 1,
    ("open", ""): 2,
    ("dismissed", "open"): 3,
    ("closed", ""): 4,
}
RAISED: dict[str, IncidentState] = {"incident-suspected": "suspected", "incident-opened": "open"}
TURNED: dict[str, IncidentState] = {
    "incident-confirmed": "open",
    "incident-dismissed": "dismissed",
    "incident-closed": "closed",
}
MASS = "incident-mass"  # the event with which mass mode is switched on and off
ON_ITS_WAY = ("intended", "unknown", "by-hand", "awaiting-approval", "approved", "scheduled")


class MessageLine(msgspec.Struct, frozen=True, gc=False):
    """A line with a message, decoded in one go: nearly all lines are such."""

    id: str
    event: str
    at: str
    data: Message
    ticket: str | None = None


_decode_message_line = msgspec.json.Decoder(MessageLine).decode


def read_line(raw: bytes) -> tuple[Line | MessageLine, Message | None]:
    """A line of the journal, and the message in it if it holds a new one.

    Raises msgspec.DecodeError, and ValueError for a message that no key could be made of.
    """
    if raw.startswith(b'message"', EVENT_AT):
        line = _decode_message_line(raw)
        return line, _checked(line.data, raw)
    other = decode_line(raw)
    return other, read_message(other) if other.event == "message" else None


def read_message(line: Line) -> Message:
    """The message in a line's data. Raises as ``read_line``."""
    return _checked(decode_message(line.data), bytes(line.data))


def created_of(message: Message) -> int:
    """When it was written, in epoch seconds. Raises ValueError for what no clock shows."""
    since = message.created_at - _EPOCH
    created = since.days * 86400 + since.seconds
    if not 0 <= created <= _LAST_MOMENT:
        raise ValueError(f"created_at {message.created_at} is no moment of the years 1970 to 9999")
    return created


def _checked(message: Message, raw: bytes) -> Message:
    if message.created_at.tzinfo is None:
        raise ValueError(f"created_at {message.created_at} has no zone")
    if b"\\u0000" in raw:
        parts = (
            message.network,
            message.id,
            message.author.handle,
            message.conversation_id,
            message.in_reply_to,
        )
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
    if message.in_reply_to is not None:
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


BY_ANSWER = ("p\0", "p\1")  # all places of answers lie between these


def restriction_key(of: Restriction | Lifted) -> str:
    """Of somebody who is held off, and how; each hidden message by itself. By the network's own id where it is
    known: a handle can be taken by somebody else.
    """
    who = of.handle.lower() if of.author_id is None else f"\0{of.author_id}"
    return f"{of.network}\0{who}\0{of.rung}\0{of.message_id or ''}"


def behind(place: str) -> str:
    """The first text behind all anchors at ``place``."""
    return f"{place[:-1]}\1"
