"""What a channel promises: the door between one account of ours and its network.

- ``fetch`` yields batches of messages, oldest first where the network lets us, beginning somewhat before the
  cursor: what comes twice is told apart by the queue. The cursor of a batch is kept only after its messages
  are on disk. It is a small JSON object that no one else reads.
- ``reach`` says by which road a message can be answered, why, and at what cost, without asking the network
  to post anything.
- ``post`` either returns a receipt, or raises one of: ``PostRefusedError`` (the network's no, for good),
  ``NotPostedError``, StorageError, LockHeldError, CredentialsError (certainly not there; may work later),
  ``OutcomeUnknownError`` (it may be there). Anything else that escapes counts as unknown.
- ``own_posts`` lists what this account posted, newest first, back to ``since``: the witness after a crash.
  ``read_lag`` says how late it may be; where it is zero one empty look-up proves that a post is not there.
- ``look_again`` reads the thread just before posting: what is new since the queue's cursor, ten messages at
  the most. Raises TemporaryError if it cannot.
- Foreign exceptions stop here; secrets appear in no error, log or repr.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from msgspec import Struct

from socialcli.errors import RefusedError, TemporaryError
from socialcli.model.draft import Road
from socialcli.model.message import Message, Visibility
from socialcli.policy.schema import Account

Cursor = dict[str, Any]


class PostRefusedError(RefusedError):
    """The network will not take this post, now or later."""


class NotPostedError(TemporaryError):
    """The post certainly did not arrive; it may be tried again."""


class OutcomeUnknownError(TemporaryError):
    """The post may have arrived or not."""


class Rejected(Struct, frozen=True):
    """A row that is no message: where it stands and what is wrong with it."""

    place: str
    reason: str


class Batch(Struct, frozen=True):
    """Rows as they were read: messages, rejected rows, and the cursor to keep once they are on disk."""

    messages: tuple[Message, ...]
    rejected: tuple[Rejected, ...] = ()
    cursor: Cursor | None = None
    later: int = 0  # rows of a time that has not come yet: not taken


class Way(Struct, frozen=True):
    """By which road, why, and at what cost (decimal, ``currency``)."""

    road: Road
    reason: str
    cost: str = "0"
    currency: str = "USD"


class Outgoing(Struct, frozen=True):
    """A reply to be posted. ``key`` is the draft's id: an idempotency key where the network has one."""

    key: str
    text: str
    target: Message
    visibility: Visibility


class Receipt(Struct, frozen=True):
    remote_id: str
    url: str | None = None


class OwnPost(Struct, frozen=True):
    """One of our posts as the network shows it."""

    remote_id: str
    text: str
    in_reply_to: str | None
    created_at: datetime
    key: str | None = None
    url: str | None = None


class Again(Struct, frozen=True):
    """What the thread holds that the queue has not seen."""

    newer: tuple[Message, ...] = ()  # by the customer
    answers: tuple[OwnPost, ...] = ()  # ours, to the target, whoever wrote them
    gone: bool = False  # the target was deleted


class Channel(ABC):
    """One account on one network."""

    read_lag: ClassVar[timedelta] = timedelta(0)

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def counts_as(self) -> str:
        """The network whose text limits hold."""
        return self.account.network

    @abstractmethod
    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        """Messages since ``cursor`` (None: from the beginning), none later than ``now``."""

    @abstractmethod
    def reach(self, message: Message) -> Way:
        """How a reply to ``message`` can go."""

    @abstractmethod
    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:
        """Post a reply, once."""

    @abstractmethod
    def own_posts(self, since: datetime) -> Iterable[OwnPost]:
        """What we posted, newest first."""

    @abstractmethod
    def look_again(
        self, target: Message, thread: Sequence[Message], cursor: Cursor | None, now: datetime
    ) -> Again:
        """The thread of ``target`` beyond what the queue has seen up to ``cursor``."""


def belongs(message: Message, thread: Sequence[Message]) -> bool:
    """Whether an inbound message carries on this thread: same customer, and a reply into it, the same
    conversation, or a direct message.
    """
    customers = {one.author.handle.casefold() for one in thread if one.direction == "inbound"}
    if message.direction != "inbound" or message.author.handle.casefold() not in customers:
        return False
    if message.visibility == "direct" or message.in_reply_to in {one.id for one in thread}:
        return True
    conversations = {one.conversation_id for one in thread if one.conversation_id is not None}
    return message.conversation_id in conversations
