"""What the index knows of a ticket and of a draft: one record per row, the fields are the columns."""

from __future__ import annotations

import unicodedata
from base64 import b32encode
from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from socialcli.model.mass import ALWAYS, FIRST, FIRST_KINDS, OTHERS, Harm

# Until triage has spoken a ticket stands in the middle: as if it had waited these seconds longer.
UNASSESSED_HEAD_START = 50 * 3600


class Waiting(msgspec.Struct, array_like=True, gc=False):
    """An inbound message that is not answered or not assessed yet."""

    offset: int
    length: int
    created: int  # epoch seconds
    id: str
    answered: bool = False
    assessed: bool = False


class Question(msgspec.Struct, array_like=True, gc=False):
    """What an expert was asked."""

    id: str
    due: int  # epoch seconds
    answered: bool = False


class TicketRow(msgspec.Struct, gc=False):
    n: int
    id: str
    network: str
    account: str
    customer: str  # ``customer_key`` of the handle: who it is, for look-ups
    author: str | None  # the network's own id of who it is: it stays when the handle changes
    called: str  # ``customer_key`` of the handle in the latest message
    opened: int  # created_at of the opening message, epoch seconds
    opened_id: str
    messages: int = 0
    text_offset: int = -1  # the latest inbound message in the journal
    text_length: int = 0
    text_created: int = -1
    text_id: str = ""
    received: int | None = None  # created_at of the oldest inbound message that is not answered
    inbox: str = "[]"  # JSON of [Waiting]
    untriaged: int = 0
    answered_by_us: int = 0  # whether anything of ours has gone out, or was done by hand
    colleague: int = -1  # created_at of the latest answer that did not come from here
    respond: str | None = None
    priority: str | None = None
    score: int | None = None
    kind: str | None = None
    topic: str | None = None
    sentiment: float | None = None
    register: str | None = None
    language: str | None = None
    due: int | None = None
    warn: int | None = None  # epoch seconds from which on it is about to breach that deadline
    head_start: int = UNASSESSED_HEAD_START  # seconds of waiting that the score is worth
    policy: str | None = None  # digest of the policy that assessed it
    override: str = "{}"  # JSON: what a person set by hand, which wins for ever
    assignee: str | None = None
    lease: int | None = None  # epoch seconds at which the claim ends
    assigned: str | None = None  # whose it is while no claim runs
    assigned_at: int = -1  # offset of the event that says so
    handover: int = (
        -1
    )  # offset of the note with which it was handed over, until somebody answers; NEVER: none
    handover_length: int = 0
    snoozed: int | None = None  # epoch seconds at which it wakes
    incident: str | None = None
    joined_as: str | None = None  # its name when it joined that: after a merge, which of the two it was
    labels: str = "[]"
    solved: int = 0
    withdrawn: int = 0  # what waited was deleted by its author
    archived: int = 0
    harm: int = 0  # the worst that a message of it tells of; see HARMS
    presses: int = 0  # the latest message is urgent, and not because something is down for many
    tier: int = 0  # who it is while mass mode is on; see ``model.mass``
    prefers: str | None = None  # how the customer wants to be reached
    prefers_at: int = -1  # offset of the event that says so
    abusive: int = 0  # the message that was assessed last insults people
    stopped: str = ""  # ``at`` and id of the newest event by which the customer wants no messages of ours
    stopped_since: int = -1  # epoch seconds; what they wrote later may be answered
    resumed: str = ""  # ``at`` and id of the newest event that took such a one back
    approvals: int = 0  # drafts that wait for approval
    promises: str = "[]"  # JSON: ids of the sent drafts whose promises are open
    questions: str = "[]"  # JSON of [Question]: all that experts were asked
    asking: int | None = None  # epoch seconds at which the first open one of them should be answered
    held: int = 0  # it waits for an expert
    woken: int = -1  # offset of what came back from outside and was not acted on yet
    status: str = "new"
    bucket: int = 0  # first key of the order; see BUCKETS
    urgency: int = 0  # second key, higher first


NEVER = -1  # the offset of what did not happen; places in archives are far below it


class DraftRow(msgspec.Struct, gc=False):
    id: str
    ticket: int | None  # None: a statement
    content: str  # hash of what was asked for, without its target
    target: str | None
    account: str
    agent: str
    road: str
    state: str
    attempt: int
    offset: int  # the event that holds the whole draft
    length: int
    intended: int = NEVER  # offset of the latest intent
    wall: float = 0.0  # real time of that intent, epoch seconds
    first_wall: float = 0.0  # real time of the first intent
    first_intended: int = NEVER  # its offset
    empty: int = 0  # look-ups since that found nothing
    remote_id: str | None = None
    url: str | None = None
    reason: str | None = None
    again: int = 0
    upto: int = 0  # offset in the journal up to which its author had read
    read: str | None = None  # version of the newest message that its author had read
    conflict: int = 0  # parked because somebody else was faster: only a person sends it after all
    approved_hash: str | None = None
    at: str = ""
    said: str = ""  # JSON of Said: it is a statement
    duplicate: int = 0  # the network says that it has this text already
    points: int = 0  # it only points to a statement
    moved: int = 0  # it went along when its ticket was split
    until: int | None = None  # epoch seconds of the first promise in its words
    kept: int | None = None  # when we said the next thing to that customer
    holding: int = 0  # it leaves the clock of the first answer running
    corrects: str | None = None  # the draft that this one puts right
    holds: str | None = None  # a holding reply: the draft that waits meanwhile
    acknowledges: int = 0  # it only says that we are closed


