"""Invented answers and statements of a service team: the drafts, and the events by which each got out."""

from __future__ import annotations

import random
from base64 import b32encode
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from msgspec.structs import replace

from socialcli.model.check import Check, Finding, Length
from socialcli.model.draft import Draft, Road
from socialcli.model.message import Message
from socialcli.model.statement import Said
from socialcli.queue.journal import NewEvent

NETWORK = "file"
_LIMIT = 280
_COLLEAGUE = {"sb": "mo", "mo": "sb"}
_WHOLE = {"composed", "refused", "awaiting-approval", "approved", "by-hand", "intended"}
# The states that a draft goes through, in order; how many in a hundred.
_COURSES = (
    (("intended", "sent"), 79),
    (("composed", "intended", "sent"), 5),
    (("awaiting-approval", "approved", "intended", "sent"), 6),
    (("by-hand", "sent", "done"), 6),
    (("intended", "unknown", "looked-up", "sent"), 1),
    (("intended", "parked", "intended", "sent"), 1),
    (("refused", "intended", "sent"), 1),
    (("intended", "failed"), 1),  # and a colleague posts it from elsewhere
)
_STATES, _WEIGHTS = zip(*_COURSES, strict=True)
_REASONS = {
    "refused": "privacy/asks-in-public",
    "by-hand": "X lets programs answer only those who named us",
    "unknown": "no answer within 30 s",
    "parked": "no connection",
    "failed": "the network says no",
}
_STATEMENT = (
    "Flights from Bergen and Oslo are delayed by snow this morning. We are rebooking everybody whose connection"
    " is lost, and you need not queue at the desk for it. ^MO"
)

Timed = tuple[int, NewEvent]


class Answer:
    """``message``, outbound, as it will be read back; ``upto`` is how far its author had read the journal."""

    def __init__(
        self, chance: random.Random, ticket: str | None, message: Message, agent: str, upto: int
    ) -> None:
        self._states: tuple[str, ...] = chance.choices(_STATES, _WEIGHTS)[0]
        self._agent, self._upto, self._remote = agent, upto, message
        self._content = _digest(f"content {message.id}", 16, 26)
        text = message.text.replace("^SB", f"^{agent.upper()}")
        self._draft = _draft(message, ticket, agent, text, "hand" if "by-hand" in self._states else "api")
        self._attempt = 0

    def events(self, start: int) -> Iterator[Timed]:
        """From epoch second ``start`` on, some seconds between them."""
        for place, state in enumerate(self._states):
            self._attempt += state == "intended"
            at = start + 15 * place + (state == "sent")
            by = _COLLEAGUE[self._agent] if state == "approved" else self._agent
            data = {"url": self._remote.url} if state == "done" else self._facts(state, at)
            yield at, NewEvent(state, self._draft.ticket, by, data, key=f"{self._draft.id} {self._attempt}")

    def _facts(self, state: str, at: int) -> dict[str, Any]:
        facts: dict[str, Any] = {"draft": self._draft.id}
        if state == "looked-up":
            return facts
        facts["attempt"] = self._attempt
        if state in _REASONS:
            facts["reason"] = _REASONS[state]
        if state == "intended":
            facts["wall"] = at + 0.25
        if state == "approved":
            facts["hash"] = self._content
        if state == "sent":
            facts |= {"url": self._remote.url}
            if self._draft.road == "api":
                facts["remote_id"] = self._remote.id
        if state in _WHOLE:
            whole = self._draft if state != "refused" else _refused(self._draft)
            facts |= {"upto": self._upto, "content": self._content, "whole": whole}
        return facts


def statement(chance: random.Random, at: int, upto: int) -> Iterator[Timed]:
    """A post to everybody, intended at ``at`` and sent at once."""
    name = _digest(f"statement {at}", 8, 12)
    said = Said(chance.choice(("investigating", "identified", "monitoring", "resolved")))
    whole = Draft(name, None, None, _STATEMENT, "support", "mo", "api", "composed", _passed(_STATEMENT))
    facts = {"draft": name, "attempt": 1, "wall": at + 0.25, "upto": upto, "content": name, "whole": whole}
    yield at, NewEvent("intended", None, "mo", facts | {"said": said}, key=name)
    yield at + 1, NewEvent("sent", None, "mo", {"draft": name, "attempt": 1, "remote_id": f"s{at}"}, key=name)


def _draft(message: Message, ticket: str | None, agent: str, text: str, road: Road) -> Draft:
    name = _digest(f"draft {message.id}", 8, 12)
    check = replace(_passed(text), visibility=message.visibility)
    reason = _REASONS["by-hand"] if road == "hand" else None
    return Draft(
        name, ticket, message.in_reply_to, text, "support", agent, road, "composed", check, reason=reason
    )


def _passed(text: str) -> Check:
    return Check(True, NETWORK, "public", Length(len(text), _LIMIT, "weighted characters"), ())


def _refused(draft: Draft) -> Draft:
    finding = Finding(
        "privacy/asks-in-public", "error", 0, 12, "asks for a reference in public", "invite a direct message"
    )
    return replace(draft, check=replace(draft.check, ok=False, findings=(finding,)))


def _digest(of: str, size: int, characters: int) -> str:
    """Base 32, as the program names drafts."""
    return b32encode(blake2b(of.encode(), digest_size=size).digest()).decode().lower()[:characters]
