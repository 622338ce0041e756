"""The endpoints that change something. Their bodies hold exactly what the specification allows."""

from __future__ import annotations

import re
from typing import Any

from tests.servers.x import refusals, texts
from tests.servers.x.parameters import checked_id
from tests.servers.x.reads import Request
from tests.servers.x.refusals import forbidden, invalid
from tests.servers.x.state import Post, User

_RECENT = 20  # posts of an account that a new one may not repeat
_CASHTAG = re.compile(r"(?<!\w)\$[A-Za-z]{1,6}\b")
_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")
# In the specification, but no matter of customer service: refused, so that nobody sends them unawares.
_UNSUPPORTED = frozenset(
    [
        "card_uri",
        "community_id",
        "direct_message_deep_link",
        "edit_options",
        "for_super_followers_only",
        "geo",
        "media",
        "nullcast",
        "paid_partnership",
        "poll",
        "share_with_followers",
    ]
)


def create_post(request: Request) -> dict[str, Any]:
    body = _body(
        request, {"text", "reply", "quote_tweet_id", "reply_settings", "made_with_ai", *_UNSUPPORTED}
    )
    for name in _UNSUPPORTED & body.keys():
        raise forbidden(f"This account may not use {name}.")
    text = _text(body)
    state, me = request.state, request.me
    if "quote_tweet_id" in body:
        raise forbidden(refusals.NOT_SUMMONED)
    settings = body.get("reply_settings", "everyone")
    if "reply_settings" in body and settings not in _SETTINGS:
        raise invalid("reply_settings", settings, f"$.reply_settings: is not one of {list(_SETTINGS)}")
    if not isinstance(body.get("made_with_ai", False), bool):
        raise invalid("made_with_ai", body["made_with_ai"], "$.made_with_ai: a boolean is expected")
    parent, excluded = _parent(request, body.get("reply"))
    addressed = state.addressed(parent, me.id) if parent else ()
    leading = tuple(each for each in addressed if state.find(each) not in excluded)
    _check_post(request, text, leading)
    post = state.add_post(
        me,
        text,
        state.now(),
        parent=parent,
        leading=leading,
        reply_settings=settings,
        through="api",
        veil=state.fresh_veil(),
    )
    return {"data": {"id": post.id, "text": post.stored.text, "edit_history_tweet_ids": list(post.versions)}}


def _body(request: Request, allowed: set[str]) -> dict[str, Any]:
    body = request.body
    if not isinstance(body, dict):
        raise invalid("body", body, "Requests with bodies must have content-type of application/json.")
    for name in body.keys() - allowed:
        raise invalid(
            name, body[name], f"$.{name}: is not defined in the schema and the schema does not allow it"
        )
    return body


