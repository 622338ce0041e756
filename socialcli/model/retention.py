"""What erasure and archiving did to the files of a workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Erasure(Struct, frozen=True, tag_field="type", tag="erasure"):
    """A file of the workspace, and how many of its lines lost words. ``customer`` is what is put in the place of
    their names; null where only messages were meant.
    """

    target: str
    customer: str | None
    file: str
    lines: int
    state: Literal["erased", "planned"]


class Archiving(Struct, frozen=True, tag_field="type", tag="archive"):
    """Old lines that went from the journal into an archive. ``file`` is null where nothing was done.

    ``finished`` tickets stood in the journal; ``quiet_since`` is when the one was last heard of that has been quiet
    for longest, null if there is none.
    """

    file: str | None
    tickets: int
    ids: list[str]  # of these tickets
    lines: int
    bytes: int  # that the journal lost
    before: datetime
    finished: int
    quiet_since: datetime | None
    state: Literal["archived", "planned", "nothing"]
