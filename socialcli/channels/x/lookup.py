"""Posts looked up by their id: what became of those that were read before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from socialcli import clock
from socialcli.channels.base import Seen
from socialcli.channels.x import people, raw, walk
from socialcli.channels.x.posts import Post, is_of_x
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User
from socialcli.channels.x.streams import Place
from socialcli.channels.x.walk import Progress
from socialcli.errors import NotFoundError, TemporaryError
from socialcli.model.message import Message

_AUTHOR = {"expansions": ["author_id"]}
_EDITED = {"expansions": ["author_id", "referenced_tweets.id"]}  # what is quoted says who may answer
# Kinds of problems, as the end of their type, or their title: it is gone; it is not shown to us.
_GONE = ("resource-not-found", "Not Found Error")
_NOT_SHOWN = ("not-authorized-for-resource", "Authorization Error", "Forbidden")


class Lookup:
    """Raises what ``XClient.read`` does, and TemporaryError where an answer is no page."""

    def __init__(self, place: Place, meter: Meter) -> None:
        self._place = place
        self._meter = meter

    def look_up(self, messages: Sequence[Message], *, billed: bool) -> Seen:
        """``billed``: whether X takes money for them, as it does once a day."""
        public = [one for one in messages if one.visibility == "public" and is_of_x(one)]
        if not public:
            return Seen()
        fresh, gone = self.fresh(public, billed=billed)
        changed = [fresh[one.id] for one in public if one.id in fresh and _differs(one, fresh[one.id])]
        return Seen(tuple(one.id for one in public if one.id in gone), tuple(changed))

    def fresh(
        self, messages: Sequence[Message], *, billed: bool = True, gone_with_author: bool = False
    ) -> tuple[dict[str, Message], set[str]]:
        """By the ids that we know them by: as they stand now, and which are gone. ``gone_with_author``: also those
        that are not shown to us. An edited post is asked for once more, by its newest id.
        """
        known = tuple(user for one in messages for user in people.author_of(one))
        found, missing = self._lookup(
            [one.version for one in messages], _AUTHOR, gone_with_author, known, billed=billed
        )
        edited = {
            version: post.raw.chain[-1]
            for version, post in found.items()
            if post.raw.chain[-1] != post.raw.id
        }
        if edited:
            newest, _ = self._lookup(list(edited.values()), _EDITED, gone_with_author, known, billed=billed)
            found |= {version: newest[last] for version, last in edited.items() if last in newest}
        there = {one.id: _as_known(one, found[one.version]) for one in messages if one.version in found}
        gone = {one.id for one in messages if missing & {one.version, gone_with_author and one.author.id}}
        return {key: one for key, one in there.items() if one is not None}, gone - there.keys()

    def _lookup(
        self,
        ids: list[str],
        expansions: Mapping[str, Any],
        not_shown: bool,
        known: tuple[User, ...],
        *,
        billed: bool,
    ) -> tuple[dict[str, Post], set[str]]:
        params = {**self._place.post_params, **expansions}
        try:
            page = self._place.client.read("lookup", "get_tweets", ids, **params)
        except NotFoundError:
            if len(ids) != 1:
                raise
            page = self._alone(ids[0], params)
        if billed:
            self.count(page, "x/read")
        kinds = (*_GONE, *_NOT_SHOWN) if not_shown else _GONE
        there = self.posts(page, known, rows_of(page, raw.rows_of))
        # The very version that was asked for; or another of it, where only that is given.
        found = {one: post for post in there for one in post.raw.chain if one in ids}
        return found | {post.raw.id: post for post in there}, set(_missing(page, kinds))

    def _alone(self, post_id: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """One post by itself; one that is not there as a page that says so."""
        try:
            return self._place.client.read("lookup", "get_tweet", post_id, **params)
        except NotFoundError:
            return {"errors": [{"title": _GONE[1], "value": post_id}]}

    def posts(
        self, page: Mapping[str, Any], known: tuple[User, ...] = (), rows: list[Any] | None = None
    ) -> list[Post]:
        """The posts of a page that can be read; the rest says nothing here."""
        reader = self._place.page(page, known)
        found = []
        for row in rows_of(page) if rows is None else rows:
            with suppress(ValueError):
                found.append(reader.read(row, "mention"))
        return found

    def count(self, page: Mapping[str, Any], act: str, before: Progress | None = None) -> None:
        """``before``: what was read, and billed, of the stream that they are from."""
        today = clock.now().date().isoformat()
        known = before.newest if before is not None and before.day == today else ""
        rows = [row.get("id") for row in rows_of(page, raw.rows_of) if isinstance(row, dict)]
        ids = {one for one in rows if isinstance(one, str) and walk.order(one) > walk.order(known)}
        self._meter.count_page(page, act, ids, self._place.us.id)


def rows_of(
    page: Mapping[str, Any], read: Callable[[Mapping[str, Any]], list[Any]] = raw.list_rows
) -> list[Any]:
    """Raises TemporaryError where the answer is no page: of a list, or what ``read`` makes of it."""
    try:
        return read(page)
    except ValueError as error:
        raise TemporaryError(f"X: {error}", hint="run it again later") from error


def _missing(page: Mapping[str, Any], kinds: tuple[str, ...]) -> Iterator[str]:
    """Ids of what was asked for and is not there."""
    problems = page.get("errors")
    for one in problems if isinstance(problems, list) else ():
        if isinstance(one, dict) and (str(one.get("type", "")).endswith(kinds) or one.get("title") in kinds):
            named = one.get("resource_id") or one.get("value")
            if isinstance(named, str):
                yield named


def _as_known(old: Message, found: Post) -> Message | None:
    """The author of now, and the words if they were changed; the rest as it was read first."""
    new = found.message
    if new is None or new.versions in ((), old.versions):
        return new and msgspec.structs.replace(old, author=new.author, url=new.url)
    return msgspec.structs.replace(
        old, author=new.author, text=new.text, versions=new.versions, summons=new.summons, url=new.url
    )


def _differs(old: Message, new: Message) -> bool:
    return old.versions != new.versions or old.author.handle != new.author.handle
