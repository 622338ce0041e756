"""An outbox over a real queue and a network in memory that fails when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcli.app import App
from socialcli.channels.base import Again, Cursor, Outgoing, OwnPost, Receipt
from socialcli.channels.memory import MemoryChannel
from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.model.message import Author, Message
from socialcli.outbox.sending import Outbox, Outcome, Request
from socialcli.policy.schema import Account, Policy
from socialcli.queue.store import Filter, Queue

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WALL = NOON.timestamp()  # the real time in these tests; ``Stage.pass_time`` moves it
SORRY = "@cust1 So sorry about your bag & the wait. Please DM us the reference. ^SB"


class Network(MemoryChannel):
    """``faults`` are raised by the next posts, one each: (error, whether the post arrives all the same).

    ``hidden`` posts are there but not shown yet; ``keyless`` is a network that keeps no key of ours.
    """

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self.faults: list[tuple[Exception, bool]] = []
        self.hidden = False
        self.keyless = False
        self.before_post: Callable[[], None] = lambda: None

    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:
        self.before_post()
        if not self.faults:
            return self._arrive(outgoing, now)
        error, arrives = self.faults.pop(0)
        if arrives:
            self._arrive(outgoing, now)
        raise error

    def _arrive(self, outgoing: Outgoing, now: datetime) -> Receipt:
        receipt = super().post(outgoing, now)
        if self.keyless:
            post = self.posts.pop()
            self.posts.append(OwnPost(post.remote_id, post.text, post.in_reply_to, post.created_at))
        return receipt

    def own_posts(
        self, since: datetime, to: Message | None = None, *, direct: bool = False
    ) -> Iterable[OwnPost]:
        return [] if self.hidden else super().own_posts(since, to, direct=direct)

    def look_again(
        self, target: Message, thread: Sequence[Message], cursor: Cursor | None, now: datetime
    ) -> Again:
        again = super().look_again(target, thread, cursor, now)
        return Again(again.newer) if self.hidden else again


class LateNetwork(Network):
    """It may show our posts a minute after they were made."""

    read_lag = timedelta(minutes=1)


class Stage:
    """One ticket, ``m1`` of cust1, and everything an answer to it needs."""

    def __init__(self, workspace: Path, channel: Network, policy: Policy) -> None:
        self.workspace = workspace
        self.channel = channel
        self.policy = policy
        self.queue = Queue(workspace, lambda: NOON, lambda _text: None)
        self.outbox = Outbox(
            self.queue, policy, lambda _name: channel, lambda: NOON, lambda draft: draft.check
        )
        channel.inbox.append(incoming("m1"))
        self.fetch()

    def fetch(self) -> None:
        cursor = self.queue.cursor("support")
        for batch in self.channel.fetch(cursor, NOON):
            self.queue.take_in(batch.messages, ("support", batch.cursor or {}))

    @property
    def ticket(self) -> str:
        (row,) = self.queue.rows(Filter())
        return row.id

    def draft(self, text: str = SORRY, *, name: str = "draft1", target: str = "m1") -> Draft:
        check = Check(True, "x", "public", Length(len(text), 280, "weighted characters"), ())
        return Draft(name, self.ticket, target, text, "support", "sb", "api", "composed", check)

    def send(self, draft: Draft | None = None, *, again: bool = False) -> Outcome:
        draft = draft or self.draft()
        return self.outbox.send(self.request(draft, f"content of {draft.id}", again=again))

    def request(self, draft: Draft, content: str = "content", *, again: bool = False) -> Request:
        return Request(draft, content, "sb", self.queue.journal.size(), again)

    def state(self, name: str = "draft1") -> str:
        return self.queue.draft(name).draft.state

    def pass_time(self, seconds: float) -> None:
        _CLOCK["wall"] += seconds

    @property
    def posted(self) -> list[str]:
        return [post.text for post in self.channel.posts]


_CLOCK = {"wall": WALL}


def _wall() -> float:
    return _CLOCK["wall"]


def incoming(message_id: str, handle: str = "cust1", **changes: Any) -> Message:
    """A message as the network holds it."""
    facts: dict[str, Any] = {
        "text": "@NorthlineAir my bag never arrived, where is it?",
        "created_at": NOON - timedelta(minutes=10),
        **changes,
    }
    return Message(id=message_id, network="file", account="support", author=Author(None, handle), **facts)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return App.read_policy(None)


@pytest.fixture
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    _CLOCK["wall"] = WALL
    monkeypatch.setattr("time.time", _wall)


@pytest.fixture
def stage(tmp_path: Path, policy: Policy, _clock: None) -> Stage:
    """A network whose reads are never late."""
    return Stage(tmp_path, Network(policy.accounts[0]), policy)


@pytest.fixture
def late(tmp_path: Path, policy: Policy, _clock: None) -> Stage:
    """A network that shows posts late."""
    return Stage(tmp_path, LateNetwork(policy.accounts[0]), policy)
