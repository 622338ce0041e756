"""statement: a public post about a mass problem, and when the next one is promised."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialcli.model.draft import State

Stage = Literal["investigating", "identified", "monitoring", "resolved"]
STAGES: tuple[Stage, ...] = ("investigating", "identified", "monitoring", "resolved")


class Said(Struct, frozen=True):
    """What makes a draft a statement. ``next_update``: seconds after it went out, None where none is promised.
    ``promised``: the hour by which the words themselves promise the next one.
    """

    stage: Stage
    next_update: int | None = None
    incident: str | None = None
    promised: datetime | None = None


class Statement(Struct, frozen=True, tag_field="type", tag="statement"):
    draft: str
    account: str
    stage: Stage
    state: State  # of its draft
    text: str
    at: datetime  # of its latest change
    url: str | None
    incident: str | None
    next_update_at: datetime | None
    overdue: bool
