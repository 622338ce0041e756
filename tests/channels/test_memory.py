from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from socialcli.channels.base import Channel, OwnPost
from socialcli.channels.memory import MemoryChannel
from socialcli.model.message import Message
from socialcli.policy.schema import Account
from tests.channels.contract import NOON, ChannelContract


class TestMemoryChannel(ChannelContract):
    def make(self, account: Account, folder: Path) -> Channel:  # noqa: ARG002 - it needs no folder
        return MemoryChannel(account)

    def deliver(self, channel: Channel, messages: Sequence[Message]) -> None:
        assert isinstance(channel, MemoryChannel)
        channel.inbox += messages

    def answered_elsewhere(self, channel: Channel, target: str, remote_id: str, text: str) -> None:
        assert isinstance(channel, MemoryChannel)
        channel.posts.append(OwnPost(remote_id, text, target, NOON))
