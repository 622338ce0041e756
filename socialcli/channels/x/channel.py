"""The channel of X: the contract of ``channels.base``, kept by the parts beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialcli import clock, durable
from socialcli.channels.base import (
    Again,
    Batch,
    Cap,
    Channel,
    Cursor,
    DuplicateError,
    NotPostedError,
    OutcomeUnknownError,
    Outgoing,
    OwnPost,
    PostRefusedError,
    Receipt,
    Seen,
    Used,
    Way,
)
from socialcli.channels.records import RecordReader
from socialcli.channels.x import identity
from socialcli.channels.x.lookup import Lookup
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.reading import Budget, Reading, horizon
from socialcli.channels.x.restricting import Restricting
from socialcli.channels.x.roads import CAPS, GROUP, Roads, is_group
from socialcli.channels.x.streams import Directs, Mentions, Own, Place, SavedSearch, Stream
from socialcli.channels.x.thread import Thread
from socialcli.errors import NotFoundError, RefusedError, StorageError, TemporaryError
from socialcli.model.draft import Road
from socialcli.model.message import Author, Message, Visibility
from socialcli.model.protection import Rung
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account, Policy, Search

if TYPE_CHECKING:
    from socialcli.channels.x.client import XClient

_SKEW = timedelta(minutes=5)  # by so much X's clock may be behind ours


class XChannel(Channel):
    """``held``: until when (epoch seconds) X takes no more of something, as known from before."""

    read_lag = timedelta(minutes=2)

    def __init__(
        self,
        account: Account,
        tokens: Tokens,
        policy: Policy,
        held: dict[str, int],
        note: Callable[[str], None],
        momentary: Path,
    ) -> None:
        super().__init__(account)
        self.max_cost = policy.fetch.max_cost
        self._tokens = tokens
        self._policy = policy
        self._note = note
        self._momentary = momentary
        self._held = held
        self._meter = Meter(policy.prices)
        self._roads = Roads(account, self._meter, as_user=tokens.acts_for_user)

    @cached_property
    def _client(self) -> XClient:
        """Made when X is asked something: what only looks into the queue need not wait for its library."""
        from socialcli.channels.x.client import XClient

        return XClient(self.account, self._tokens, self._note, held=self._held)

    @cached_property
    def _place(self) -> Place:
        """Raises CredentialsError where these are not the tokens of this account, and what a read does."""
        us = identity.known(self._client, self.account, self._tokens, self._meter, self._momentary)
        reader = RecordReader(self.account, self._policy.our_handles, source="mention")
        return Place(self._client, us, reader, self._meter, self._tokens.acts_for_user)

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._place, self._meter)

    @cached_property
    def _thread(self) -> Thread:
        return Thread(self._place, self._meter, self._lookup)

    @cached_property
    def _restricting(self) -> Restricting:
        return Restricting(self._place, self._thread, self._meter)

    # reading

    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        budget = Budget(self._meter, self.max_cost)
        reading = Reading(
            self._streams(),
            cursor,
            self._meter,
            budget,
            overlap=self._policy.fetch.overlap,
            now=horizon(now),
        )
        try:
            yield from reading.batches(self._note)
        finally:
            self.cut_short = reading.cut_short

    def _streams(self) -> list[Stream]:
        place = self._place
        searches = [SavedSearch(place, one) for one in self._policy.fetch.searches if self._asks(one)]
        if place.as_user:
            return [Mentions(place), Directs(place), Own(place), *searches]
        name = self.account.name
        self._note(f'account "{name}": no direct messages with a bearer token alone (socialcli login {name})')
        return [Mentions(place), Own(place), *searches]

    def _asks(self, search: Search) -> bool:
        """Whether it is this account that asks."""
        first = next(one.name for one in self._policy.accounts if one.network == self.account.network)
        return search.is_on and (search.account or first) == self.account.name

    def look_up(self, messages: Sequence[Message]) -> Seen:
        return self._lookup.look_up(messages, billed=self._is_first_look_today())

    def _is_first_look_today(self) -> bool:
        """X bills the same posts once a day (UTC)."""
        path = self._momentary / f"x-{self.account.name}.looked"
        today = clock.now().date().isoformat().encode()
        try:
            if path.read_bytes() == today:
                return False
        except OSError:
            pass  # then it is the first, or counts as it
        with suppress(OSError, StorageError):  # else it is only counted too often
            durable.replace(path, [today])
        return True

    def look_again(
        self, target: Message, thread: Sequence[Message], cursor: Cursor | None, now: datetime
    ) -> Again:
        try:
            return self._thread.again(target, thread, cursor or {}, horizon(now))
        except (RefusedError, NotFoundError) as error:
            raise TemporaryError(
                f"the thread cannot be read again: {error.message}", hint=error.hint
            ) from error

    def own_posts(
        self, since: datetime, to: Message | None = None, *, direct: bool = False
    ) -> Iterable[OwnPost]:
        since -= _SKEW
        if to is not None and (direct or to.visibility == "direct"):
            return self._thread.own_directs(to, since)
        return self._thread.own_posts(since, to)

    # roads

    def reach(self, message: Message, visibility: Visibility | None = None) -> Way:
        return self._roads.reach(message, visibility)

    def reach_all(self) -> Way:
        return self._roads.reach_all()

    def cost(self, text: str, way: Way) -> str:
        return self._roads.cost(text, way)

    def caps(self, road: Road) -> tuple[Cap, ...]:
        return CAPS.get(road, ())

    # posting

    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:  # noqa: ARG002 - X says when it was
        target = outgoing.target
        self._require_login()
        if outgoing.visibility == "direct":
            return self._post_direct(outgoing, target)
        if target is not None and target.visibility == "direct":
            raise PostRefusedError("an answer to a private message is never posted in public")
        answers = {} if target is None else {"in_reply_to_tweet_id": target.version}
        page = self._charged(
            self._roads.act(outgoing.text, target),
            lambda: self._client.write("posts", "create_tweet", text=outgoing.text, **answers),
        )
        remote_id = _id_of(page, "id")
        return Receipt(remote_id, f"https://x.com/{self.account.handle}/status/{remote_id}")

    def _post_direct(self, outgoing: Outgoing, target: Message | None) -> Receipt:
        if target is None:
            raise PostRefusedError("a direct message needs somebody to write to")
        if is_group(target):
            raise PostRefusedError(GROUP)
        try:
            them = self._thread.id_of(target.author)
        except (RefusedError, NotFoundError) as error:
            raise PostRefusedError(error.message, hint=error.hint) from error
        except TemporaryError as error:
            raise NotPostedError(error.message, hint=error.hint) from error
        page = self._charged(
            "x/direct",
            lambda: self._client.write(
                "direct", "create_direct_message", participant_id=them, text=outgoing.text
            ),
        )
        return Receipt(_id_of(page, "dm_event_id"))

    def _require_login(self) -> None:
        """Never post under another name."""
        try:
            _ = self._place
        except (RefusedError, NotFoundError, TemporaryError) as error:
            raise NotPostedError(error.message, hint=error.hint) from error

    def _charged(self, act: str, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What may have arrived counts as paid; X's no does not."""
        try:
            page = write()
        except OutcomeUnknownError as error:
            if not isinstance(error, DuplicateError):
                self._meter.count(act)
            raise
        self._meter.count(act)
        return page

    # the rest

    def can_restrict(self, rung: Rung, message: Message | None) -> Way:
        return (
            super().can_restrict(rung, message) if rung == "monitor" else self._restricting.way(rung, message)
        )

    def restrict(self, rung: Rung, author: Author, message: Message | None) -> None:
        self._restricting.change(rung, author, message, on=True)

    def lift(self, rung: Rung, author: Author, message: Message | None) -> None:
        self._restricting.change(rung, author, message, on=False)

    def check_login(self) -> str:
        us = identity.ask(self._client, self.account, self._tokens, self._meter)
        only = "" if self._tokens.acts_for_user else "; a bearer token can only read, and no direct messages"
        return f"logged in as @{us.username} (id {us.id}){only}"

    def used(self) -> Used | None:
        return self._meter.used(self._client.held) if "_client" in self.__dict__ else None


def _id_of(page: dict[str, Any], name: str) -> str:
    """Raises OutcomeUnknownError where the answer does not say which post it became."""
    data = page.get("data")
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, str) or not found:
        raise OutcomeUnknownError(
            "X took it, but did not say under which id", hint="socialcli outbox --settle looks for it"
        )
    return found
