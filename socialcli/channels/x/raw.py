"""Answers of X as they come: posts and users with their fields in one spelling.

X renamed fields in August 2026; it is asked with the old names, and answers in either spelling are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from socialcli.channels.x.walk import order

# New name -> the old one, which is used here.
OLD_NAMES = {
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "posts": "tweets",
}
_REPOST = re.compile(r"RT @\w{1,15}: ")  # as X itself writes it


class User(Struct):
    id: str
    username: str
    name: Any = None
    receives_your_dm: Any = None


class _Reference(Struct):
    type: str
    id: str


class RawPost(Struct):
    """A post as X gives it, in the old names."""

    id: str
    created_at: str
    text: str | None = None
    author_id: str | None = None
    username: str | None = None
    conversation_id: str | None = None
    in_reply_to_user_id: Any = None
    lang: str | None = None
    entities: Any = None
    note_tweet: Any = None
    referenced_tweets: list[_Reference] | None = None
    edit_history_tweet_ids: list[str] | None = None
    reply_settings: Any = None

    def refers(self, kind: str) -> str | None:
        """The first post that it answers ("replied_to") or quotes ("quoted")."""
        return next((one.id for one in self.referenced_tweets or () if one.type == kind), None)

    @property
    def chain(self) -> list[str]:
        """The ids of its versions, oldest first; the first names it for ever."""
        return sorted({self.id, *(self.edit_history_tweet_ids or ())}, key=order)

    @property
    def versions(self) -> list[str]:
        """Those up to the one whose words these are: what a post refers to may be an older one."""
        return self.chain[: self.chain.index(self.id) + 1]

    @property
    def is_repost(self) -> bool:
        if self.referenced_tweets:
            return self.refers("retweeted") is not None
        return _REPOST.match(self.text or "") is not None


def rows_of(page: Any) -> list[Any]:
    """The rows of a page; none where it says nothing. Raises ValueError where it is no page."""
    if not isinstance(page, dict):
        raise ValueError("not a page of the X API")  # noqa: TRY004 - a ValueError like all the others
    data = page.get("data")
    if data is None:
        return []
    if isinstance(data, dict):
        return [data]
    if isinstance(data, list):
        return data
    raise ValueError("not a page of the X API (data is no list)")


def list_rows(page: Any) -> list[Any]:
    """The rows of a page of a list. X may answer with nothing but ``errors``: that is no empty page. Raises
    ValueError.
    """
    if isinstance(page, dict) and page.get("errors") and "data" not in page and "meta" not in page:
        raise ValueError("X answered with errors only")
    return rows_of(page)


def user_of(page: Mapping[str, Any]) -> User | None:
    """The one user of an answer."""
    try:
        return msgspec.convert(page.get("data"), User)
    except msgspec.ValidationError:
        return None


def next_token(page: Mapping[str, Any]) -> str | None:
    meta = page.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None


def renamed(row: Mapping[str, Any]) -> dict[str, Any]:
    """With the old names; where both stand, the old one holds."""
    found = dict(row)
    for new, old in OLD_NAMES.items():
        if found.get(old) is None and new in found:
            found[old] = found[new]
    return found


def listed(rows: Any, kind: type[Any]) -> list[Any]:
    """Those that can be read; the others are as good as missing."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(msgspec.convert(renamed(row) if isinstance(row, dict) else row, kind))
        except msgspec.ValidationError:
            continue
    return found
