"""answered: what became of one customer in a bulk answer to an incident."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

What = Literal["pointer", "notice"]


class Bulk(Struct, frozen=True, forbid_unknown_fields=True):
    """The bulk answer that a line of a plan is part of. ``points``: the draft of the statement that it points to."""

    incident: str
    what: What
    points: str | None = None


class Answered(Struct, frozen=True, tag_field="type", tag="answered"):
    """One customer. ``state``: that of the draft; "planned" in a dry run; "passed" who has been told or needs no
    answer; "person" who is left for somebody to look at; "refused" where something speaks against it; "left" whose
    turn did not come.
    """

    incident: str
    what: What
    customer: str  # a handle
    ticket: str
    account: str
    state: str
    reason: str | None
    draft: str | None
    text: str | None
    remote_id: str | None
    cost: str  # decimal, of this run; "0" for what did not go out in it
