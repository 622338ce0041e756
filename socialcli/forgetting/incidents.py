"""What incidents keep of somebody who is erased: people write handles and names into reasons, topics and words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from socialcli.app import App
from socialcli.forgetting.targets import Target
from socialcli.queue.erasing import PSEUDONYM
from socialcli.queue.facts import MASS, RAISED, TURNED
from socialcli.queue.journal import Line

_fields = msgspec.json.Decoder(dict[str, Any]).decode


def is_of_incident(event: str) -> bool:
    """Whether such a line begins an incident, or tells what became of it; the note that a shift leaves is read as these
    are: for whom it names.
    """
    return event in RAISED or event in TURNED or event in (MASS, "shift-closed")


class Mentions:
    """Which lines of incidents are to lose their words: those that name the erased customer, and all of an incident
    of which no ticket has a text left.
    """

    def __init__(self, app: App, target: Target, called: Iterable[str]) -> None:
        """``called``: the names under which the customer wrote, beside handles and ids."""
        names = {one.strip().lower() for one in (*target.names, *target.authors, *called)} - {""}
        any_of = "|".join(re.escape(one) for one in sorted(names))
        self._named = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)") if names else None
        self._wordless = _without_text(app, target)

    def meant(self, line: Line) -> bool:
        """Raises msgspec.DecodeError for a line that is no event."""
        data = _fields(line.data)
        if data.get("incident") in self._wordless:
            return True
        words = data.get("words")
        said = [
            data.get("topic"),
            data.get("reason"),
            data.get("note"),
            *(words if isinstance(words, list) else ()),
        ]
        text = "\n".join(one for one in said if isinstance(one, str)).lower()
        return self._named is not None and self._named.search(text) is not None


def _without_text(app: App, target: Target) -> frozenset[str]:
    """The incidents all of whose tickets are of erased customers, once this one is."""
    incidents = {row.incident for row in target.rows if row.incident is not None}
    theirs = {row.n for row in target.rows}
    return frozenset(
        one
        for one in incidents
        if all(row.n in theirs or row.customer.startswith(PSEUDONYM) for row in app.queue.tickets_in(one))
    )
