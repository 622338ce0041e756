"""What the network knows: users, posts, direct messages, and who may see what."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.servers.x.paging import Paging
from tests.servers.x.snowflakes import Snowflakes
from tests.servers.x.texts import Stored, stored

_JOINED = datetime(2019, 5, 1, tzinfo=UTC)
_REAL_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass
class User:
    id: str
    handle: str
    name: str
    created_at: datetime
    receives_dm: bool = True
    followers: int = 0
    verified: bool = False
    description: str = ""
    suspended: bool = False
    unnamed: str = ""  # "expanded": missing from includes; "everywhere": also where it is asked for


@dataclass
class Veil:
    """Why something is not shown yet."""

    reads: int = 0  # shown after so many reads of lists
    held: bool = False  # until somebody lifts it
    until: float = 0.0  # time.monotonic()
    lookups: bool = False  # not shown by its id either

    @property
    def hides(self) -> bool:
        return self.held or self.reads > 0 or time.monotonic() < self.until


@dataclass
class Post:
    """One version of a post. ``versions`` is shared by all of them, oldest first."""

    id: str
    author_id: str
    sent: str
    stored: Stored
    created_at: datetime
    conversation_id: str
    versions: list[str]
    reply_to: str | None = None
    reply_to_user: str | None = None
    quotes: str | None = None
    reposts: str | None = None
    lang: str = "en"
    reply_settings: str = "everyone"
    deleted: bool = False
    through: str = "web"
    veil: Veil = field(default_factory=Veil)


@dataclass
class Direct:
    id: str
    sender_id: str
    recipient_id: str
    sent: str
    stored: Stored
    created_at: datetime
    through: str = "web"
    veil: Veil = field(default_factory=Veil)
    group: str | None = None  # the id of a conversation of more than two

    @property
    def conversation_id(self) -> str:
        return self.group or conversation(self.sender_id, self.recipient_id)


def conversation(one: str, other: str) -> str:
    return "-".join(sorted((one, other), key=int))


class State:
    """Everything, in memory. Who calls holds the lock."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.posts: dict[str, Post] = {}
        self.directs: dict[str, Direct] = {}
        self.mutes: dict[str, list[str]] = {}
        self.dm_blocks: dict[str, list[str]] = {}
        self.hidden: list[str] = []
        self.ids = Snowflakes()
        self.lag = Veil()
        self.lag_seconds = 0.0
        self.paging = Paging()
        self._clock: datetime | None = None

    def now(self) -> datetime:
        if self._clock is not None:
            return self._clock
        return _REAL_EPOCH + timedelta(seconds=time.time())

    def set_clock(self, at: datetime | None) -> None:
        self._clock = at

    def find(self, handle: str) -> str | None:
        """The id of a user by the present handle, in any case."""
        wanted = handle.removeprefix("@").casefold()
        return next((user.id for user in self.users.values() if user.handle.casefold() == wanted), None)

    def user(self, handle: str) -> User:
        """The user of that handle, made if there is none."""
        found = self.find(handle)
        return self.users[found] if found else self.add_user(handle)

    def add_user(self, handle: str, user_id: str | None = None) -> User:
        if user_id is None:
            # The first is an old account with a short id, so that order by number is not order by letters.
            user_id = self.ids.at(_JOINED) if self.users else "714305021"
        user = User(user_id, handle.removeprefix("@"), handle.removeprefix("@"), _JOINED)
        self.users[user_id] = user
        return user

    def fresh_veil(self) -> Veil:
        """The lag that holds for what is accepted now."""
        until = time.monotonic() + self.lag_seconds if self.lag_seconds else 0.0
        return Veil(self.lag.reads, self.lag.held, until, self.lag.lookups)

    def newest(self, post: Post) -> Post:
        return self.posts[post.versions[-1]]

    def add_post(
        self,
        author: User,
        text: str,
        at: datetime,
        *,
        parent: Post | None = None,
        leading: tuple[str, ...] = (),
        quotes: str | None = None,
        reposts: str | None = None,
        lang: str = "en",
        reply_settings: str = "everyone",
        through: str = "web",
        veil: Veil | None = None,
    ) -> Post:
        post_id = self.ids.at(at)
        post = Post(
            id=post_id,
            author_id=author.id,
            sent=text,
            stored=stored(text, post_id, self.find, leading),
            created_at=at,
            conversation_id=parent.conversation_id if parent else post_id,
            versions=[post_id],
            reply_to=parent.id if parent else None,
            reply_to_user=parent.author_id if parent else None,
            quotes=quotes,
            reposts=reposts,
            lang=lang,
            reply_settings=reply_settings,
            through=through,
            veil=veil or Veil(),
        )
        self.posts[post_id] = post
        return post

    def edit(self, old: Post, text: str, at: datetime) -> Post:
        """A new version with a new id; the mentions at the beginning of a reply stay."""
        leading = (
            self.addressed(self.posts[old.reply_to], old.author_id) if old.reply_to in self.posts else ()
        )
        post_id = self.ids.at(at)
        post = Post(
            **{
                **vars(old),
                "id": post_id,
                "sent": text,
                "stored": stored(text, post_id, self.find, leading),
                "created_at": at,
                "veil": Veil(),
            }
        )
        post.versions.append(post_id)
        self.posts[post_id] = post
        return post

    def delete(self, post: Post) -> None:
        for version in post.versions:
            self.posts[version].deleted = True

    def addressed(self, parent: Post, author_id: str) -> tuple[str, ...]:
        """The handles that a reply by ``author_id`` begins with: the parent's author and whom it mentions."""
        ids = dict.fromkeys((parent.author_id, *parent.stored.mentions))
        return tuple(self.users[each].handle for each in ids if each != author_id)

    def add_direct(
        self,
        sender: User,
        recipient: User,
        text: str,
        at: datetime,
        *,
        through: str = "web",
        veil: Veil | None = None,
        group: str | None = None,
    ) -> Direct:
        event_id = self.ids.at(at)
        kept = stored(text, event_id, self.find)
        direct = Direct(event_id, sender.id, recipient.id, text, kept, at, through, veil or Veil(), group)
        self.directs[event_id] = direct
        return direct

    def may_direct(self, sender_id: str, recipient: User) -> bool:
        """Who takes messages from everybody, or wrote to us before, and is neither suspended nor blocked."""
        wrote = any((d.sender_id, d.recipient_id) == (recipient.id, sender_id) for d in self.directs.values())
        blocked = recipient.id in self.dm_blocks.get(sender_id, ())
        return (recipient.receives_dm or wrote) and not recipient.suspended and not blocked

    def is_there(self, post: Post) -> bool:
        """Whether it can be found by its id, as far as the post itself goes."""
        veiled = post.veil.lookups and post.veil.hides
        return not post.deleted and not veiled and post.created_at <= self.now()

    def listed(self) -> Iterator[Post]:
        """What timelines and search may show, newest first: newest versions that are neither gone nor veiled."""
        now = self.now()
        for post in sorted(self.posts.values(), key=lambda each: int(each.id), reverse=True):
            gone = post.deleted or self.users[post.author_id].suspended or post.created_at > now
            if not gone and post.versions[-1] == post.id and not post.veil.hides:
                yield post

    def listed_directs(self, user_id: str) -> Iterator[Direct]:
        """The direct messages of this user, newest first."""
        for direct in sorted(self.directs.values(), key=lambda each: int(each.id), reverse=True):
            if user_id in (direct.sender_id, direct.recipient_id) and not direct.veil.hides:
                yield direct

    def count_read(self, *, of_directs: bool = False) -> None:
        """A list has been read: what lags by reads comes one nearer."""
        items: list[Post] | list[Direct] = (
            list(self.directs.values()) if of_directs else list(self.posts.values())
        )
        for item in items:
            item.veil.reads = max(0, item.veil.reads - 1)
