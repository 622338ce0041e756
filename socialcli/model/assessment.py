"""assessment: what triage thinks of a message, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Respond = Literal["respond", "monitor", "ignore"]
Priority = Literal["urgent", "high", "normal", "low"]
Kind = Literal["question", "complaint", "request", "praise", "feedback", "mention", "spam", "abuse"]
Register = Literal["formal", "neutral", "friendly"]
Route = Literal["service", "brand"]

PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "normal", "low")


class Reason(Struct, frozen=True, gc=False):
    """One rule that fired. ``start``/``end`` are code points of the text as stored; both are 0 and
    ``words`` is empty where the rule read something else than words (the thread, a clock).
    """

    rule: str
    words: str
    start: int
    end: int
    weight: float  # points added to the score; 0 for rules that decide something else


class PrivateSpan(Struct, frozen=True, gc=False):
    kind: str  # email, phone, card, iban, account, reference, password, address, birth-date
    start: int
    end: int


class Assessment(Struct, frozen=True, gc=False, tag_field="type", tag="assessment"):
    message_id: str
    ticket: str | None
    respond: Respond
    priority: Priority
    score: int  # 0-100
    kind: Kind
    topic: str | None
    sentiment: float  # -1..1, two decimals
    register: Register
    route: Route
    language: str | None
    private_data: tuple[PrivateSpan, ...]
    reasons: tuple[Reason, ...]
    deadline: datetime | None = None  # the customer's own, where the text gives one
