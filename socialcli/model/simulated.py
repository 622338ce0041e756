"""what-if, simulation: what another policy would make of the same messages."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from socialcli.model.assessment import Kind, Priority, Respond


class Standing(Struct, frozen=True):
    """Where a ticket stands by one policy."""

    respond: Respond
    priority: Priority
    score: int
    kind: Kind
    topic: str | None
    due_at: datetime | None  # null unless respond


class Because(Struct, frozen=True):
    """A rule that says something else by the two policies: points of a signal, or the value of a key such as
    "triage.urgent" (points) or "deadlines.high" (seconds). null: on this side it says nothing; on both: a whole part of the policy differs ("[[topics]]").
    """

    rule: str
    words: str
    before: float | None
    after: float | None


class WhatIf(Struct, frozen=True, tag_field="type", tag="what-if"):
    """A ticket that stands elsewhere by another policy."""

    ticket: str
    message_id: str
    before: Standing
    after: Standing
    because: tuple[Because, ...]


class Figures(Struct, frozen=True):
    """What one policy makes of a journal. The counts from ``respond`` to ``low`` are messages; those of
    ``met``, ``missed`` and ``waiting`` are waits: from a message to the answer that was really given.
    """

    respond: int
    monitor: int
    ignore: int
    urgent: int
    high: int
    normal: int
    low: int
    met: int  # answered by the deadline
    missed: int  # answered later, or not at all and the deadline is over
    waiting: int  # not answered, and the deadline is not over when the journal ends
    incidents: int | None = None  # suspected; null where nobody asked


class Simulation(Struct, frozen=True, tag_field="type", tag="simulation"):
    """A journal replayed. ``before``: by the policy of the workspace, ``after``: by the other one; null where none
    was given.
    """

    journal: str
    since: datetime | None  # of the first message that counts; null: there was none
    until: datetime | None  # of the last one
    tickets: int
    messages: int  # of customers
    moved: int  # tickets
    before: Figures
    after: Figures | None
