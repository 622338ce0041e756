"""What a channel promises: the door between one account of ours and its network.

- ``fetch`` yields batches of messages, beginning somewhat before the cursor: what comes twice is told apart by
  the queue. The cursor of a batch is kept only after its messages are on disk, and holds all that is needed to
  go on in the middle of paging. It is a small JSON object that no one else reads.
- ``look_up`` says which known messages were changed or deleted since.
- ``reach`` says by which road a message can be answered, why, and at what cost, from what was read before:
  it asks the network nothing.
- ``post`` either returns a receipt, or raises one of: ``PostRefusedError`` (the network's no, for good),
  ``NotPostedError``, StorageError, LockHeldError, CredentialsError (certainly not there; may work later),
  ``DuplicateError``, ``OutcomeUnknownError`` (it may be there). Anything else that escapes counts as unknown.
- ``own_posts`` lists what this account posted, newest first, back to ``since``: the witness after a crash.
  ``read_lag`` says how late it may be; where it is zero one empty look-up proves that a post is not there.
- ``look_again`` reads the thread just before posting: what is new since the queue's cursor, ten messages at
  the most. Raises TemporaryError if it cannot.
- ``caps`` are the network's limits on posting, kept before the network says no.
- ``restrict`` and ``lift`` hold somebody off, as far as ``can_restrict`` says that the network allows it; both
  may be repeated.
- ``used`` tells, once, what the acts since the last call cost, and what the network will not take for a while.
- Foreign exceptions stop here; secrets appear in no error, log or repr. A read raises TemporaryError,
  CredentialsError, or RefusedError where the network will not show it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from msgspec import Struct

from socialcli.errors import RefusedError, TemporaryError
from socialcli.model.draft import Road
from socialcli.model.message import Author, Message, Visibility
from socialcli.model.protection import Rung
from socialcli.policy.schema import Account

Cursor = dict[str, Any]


class PostRefusedError(RefusedError):
    """The network will not take this post, now or later."""


class TargetGoneError(PostRefusedError):
    """What it was to act on, a message or a person, is not there."""


class NotPostedError(TemporaryError):
    """The post certainly did not arrive; it may be tried again."""


class OutcomeUnknownError(TemporaryError):
    """The post may have arrived or not."""


class DuplicateError(OutcomeUnknownError):
    """The network has the same text already: perhaps this very post, perhaps another of ours."""


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
    context: tuple[Message, ...] = ()  # what explains them, and our own posts: taken in, never counted


class Way(Struct, frozen=True):
    """By which road, why, and at what cost (decimal, ``currency``)."""

    road: Road
    reason: str
    cost: str = "0"
    currency: str = "USD"


class Outgoing(Struct, frozen=True):
    """What is to be posted: a reply to ``target``, or by itself if that is None. ``visibility`` may be direct
    where the target is public: the same person is then written to directly. ``key`` is the draft's id: an
    idempotency key where the network has one.
    """

    key: str
    text: str
    target: Message | None
    visibility: Visibility


class Receipt(Struct, frozen=True):
    remote_id: str
    url: str | None = None


class OwnPost(Struct, frozen=True):
    """One of our posts as the network shows it, its links expanded."""

    remote_id: str
    text: str
    in_reply_to: str | None  # a direct message: the message it was asked for with
    created_at: datetime
    key: str | None = None
    url: str | None = None


class Again(Struct, frozen=True):
    """What the thread holds that the queue has not seen."""

    newer: tuple[Message, ...] = ()  # by the customer
    answers: tuple[OwnPost, ...] = ()  # ours, to the target, whoever wrote them
    gone: bool = False  # the target was deleted
    now_called: str | None = None  # the customer's handle, where it is another than the target says


class Seen(Struct, frozen=True):
    """What became of messages: those deleted, by id, and those whose words or author's handle changed."""

    gone: tuple[str, ...] = ()
    changed: tuple[Message, ...] = ()


class Cap(Struct, frozen=True):
    """At most ``posts`` in ``seconds``."""

    posts: int
    seconds: int