BUCKETS = {"new": 0, "open": 0, "on-hold": 2, "pending": 3, "solved": 4, "closed": 5}
HARMS: dict[Harm | None, int] = {None: 0, "personal": 1, "danger": 2}
WATCHED = 1  # open, but nobody owes an answer

_inbox = msgspec.json.Decoder(list[Waiting]).decode
_override = msgspec.json.Decoder(dict[str, str | int]).decode
_questions = msgspec.json.Decoder(list[Question]).decode


def inbox_of(row: TicketRow) -> list[Waiting]:
    return _inbox(row.inbox)


def override_of(row: TicketRow) -> dict[str, str | int]:
    """What a person set by hand, by column."""
    return _override(row.override)


def has_it(row: TicketRow, now: int) -> str | None:
    """Whose the ticket is at ``now`` (epoch seconds): the agent's whose claim runs, else the one's it is assigned to."""
    running = row.assignee is not None and (row.lease is None or row.lease >= now)
    return row.assignee if running else row.assigned


def labels_json(labels: Iterable[str]) -> str:
    """Labels as they stand in the row."""
    return msgspec.json.encode(sorted(labels)).decode()


def labels_of(row: TicketRow) -> list[str]:
    return msgspec.json.decode(row.labels, type=list[str])


def promises_of(row: TicketRow) -> list[str]:
    """Ids of the drafts whose promises are open."""
    return msgspec.json.decode(row.promises, type=list[str])


def set_promises(row: TicketRow, drafts: Iterable[str]) -> None:
    row.promises = msgspec.json.encode(sorted(set(drafts))).decode()


def questions_of(row: TicketRow) -> list[Question]:
    """What experts were asked, answered or not."""
    return _questions(row.questions)


def set_questions(row: TicketRow, questions: Iterable[Question]) -> None:
    kept = sorted(questions, key=lambda one: one.id)
    row.questions = msgspec.json.encode(kept).decode()
    row.asking = min((one.due for one in kept if not one.answered), default=None)


def calm(row: TicketRow) -> None:
    """The ticket was closed by a person: it waits for nobody, and nothing calls."""
    row.held, row.woken = 0, NEVER


def customer_key(handle: str) -> str:
    """Who a handle is: lower case, composed. Not case-folded, which makes one of "Straße" and "STRASSE"."""
    return handle.lower() if handle.isascii() else unicodedata.normalize("NFC", handle.lower())


def ticket_id(network: str, message_id: str) -> str:
    """12 base-32 characters of a hash of the opening message's key."""
    digest = blake2b(f"{network}\0{message_id}".encode(), digest_size=8).digest()
    return b32encode(digest)[:12].decode().lower()


def settle(row: TicketRow, inbox: list[Waiting]) -> None:
    """Work out status, waiting time and order from the facts in the row."""
    row.inbox = msgspec.json.encode([one for one in inbox if not (one.answered and one.assessed)]).decode()
    unanswered = [one.created for one in inbox if not one.answered]
    row.untriaged = sum(not one.assessed for one in inbox)
    row.received = min(unanswered, default=None)
    for field, value in _override(row.override).items():
        setattr(row, field, value)
    row.status = _status(row, waiting=bool(unanswered))
    row.bucket = BUCKETS[row.status]
    if row.status == "open" and row.respond == "monitor" and row.woken == NEVER:
        row.bucket = WATCHED
    row.tier = _tier(row)
    # Linear in waiting, so two tickets never change places by waiting alone and the key is constant.
    row.urgency = row.head_start - (row.received or row.opened)


def _tier(row: TicketRow) -> int:
    """What nobody has read may tell of danger: it counts as if it did."""
    if row.harm == HARMS["danger"] or row.untriaged:
        return ALWAYS
    urgent = row.presses or _override(row.override).get("priority") == "urgent"  # what somebody says counts
    first = urgent and row.priority == "urgent" and row.kind in FIRST_KINDS
    return FIRST if row.harm or first else OTHERS


def _status(row: TicketRow, *, waiting: bool) -> str:
    if row.approvals or row.held:
        return "on-hold"
    if waiting:
        if row.score is None or (row.respond == "ignore" and row.untriaged):
            return "new"
        return "closed" if row.respond == "ignore" else "open"
    return "open" if row.woken != NEVER else _finished(row)


def _finished(row: TicketRow) -> str:
    """Nothing waits."""
    if row.solved and not row.archived:
        return "solved"
    if (row.answered_by_us or row.colleague >= 0) and not row.archived:
        return "pending"
    return "closed" if row.archived or row.withdrawn else "new"
