"""draft: an answer before it is posted, and what became of it; reach: by which road it can go."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialcli.model.check import Check

Road = Literal["api", "direct", "hand", "no"]
State = Literal[
    "composed",
    "refused",  # a check or the policy said no
    "awaiting-approval",
    "approved",
    "rejected",
    "recalled",
    "scheduled",
    "intended",  # on its way: the intent is on disk, the outcome is not
    "sent",
    "failed",  # the network's no, for good
    "parked",  # not posted, for a reason that may pass
    "unknown",  # the network may or may not have it
    "by-hand",
]


class Draft(Struct, frozen=True, tag_field="type", tag="draft"):
    id: str
    ticket: str | None  # None, as is target: a statement, which answers nobody
    target: str | None  # the id of the message it answers
    text: str
    account: str
    agent: str
    road: Road
    state: State
    check: Check
    cost: str = "0"  # decimal, in the network's currency
    remote_id: str | None = None
    url: str | None = None
    reason: str | None = None
    post_at: datetime | None = None  # not to be posted before
    corrects: str | None = None  # the draft, sent before, that this one puts right
    holds: str | None = None  # a holding reply: the draft that waits for a yes meanwhile
    acknowledges: bool = False  # it only says that we are closed: it answers nothing, and no person signs it
    waiting_since: datetime | None = None  # for somebody's yes
    fallback_at: datetime | None = None  # when a holding reply goes out in its place
    by_program: bool = False  # an outside program wrote it
    translated: str | None = None  # the language into which an outside program put it
    points: str | None = (
        None  # it only points to this statement (its draft), or tells of the end of this incident
    )


class Reach(Struct, frozen=True, tag_field="type", tag="reach"):
    ticket: str
    account: str
    road: Road
    reason: str
    cost: str
    currency: str
