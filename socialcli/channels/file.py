"""The network "file": an inbox and an outbox of JSON Lines. The embedded default, for demos, drills and for
programs that bring and take messages themselves.

The inbox is read from a little before the cursor, and rows that were no messages, or of a later time, are read
again; a file that was replaced is read from its beginning. The outbox is only ever appended to, under a lock,
durably; each line carries the id of its draft, so that one look finds it again. It is the witness after a crash: a program that takes lines out of it does so only while
``socialcli outbox`` shows nothing that is on its way.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec

from socialcli import durable
from socialcli.channels.base import (
    Again,
    Batch,
    Channel,
    Cursor,
    Outgoing,
    OwnPost,
    Receipt,
    Rejected,
    Way,
    belongs,
)
from socialcli.channels.inbox import Inbox
from socialcli.channels.records import RecordReader, is_later
from socialcli.errors import TemporaryError, UsageError
from socialcli.model.message import Author, Message, Visibility
from socialcli.policy.schema import Account

_ROWS = 2000  # a batch
_NEWER = 10
_TAIL = 65536  # bytes at the end of the outbox
_COUNTED = 4 << 20  # bytes of the inbox up to which a rejected row is told by its line


class _OutLine(msgspec.Struct):
    id: str
    text: str
    created_at: datetime
    in_reply_to: str | None = None
    draft: str | None = None
    url: str | None = None


_out_line = msgspec.json.Decoder(_OutLine).decode


class FileChannel(Channel):
    """``workspace`` is where relative paths begin, ``momentary`` where the lock lives."""

    def __init__(
        self, account: Account, workspace: Path, momentary: Path, our_handles: frozenset[str]
    ) -> None:
        super().__init__(account)
        self.inbox = workspace / account.inbox
        self.outbox = workspace / account.outbox
        self._lock = momentary / f"outbox-{account.name}.lock"
        self._reader = RecordReader(account, our_handles, source="mention")

    @property
    def counts_as(self) -> str:
        return self.account.limits

    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        try:
            inbox = Inbox(self.inbox, cursor)
            end = inbox.overlapping()
            lines = inbox.lines(end)
            while chunk := list(islice(lines, _ROWS)):
                messages, rejected, later = self._sorted(chunk, inbox, now)
                end = max(end, chunk[-1][0] + len(chunk[-1][1]) + 1)
                yield Batch(tuple(messages), tuple(rejected), inbox.cursor(end), later)
            last = self._unterminated(end)
            if last is not None:
                later = int(is_later(last, now))
                # Without a cursor: what comes behind it, line feed or not, is read together with it.
                yield Batch(() if later else (last,), later=later)
        except OSError as error:
            raise UsageError(
                f"{self.inbox}: cannot be read: {error.strerror}",
                hint="check what it is, and who may read it (ls -l)",
            ) from error

    def _sorted(
        self, chunk: list[tuple[int, bytes]], inbox: Inbox, now: datetime
    ) -> tuple[list[Message], list[Rejected], int]:
        """Messages, rows that are none, and how many are of a later time. A bad row is told of once."""
        messages, rejected, later = [], [], 0
        for offset, line in chunk:
            taken = self._row(line, offset) if line.strip() else None
            if isinstance(taken, Rejected):
                inbox.bad(offset)
                rejected += [self._placed(taken, offset)] if offset >= inbox.seen else []
            elif taken is not None and is_later(taken, now):
                inbox.waits(offset)
                later += 1
            else:
                inbox.taken(offset)
                messages += [taken] if taken is not None else []
        return messages, rejected, later

    def _row(self, line: bytes, offset: int) -> Message | Rejected:
        try:
            return self._reader.from_json(line.strip())
        except ValueError as error:
            return Rejected(f"{self.inbox.name}, byte {offset}", str(error))

    def _placed(self, rejected: Rejected, offset: int) -> Rejected:
        """With the number of its line, as long as counting is quick."""
        if offset > _COUNTED:
            return rejected
        with self.inbox.open("rb") as handle:
            number = handle.read(offset).count(b"\n") + 1
        return msgspec.structs.replace(rejected, place=f"{self.inbox.name}, line {number}")

    def _rows_since(self, cursor: Cursor | None) -> Iterator[Message | Rejected | None]:
        """What was read before stays unread, but for the rows that were no messages, or not yet."""
        inbox = Inbox(self.inbox, cursor)
        end = inbox.seen
        for offset, line in inbox.lines(end):
            yield self._row(line, offset)
            end = max(end, offset + len(line) + 1)
        yield self._unterminated(end)

    def _unterminated(self, end: int) -> Message | None:
        """The last row if only its line feed is missing: half a JSON object is never a whole one."""
        try:
            with self.inbox.open("rb") as handle:
                handle.seek(end)
                row = self._row(handle.read(), end)
        except FileNotFoundError:
            return None
        return row if isinstance(row, Message) else None

    def reach(self, message: Message, visibility: Visibility | None = None) -> Way:
        if message.network != self.account.network:
            reason = f'the message is on {message.network}; account "{self.account.name}" has no login there'
            return Way("hand", reason)
        if (visibility or message.visibility) == "direct":
            return Way("direct", f"a direct message, written to {self.account.outbox}")
        return Way("api", f"a public reply, written to {self.account.outbox}")

    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:
        remote_id = f"out-{outgoing.key}"
        record = Message(
            id=remote_id,
            network=self.account.network,
            account=self.account.name,
            author=Author(None, self.account.handle),
            text=outgoing.text,
            created_at=now.replace(microsecond=0),
            visibility=outgoing.visibility,
            direction="outbound",
            source="reply",
            in_reply_to=None if outgoing.target is None else outgoing.target.id,
            conversation_id=None if outgoing.target is None else outgoing.target.conversation_id,
        )
        line = msgspec.json.encode({**msgspec.to_builtins(record), "draft": outgoing.key}) + b"\n"
        with durable.lock(self._lock, self.outbox.name):
            if not self._is_there(outgoing.key):
                durable.append(self.outbox, line, point="outbox")
        return Receipt(remote_id)

    def _is_there(self, key: str) -> bool:
        """Whether the draft stands among the latest posts: its id is an idempotency key, also where two
        processes think that they hold its lock (somebody deleted the lock files meanwhile).
        """
        try:
            with self.outbox.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
                return f'"draft":"{key}"}}\n'.encode() in file.read()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise durable.storage_error(error, self.outbox) from error

    def own_posts(
        self,
        since: datetime,
        to: Message | None = None,  # noqa: ARG002 - all stand together
        *,
        direct: bool = False,  # noqa: ARG002
    ) -> Iterable[OwnPost]:
        posts = [post for post in self._posts() if post.key is not None or post.created_at >= since]
        return reversed(posts)

    def _posts(self) -> Iterator[OwnPost]:
        try:
            for _, line in durable.lines(self.outbox):
                try:
                    post = _out_line(line)
                except (msgspec.DecodeError, ValueError):
                    continue  # somebody else's line
                yield OwnPost(post.id, post.text, post.in_reply_to, post.created_at, post.draft, post.url)
        except OSError as error:
            raise TemporaryError(f"{self.outbox}: cannot be read: {error.strerror}") from error

    def look_again(
        self, target: Message, thread: Sequence[Message], cursor: Cursor | None, now: datetime
    ) -> Again:
        known = {message.id for message in thread}
        newer = (
            row
            for row in self._rows_since(cursor)
            if isinstance(row, Message)
            and not is_later(row, now)
            and row.id not in known
            and belongs(row, thread)
        )
        answers = (
            post for post in self._posts() if post.in_reply_to == target.id and post.remote_id not in known
        )
        try:
            return Again(tuple(islice(newer, _NEWER)), tuple(islice(answers, _NEWER)))
        except OSError as error:
            raise TemporaryError(f"{self.inbox}: cannot be read: {error.strerror}") from error