def _text(body: dict[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise invalid("text", text, "$.text: a string with something in it is expected")
    return text


def _parent(request: Request, reply: Any) -> tuple[Post | None, frozenset[str]]:
    """The post that is answered and the users whom the answer does not address. Raises Refusal."""
    if reply is None:
        return None, frozenset()
    if not isinstance(reply, dict):
        raise invalid("reply", reply, "$.reply: an object is expected")
    for name in reply.keys() - {
        "in_reply_to_tweet_id",
        "exclude_reply_user_ids",
        "auto_populate_reply_metadata",
    }:
        raise invalid(name, reply[name], f"$.reply.{name}: is not defined in the schema")
    wanted, excluded = reply.get("in_reply_to_tweet_id"), reply.get("exclude_reply_user_ids", [])
    if not isinstance(wanted, str) or not isinstance(excluded, list):
        raise invalid("in_reply_to_tweet_id", wanted, "$.reply.in_reply_to_tweet_id: a string is expected")
    parent = request.state.posts.get(checked_id("in_reply_to_tweet_id", wanted))
    if parent is None or parent.deleted or request.state.users[parent.author_id].suspended:
        raise forbidden(refusals.GONE)
    _check_right(request, parent)
    return parent, frozenset(map(str, excluded))


def _check_right(request: Request, parent: Post) -> None:
    """Only who was summoned by the author of a post may answer it; and only where its conversation is open."""
    state, me = request.state, request.me
    newest = state.newest(parent)
    if newest.author_id == me.id:
        return
    mentioned = me.id in newest.stored.mentions
    quoted = newest.quotes is not None and state.posts[newest.quotes].author_id == me.id
    if not (mentioned or quoted):
        raise forbidden(refusals.NOT_SUMMONED)
    root = state.posts.get(newest.conversation_id, newest)
    for each in (newest, root):
        if (
            each.reply_settings != "everyone"
            and each.author_id != me.id
            and me.id not in each.stored.mentions
        ):
            raise forbidden(refusals.CLOSED)


def _check_post(request: Request, text: str, leading: tuple[str, ...]) -> None:
    plain = texts.stored(text, "0", request.state.find, leading).plain
    if texts.weight(plain) > texts.LONGEST:
        raise forbidden(refusals.TOO_LONG)
    if len(set(_CASHTAG.findall(text))) > 1:
        raise forbidden("You can only use one cashtag in a post.")
    own = [
        each for each in request.state.posts.values() if each.author_id == request.me.id and not each.deleted
    ]
    if plain in {each.stored.plain for each in own[-_RECENT:]}:
        raise forbidden(refusals.DUPLICATE)


def delete_post(request: Request) -> dict[str, Any]:
    post = request.state.posts.get(checked_id("id", request.path["id"]))
    if post is not None and post.author_id != request.me.id:
        raise forbidden("You are not authorized to delete this Tweet.")
    if post is not None:
        request.state.delete(post)
    return {"data": {"deleted": post is not None}}


def send_direct(request: Request) -> dict[str, Any]:
    body = _body(request, {"text", "attachments"})
    if "attachments" in body:
        raise forbidden("This account may not attach anything.")
    text = _text(body)
    recipient = request.state.users.get(checked_id("participant_id", request.path["participant_id"]))
    if (
        recipient is None
        or recipient.id == request.me.id
        or not request.state.may_direct(request.me.id, recipient)
    ):
        raise forbidden(refusals.NO_DM)
    now = request.state.now()
    direct = request.state.add_direct(
        request.me, recipient, text, now, through="api", veil=request.state.fresh_veil()
    )
    return {"data": {"dm_conversation_id": direct.conversation_id, "dm_event_id": direct.id}}


def mute(request: Request) -> dict[str, Any]:
    _check_own(request, "id")
    body = _body(request, {"target_user_id"})
    target = _target(request, checked_id("target_user_id", str(body.get("target_user_id"))))
    muted = request.state.mutes.setdefault(request.me.id, [])
    if target.id not in muted:
        muted.append(target.id)
    return {"data": {"muting": True}}


def unmute(request: Request) -> dict[str, Any]:
    _check_own(request, "source_user_id")
    target = _target(request, checked_id("target_user_id", request.path["target_user_id"]))
    muted = request.state.mutes.setdefault(request.me.id, [])
    if target.id in muted:
        muted.remove(target.id)
    return {"data": {"muting": False}}


def _check_own(request: Request, name: str) -> None:
    given = request.path[name]
    if given != request.me.id:
        message = f"The `{name}` query parameter value [{given}] must be the same as the authenticating user [{request.me.id}]"
        raise invalid(name, given, message)


def _target(request: Request, user_id: str) -> User:
    user = request.state.users.get(user_id)
    if user is None or user.id == request.me.id:
        raise invalid("target_user_id", user_id, "You cannot do this to that user")
    return user


def dm_block(request: Request) -> dict[str, Any]:
    target = _target(request, checked_id("id", request.path["id"]))
    blocked = request.state.dm_blocks.setdefault(request.me.id, [])
    if target.id not in blocked:
        blocked.append(target.id)
    return {"data": {"blocked": True}}


def dm_unblock(request: Request) -> dict[str, Any]:
    target = _target(request, checked_id("id", request.path["id"]))
    blocked = request.state.dm_blocks.setdefault(request.me.id, [])
    if target.id in blocked:
        blocked.remove(target.id)
    return {"data": {"blocked": False}}


def hide(request: Request) -> dict[str, Any]:
    """Only a reply, by somebody, in a conversation that began with a post of ours."""
    body = _body(request, {"hidden"})
    if not isinstance(body.get("hidden"), bool):
        raise invalid("hidden", body.get("hidden"), "$.hidden: a boolean is expected")
    state = request.state
    post = state.posts.get(checked_id("tweet_id", request.path["tweet_id"]))
    root = state.posts.get(post.conversation_id) if post else None
    if (
        post is None
        or post.deleted
        or root is None
        or root.author_id != request.me.id
        or root.id in post.versions
    ):
        raise forbidden(refusals.NOT_OURS)
    first = post.versions[0]
    if body["hidden"] and first not in state.hidden:
        state.hidden.append(first)
    if not body["hidden"] and first in state.hidden:
        state.hidden.remove(first)
    return {"data": {"hidden": body["hidden"]}}
