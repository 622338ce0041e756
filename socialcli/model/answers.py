"""Small records that commands answer with, beside the nouns."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from socialcli.model.assessment import Assessment


class Fetched(Struct, frozen=True, tag_field="type", tag="fetch"):
    """What one account brought."""

    account: str
    read: int
    new: int
    known: int
    rejected: int


class ErrorRecord(Struct, frozen=True, tag_field="type", tag="error"):
    """Stands in the place of a record that could not be made."""

    code: int
    message: str
    hint: str | None = None


class Part(Struct, frozen=True):
    """A reason as ``why`` tells it. ``words`` stand from ``start`` to ``end`` in the text of ``message_id``, which
    may be an earlier message of the thread; "", 0, 0 and null where no words were read.
    """

    rule: str
    points: float
    words: str
    start: int
    end: int
    message_id: str | None
    key: str | None  # of policies.toml, the one to turn; null: nothing there decides it


class Why(Struct, frozen=True, tag_field="type", tag="why"):
    """An assessment worked out again, with the clocks and what would change it."""

    ticket: str
    assessment: Assessment
    text: str
    clocks: dict[str, str]
    by_hand: dict[str, Any]
    would_change: tuple[str, ...]
    parts: tuple[Part, ...] = ()


class Health(Struct, frozen=True, tag_field="type", tag="health"):
    """One finding of doctor. ``next`` is the next step, "" where nothing is to be done. A finding about a line of
    a file has a ``kind``, which is a fixed word, and the ``file`` and ``line`` (from 1); where the
    same is said of a row of lines, ``last_line`` too.
    """

    what: str
    state: Literal["ok", "missing", "broken"]
    detail: str
    next: str = ""
    kind: str | UnsetType = UNSET
    file: str | UnsetType = UNSET
    line: int | UnsetType = UNSET
    last_line: int | UnsetType = UNSET


class Made(Struct, frozen=True, tag_field="type", tag="file"):
    """A file that ``init`` made, or left as it was."""

    path: str
    state: Literal["made", "kept", "planned"]


PrivateChannel = Literal["direct", "livechat", "email", "phone"]
TranscriptFormat = Literal["md", "json", "eml"]


class OfflineReason(Struct, frozen=True):
    """Why a conversation should go on in private. ``rule``: "offline/turns", "offline/private-data",
    "offline/asked", "offline/wished".
    """

    rule: str
    text: str


class Offline(Struct, frozen=True, tag_field="type", tag="offline"):
    """Whether a conversation should go on in private, why, and where."""

    ticket: str
    move: bool
    reasons: tuple[OfflineReason, ...]
    to: PrivateChannel | None  # the channel that would be taken; None: none, or nothing speaks for it
    offers: tuple[PrivateChannel, ...]  # what can be offered, best first
    known: dict[str, bool]  # "email", "phone": whether the customer gave us theirs
    preference: PrivateChannel | None  # how the customer wants to be reached


class Transcript(Struct, frozen=True, tag_field="type", tag="transcript"):
    """A conversation as a document. ``content`` is the whole of it."""

    ticket: str
    format: TranscriptFormat
    content: str
