"""The in-memory twin: the contract in its simplest form, for tests and for trying rules out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count

from socialcli.channels.base import Again, Batch, Channel, Cursor, Outgoing, OwnPost, Receipt, Way, belongs
from socialcli.model.message import Message, Visibility
from socialcli.policy.schema import Account


class MemoryChannel(Channel):
    """``inbox`` is what the network holds for us, ``posts`` what we posted."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self.inbox: list[Message] = []
        self.posts: list[OwnPost] = []
        self._ids = (f"r{number}" for number in count(1))

    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        start = cursor["seen"] if cursor is not None else 0
        overlapping = self.inbox[max(0, start - 10) :]
        taken = [message for message in overlapping if message.created_at <= now]
        waiting = [place for place, message in enumerate(self.inbox) if message.created_at > now]
        seen = min(waiting, default=len(self.inbox))
        yield Batch(tuple(taken), cursor={"seen": seen}, later=len(waiting))

    def reach(self, message: Message, visibility: Visibility | None = None) -> Way:
        if message.network != self.account.network:
            return Way("hand", f"{self.account.name} has no login on {message.network}")
        return Way("direct" if (visibility or message.visibility) == "direct" else "api", "held in memory")

    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:
        remote_id = next(self._ids)
        target = None if outgoing.target is None else outgoing.target.id
        self.posts.append(OwnPost(remote_id, outgoing.text, target, now, outgoing.key))
        return Receipt(remote_id)

    def own_posts(
        self,
        since: datetime,
        to: Message | None = None,  # noqa: ARG002 - all stand together
        *,
        direct: bool = False,  # noqa: ARG002
    ) -> Iterable[OwnPost]:
        return [post for post in reversed(self.posts) if post.created_at >= since]

    def look_again(
        self, target: Message, thread: Sequence[Message], cursor: Cursor | None, now: datetime
    ) -> Again:
        seen = {message.id for message in thread}
        newer = [
            message
            for message in self.inbox[(cursor or {"seen": 0})["seen"] :]
            if message.created_at <= now and message.id not in seen and belongs(message, thread)
        ]
        answers = [
            post for post in self.posts if post.in_reply_to == target.id and post.remote_id not in seen
        ]
        return Again(tuple(newer[:10]), tuple(answers[:10]))
