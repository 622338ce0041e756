"""The network "feed": RSS and Atom feeds, Google Alerts among them. It is only read: what stands on a page of
the web is answered there, by hand.

The cursor holds, for each address, what the server said of its state (ETag, Last-Modified), so that a feed
that did not change is not sent again; and which entries without id and link were told of before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b

from socialcli.channels.base import (
    Again,
    Batch,
    Channel,
    Cursor,
    Outgoing,
    OwnPost,
    PostRefusedError,
    Receipt,
    Rejected,
    Way,
)
from socialcli.channels.feed_download import Page, download, shown
from socialcli.channels.feed_entries import read_entries
from socialcli.channels.records import is_later
from socialcli.errors import Exit, SocialError, TemporaryError, UsageError
from socialcli.model.message import Message, Visibility

_MOST_TOLD = 50  # rejected entries of one feed that are kept in mind


class FeedChannel(Channel):
    """Reads the addresses of ``account.feeds``, each by itself: one that fails does not stop the others."""

    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        states: Cursor = {address: (cursor or {}).get(address) or {} for address in self.account.feeds}
        faults: list[tuple[str, SocialError]] = []
        for address, state in states.items():
            try:
                page = download(
                    address, state.get("etag", ""), state.get("modified", ""), self.account.timeout
                )
                if page.content is None:
                    continue
                batch, states[address] = self._batch(page, address, state, now)
            except SocialError as error:
                faults.append((address, error))
                continue
            yield Batch(batch.messages, batch.rejected, dict(states), batch.later)
        if faults:
            raise _together(faults, len(states))

    def _batch(self, page: Page, address: str, state: Cursor, now: datetime) -> tuple[Batch, Cursor]:
        """The entries, and the state to keep. A feed with an entry of a later time is read again as a whole."""
        messages, rejected, later = [], [], 0
        before, told = frozenset(state.get("told", ())), []
        for row in read_entries(page.content or b"", page.content_type, address, self.account, now):
            if isinstance(row, Rejected):
                told.append(blake2b(row.reason.encode(), digest_size=6).hexdigest())
                rejected += [Rejected(f"{shown(address)}, {row.place}", row.reason)] * (
                    told[-1] not in before
                )
            elif is_later(row, now):
                later += 1
            else:
                messages.append(row)
        kept: Cursor = {"told": told[:_MOST_TOLD]}
        kept |= {} if later else {"etag": page.etag, "modified": page.modified}
        return Batch(tuple(messages), tuple(rejected), None, later), {
            key: kept[key] for key in kept if kept[key]
        }

    def reach(self, message: Message, visibility: Visibility | None = None) -> Way:
        if visibility == "direct":
            return Way("no", "nobody is written to directly through a feed")
        where = f": {message.url}" if message.url else ""
        return Way("hand", f"a page on the web: answer there by hand{where}")

    def reach_all(self) -> Way:
        return Way("no", "a feed is only read")

    def post(self, outgoing: Outgoing, now: datetime) -> Receipt:  # noqa: ARG002 - it never posts
        raise PostRefusedError("a feed is only read: nothing can be posted to it")

    def own_posts(
        self,
        since: datetime,  # noqa: ARG002 - nothing is ever posted
        to: Message | None = None,  # noqa: ARG002
        *,
        direct: bool = False,  # noqa: ARG002
    ) -> Iterable[OwnPost]:
        return []

    def look_again(
        self,
        target: Message,  # noqa: ARG002 - nobody answers in a feed
        thread: Sequence[Message],  # noqa: ARG002
        cursor: Cursor | None,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Again:
        return Again()


def _together(faults: list[tuple[str, SocialError]], feeds: int) -> SocialError:
    """All that went wrong. Where an address must be mended, running it again later would not help."""
    lines = [f"{shown(address)}: {error.message}" for address, error in faults]
    message = "\n  ".join((f"{len(faults)} of {feeds} feed(s) could not be read", *lines))
    lasting = [error for _, error in faults if error.exit_code is Exit.USAGE]
    if lasting:
        return UsageError(message, hint=lasting[0].hint)
    return TemporaryError(message, hint="the next fetch tries again")
