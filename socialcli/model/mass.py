"""Mass mode: while it is on for an incident, ``incident.mode`` of the policy says who of its customers is answered one
to one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Mode = Literal["tiered", "status_only", "both"]
Held = Literal["mode", "cap"]  # why a ticket waits: until the mode ends, or until the hour has room again
Harm = Literal["personal", "danger"]

# What a ticket is worth while a mode is on, the least first.
OTHERS, FIRST, ALWAYS = 0, 1, 2
FIRST_KINDS = frozenset(("question", "complaint", "request"))  # where urgent, they are of the first tier


class Mass(Struct, frozen=True):
    """How mass mode stands for one incident. The counts are of its tickets as they are in it now."""

    incident: str
    mode: Mode
    on: bool
    until: datetime | None  # null where it was switched off
    by: str | None  # whose word it was
    reason: str
    cap: int | None  # answers an hour; null where none holds
    answered: int  # tickets with an answer of their own since the incident was opened
    pointed: int  # tickets with a pointer to the statement since then
    held: int  # tickets that wait until the mode ends
    capped: int  # tickets that wait until the hour has room again
    this_hour: int  # answers of the last hour, those on their way among them
    room_at: datetime | None  # when the next answer has room; null where it has room now, or never will
