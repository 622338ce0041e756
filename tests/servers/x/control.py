"""What a test orders the network to be: one method a verb, JSON in, JSON out. Raises ValueError with the reason."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from tests.servers.x.paging import Paging
from tests.servers.x.snowflakes import read_time, write_direct_time, write_time
from tests.servers.x.state import Direct, Post, State, User, Veil
from tests.servers.x.world import World

_SPELLINGS = ("old", "new")


class Control:
    """The verbs are the methods whose names begin with ``do_``."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> State:
        return self._world.state

    def do(self, verb: str, arguments: dict[str, Any]) -> Any:
        method = getattr(self, f"do_{verb}", None)
        if method is None:
            raise ValueError(f"no such order: {verb}")
        with self._world.lock:
            return method(**arguments)

    def _user(self, handle: str) -> User:
        found = self._state.find(handle)
        if found is None:
            raise ValueError(f"nobody is called {handle}")
        return self._state.users[found]

    def _post(self, post_id: str | None) -> Post:
        if post_id not in self._state.posts:
            raise ValueError(f"there is no post {post_id}")
        return self._state.posts[post_id]

    def do_user(self, handle: str, id: str | None, name: str, **changes: Any) -> dict[str, str]:  # noqa: A002
        found = self._state.find(handle)
        if found and id not in (None, found):
            raise ValueError(f"{handle} has the id {found}")
        user = self._state.users[found] if found else self._state.add_user(handle, id)
        user.name = name or user.name
        known = {each.name for each in fields(User)}
        for attribute, value in changes.items():
            if attribute not in known:
                raise ValueError(f"a user has no {attribute}")
            setattr(user, attribute, value)
        return {"id": user.id, "handle": user.handle, "name": user.name}

    def do_credentials(self, handle: str) -> dict[str, str]:
        return self._world.gate.tokens_of(self._user(handle).id).as_dict()

    def do_write(
        self,
        author: str,
        text: str,
        at: str,
        *,
        reply_to: str | None,
        quotes: str | None,
        reposts: str | None,
        late: bool,
        bare: bool,
        lang: str,
        reply_settings: str,
    ) -> str:
        user = self._state.user(author)
        for other in (quotes, reposts):
            if other is not None:
                self._post(other)
        parent = self._post(reply_to) if reply_to is not None else None
        leading = self._state.addressed(parent, user.id) if parent and not bare else ()
        post = self._state.add_post(
            user,
            text,
            read_time(at),
            parent=parent,
            leading=leading,
            quotes=quotes,
            reposts=reposts,
            lang=lang,
            reply_settings=reply_settings,
            veil=Veil(held=late),
        )
        return post.id

    def do_reveal(self, id: str) -> None:  # noqa: A002
        self._post(id).veil = Veil()

    def do_edit(self, id: str, text: str, at: str | None) -> str:  # noqa: A002
        newest = self._state.newest(self._post(id))
        when = read_time(at) if at else newest.created_at + timedelta(minutes=1)
        if when < newest.created_at:
            raise ValueError(f"the last version is of {write_time(newest.created_at)}")
        return self._state.edit(newest, text, when).id

    def do_delete(self, id: str) -> None:  # noqa: A002
        self._state.delete(self._post(id))

    def do_rename(self, handle: str, new: str) -> None:
        self._user(handle).handle = new.removeprefix("@")

    def do_suspend(self, handle: str) -> None:
        self._user(handle).suspended = True

    def do_unname(self, handle: str, where: str) -> None:
        self._user(handle).unnamed = where

    def do_page(self, most: int, *, first_empty: bool) -> None:
        self._state.paging = Paging(most, first_empty)

    def do_direct(self, sender: str, recipient: str, text: str, at: str, group: str | None) -> str:
        people = self._state.user(sender), self._state.user(recipient)
        return self._state.add_direct(*people, text, read_time(at), group=group).id

    def do_lag(self, *, reads: int, hold: bool, seconds: float, lookups: bool) -> None:
        self._state.lag = Veil(reads=reads, held=hold, lookups=lookups)
        self._state.lag_seconds = seconds

    def do_release(self) -> None:
        self.do_lag(reads=0, hold=False, seconds=0.0, lookups=False)
        items: list[Post | Direct] = [*self._state.posts.values(), *self._state.directs.values()]
        for item in items:
            if item.through == "api":
                item.veil = Veil()

    def do_fault(self, route: str, kind: str, times: int, skip: int, details: dict[str, Any]) -> None:
        self._world.faults.add(route, kind, times, skip, details)

    def do_calm(self) -> None:
        self._world.faults.clear()

    def do_limit(self, route: str, remaining: int, reset: int) -> None:
        self._world.limits.set(route, remaining, int(self._state.now().timestamp()) + reset)

    def do_spelling(self, which: str) -> None:
        if which not in _SPELLINGS:
            raise ValueError(f"spelling is one of {', '.join(_SPELLINGS)}")
        self._world.new_names = which == "new"

    def do_set_clock(self, at: str | None) -> None:
        self._state.set_clock(_time(at))

    def do_requests(self) -> list[dict[str, Any]]:
        return self._world.requests

    def do_forget_requests(self) -> None:
        self._world.requests.clear()

    def do_posts(self, by: str) -> list[dict[str, Any]]:
        author = self._user(by)
        return [_accepted(each, author) for each in self._state.posts.values() if each.author_id == author.id]

    def do_directs(self, sender: str) -> list[dict[str, Any]]:
        user = self._user(sender)
        return [self._direct(each) for each in self._state.directs.values() if each.sender_id == user.id]

    def _direct(self, direct: Direct) -> dict[str, Any]:
        note = direct.stored.note
        return {
            "id": direct.id,
            "sender": self._state.users[direct.sender_id].handle,
            "recipient": self._state.users[direct.recipient_id].handle,
            "text": note["text"] if note else direct.stored.text,
            "sent": direct.sent,
            "conversation_id": direct.conversation_id,
            "created_at": write_direct_time(direct.created_at),
            "through": direct.through,
        }

    def _handles(self, ids: list[str]) -> list[str]:
        return [self._state.users[each].handle for each in ids]

    def do_mutes(self, of: str) -> list[str]:
        return self._handles(self._state.mutes.get(self._user(of).id, []))

    def do_dm_blocks(self, of: str) -> list[str]:
        return self._handles(self._state.dm_blocks.get(self._user(of).id, []))

    def do_hidden(self) -> list[str]:
        return self._state.hidden


def _time(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)


def _accepted(post: Post, author: User) -> dict[str, Any]:
    """The server's own record of a post."""
    return {
        "id": post.id,
        "author": author.handle,
        "text": post.stored.note["text"] if post.stored.note else post.stored.text,
        "sent": post.sent,
        "in_reply_to": post.reply_to,
        "conversation_id": post.conversation_id,
        "created_at": write_time(post.created_at),
        "deleted": post.deleted,
        "through": post.through,
    }
