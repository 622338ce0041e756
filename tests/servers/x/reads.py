"""The endpoints that only read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.servers.x.paging import page
from tests.servers.x.parameters import Parameters, checked_id
from tests.servers.x.refusals import Refusal, invalid, not_found, not_shown
from tests.servers.x.searching import reader
from tests.servers.x.signatures import Caller
from tests.servers.x.snowflakes import made_at
from tests.servers.x.state import Direct, Post, State, User
from tests.servers.x.views import View

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
_MENTIONS, _OWN = 800, 3200  # posts that these timelines reach back
_MOST_IDS = 100
_JUST_NOW = timedelta(seconds=10)


@dataclass(frozen=True)
class Request:
    """A request that was let in: who asks, what for."""

    state: State
    caller: Caller
    path: Mapping[str, str]  # parameters in the path
    asked: Parameters
    body: Any

    @property
    def view(self) -> View:
        return View(self.state, self.caller, self.asked)

    @property
    def me(self) -> User:
        return self.state.users[self.caller.user_id]


def users_me(request: Request) -> dict[str, Any]:
    return {"data": request.view.user(request.me)}


def user_by_username(request: Request) -> dict[str, Any]:
    return _user(request, request.state.find(request.path["username"]), "username", request.path["username"])


def user_by_id(request: Request) -> dict[str, Any]:
    wanted = checked_id("id", request.path["id"])
    return _user(request, wanted, "id", wanted)


def _user(request: Request, user_id: str | None, parameter: str, value: str) -> dict[str, Any]:
    user = request.state.users.get(user_id or "")
    if user is None or user.unnamed == "everywhere":
        return {"errors": [not_found("user", parameter, value)]}
    if user.suspended:
        return {"errors": [not_shown("user", parameter, value)]}
    return {"data": request.view.user(user)}


def mentions(request: Request) -> dict[str, Any]:
    user = _owner(request)
    listed = [
        post
        for post in request.state.listed()
        if user.id in post.stored.mentions and post.author_id != user.id
    ]
    return _timeline(request, listed[:_MENTIONS])


def timeline(request: Request) -> dict[str, Any]:
    user = _owner(request)
    exclude = (request.asked.get("exclude") or "").split(",")
    for each in exclude:
        if each not in {"", "replies", "retweets"}:
            raise invalid(
                "exclude",
                each,
                f"The `exclude` query parameter value [{each}] is not one of [replies,retweets]",
            )
    own = [post for post in request.state.listed() if post.author_id == user.id][:_OWN]
    kept = [
        post
        for post in own
        if not ("replies" in exclude and post.reply_to) and not ("retweets" in exclude and post.reposts)
    ]
    return _timeline(request, kept)


def users(request: Request) -> dict[str, Any]:
    wanted = [
        checked_id("ids", each) for each in (request.asked.get("ids") or "").split(",")[: _MOST_IDS + 1]
    ]
    if len(wanted) > _MOST_IDS:
        raise invalid("ids", len(wanted), f"The `ids` query parameter names more than {_MOST_IDS}")
    answers = [_user(request, each, "ids", each) for each in wanted]
    data = [each["data"] for each in answers if "data" in each]
    errors = [error for each in answers for error in each.get("errors", ())]
    return {name: found for name, found in (("data", data), ("errors", errors)) if found}


def _owner(request: Request) -> User:
    wanted = checked_id("id", request.path["id"])
    if wanted not in request.state.users:
        raise Refusal(200, {"errors": [not_found("user", "id", wanted)]})
    return request.state.users[wanted]


def search(request: Request) -> dict[str, Any]:
    query = request.asked.get("query")
    if query is None:
        raise invalid("query", "", "The `query` query parameter can not be empty")
    now, asked = request.state.now(), request.asked
    start, end, since = asked.time("start_time"), asked.time("end_time"), asked.get("since_id")
    if start is not None and start < now - WEEK:
        raise invalid(
            "start_time", asked.get("start_time"), "'start_time' must be on or after 7 days before now"
        )
    if end is not None and end > now - _JUST_NOW:
        raise invalid(
            "end_time", asked.get("end_time"), "'end_time' must be a minimum of 10 seconds prior to now"
        )
    if since is not None and made_at(since) < now - WEEK:
        raise invalid("since_id", since, "'since_id' must be a tweet id created within the last 7 days")
    test = reader(query, request.state)
    return _timeline(
        request, [each for each in request.state.listed() if each.created_at >= now - WEEK and test(each)]
    )


def _timeline(request: Request, listed: Iterable[Post]) -> dict[str, Any]:
    wanted = [post for post in listed if _within(post, request.asked)]
    posts, meta = page(wanted, request.asked, _scope(request), request.state.paging)
    answer = request.view.posts_answer(posts) | {"meta": meta}
    request.state.count_read()
    return answer


def _scope(request: Request) -> str:
    return f"{sorted(request.path.items())} {request.caller.user_id}"


def _within(post: Post, asked: Parameters) -> bool:
    since, until = asked.number("since_id"), asked.number("until_id")
    start, end = asked.time("start_time"), asked.time("end_time")
    return (
        (since is None or int(post.id) > since)
        and (until is None or int(post.id) < until)
        and (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
    )


def tweet(request: Request) -> dict[str, Any]:
    posts, errors = _looked_up(request, [checked_id("id", request.path["id"])], "id")
    if errors:
        return {"errors": errors}
    answer = request.view.posts_answer(posts)
    answer["data"] = answer["data"][0]
    return answer


def tweets(request: Request) -> dict[str, Any]:
    wanted = (request.asked.get("ids") or "").split(",")
    if not 1 <= len(wanted) <= _MOST_IDS:
        raise invalid(
            "ids",
            len(wanted),
            f"The number of values in the `ids` query parameter list is not between 1 and {_MOST_IDS}",
        )
    posts, errors = _looked_up(request, [checked_id("ids", each) for each in wanted], "ids")
    answer = request.view.posts_answer(posts)
    if errors or "errors" in answer:
        answer["errors"] = [*answer.get("errors", []), *errors]
    return answer


def _looked_up(
    request: Request, wanted: list[str], parameter: str
) -> tuple[list[Post], list[dict[str, Any]]]:
    posts, errors = [], []
    for each in wanted:
        post = request.state.posts.get(each)
        if post is None or not request.state.is_there(post):
            errors.append(not_found("tweet", parameter, each))
        elif request.state.users[post.author_id].suspended:
            errors.append(not_shown("tweet", parameter, each))
        else:
            posts.append(post)
    return posts, errors


def dm_events(request: Request) -> dict[str, Any]:
    return _directs(request, request.state.listed_directs(request.me.id))


def dm_conversation(request: Request) -> dict[str, Any]:
    other = checked_id("participant_id", request.path["participant_id"])
    listed = request.state.listed_directs(request.me.id)
    of_two = [each for each in listed if each.group is None]
    return _directs(request, [each for each in of_two if other in (each.sender_id, each.recipient_id)])


def _directs(request: Request, listed: Iterable[Direct]) -> dict[str, Any]:
    now = request.state.now()
    types = (request.asked.get("event_types") or "MessageCreate").split(",")
    if not set(types) <= {"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"}:
        raise invalid("event_types", types, "The `event_types` query parameter value is not valid")
    wanted = [each for each in listed if now - MONTH <= each.created_at <= now and "MessageCreate" in types]
    directs, meta = page(wanted, request.asked, _scope(request), request.state.paging)
    meta = {name: value for name, value in meta.items() if name not in {"newest_id", "oldest_id"}}
    answer = request.view.directs_answer(directs) | {"meta": meta}
    request.state.count_read(of_directs=True)
    return answer
