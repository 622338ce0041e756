"""What X shows of a thread now: the post itself, who answered it, what the customer wrote since; and our own posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from socialcli.channels.base import Again, Cursor, OwnPost, belongs
from socialcli.channels.x import direct, posts, raw, walk
from socialcli.channels.x.lookup import Lookup, rows_of
from socialcli.channels.x.posts import Post
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User
from socialcli.channels.x.streams import LARGEST, OWN_PARAMS, Place
from socialcli.errors import NotFoundError, TemporaryError
from socialcli.model.message import Author, Message

_NEWER = 10
_PAGES = 10  # of our own posts: a thousand
_FEW = {"max_results": LARGEST}
DIRECTS_AGAIN = 20  # direct messages of a page


class Thread:
    def __init__(self, place: Place, meter: Meter, lookup: Lookup) -> None:
        self._place = place
        self._meter = meter
        self._lookup = lookup
        self._client = place.client

    # our own posts

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        """Newest first, in whole pages down to ``since``. Nothing on the first page is left out for its time:
        X's clock and ours may differ, and what is not found would be posted again.
        """
        params = {**self._place.post_params, **OWN_PARAMS, **_FEW}
        token: str | None = None
        for _ in range(_PAGES):
            more: dict[str, Any] = {"pagination_token": token} if token else {}
            page = self._client.read("own", "get_users_tweets", self._place.us.id, **params, **more)
            self._lookup.count(page, "x/own-read")
            found = [own_post(post) for post in self._lookup.posts(page) if post.message is not None]
            yield from found
            token = raw.next_token(page)
            if token is None or any(post.created_at < since for post in found):
                return

    def own_directs(self, to: Message, since: datetime) -> Iterator[OwnPost]:
        """What we wrote to the author of ``to``, newest first, in whole pages as ``own_posts``."""
        them, token = self.id_of(to.author), None
        for _ in range(_PAGES):
            found, token = self._directs(them, token)
            for message in found:
                if message.direction == "outbound":
                    yield OwnPost(message.id, message.text, to.id, message.created_at, None, message.url)
            if token is None or any(message.created_at < since for message in found):
                return

    def id_of(self, author: Author) -> str:
        """Raises NotFoundError where X does not know them, and what ``XClient.read`` does."""
        if author.id is not None:
            return author.id
        page = self._client.read("lookup", "get_user", username=author.handle)
        self._meter.count("x/user")
        user = raw.user_of(page)
        if user is None:
            raise NotFoundError("user on X", author.handle, hint=f"look at https://x.com/{author.handle}")
        return user.id

    def is_our_own(self, post_id: str) -> bool:
        """Raises what ``XClient.read`` does."""
        page = self._client.read("lookup", "get_tweets", [post_id], tweet_fields=["author_id"])
        self._lookup.count(page, "x/own-read")
        rows = [row for row in rows_of(page, raw.rows_of) if isinstance(row, dict)]
        return any(row.get("id") == post_id and row.get("author_id") == self._place.us.id for row in rows)

    # just before posting

    def again(self, target: Message, thread: Sequence[Message], cursor: Cursor, now: datetime) -> Again:
        """Raises what ``XClient.read`` does."""
        if target.visibility == "direct":
            return self._direct_again(target, thread, now)
        fresh, gone = self._lookup.fresh([target], gone_with_author=True)
        if target.id in gone:
            return Again(gone=True)
        if target.id not in fresh:
            raise TemporaryError(f"X does not say what became of post {target.id}", hint="run it again later")
        now_is = fresh[target.id]
        newer = {one.id: one for one in self._since(now_is, cursor) if belongs(one, thread)}
        if now_is.versions != target.versions:
            newer[target.id] = now_is
        known = {message.id for message in thread}
        seen = {message.version for message in thread}
        return Again(
            tuple(
                islice(
                    (one for one in newer.values() if one.version not in seen and one.created_at <= now),
                    _NEWER,
                )
            ),
            tuple(one for one in self._answers(target, cursor) if one.remote_id not in known),
            now_called=_new_handle(target, now_is),
        )

    def _since(self, target: Message, cursor: Cursor) -> list[Message]:
        """What the author of ``target`` wrote to us since, oldest first. That they are its author is known: their
        profile is not asked, and paid, again.
        """
        params: dict[str, Any] = {"tweet_fields": posts.FIELDS, **_FEW, "since_id": target.id}
        page = self._client.read("mentions", "get_users_mentions", self._place.us.id, **params)
        self._lookup.count(page, "x/own-read", walk.read_progress(cursor.get("mentions")))
        found = [
            post.message for post in self._lookup.posts(page, _users_of(target)) if post.message is not None
        ]
        return [one for one in reversed(found) if one.direction == "inbound"]

    def _answers(self, target: Message, cursor: Cursor) -> Iterator[OwnPost]:
        params: dict[str, Any] = {"tweet_fields": posts.FIELDS, **_FEW, "since_id": target.id}
        page = self._client.read("own", "get_users_tweets", self._place.us.id, **params)
        self._lookup.count(page, "x/own-read", walk.read_progress(cursor.get("own")))
        ids = {target.id, *target.versions}
        for post in self._lookup.posts(page):
            if post.message is not None and post.message.in_reply_to in ids:
                yield own_post(post)

    def _direct_again(self, target: Message, thread: Sequence[Message], now: datetime) -> Again:
        found, _ = self._directs(self.id_of(target.author))
        since = [one for one in found if walk.order(one.id) > walk.order(target.id)]
        known = {message.id for message in thread}
        new = [one for one in reversed(since) if one.id not in known and one.created_at <= now]
        newer = [one for one in new if one.direction == "inbound" and belongs(one, thread)]
        ours = [one for one in new if one.direction == "outbound"]
        answers = [OwnPost(one.id, one.text, target.id, one.created_at, None, one.url) for one in ours]
        return Again(tuple(newer[:_NEWER]), tuple(answers))

    def _directs(self, other: str, token: str | None = None) -> tuple[list[Message], str | None]:
        """A page of the conversation with ``other``, newest first, and where it goes on."""
        params: dict[str, Any] = {**direct.PARAMS, "max_results": DIRECTS_AGAIN, "participant_id": other}
        if token is not None:
            params["pagination_token"] = token
        page = self._client.read("direct-read", "get_direct_message_events", user=True, **params)
        self._lookup.count(page, "x/direct-read")
        known = direct.DirectPage(page, self._place.reader, self._place.us)
        found = []
        for row in rows_of(page):
            with suppress(ValueError):
                found.append(known.read(row))
        return [one for one in found if one is not None], raw.next_token(page)


def own_post(post: Post) -> OwnPost:
    message = post.message
    assert message is not None  # noqa: S101 - a repost is no post of ours
    return OwnPost(message.id, message.text, message.in_reply_to, message.created_at, None, message.url)


def _new_handle(target: Message, fresh: Message | None) -> str | None:
    if fresh is None or fresh.author.handle.casefold() == target.author.handle.casefold():
        return None
    return fresh.author.handle


def _users_of(message: Message) -> tuple[User, ...]:
    author = message.author
    return () if author.id is None else (User(author.id, author.handle, author.name, author.takes_direct),)
