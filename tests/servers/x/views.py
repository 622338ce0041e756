"""Posts, users and direct messages as JSON: only the fields that were asked for, and what was expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.servers.x.parameters import Parameters
from tests.servers.x.refusals import not_found, not_shown
from tests.servers.x.signatures import Caller
from tests.servers.x.snowflakes import write_direct_time, write_time
from tests.servers.x.state import Direct, Post, State, User

_EDITABLE = timedelta(hours=1)
# What an expansion names is in the answer's own objects too.
_FIELD_OF = {
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
}


@dataclass(frozen=True)
class View:
    """The answer to one caller with these parameters."""

    state: State
    caller: Caller
    asked: Parameters

    def post(self, post: Post) -> dict[str, Any]:
        own = {_FIELD_OF.get(each, each) for each in self.asked.expansions}
        return self._post(post, own)

    def _post(self, post: Post, more: Iterable[str] = ()) -> dict[str, Any]:
        fields = {"id", "text", "edit_history_tweet_ids", *self.asked.fields.get("tweet.fields", ()), *more}
        note = post.stored.note
        references = [("replied_to", post.reply_to), ("quoted", post.quotes), ("retweeted", post.reposts)]
        whole: dict[str, Any] = {
            "id": post.id,
            "text": post.stored.text,
            "edit_history_tweet_ids": list(post.versions),
            "author_id": post.author_id,
            "conversation_id": post.conversation_id,
            "created_at": write_time(post.created_at),
            "entities": post.stored.entities or None,
            "in_reply_to_user_id": post.reply_to_user,
            "lang": post.lang,
            "note_tweet": note,
            "referenced_tweets": [{"type": kind, "id": each} for kind, each in references if each] or None,
            "reply_settings": post.reply_settings,
            "possibly_sensitive": False,
            "edit_controls": {
                "edits_remaining": 6 - len(post.versions),
                "is_edit_eligible": post.reply_to is None,
                "editable_until": write_time(self.state.posts[post.versions[0]].created_at + _EDITABLE),
            },
            "public_metrics": self._counts(post) if "public_metrics" in fields else None,
        }
        return {name: value for name, value in whole.items() if name in fields and value is not None}

    def _counts(self, post: Post) -> dict[str, int]:
        others = [each for each in self.state.posts.values() if not each.deleted]
        return {
            "retweet_count": sum(each.reposts in post.versions for each in others),
            "reply_count": sum(each.reply_to in post.versions for each in others),
            "like_count": 0,
            "quote_count": sum(each.quotes in post.versions for each in others),
            "bookmark_count": 0,
            "impression_count": 0,
        }

    def user(self, user: User) -> dict[str, Any]:
        fields = {"id", "name", "username", *self.asked.fields.get("user.fields", ())}
        written = sum(each.author_id == user.id and not each.deleted for each in self.state.posts.values())
        whole: dict[str, Any] = {
            "id": user.id,
            "name": user.name,
            "username": user.handle,
            "created_at": write_time(user.created_at),
            "description": user.description,
            "protected": False,
            "public_metrics": {
                "followers_count": user.followers,
                "following_count": 0,
                "tweet_count": written,
                "listed_count": 0,
                "like_count": 0,
            },
            "verified": user.verified,
            "verified_type": "blue" if user.verified else "none",
            "receives_your_dm": self._receives(user),
            "connection_status": self._connection(user),
        }
        return {name: value for name, value in whole.items() if name in fields and value is not None}

    def _receives(self, user: User) -> bool | None:
        return self.state.may_direct(self.caller.user_id, user) if self.caller.is_user else None

    def _connection(self, user: User) -> list[str] | None:
        if not self.caller.is_user:
            return None
        return ["muting"] if user.id in self.state.mutes.get(self.caller.user_id, ()) else []

    def direct(self, direct: Direct) -> dict[str, Any]:
        fields = {
            "id",
            "event_type",
            "text",
            *self.asked.fields.get("dm_event.fields", ()),
            *self.asked.expansions,
        }
        whole: dict[str, Any] = {
            "id": direct.id,
            "event_type": "MessageCreate",
            "text": (direct.stored.note["text"] if direct.stored.note else direct.stored.text) or None,
            "created_at": write_direct_time(direct.created_at),
            "dm_conversation_id": direct.conversation_id,
            "sender_id": direct.sender_id,
            "entities": (direct.stored.note or {}).get("entities") or direct.stored.entities or None,
        }
        return {name: value for name, value in whole.items() if name in fields and value is not None}

    def posts_answer(self, posts: list[Post]) -> dict[str, Any]:
        """``data``, ``includes`` and, for what could not be expanded, ``errors``."""
        answer: dict[str, Any] = {"data": [self.post(each) for each in posts]} if posts else {}
        gathered = _Gathered()
        self._references(posts, gathered)
        self._people(posts, gathered)
        return answer | gathered.answer(self._post, self.user)

    def directs_answer(self, directs: list[Direct]) -> dict[str, Any]:
        answer: dict[str, Any] = {"data": [self.direct(each) for each in directs]} if directs else {}
        gathered = _Gathered()
        if "sender_id" in self.asked.expansions:
            for each in directs:
                self._include_user(each.sender_id, "sender_id", gathered)
        return answer | gathered.answer(self._post, self.user)

    def _references(self, posts: list[Post], gathered: _Gathered) -> None:
        expansions = self.asked.expansions
        if not expansions & {"referenced_tweets.id", "referenced_tweets.id.author_id"}:
            return
        for post in posts:
            for wanted in filter(None, (post.reply_to, post.quotes, post.reposts)):
                found = self.state.posts[wanted]
                if found.deleted:
                    gathered.errors.append(not_found("tweet", "referenced_tweets.id", wanted))
                elif self.state.users[found.author_id].suspended:
                    gathered.errors.append(not_shown("tweet", "referenced_tweets.id", wanted))
                else:
                    gathered.posts[wanted] = found
        if "referenced_tweets.id.author_id" in expansions:
            for found in gathered.posts.values():
                self._include_user(found.author_id, "referenced_tweets.id.author_id", gathered)

    def _people(self, posts: list[Post], gathered: _Gathered) -> None:
        expansions = self.asked.expansions
        for post in posts:
            if "author_id" in expansions:
                self._include_user(post.author_id, "author_id", gathered)
            if "in_reply_to_user_id" in expansions and post.reply_to_user:
                self._include_user(post.reply_to_user, "in_reply_to_user_id", gathered)
            if "entities.mentions.username" in expansions:
                for each in post.stored.mentions:
                    self._include_user(each, "entities.mentions.username", gathered)

    def _include_user(self, user_id: str, parameter: str, gathered: _Gathered) -> None:
        user = self.state.users[user_id]
        if user.unnamed:
            return
        if user.suspended:
            gathered.errors.append(not_shown("user", parameter, user_id))
        else:
            gathered.users[user_id] = user


class _Gathered:
    """What goes into ``includes``, each once, and what could not."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.users: dict[str, User] = {}
        self.errors: list[dict[str, Any]] = []

    def answer(
        self, post: Callable[[Post], dict[str, Any]], user: Callable[[User], dict[str, Any]]
    ) -> dict[str, Any]:
        includes: dict[str, Any] = {}
        if self.users:
            includes["users"] = [user(each) for each in self.users.values()]
        if self.posts:
            includes["tweets"] = [post(each) for each in self.posts.values()]
        answer: dict[str, Any] = {"includes": includes} if includes else {}
        return answer | ({"errors": self.errors} if self.errors else {})
