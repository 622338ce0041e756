"""Saved pages of the X API v2. The names of the fields changed in August 2026; both spellings are read."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import msgspec

from socialcli.channels.base import Rejected
from socialcli.channels.records import RecordReader, convert, from_broken_json
from socialcli.errors import InvalidError
from socialcli.model.message import Message


class _User(msgspec.Struct):
    id: str
    username: str
    name: str | None = None


class _LongText(msgspec.Struct):
    text: str = ""


class _Reference(msgspec.Struct):
    type: str
    id: str


class _Post(msgspec.Struct):
    id: str
    text: str
    created_at: str
    author_id: str | None = None
    conversation_id: str | None = None
    lang: str | None = None
    note_tweet: _LongText | None = None
    note_post: _LongText | None = None
    referenced_tweets: list[_Reference] | None = None
    referenced_posts: list[_Reference] | None = None
    edit_history_tweet_ids: list[str] | None = None
    edit_history_post_ids: list[str] | None = None


def read_pages(stream: BinaryIO, name: str, reader: RecordReader) -> Iterator[Message | Rejected]:
    """Every post as a message, or why it is none. Raises InvalidError where nothing is JSON."""
    found = 0
    for place, page in _pages(stream.read(), name):
        found += 1
        if isinstance(page, Rejected):
            yield page
            continue
        if not isinstance(page, dict) or not ("data" in page or "meta" in page):
            yield Rejected(place, "not a page of the X API (no data)")
            continue
        users = _users(page.get("includes"))
        data = page.get("data", [])
        for number, post in enumerate(data if isinstance(data, list) else [data], 1):
            try:
                yield reader.from_fields(_fields(convert(post, _Post), users))
            except ValueError as error:
                yield Rejected(f"{place}, post {number}", str(error))
    if not found:
        raise InvalidError(f"{name}: no page of the X API v2 in it")


def _pages(content: bytes, name: str) -> Iterator[tuple[str, Any]]:
    """One page, a list of pages, or a page a line; what is no JSON is a Rejected in its place."""
    try:
        whole = _json(content)
    except ValueError as error:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004
            raise InvalidError(f"{name}: {error}") from error
        for number, line in enumerate(lines, 1):
            place = f"line {number}"
            try:
                yield place, _json(line)
            except ValueError as broken:
                yield place, Rejected(place, str(broken))
        return
    for number, page in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield f"page {number}", page


def _json(content: bytes) -> Any:
    """Raises ValueError with the reason."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return from_broken_json(content, error, object)


def _users(includes: Any) -> dict[str | None, _User]:
    """The authors by id; one that cannot be read is as good as missing."""
    users: dict[str | None, _User] = {}
    listed = includes.get("users") if isinstance(includes, dict) else None
    for one in listed if isinstance(listed, list) else ():
        with suppress(ValueError):
            user = convert(one, _User)
            users[user.id] = user
    return users


def _fields(post: _Post, users: dict[str | None, _User]) -> dict[str, Any]:
    user = users.get(post.author_id)
    if user is None:
        raise ValueError(f'its author "{post.author_id}" is not among includes.users')
    long = post.note_tweet or post.note_post or _LongText()
    references = post.referenced_tweets or post.referenced_posts or ()
    parents = [one.id for one in references if one.type == "replied_to"]
    # An edit is a new id of the same message: the first of the chain names it.
    first = (post.edit_history_tweet_ids or post.edit_history_post_ids or [post.id])[0]
    return {
        "id": first,
        "text": html.unescape(long.text or post.text),
        "created_at": post.created_at,
        "author": {"id": user.id, "handle": user.username, "name": user.name},
        "network": "x",
        "in_reply_to": parents[0] if parents else None,
        "conversation_id": post.conversation_id,
        "url": f"https://x.com/{user.username}/status/{first}",
        "lang": post.lang,
    }
