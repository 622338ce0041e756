"""What a check is asked, what a rule is, and what a rule finds. To add a rule, write one function that
yields faults, wrap it in a ``Rule`` with examples, and put it in its group's ``RULES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from socialcli.model.assessment import Assessment
from socialcli.model.check import Level
from socialcli.model.message import Message, Visibility

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading


class CheckRequest(Struct, frozen=True):
    """A draft and what is known around it. Only ``text`` is needed; rules that lack what they read
    stay silent.
    """

    text: str
    network: str = "x"  # whose limits are counted
    label: str | None = None  # what the answer calls the network, where that differs
    visibility: Visibility = "public"
    account: str | None = None
    agent: str | None = None  # id of the agent who sends
    customer: str | None = None  # handle; else the author of the thread's last inbound message
    card: dict[str, str] = {}
    recent: tuple[str, ...] = ()  # texts sent lately, to anybody
    thread: tuple[Message, ...] = ()  # oldest first; the draft answers the last inbound one
    assessment: Assessment | None = None  # of the customer's last message
    statement: bool = False  # a post of its own, signed by the brand: it answers nobody
    acknowledges: bool = False  # it says to one customer that we are closed: it answers nothing yet
    follows_up: bool = False  # it comes after our answer on purpose


class Fault(NamedTuple):
    """What a rule found: code points of the text, said to the agent."""

    start: int
    end: int
    message: str
    suggestion: str | None = None
    at_most: Level = "error"  # a fault that is softer than its rule


@dataclass(frozen=True, slots=True)
class Rule:
    """``good`` draws no finding of this rule, each of ``bad`` does: they are its tests and its page."""

    id: str  # group/name
    level: Level  # where policies.toml says nothing else
    why: str
    find: Callable[[Reading], Iterable[Fault]] = field(repr=False)
    good: CheckRequest = field(repr=False)
    bad: tuple[CheckRequest, ...] = field(repr=False)
