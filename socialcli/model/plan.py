"""plan: one act that is wanted, as a line that others can sign; applied: what became of such a line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from socialcli.model.answered import Bulk
from socialcli.model.answers import PrivateChannel
from socialcli.model.check import Level
from socialcli.model.draft import Road
from socialcli.model.message import Visibility
from socialcli.model.protection import Restriction
from socialcli.model.statement import Said

Verb = Literal["reply", "move-offline", "statement", "block"]
Name = Annotated[str, Meta(min_length=1, max_length=1000)]  # ids and handles, as networks make them
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
DraftId = Annotated[str, Meta(pattern="^[a-z2-7]{12}$")]
Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,9})?$")]

_SHORT = 12  # characters of the hash that name a line


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """Who says yes, when, and to what: ``hash`` is that of the line as it stood."""

    by: Name
    at: datetime
    hash: Hash


class Hit(Struct, frozen=True, forbid_unknown_fields=True):
    """A finding in short."""

    rule: Name
    level: Level
    message: str


class Verdict(Struct, frozen=True, forbid_unknown_fields=True):
    """What the check said when the line was made. It is made anew before anything is posted."""

    ok: bool
    findings: tuple[Hit, ...]


class Basis(Struct, frozen=True, forbid_unknown_fields=True):
    """What the author had seen. ``read``: the version of the newest message that waits for an answer, of a
    statement the newest one of that account; ``version``: of the message that is answered or hidden;
    ``policy``: a digest of the policy.
    """

    read: str | None
    version: str | None
    policy: str


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """The draft that the line is: its id follows from ``content``, a hash of what was asked for, and ``nth``, how
    often it was said before on purpose. ``allowed``: rules whose errors may pass, with the reason.
    """

    id: DraftId
    content: Name
    nth: Annotated[int, Meta(ge=0, le=1000)] = 0
    again: bool = False
    allowed: dict[str, str] = {}
    by_program: bool = False
    translated: str | None = None


class Moving(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``move-offline`` notes beside the post. ``wish``: the channel that the customer asked for."""

    to: PrivateChannel
    reasons: tuple[str, ...]
    wish: PrivateChannel | None = None


class Plan(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="plan"):
    id: str  # the beginning of its hash
    v: Literal[1]
    verb: Verb
    ticket: str | None
    target: str | None  # the message that is answered, or hidden
    customer: str | None  # a handle
    account: Name
    network: Name
    road: Road
    visibility: Visibility
    text: str | None  # None: a step against somebody
    agent: Name  # the author
    cost: Amount
    currency: str
    check: Verdict | None
    needs: str | None  # why somebody else's yes is needed
    state: Basis
    made_at: datetime
    draft: Wording | None = None
    said: Said | None = None  # a statement
    moving: Moving | None = None
    step: Restriction | None = None
    bulk: Bulk | UnsetType = UNSET  # a reply that is part of a bulk answer; else the field is not there
    hash: Hash = ""
    signed: tuple[Signature, ...] = ()


class Applied(Struct, frozen=True, tag_field="type", tag="applied"):
    """``state``: that of the draft; "restricted" and "in-force" of a step against somebody; "planned" in a dry run;
    "refused" where something speaks against it; "left" where its turn did not come.
    """

    line: str  # the id in the plan
    number: int  # of the line in the file
    verb: Verb
    ticket: str | None
    account: str
    state: str
    reason: str | None
    draft: str | None
    remote_id: str | None
    cost: str  # decimal, of this run; "0" for what did not go out in it


class Signed(Struct, frozen=True, tag_field="type", tag="signed"):
    """What became of a line that was to be signed: ``state`` is "signed", "known" (signed before) or "refused"."""

    line: str
    number: int
    verb: Verb
    ticket: str | None
    state: Literal["signed", "known", "refused"]
    reason: str | None
    by: str
    hash: str


def digest(plan: Plan) -> str:
    """The hash over all that a signer says yes to: every field but the id, the hash itself and the signatures."""
    from hashlib import blake2b

    bare = msgspec.structs.replace(plan, id="", hash="", signed=())
    return blake2b(b"plan\0" + msgspec.json.encode(bare, order="sorted"), digest_size=16).hexdigest()


def sealed(plan: Plan) -> Plan:
    """The plan under its hash, and named by it."""
    found = digest(plan)
    return msgspec.structs.replace(plan, id=found[:_SHORT], hash=found)


def is_whole(plan: Plan) -> bool:
    """Whether it is what its hash and its id say."""
    return plan.hash == digest(plan) and plan.id == plan.hash[:_SHORT]
