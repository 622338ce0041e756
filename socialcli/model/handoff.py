"""handoff: a conversation handed on to somebody outside the queue; question: what an expert was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialcli.model.answers import TranscriptFormat

HandoffWay = Literal["smtp", "command", "file"]
HandoffState = Literal["planned", "sent", "failed", "unknown"]
QuestionState = Literal["planned", "open", "overdue", "answered"]


class Handoff(Struct, frozen=True, tag_field="type", tag="handoff"):
    """One document for one target. ``state``: ``sent`` = the mail server, the program or the disk has taken it;
    ``failed`` = it certainly did not go out; ``unknown`` = nobody can say.
    """

    id: str
    ticket: str
    to: str  # name of a [[handoffs]], or id of an expert
    way: HandoffWay
    where: str  # addresses, the program, or the file in the workspace
    format: TranscriptFormat
    private: bool  # whether private data stands in it in full
    note: str
    state: HandoffState
    at: str | None  # of the latest attempt; null in a plan
    by: str | None
    reason: str | None  # why it failed, or is unknown
    message_id: str | None  # of the mail: replies name it
    question: str | None  # id of the expert's question that it carries


class Question(Struct, frozen=True, tag_field="type", tag="question"):
    """What an expert was asked, and by when it should be answered."""

    id: str
    ticket: str
    account: str
    expert: str
    name: str  # of the expert; their id where the policy knows them no more
    text: str
    asked_at: datetime | None  # null in a plan
    by: str | None
    due_at: datetime
    state: QuestionState
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None  # an agent who wrote it down, or the address it came from
    assignee: str | None  # who has the ticket


class Expert(Struct, frozen=True, tag_field="type", tag="expert"):
    """Somebody who knows more. ``where`` is how a question reaches them, ``open`` how many they have not answered."""

    id: str
    name: str
    topics: tuple[str, ...]
    where: str
    open: int
