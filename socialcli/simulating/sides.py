"""One side of a comparison: a policy, and what it makes of a message."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from socialcli import workspace
from socialcli.app import App
from socialcli.errors import UsageError
from socialcli.model.assessment import PRIORITIES, Assessment, Priority
from socialcli.model.message import Message
from socialcli.model.simulated import Standing
from socialcli.policy.deadlines import due, own_deadline, sooner
from socialcli.policy.schema import Policy

_BY_HAND = ("respond", "priority", "score", "kind", "topic")


class Look(msgspec.Struct, frozen=True):
    """What one side makes of a message. ``own``: the customer's own deadline, the earliest so far."""

    message: Message
    assessment: Assessment
    standing: Standing
    own: datetime | None


class Side:
    """A policy at work."""

    def __init__(self, app: App, policy: Policy) -> None:
        self.policy = policy
        self._assessor = app.assessor if policy is app.policy else app.assessor_by(policy)

    def look(
        self,
        message: Message,
        before: Sequence[Message],
        since: datetime,
        by_hand: Mapping[str, Any],
        own: datetime | None = None,
    ) -> Look:
        """``before``: the thread up to the message; ``since``: when the customer began to wait; ``by_hand``: what a
        person set, which wins; ``own``: the customer's own deadline out of earlier messages that wait too.
        """
        found = self._assessor.assess(message, before)
        own = sooner(own, own_deadline(message, found.deadline))
        rank = next((one for one in PRIORITIES if one == by_hand.get("priority")), found.priority)
        return Look(message, found, self._standing(message, found, rank, since, by_hand, own), own)

    def _standing(
        self,
        message: Message,
        found: Assessment,
        rank: Priority,
        since: datetime,
        by_hand: Mapping[str, Any],
        own: datetime | None,
    ) -> Standing:
        facts = {name: by_hand.get(name, getattr(found, name)) for name in _BY_HAND}
        at: datetime | None = None
        if facts["respond"] == "respond":
            at = due(self.policy, rank, since, message, own).at
            if (by_hand_due := by_hand.get("due")) is not None:
                at = datetime.fromtimestamp(by_hand_due, UTC)
        return Standing(**facts, due_at=at)


def other_policy(app: App, name: str) -> Policy:
    """The policy in a file, "-" for standard input, laid over the shipped one as a workspace's is.

    Raises UsageError if it cannot be read, InvalidError with all of its mistakes, each behind ``name``.
    """
    if name == "-":
        return app.read_policy(sys.stdin.buffer.read(), "standard input")
    own = workspace.read_bytes(Path(name))
    if own is None:
        raise UsageError(f"{name}: no such file", hint="name a policies.toml; it need hold only what differs")
    return app.read_policy(own, name)
