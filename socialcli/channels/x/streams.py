"""What is read of an account: mentions, direct messages, our own posts, and the saved searches. Each is a stream
of its own: how it is asked for, what its rows mean, what a page of it may cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from socialcli import clock
from socialcli.channels.base import Rejected
from socialcli.channels.records import RecordReader
from socialcli.channels.x import direct, people, posts, raw
from socialcli.channels.x.posts import Page
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User
from socialcli.channels.x.walk import Spot
from socialcli.errors import TemporaryError
from socialcli.model.message import Message
from socialcli.model.times import format_time, parse_time
from socialcli.policy.schema import Search

if TYPE_CHECKING:
    from socialcli.channels.x.client import XClient

LARGEST = 100  # rows of a page; so says the specification
_SEARCH_REACHES = timedelta(days=7) - timedelta(minutes=1)
_KNOWN_DIRECTS = 10  # direct messages of the first page once there was a first fetch
OWN_PARAMS = {"expansions": ["referenced_tweets.id"]}  # the author is known, and users cost


class Taken(Struct):
    """What a page holds: ``messages`` newest first, ``spots`` of whatever has an id and a time, ``unnamed``: users
    whom X does not name, as they are called here.
    """

    messages: list[Message] = []
    context: list[Message] = []
    rejected: list[tuple[str, Rejected]] = []  # with the id, "" where there is none
    spots: list[Spot] = []
    later: int = 0
    unnamed: dict[str, User] = {}  # by the id of the row


class Place(Struct, frozen=True):
    """Who reads: the client, the account itself, how its rows become messages, and what counts the costs."""

    client: XClient
    us: User
    reader: RecordReader
    meter: Meter
    as_user: bool

    @property
    def post_params(self) -> dict[str, Any]:
        """What is asked of posts. Whether somebody takes direct messages can only be seen by a user."""
        fields = [*posts.USER_FIELDS, *(["receives_your_dm"] if self.as_user else [])]
        return {"tweet_fields": posts.FIELDS, "expansions": posts.EXPANSIONS, "user_fields": fields}

    def page(self, page: Mapping[str, Any], known: tuple[User, ...] = ()) -> Page:
        return Page(page, self.reader, our_id=self.us.id, known=(self.us, *known))


class Stream:
    """Posts of one kind. ``name`` is its place in the cursor, ``act`` what a row costs, ``others`` what else may be
    read along with each, ``known_rows`` how many are asked for first where what comes is mostly known.
    """

    name = ""
    title = ""
    act = "x/own-read"
    others: tuple[str, ...] = ("x/user", "x/read", "x/user")
    smallest = 5
    known_rows = LARGEST
    by_token = False  # goes on by the network's token, also in a later run
    one_page_at_first = False

    def __init__(self, place: Place) -> None:
        self.place = place

    def ask(self, size: int, since: int | None, *, until: str = "", token: str = "") -> dict[str, Any]:
        """A page. ``since``: epoch seconds. Raises what ``XClient.read`` does."""
        params = {"max_results": size, **self.place.post_params, **self._bounds(since)}
        if until:
            params["until_id"] = until
        if token:
            params["pagination_token"] = token
        return self._read(params)

    def _bounds(self, since: int | None) -> dict[str, Any]:
        return {} if since is None else {"start_time": format_time(datetime.fromtimestamp(since, UTC))}

    def _read(self, params: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def take(self, page: Mapping[str, Any], now: datetime) -> Taken:
        """Raises TemporaryError where the answer is no page: what it should have held is asked for again."""
        found = Taken()
        try:
            rows = raw.list_rows(page)
        except ValueError as error:
            raise TemporaryError(f"{self.title}: {error}", hint="run it again later") from error
        authors = people.find_missing(page, rows, self.place.us, self.place.client, self.place.meter)
        found.unnamed = {_id(row): one for row in rows for one in authors.unnamed if _wrote(one, row)}
        for row, messages, context in self._read_rows(self._reader(page, authors.all), rows, found):
            found.spots += _spot(row)
            for message in messages:
                self._sort(message, found, now)
            found.context += [one for one in context if one.created_at <= now]
        return found

    def _read_rows(
        self, read: Any, rows: list[Any], found: Taken
    ) -> Iterator[tuple[Any, list[Message], tuple[Message, ...]]]:
        """Each row with its message and what explains it; what is none is put aside in ``found``."""
        for row in rows:
            messages: list[Message] = []
            context: tuple[Message, ...] = ()
            try:
                message, context = read(row)
                messages = [message] if message is not None else []
            except ValueError as error:
                bad = posts.rejected(self.title, row, error)
                found.rejected.append((_id(row), bad))
            yield row, messages, context

    def _reader(self, page: Mapping[str, Any], authors: tuple[User, ...]) -> Any:
        known = self.place.page(page, authors)

        def read(row: Any) -> tuple[Message | None, tuple[Message, ...]]:
            post = self._post(known, row)
            return post.message, post.context

        return read

    def _post(self, known: Page, row: Any) -> posts.Post:
        return known.read(row, "mention")

    @staticmethod
    def _sort(message: Message, found: Taken, now: datetime) -> None:
        if message.created_at > now:
            found.later += message.direction == "inbound"
        elif message.direction == "outbound":
            found.context.append(message)
        else:
            found.messages.append(message)


class Mentions(Stream):
    name = "mentions"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.title = f"mentions of @{place.us.username}"

    def _read(self, params: dict[str, Any]) -> dict[str, Any]:
        return self.place.client.read("mentions", "get_users_mentions", self.place.us.id, **params)


class Own(Stream):
    """Our own posts, also those made elsewhere: they are context, and what they answer is mostly known already."""

    name = "own"
    others = ("x/read",)
    one_page_at_first = True

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.title = f"posts of @{place.us.username}"

    def _read(self, params: dict[str, Any]) -> dict[str, Any]:
        return self.place.client.read("own", "get_users_tweets", self.place.us.id, **params | OWN_PARAMS)


class SavedSearch(Stream):
    act = "x/read"
    smallest = 10

    def __init__(self, place: Place, search: Search) -> None:
        super().__init__(place)
        self.search = search
        self.name = f"search:{search.name}"
        self.title = f'search "{search.name}"'

    def _bounds(self, since: int | None) -> dict[str, Any]:
        """X refuses times that search does not reach."""
        earliest = int((clock.now() - _SEARCH_REACHES).timestamp())
        return {} if since is None or since < earliest else super()._bounds(since)

    def _read(self, params: dict[str, Any]) -> dict[str, Any]:
        if "pagination_token" in params:
            params["next_token"] = params.pop("pagination_token")
        return self.place.client.read("search", "search_recent_tweets", self.search.query, **params)

    def _post(self, known: Page, row: Any) -> posts.Post:
        return known.read(row, "search", self.search.name)


class Directs(Stream):
    name = "direct"
    title = "direct messages"
    act = "x/direct-read"
    others = ("x/user",)
    smallest = 1
    known_rows = _KNOWN_DIRECTS
    by_token = True

    def ask(self, size: int, since: int | None, *, until: str = "", token: str = "") -> dict[str, Any]:
        """The last 30 days; neither a time nor an id can bound it."""
        del since, until
        params = {**direct.PARAMS, "max_results": size, **({"pagination_token": token} if token else {})}
        return self.place.client.read("direct-read", "get_direct_message_events", user=True, **params)

    def _reader(self, page: Mapping[str, Any], authors: tuple[User, ...]) -> Any:
        known = direct.DirectPage(page, self.place.reader, self.place.us, authors)

        def read(row: Any) -> tuple[Message | None, tuple[Message, ...]]:
            return known.read(row), ()

        return read


def _spot(row: Any) -> list[Spot]:
    """Also of rows that are no messages: the walk goes over them."""
    try:
        return [Spot(_id(row), int(parse_time(row["created_at"]).timestamp()))] if _id(row) else []
    except (ValueError, KeyError, TypeError):
        return []


def _wrote(user: User, row: Any) -> bool:
    return isinstance(row, dict) and user.id in (row.get("author_id"), row.get("sender_id"))


def _id(row: Any) -> str:
    found = row.get("id") if isinstance(row, dict) else None
    return found if isinstance(found, str) else ""
