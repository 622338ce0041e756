from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from socialcli.channels.base import Channel
from socialcli.channels.file import FileChannel
from socialcli.errors import StorageError, TemporaryError, UsageError
from socialcli.model.message import Message
from socialcli.policy.schema import Account
from tests.channels.contract import NOON, SORRY, ChannelContract, incoming, outgoing


class TestFileChannel(ChannelContract):
    def make(self, account: Account, folder: Path) -> Channel:
        return FileChannel(account, folder, folder / ".socialcli", frozenset({"northlineair"}))

    def deliver(self, channel: Channel, messages: Sequence[Message]) -> None:
        assert isinstance(channel, FileChannel)
        with channel.inbox.open("ab") as inbox:
            for message in messages:
                inbox.write(msgspec.json.encode(message) + b"\n")

    def answered_elsewhere(self, channel: Channel, target: str, remote_id: str, text: str) -> None:
        assert isinstance(channel, FileChannel)
        line = {"id": remote_id, "text": text, "created_at": "2026-11-20T12:00:00Z", "in_reply_to": target}
        with channel.outbox.open("a") as outbox:
            outbox.write(json.dumps(line) + "\n")

    # its own

    @pytest.fixture
    def file(self, channel: Channel) -> FileChannel:
        assert isinstance(channel, FileChannel)
        return channel

    def test_an_outbox_line_is_a_message_record(self, file: FileChannel) -> None:
        file.post(outgoing(incoming("a", visibility="direct", conversation_id="c1")), NOON)
        assert json.loads(file.outbox.read_bytes()) == {
            "type": "message",
            "id": "out-draft1",
            "network": "file",
            "account": "support",
            "author": {"id": None, "handle": "NorthlineAir", "name": None, "takes_direct": None},
            "text": SORRY,
            "created_at": "2026-11-20T12:00:00Z",
            "visibility": "direct",
            "direction": "outbound",
            "source": "reply",
            "in_reply_to": "a",
            "conversation_id": "c1",
            "url": None,
            "lang": None,
            "versions": [],
            "summons": None,
            "found_by": None,
            "deleted": False,
            "erased": False,
            "draft": "draft1",
        }

    def test_the_text_limits_are_those_of_the_policy(self, file: FileChannel) -> None:
        assert file.counts_as == "x"

    def test_a_row_that_is_none_is_rejected_once(self, file: FileChannel) -> None:
        file.inbox.write_bytes(b'{"id":"a"}\n \nnot JSON\n' + msgspec.json.encode(incoming("b")) + b"\n\n")
        (batch,) = file.fetch(None, NOON)
        assert [message.id for message in batch.messages] == ["b"]
        assert [one.place for one in batch.rejected] == ["inbox.jsonl, line 1", "inbox.jsonl, line 3"]
        (once_more,) = file.fetch(batch.cursor, NOON)
        assert once_more.rejected == ()

    def test_a_last_row_without_its_line_feed_is_read(self, file: FileChannel) -> None:
        """Editors and exports leave it out; half a row cannot be mistaken for a whole one."""
        self.deliver(file, [incoming("a")])
        with file.inbox.open("ab") as inbox:
            inbox.write(msgspec.json.encode(incoming("b", in_reply_to="a")))
        found, cursor = self.fetch(file)
        assert found == ["a", "b"]
        again = file.look_again(incoming("a"), [incoming("a")], cursor, NOON)
        assert [message.id for message in again.newer] == ["b"]
        with file.inbox.open("ab") as inbox:
            inbox.write(b"\n" + msgspec.json.encode(incoming("c")) + b"\n")
        assert self.fetch(file, cursor)[0] == ["a", "b", "c"]

    def test_what_is_written_behind_a_missing_line_feed_is_reported(self, file: FileChannel) -> None:
        self.deliver(file, [incoming("a")])
        with file.inbox.open("ab") as inbox:
            inbox.write(msgspec.json.encode(incoming("b")))
        first, last = file.fetch(None, NOON)
        assert last.cursor is None
        self.deliver(file, [incoming("c")])
        (batch,) = file.fetch(first.cursor, NOON)
        assert len(batch.rejected) == 1

    def test_half_a_row_is_not_there_yet(self, file: FileChannel) -> None:
        whole = msgspec.json.encode(incoming("b")) + b"\n"
        self.deliver(file, [incoming("a")])
        with file.inbox.open("ab") as inbox:
            inbox.write(whole[:20])
        found, cursor = self.fetch(file)
        assert found == ["a"]
        with file.inbox.open("ab") as inbox:
            inbox.write(whole[20:])
        assert "b" in self.fetch(file, cursor)[0]

    def test_a_replaced_inbox_is_read_from_its_beginning(self, file: FileChannel) -> None:
        self.deliver(file, [incoming(f"a{n}") for n in range(1000)])
        _, cursor = self.fetch(file)
        file.inbox.unlink()
        self.deliver(file, [incoming(f"b{n}") for n in range(1500)])
        assert self.fetch(file, cursor)[0] == [f"b{n}" for n in range(1500)]

    def test_an_inbox_that_was_cut_is_read_from_its_beginning(self, file: FileChannel) -> None:
        self.deliver(file, [incoming(f"a{n}") for n in range(1000)])
        _, cursor = self.fetch(file)
        file.inbox.write_bytes(b"".join(file.inbox.read_bytes().splitlines(keepends=True)[:3]))
        assert self.fetch(file, cursor)[0] == ["a0", "a1", "a2"]

    def test_only_a_little_before_the_cursor_is_read_again(self, file: FileChannel) -> None:
        self.deliver(file, [incoming(f"a{n}") for n in range(3000)])
        found, cursor = self.fetch(file)
        again, _ = self.fetch(file, cursor)
        assert 1 < len(again) < 1000
        assert again == found[-len(again) :]

    def test_a_later_row_does_not_hold_back_what_follows(self, file: FileChannel) -> None:
        soon = incoming("soon", created_at=NOON + timedelta(minutes=5))
        self.deliver(file, [soon, *(incoming(f"a{n}") for n in range(2500))])
        found, cursor = self.fetch(file)
        assert len(found) == 2500
        found, _ = self.fetch(file, cursor, NOON + timedelta(minutes=5))
        assert found[0] == "soon"

    def test_a_bad_row_long_before_the_cursor_is_read_when_it_is_mended(self, file: FileChannel) -> None:
        good = msgspec.json.encode(incoming("mended")) + b"\n"
        bad = good.replace(b'"id"', b'"ix"')
        file.inbox.write_bytes(bad + bad)
        self.deliver(file, [incoming(f"a{n}") for n in range(3000)])
        *_, last = file.fetch(None, NOON)
        with file.inbox.open("r+b") as inbox:
            inbox.seek(len(bad))
            inbox.write(good)
        (batch,) = file.fetch(last.cursor, NOON)
        assert batch.messages[0].id == "mended"
        assert batch.rejected == ()  # the other one was told of already
        (batch,) = file.fetch(batch.cursor, NOON)
        assert "mended" not in {message.id for message in batch.messages}

    def test_a_row_of_the_far_future_does_not_hold_the_cursor(self, file: FileChannel) -> None:
        self.deliver(file, [incoming("far", created_at=NOON + timedelta(days=9000))])
        self.deliver(file, [incoming(f"a{n}") for n in range(3000)])
        _, cursor = self.fetch(file)
        self.deliver(file, [incoming("last")])
        found, cursor = self.fetch(file, cursor)
        assert len(found) < 1000
        assert "far" in self.fetch(file, cursor, NOON + timedelta(days=9001))[0]

    def test_no_waiting_row_is_lost_however_many_there_are(self, file: FileChannel) -> None:
        later = [incoming(f"l{n}", created_at=NOON + timedelta(minutes=1)) for n in range(2500)]
        self.deliver(file, [*later, incoming("a")])
        found, cursor = self.fetch(file)
        assert found == ["a"]
        found, _ = self.fetch(file, cursor, NOON + timedelta(minutes=1))
        assert {*found} == {"a", *(message.id for message in later)}

    def test_a_waiting_row_is_seen_by_the_last_look(self, file: FileChannel) -> None:
        soon = incoming("soon", created_at=NOON + timedelta(minutes=1), in_reply_to="a")
        self.deliver(file, [soon, incoming("a")])
        _, cursor = self.fetch(file)
        for minutes, seen in ((0, []), (1, ["soon"])):
            now = NOON + timedelta(minutes=minutes)
            again = file.look_again(incoming("a"), [incoming("a")], cursor, now)
            assert [message.id for message in again.newer] == seen

    def test_the_last_look_takes_ten(self, file: FileChannel) -> None:
        self.deliver(file, [incoming(f"b{n}", in_reply_to="a") for n in range(50)])
        again = file.look_again(incoming("a"), [incoming("a")], None, NOON)
        assert [message.id for message in again.newer] == [f"b{n}" for n in range(10)]

    @pytest.mark.parametrize("in_place", [True, False])
    def test_an_inbox_of_the_same_first_line_and_size_is_told_apart(
        self, file: FileChannel, *, in_place: bool
    ) -> None:
        self.deliver(file, [incoming("first"), *(incoming(f"a{n}") for n in range(1000, 2000))])
        _, cursor = self.fetch(file)
        other = file.inbox.read_bytes().replace(b'"id":"a', b'"id":"b')
        if not in_place:
            file.inbox.rename(file.inbox.with_suffix(".old"))
        file.inbox.write_bytes(other)
        assert self.fetch(file, cursor)[0] == ["first", *(f"b{n}" for n in range(1000, 2000))]

    def test_an_inbox_that_is_no_regular_file_is_not_waited_for(self, file: FileChannel) -> None:
        os.mkfifo(file.inbox)
        with pytest.raises(UsageError, match="not a regular file"):
            list(file.fetch(None, NOON))
        with pytest.raises(TemporaryError, match="not a regular file"):
            file.look_again(incoming("a"), [incoming("a")], None, NOON)

    def test_a_half_written_post_is_set_aside_by_the_next(self, file: FileChannel) -> None:
        file.post(outgoing(incoming("a")), NOON)
        whole = file.outbox.read_bytes()
        file.outbox.write_bytes(whole + whole[:40])
        assert [post.key for post in file.own_posts(NOON)] == ["draft1"]
        file.post(outgoing(incoming("a"), "draft2"), NOON)
        assert [post.key for post in file.own_posts(NOON)] == ["draft2", "draft1"]
        (aside,) = file.outbox.parent.glob("outbox.jsonl.torn-*")
        assert aside.read_bytes() == whole[:40]

    def test_lines_of_other_programs_in_the_outbox_are_passed_over(self, file: FileChannel) -> None:
        file.outbox.write_bytes(b'not JSON\n{"note":"ours?"}\n[]\n\xff\xfe\n')
        file.post(outgoing(incoming("a")), NOON)
        assert [post.key for post in file.own_posts(NOON)] == ["draft1"]

    def test_a_draft_is_found_however_old_its_time_says_it_is(self, file: FileChannel) -> None:
        """A replay (--now) stamps posts with a time long ago; the draft's id still finds them."""
        file.post(outgoing(incoming("a")), NOON - timedelta(days=400))
        self.answered_elsewhere(file, "a", "theirs", "@cust1 On its way! ^MO")
        assert [post.key for post in file.own_posts(NOON + timedelta(days=1))] == ["draft1"]

    def test_an_inbox_that_cannot_be_read_says_so(self, file: FileChannel) -> None:
        file.inbox.mkdir()
        with pytest.raises(UsageError, match=r"inbox\.jsonl"):
            list(file.fetch(None, NOON))
        with pytest.raises(TemporaryError, match=r"inbox\.jsonl"):
            file.look_again(incoming("a"), [incoming("a")], None, NOON)

    def test_an_outbox_that_cannot_be_written_or_read_says_so(self, file: FileChannel) -> None:
        file.outbox.mkdir()
        with pytest.raises(StorageError, match=r"outbox\.jsonl"):
            file.post(outgoing(incoming("a")), NOON)
        with pytest.raises(TemporaryError, match=r"outbox\.jsonl"):
            list(file.own_posts(NOON))