class Used(Struct, frozen=True):
    """What was used: the number of each act, its cost (decimal, at most), and until when (epoch seconds) the
    network takes no more of something.
    """

    acts: dict[str, int]
    cost: str
    currency: str
    held: dict[str, int] = {}


class Channel(ABC):
    """One account on one network."""

    read_lag: ClassVar[timedelta] = timedelta(0)
    cut_short = False  # whether the last fetch stopped before its end, for want of money
    max_cost = ""  # what one fetch may cost, decimal; "" = no limit, or a network that charges nothing

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def counts_as(self) -> str:
        """The network whose text limits hold."""
        return self.account.network

    @abstractmethod
    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        """Messages since ``cursor`` (None: from the beginning); none later than ``now`` where that lies in the past,
        as in a replay.
        """

    def look_up(self, messages: Sequence[Message]) -> Seen:  # noqa: ARG002 - a network that never changes any
        """What became of these messages, a hundred at the most."""
        return Seen()

    @abstractmethod
    def reach(self, message: Message, visibility: Visibility | None = None) -> Way:
        """How a reply to ``message`` can go. ``visibility``: the one wished for, else that of the message."""

    def cost(self, text: str, way: Way) -> str:  # noqa: ARG002 - where the words change nothing
        """What it costs to send ``text`` this way, in ``way.currency``."""
        return way.cost

    def reach_all(self) -> Way:
        """How a post that answers nobody can go."""
        return Way("api", f"a post of its own by @{self.account.handle}")

    @abstractmethod
    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:
        """Post it, once."""

    @abstractmethod
    def own_posts(
        self, since: datetime, to: Message | None = None, *, direct: bool = False
    ) -> Iterable[OwnPost]:
        """What we posted, newest first, to ``to`` or, if that is None, to nobody. ``direct``: as direct messages to
        its author. Clocks differ: where the network can say what came behind ``to``, that counts, not ``since``.
        """

    @abstractmethod
    def look_again(
        self, target: Message, thread: Sequence[Message], cursor: Cursor | None, now: datetime
    ) -> Again:
        """The thread of ``target`` beyond what the queue has seen up to ``cursor``."""

    def caps(self, road: Road) -> tuple[Cap, ...]:  # noqa: ARG002 - a network without limits
        """How much may be posted by this road."""
        return ()

    def can_restrict(self, rung: Rung, message: Message | None) -> Way:  # noqa: ARG002 - for those that can
        """Whether this step of the ladder can be taken by program (api), by a person (hand), or not at all
        (no); "no" also for "monitor", which no network needs to hear of. ``message``: their latest, which is
        the one to be hidden.
        """
        if rung == "monitor":
            return Way("no", "watched here; the network is told nothing")
        return Way("hand", f"the network {self.account.network} knows no {rung}: it is only noted here")

    def restrict(self, rung: Rung, author: Author, message: Message | None) -> None:
        """Take the step; only where ``can_restrict`` says api."""
        raise NotImplementedError

    def lift(self, rung: Rung, author: Author, message: Message | None) -> None:
        """Take it back; only where ``can_restrict`` says api."""
        raise NotImplementedError

    def check_login(self) -> str:
        """Whether the network knows us, said in a line, "" where there is no login. Raises CredentialsError,
        TemporaryError.
        """
        return ""

    def used(self) -> Used | None:
        """What was used since the last call; None if nothing."""
        return None


def same_person(one: Author, other: Author) -> bool:
    """By id where both have one: a handle can change, and be taken by somebody else."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return one.handle.casefold() == other.handle.casefold()


def belongs(message: Message, thread: Sequence[Message]) -> bool:
    """Whether an inbound message carries on this thread: same customer, and a reply into it, the same
    conversation, or a direct message.
    """
    customers = [one.author for one in thread if one.direction == "inbound"]
    if message.direction != "inbound" or not any(same_person(message.author, one) for one in customers):
        return False
    if message.visibility == "direct" or message.in_reply_to in {one.id for one in thread}:
        return True
    conversations = {one.conversation_id for one in thread if one.conversation_id is not None}
    return message.conversation_id in conversations
