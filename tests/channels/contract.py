"""The contract of ``socialcli.channels.base``, as tests that every channel inherits.

A channel's own suite says how its network is filled (``deliver``) and looked at (``answered_elsewhere``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcli.channels.base import Channel, Cursor, Outgoing
from socialcli.model.message import Author, Message
from socialcli.policy.schema import Account

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SORRY = "@cust1 So sorry about your bag & the wait. Please DM us. ^SB"


def incoming(message_id: str, handle: str = "cust1", **changes: Any) -> Message:
    facts: dict[str, Any] = {
        "text": f"@NorthlineAir where is my bag? ({message_id})",
        "created_at": NOON - timedelta(minutes=10),
        **changes,
    }
    return Message(id=message_id, network="file", account="support", author=Author(None, handle), **facts)


def outgoing(target: Message, key: str = "draft1", text: str = SORRY) -> Outgoing:
    return Outgoing(key, text, target, target.visibility)


class ChannelContract(ABC):
    @abstractmethod
    def make(self, account: Account, folder: Path) -> Channel:
        """The channel over an empty network; called again it is another process over the same network."""

    @abstractmethod
    def deliver(self, channel: Channel, messages: Sequence[Message]) -> None:
        """Let these messages stand in the network's inbox, after those that are there."""

    @abstractmethod
    def answered_elsewhere(self, channel: Channel, target: str, remote_id: str, text: str) -> None:
        """Let a colleague answer, by other means than ours."""

    @pytest.fixture
    def channel(self, account: Account, tmp_path: Path) -> Channel:
        return self.make(account, tmp_path)

    @staticmethod
    def fetch(channel: Channel, cursor: Cursor | None = None, now: datetime = NOON) -> tuple[list[str], Any]:
        """Ids of what is read, and the cursor of the last batch."""
        batches = list(channel.fetch(cursor, now))
        found = [message.id for batch in batches for message in batch.messages]
        kept = [batch.cursor for batch in batches if batch.cursor is not None]
        return found, kept[-1] if kept else cursor

    # reading

    def test_nothing_there(self, channel: Channel) -> None:
        assert self.fetch(channel)[0] == []
        assert list(channel.own_posts(NOON)) == []

    def test_messages_come_as_they_stand_and_in_order(self, channel: Channel) -> None:
        sent = [
            incoming("a"),
            incoming("b", "cust2", visibility="direct", lang="de", text="¿Dónde está mi maleta? 🧳"),
            incoming("c", in_reply_to="a", conversation_id="conversation-1"),
        ]
        self.deliver(channel, sent)
        assert [message for batch in channel.fetch(None, NOON) for message in batch.messages] == sent

    def test_after_the_cursor_comes_what_is_new_and_nothing_is_missed(self, channel: Channel) -> None:
        self.deliver(channel, [incoming(f"a{n}") for n in range(5)])
        _, cursor = self.fetch(channel)
        self.deliver(channel, [incoming(f"b{n}") for n in range(5)])
        found, cursor = self.fetch(channel, cursor)
        assert found[-5:] == [f"b{n}" for n in range(5)]
        assert set(found) <= {f"{letter}{n}" for letter in "ab" for n in range(5)}
        assert not {*self.fetch(channel, cursor)[0]} - {*found}

    def test_the_cursor_overlaps(self, channel: Channel) -> None:
        """Networks show messages late and out of order: what lies just before the cursor comes again."""
        self.deliver(channel, [incoming("a"), incoming("b")])
        _, cursor = self.fetch(channel)
        assert self.fetch(channel, cursor)[0] == ["a", "b"]

    def test_every_batch_has_a_cursor_that_loses_nothing_behind_it(self, channel: Channel) -> None:
        everything = [f"a{n}" for n in range(4500)]
        self.deliver(channel, [incoming(name) for name in everything])
        read: list[str] = []
        for batch in channel.fetch(None, NOON):
            read += [message.id for message in batch.messages]
            # As if the process died here: another one goes on at this cursor.
            rest, _ = self.fetch(channel, batch.cursor)
            assert {*read, *rest} == {*everything}
        assert read == everything

    def test_what_is_of_a_later_time_is_left_for_later(self, channel: Channel) -> None:
        later = incoming("b", created_at=NOON + timedelta(hours=1))
        self.deliver(channel, [incoming("a"), later, incoming("c")])
        batches = list(channel.fetch(None, NOON))
        assert [message.id for batch in batches for message in batch.messages] == ["a", "c"]
        assert batches[-1].later == 1
        found, cursor = self.fetch(channel, batches[-1].cursor, NOON + timedelta(hours=2))
        assert "b" in found
        assert list(channel.fetch(cursor, NOON + timedelta(hours=2)))[-1].later == 0

    def test_the_very_moment_is_not_later(self, channel: Channel) -> None:
        self.deliver(channel, [incoming("a", created_at=NOON)])
        assert self.fetch(channel)[0] == ["a"]

    # posting

    def test_a_post_is_among_our_own_with_its_key(self, channel: Channel) -> None:
        receipt = channel.post(outgoing(incoming("a")), NOON)
        (post,) = channel.own_posts(NOON - timedelta(minutes=5))
        assert (post.remote_id, post.text, post.in_reply_to) == (receipt.remote_id, SORRY, "a")
        assert post.key == "draft1"
        assert post.created_at == NOON

    def test_our_own_posts_are_newest_first(self, channel: Channel) -> None:
        for number in range(3):
            channel.post(outgoing(incoming("a"), f"draft{number}"), NOON + timedelta(minutes=number))
        keys = [post.key for post in channel.own_posts(NOON - timedelta(minutes=5))]
        assert keys == ["draft2", "draft1", "draft0"]

    def test_remote_ids_differ(self, channel: Channel) -> None:
        receipts = {channel.post(outgoing(incoming("a"), f"draft{n}"), NOON).remote_id for n in range(5)}
        assert len(receipts) == 5

    def test_the_text_arrives_unchanged(self, channel: Channel) -> None:
        text = '@cust1 "Quoted", \\slashed\\, ¿qué? 👩‍✈️\nA second line. ^SB'
        channel.post(outgoing(incoming("a"), text=text), NOON)
        assert [post.text for post in channel.own_posts(NOON)] == [text]

    # roads

    def test_a_public_message_is_answered_by_the_api(self, channel: Channel) -> None:
        way = channel.reach(incoming("a"))
        assert (way.road, way.cost) == ("api", "0")
        assert way.reason

    def test_a_direct_message_is_answered_directly(self, channel: Channel) -> None:
        assert channel.reach(incoming("a", visibility="direct")).road == "direct"

    def test_a_message_of_another_network_is_answered_by_hand(self, channel: Channel) -> None:
        elsewhere = Message("a", "x", "support", Author(None, "cust1"), "Hello?", NOON)
        way = channel.reach(elsewhere)
        assert way.road == "hand"
        assert "support" in way.reason

    # reading the thread again

    @pytest.fixture
    def thread(self, channel: Channel) -> list[Message]:
        thread = [incoming("a", conversation_id="conversation-1")]
        self.deliver(channel, thread)
        return thread

    def look(self, channel: Channel, thread: Sequence[Message], cursor: Any = None) -> Any:
        if cursor is None:
            _, cursor = self.fetch(channel)
        return lambda: channel.look_again(thread[0], thread, cursor, NOON)

    def test_a_quiet_thread(self, channel: Channel, thread: list[Message]) -> None:
        again = self.look(channel, thread)()
        assert (again.newer, again.answers, again.gone) == ((), (), False)

    @pytest.mark.parametrize(
        "how",
        [{"in_reply_to": "a"}, {"conversation_id": "conversation-1"}, {"visibility": "direct"}],
    )
    def test_the_customer_wrote_again(
        self, channel: Channel, thread: list[Message], how: dict[str, Any]
    ) -> None:
        look = self.look(channel, thread)
        self.deliver(channel, [incoming("b", "Cust1", **how)])
        assert [message.id for message in look().newer] == ["b"]

    @pytest.mark.parametrize(
        "other",
        [
            incoming("b", "cust2", in_reply_to="a"),
            incoming("b"),
            incoming("b", in_reply_to="a", created_at=NOON + timedelta(minutes=1)),
            incoming("b", "NorthlineAir", direction="outbound", in_reply_to="a"),
        ],
        ids=["another customer", "another matter", "a later time", "our own"],
    )
    def test_what_does_not_carry_the_thread_on(
        self, channel: Channel, thread: list[Message], other: Message
    ) -> None:
        look = self.look(channel, thread)
        self.deliver(channel, [other])
        assert look().newer == ()

    def test_ten_newer_messages_at_the_most(self, channel: Channel, thread: list[Message]) -> None:
        look = self.look(channel, thread)
        self.deliver(channel, [incoming(f"b{n}", in_reply_to="a") for n in range(30)])
        assert [message.id for message in look().newer] == [f"b{n}" for n in range(10)]

    def test_a_colleagues_answer(self, channel: Channel, thread: list[Message]) -> None:
        look = self.look(channel, thread)
        self.answered_elsewhere(channel, "a", "theirs", "@cust1 On its way! ^MO")
        self.answered_elsewhere(channel, "z", "elsewhere", "@cust9 Thanks! ^MO")
        (answer,) = look().answers
        assert (answer.remote_id, answer.key) == ("theirs", None)

    def test_our_own_answer_bears_its_key(self, channel: Channel, thread: list[Message]) -> None:
        look = self.look(channel, thread)
        channel.post(outgoing(thread[0]), NOON)
        assert [post.key for post in look().answers] == ["draft1"]

    def test_an_answer_that_the_queue_knows_is_no_news(self, channel: Channel, thread: list[Message]) -> None:
        look = self.look(channel, thread)
        receipt = channel.post(outgoing(thread[0]), NOON)
        thread.append(incoming(receipt.remote_id, "NorthlineAir", direction="outbound", in_reply_to="a"))
        assert look().answers == ()
