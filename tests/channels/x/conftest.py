"""A brand's account on the test network, and the channel that reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialcli.app import App
from socialcli.channels.base import Batch, Cursor
from socialcli.channels.x.channel import XChannel
from socialcli.model.message import Message
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Policy, Search
from tests.servers.x.network import XNetwork

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
# Prices that make no page too dear, so that pages are as large as X allows.
NO_LIMIT = ""


class Desk:
    """``channel`` is a process of its own over the same network; ``notes`` is what it said."""

    def __init__(self, network: XNetwork, folder: Path) -> None:
        self.network = network
        self.folder = folder
        self.notes: list[str] = []
        network.set_clock("2026-11-20T12:00:00Z")

    def policy(
        self, *, searches: tuple[Search, ...] = (), max_cost: str = NO_LIMIT, **account: Any
    ) -> Policy:
        shipped = App.read_policy(None)
        changes = {"network": "x", "handle": "NorthlineAir", "base_url": self.network.base_url, **account}
        ours = msgspec.structs.replace(shipped.accounts[0], **changes)
        fetch = msgspec.structs.replace(shipped.fetch, searches=searches, max_cost=max_cost)
        return msgspec.structs.replace(shipped, accounts=(ours,), fetch=fetch)

    def tokens(self, handle: str = "NorthlineAir", *names: str) -> Tokens:
        given = {name.lower(): value for name, value in self.network.credentials(handle).items()}
        return Tokens(**{name: given[name] for name in names or given})

    def channel(
        self, *, tokens: Tokens | None = None, held: dict[str, int] | None = None, **policy: Any
    ) -> XChannel:
        rules = self.policy(**policy)
        note = self.notes.append
        return XChannel(
            rules.accounts[0],
            tokens or self.tokens(),
            rules,
            held=held or {},
            note=note,
            momentary=self.folder,
        )

    def reader(self, **policy: Any) -> XChannel:
        """With a bearer token alone."""
        return self.channel(tokens=self.tokens("NorthlineAir", "bearer_token"), **policy)

    def message(self, post_id: str, channel: XChannel | None = None) -> Message:
        """As a fetch brings it."""
        found = fetched(channel or self.channel()).messages
        return next(message for message in found if message.id == post_id)


class Fetched(msgspec.Struct):
    """What a fetch brought, all batches together."""

    messages: list[Message] = []
    context: list[Message] = []
    rejected: list[str] = []
    batches: list[Batch] = []
    cursor: Cursor | None = None

    def add(self, batch: Batch) -> None:
        self.messages += batch.messages
        self.context += batch.context
        self.rejected += [row.reason for row in batch.rejected]
        self.batches.append(batch)
        self.cursor = batch.cursor

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.messages]


def fetched(channel: XChannel, cursor: Cursor | None = None, now: datetime = NOON) -> Fetched:
    found = Fetched(cursor=cursor)
    for batch in channel.fetch(cursor, now):
        found.add(batch)
    return found


@pytest.fixture
def desk(x_network: XNetwork, tmp_path: Path) -> Desk:
    return Desk(x_network, tmp_path / "momentary")
