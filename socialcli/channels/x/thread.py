"""What X shows of a thread now: the post itself, who answered it, what the customer wrote since; and our own posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from socialcli.channels.base import Again, Cursor, OwnPost, belongs
from socialcli.channels.x import direct, people, posts, raw, walk
from socialcli.channels.x.lookup import Lookup, rows_of
from socialcli.channels.x.posts import Post, is_of_x
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User
from socialcli.channels.x.streams import LARGEST, OWN_PARAMS, Place
from socialcli.errors import NotFoundError, TemporaryError
from socialcli.model.message import Author, Message

_NEWER = 10
_PAGES = 40  # X shows the last 3,200 posts of an account, a hundred on a page
_FEW = {"max_results": LARGEST}
DIRECTS_AGAIN = 20  # direct messages of a page


class Thread:
    def __init__(self, place: Place, meter: Meter, lookup: Lookup) -> None:
        self._place = place
        self._meter = meter
        self._lookup = lookup
        self._client = place.client

    # our own posts

    def own_posts(self, since: datetime, to: Message | None = None) -> Iterator[OwnPost]:
        """Newest first: all that came behind ``to``, which X itself can say; else in whole pages down to ``since``.
        At least one page's worth is never left out for its time: X's clock and ours may differ, and what is not
        found would be posted again. Raises what ``_pages`` does.
        """
        behind = {"since_id": to.id} if to is not None and is_of_x(to) else {}
        params = {**self._place.post_params, **OWN_PARAMS, **_FEW, **behind}
        read = 0
        for page in self._pages("own", "get_users_tweets", self._place.us.id, **params):
            self._lookup.count(page, "x/own-read")
            found = [own_post(post) for post in self._lookup.posts(page) if post.message is not None]
            yield from found
            read += len(rows_of(page))
            if not behind and read >= LARGEST and any(post.created_at < since for post in found):
                return

    def own_directs(self, to: Message, since: datetime) -> Iterator[OwnPost]:
        """What we wrote to the author of ``to``, newest first: all that came behind it if it is a direct message,
        else in whole pages as ``own_posts``.
        """
        read = 0
        for found in self._conversation(to.author):
            for message in found:
                if message.direction == "outbound":
                    yield OwnPost(message.id, message.text, to.id, message.created_at, None, message.url)
            read += len(found)
            if to.visibility == "direct" and any(not _is_behind(message, to) for message in found):
                return
            old = any(message.created_at < since for message in found)
            if to.visibility != "direct" and old and read >= DIRECTS_AGAIN:
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
        known = {message.id for message in thread}
        seen = {message.version for message in thread}
        newer = {one.id: one for one in self._since(now_is, cursor) if belongs(one, thread)}
        if now_is.versions != target.versions:
            newer[target.id] = now_is
        new = (one for one in newer.values() if one.version not in seen and one.created_at <= now)
        return Again(
            tuple(islice(new, _NEWER)),
            tuple(one for one in self._answers(target, cursor) if one.remote_id not in known),
            now_called=_new_handle(target, now_is),
        )

    def _since(self, target: Message, cursor: Cursor) -> list[Message]:
        """What the author of ``target`` wrote to us since, oldest first. That they are its author is known: their
        profile is not asked, and paid, again.
        """
        known = people.author_of(target)
        found = [
            post.message
            for page in self._behind("mentions", "get_users_mentions", target, cursor)
            for post in self._lookup.posts(page, known)
            if post.message is not None and post.message.direction == "inbound"
        ]
        return sorted(found, key=lambda one: walk.order(one.version))

    def _answers(self, target: Message, cursor: Cursor) -> Iterator[OwnPost]:
        ids = {target.id, *target.versions}
        for page in self._behind("own", "get_users_tweets", target, cursor):
            for post in self._lookup.posts(page):
                if post.message is not None and post.message.in_reply_to in ids:
                    yield own_post(post)

    def _behind(self, what: str, method: str, target: Message, cursor: Cursor) -> Iterator[dict[str, Any]]:
        """All that came behind ``target``."""
        params: dict[str, Any] = {"tweet_fields": posts.FIELDS, **_FEW, "since_id": target.id}
        for page in self._pages(what, method, self._place.us.id, **params):
            self._lookup.count(page, "x/own-read", walk.read_progress(cursor.get(what)))
            yield page

    def _direct_again(self, target: Message, thread: Sequence[Message], now: datetime) -> Again:
        since: list[Message] = []
        for found in self._conversation(target.author):
            since += [one for one in found if _is_behind(one, target)]
            if any(not _is_behind(one, target) for one in found):
                break
        known = {message.id for message in thread}
        new = [one for one in reversed(since) if one.id not in known and one.created_at <= now]
        newer = [one for one in new if one.direction == "inbound" and belongs(one, thread)]
        ours = [one for one in new if one.direction == "outbound"]
        answers = [OwnPost(one.id, one.text, target.id, one.created_at, None, one.url) for one in ours]
        return Again(tuple(newer[:_NEWER]), tuple(answers))

    # page by page

    def _conversation(self, author: Author) -> Iterator[list[Message]]:
        """The direct messages of both of us, a page at a time, newest first. Raises what ``_pages`` does."""
        them = User(self.id_of(author), author.handle, author.name, author.takes_direct)
        params = {**direct.PARAMS, "max_results": DIRECTS_AGAIN, "participant_id": them.id}
        for page in self._pages("direct-read", "get_direct_message_events", user=True, **params):
            self._lookup.count(page, "x/direct-read")
            known = direct.DirectPage(page, self._place.reader, self._place.us, [them])
            found = []
            for row in rows_of(page):
                with suppress(ValueError):
                    found.append(known.read(row))
            yield sorted(filter(None, found), key=lambda one: walk.order(one.id), reverse=True)

    def _pages(self, what: str, method: str, *args: Any, **params: Any) -> Iterator[dict[str, Any]]:
        """Page by page to the end, also over short and empty ones. Raises TemporaryError where the end is not
        reached, since what stands behind is not known; and what ``XClient.read`` does.
        """
        more: dict[str, Any] = {}
        for _ in range(_PAGES):
            page = self._client.read(what, method, *args, **params, **more)
            yield page
            token = raw.next_token(page)
            if token is None:
                return
            more = {"pagination_token": token}
        from socialcli.channels.x.wording import DOING

        raise TemporaryError(
            f'account "{self._client.account.name}": {DOING[what]}: no end after {_PAGES} pages',
            hint="look at it on x.com, and answer by hand",
        )


def own_post(post: Post) -> OwnPost:
    message = post.message
    assert message is not None  # noqa: S101 - a repost is no post of ours
    return OwnPost(message.id, message.text, message.in_reply_to, message.created_at, None, message.url)


def _new_handle(target: Message, fresh: Message | None) -> str | None:
    if fresh is None or fresh.author.handle.casefold() == target.author.handle.casefold():
        return None
    return fresh.author.handle


def _is_behind(one: Message, target: Message) -> bool:
    """By the ids, which grow with time; by the time where the target has none that X gave."""
    if is_of_x(target):
        return walk.order(one.id) > walk.order(target.id)
    return one.created_at > target.created_at
