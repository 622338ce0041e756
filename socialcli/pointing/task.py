"""What a round asks of what it is to do: who, whether still, in which words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Literal

from msgspec import Struct

from socialcli import posting
from socialcli.app import App
from socialcli.drafting import Situation, Words
from socialcli.model.answered import What
from socialcli.pointing.customers import Customer
from socialcli.policy.schema import Agent
from socialcli.queue.rows import DraftRow

STOPPED = "the customer asked for no more messages"
PERSON: Literal["person"] = "person"
CAME_TO_NOTHING = ("refused", "rejected", "recalled", "failed", "composed")
_TURNED_DOWN = {
    "rejected": "was rejected",
    "recalled": "was taken back",
    "failed": "was refused by the network",
}
RESUMED = ("approved", "intended", "unknown", "parked")  # what the same call finishes


class Passing(Struct, frozen=True):
    """Why a customer is passed over: "passed", nothing is to be done; "person", somebody has to look."""

    state: Literal["passed", "person"]
    reason: str


def turned_down(drafts: Iterable[DraftRow], what: str) -> Passing | None:
    """Where somebody, or the network, has said no to what was to be said, it is not tried again unasked."""
    for one in drafts:
        if one.state in _TURNED_DOWN:
            why = f": {one.reason}" if one.reason else ""
            return Passing(PERSON, f"its {what} {one.id} {_TURNED_DOWN[one.state]}{why}")
    return None


class Task(ABC):
    """One round for one incident. ``by``: the agent who does it, None where it is only asked about."""

    kind: ClassVar[What]

    def __init__(self, app: App, incident: str, by: str | None) -> None:
        self.app = app
        self.incident = incident
        self.by = by

    @abstractmethod
    def require(self) -> None:
        """Look anew whether it may still be done. Raises ConflictError, RefusedError where it may not."""

    @abstractmethod
    def people(self) -> list[Customer]:
        """The customers in question, the most pressing first."""

    @abstractmethod
    def passing(self, one: Customer) -> Passing | None:
        """Why this customer is passed over now; None for one whose turn it is."""

    @abstractmethod
    def words(self, one: Customer, who: Agent) -> tuple[Situation, Words]:
        """Their ticket, and what is said to them. Raises what speaks against it."""

    @abstractmethod
    def wish(self, wish: posting.Wish) -> posting.Wish:
        """How it is to be posted."""
