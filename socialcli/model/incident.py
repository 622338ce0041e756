"""incident: one problem of many customers; and what the spread check sees and says."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialcli.model.mass import Mass

IncidentState = Literal["suspected", "open", "closed", "dismissed"]
INCIDENT_STATES: tuple[IncidentState, ...] = ("suspected", "open", "closed", "dismissed")
RUNNING: tuple[IncidentState, ...] = ("suspected", "open")  # in which an incident takes more tickets


class Heard(Struct, frozen=True, gc=False):
    """One inbound message as the spread check sees it. ``author`` is one string for one customer."""

    id: str
    ticket: str
    author: str
    at: int  # epoch seconds
    text: str


class Suspicion(Struct, frozen=True):
    """What looks like one problem of many. ``tickets``, ``messages``: examples, the most telling first."""

    topic: str
    words: tuple[str, ...]  # what they share, the most telling first
    tickets: tuple[str, ...]
    messages: tuple[str, ...]
    authors: int  # distinct
    since: int  # epoch seconds of the earliest that belongs to it
    reason: str  # a sentence for people, with the counts and what is usual


class Known(Struct, frozen=True, gc=False):
    """An incident that is there already, as the spread check sees it. ``last``: epoch seconds of the latest
    message that belongs to it, or of its closing or dismissal, whichever is later.
    """

    topic: str
    words: tuple[str, ...]
    state: IncidentState
    last: int
    since: int = 0  # epoch seconds of the earliest that belongs to it


class Turn(Struct, frozen=True):
    """One step in the life of an incident. ``by`` is null where the spread check took it."""

    at: datetime
    state: IncidentState
    by: str | None
    reason: str


class Incident(Struct, frozen=True, tag_field="type", tag="incident"):
    """``tickets``: oldest first; ``authors``: how many distinct customers these have."""

    id: str
    topic: str
    words: tuple[str, ...]
    opened_at: datetime
    state: IncidentState
    tickets: tuple[str, ...]
    authors: int
    account: str | None
    reason: str
    by: str | None  # null: suspected by the spread check
    since: datetime  # when the earliest message that belongs to it was written
    history: tuple[Turn, ...]  # oldest first
    mass: Mass | None = None  # null where mass mode was never on
