"""One fetch: every stream walked in its turn, a batch a page, within the money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from socialcli import clock
from socialcli.channels.base import Batch, Cursor
from socialcli.channels.x import raw, walk
from socialcli.channels.x.prices import CURRENCY, Meter
from socialcli.channels.x.streams import LARGEST, Stream, Taken
from socialcli.channels.x.walk import Progress
from socialcli.errors import CredentialsError, NotFoundError, RefusedError, SocialError, TemporaryError

_AGREE = timedelta(minutes=10)  # a time that is less far back is the present


def horizon(now: datetime) -> datetime:
    """Up to when messages count. Whatever X shows has happened, also where its clock is ahead of ours; only who
    asks as of an earlier time is shown no more than there was.
    """
    return now if now < clock.now() - _AGREE else datetime.max.replace(tzinfo=UTC)


class _Asked(Struct, frozen=True):
    """A page as it is asked for: how many rows, below which id, going on where."""

    size: int = 0
    until: str = ""
    token: str = ""


_EMPTY_PAGES = 20  # one after another: then X leads us in a circle


class Budget:
    """What a fetch may cost; None = no limit."""

    def __init__(self, meter: Meter, limit: str) -> None:
        self._meter = meter
        self._limit = Decimal(limit) if limit else None
        self._before = meter.spent

    def rows(self, stream: Stream) -> int:
        """How large a page of this stream may be; 0 where not even the smallest may be read."""
        if self._limit is None:
            return LARGEST
        each = self._of_a_row(stream)
        left = self._limit - (self._meter.spent - self._before)
        size = LARGEST if each <= 0 else min(LARGEST, int(left / each))
        return size if size >= stream.smallest else 0

    def _of_a_row(self, stream: Stream) -> Decimal:
        return sum((Decimal(self._meter.price(act)) for act in (stream.act, *stream.others)), Decimal(0))

    def told(self, stream: Stream) -> str:
        least = self._of_a_row(stream) * stream.smallest
        limit = f"since this fetch may cost {self._limit} {CURRENCY} at most"
        if self._limit is not None and self._limit < least:
            told = f"not read, {limit}: it needs at least {least} {CURRENCY}"
        else:
            told = f"not read further, {limit}; it goes on there the next time"
        return f"{stream.title}: {told} (fetch.max_cost, --max-cost)"


class Reading:
    """``cursor`` is changed as the streams are read, and goes out with every batch."""

    def __init__(
        self,
        streams: list[Stream],
        cursor: Cursor | None,
        meter: Meter,
        budget: Budget,
        *,
        overlap: int,
        now: datetime,
    ) -> None:
        self.cut_short = False  # whether the money came to its end before the streams did
        self._streams = streams
        kept = cursor or {}
        self._progress = {one.name: walk.read_progress(kept.get(one.name, {})) for one in streams}
        self._meter = meter
        self._budget = budget
        self._overlap = overlap
        self._now = now
        self._today = clock.now().date().isoformat()

    def batches(self, note: Callable[[str], None]) -> Iterator[Batch]:
        """What is refused is told and passed over, but for mentions; every other fault waits until all streams
        have had their turn.
        """
        faults: list[SocialError] = []
        for stream in self._streams:
            try:
                yield from self._walked(stream, note)
            except (RefusedError, NotFoundError, CredentialsError, TemporaryError) as error:
                # Where mentions are read with the same tokens, it is this alone that they may not.
                known = not any(isinstance(one, CredentialsError) for one in faults)
                spared = not isinstance(error, TemporaryError) and stream is not self._streams[0] and known
                if spared:
                    note(
                        f"{stream.title}: not read: {error.message}{f' ({error.hint})' if error.hint else ''}"
                    )
                else:
                    faults.append(error)
        if faults:
            raise next((one for one in faults if isinstance(one, CredentialsError)), faults[0])

    def _walked(self, stream: Stream, note: Callable[[str], None]) -> Iterator[Batch]:
        """First the walk that was interrupted, then one from the top."""
        if self._progress[stream.name].walk is not None:
            try:
                yield from self._descent(stream, note)
            except (RefusedError, NotFoundError, walk.StuckError):
                # It cannot go on from there: a walk from the top passes the same posts.
                self._progress[stream.name] = msgspec.structs.replace(self._progress[stream.name], walk=None)
            if self._progress[stream.name].walk is not None:
                return
        try:
            yield from self._descent(stream, note)
        except walk.StuckError as error:
            hint = "run it again later"
            raise TemporaryError(f"{stream.title}: X gives the same page again", hint=hint) from error

    def _descent(self, stream: Stream, note: Callable[[str], None]) -> Iterator[Batch]:
        """One walk, to its end, or to that of the money."""
        before = self._progress[stream.name]
        wanted = stream.known_rows if before.newest else LARGEST
        asked, empty = _Asked(), 0
        while True:
            allowed = min(wanted, self._budget.rows(stream))
            if not allowed:
                note(self._budget.told(stream))
                self.cut_short = True
                return
            asked = self._next(stream, asked, allowed)
            page, found = self._page(stream, asked, before)
            asked = msgspec.structs.replace(asked, token=raw.next_token(page) or "")
            self._progress[stream.name] = self._after(stream, found, asked.token)
            _tell_unnamed(stream, found, before, note)
            empty = 0 if found.spots else empty + 1
            if empty > _EMPTY_PAGES:
                raise walk.StuckError
            yield self._batch(found, before)
            if self._progress[stream.name].walk is None:
                return
            wanted = min(LARGEST, 2 * wanted)

    def _next(self, stream: Stream, last: _Asked, size: int) -> _Asked:
        """A token belongs to the query that it came from, with all its parameters."""
        at = self._progress[stream.name].walk
        if stream.by_token:
            return _Asked(size, "", at.token if at is not None else "")
        if last.token and last.size == size:
            return last
        return _Asked(size, at.until if at is not None else "", "")

    def _page(self, stream: Stream, asked: _Asked, before: Progress) -> tuple[dict[str, Any], Taken]:
        since = walk.not_before(before, self._overlap)
        page = stream.ask(asked.size, since, until=asked.until, token=asked.token)
        found = stream.take(page, self._now)
        first_today = before.day != self._today
        billed = {
            spot.id for spot in found.spots if first_today or walk.order(spot.id) > walk.order(before.newest)
        }
        self._meter.count_page(page, stream.act, billed, stream.place.us.id)
        return page, found

    def _after(self, stream: Stream, found: Taken, token: str) -> Progress:
        progress = self._progress[stream.name]
        if stream.one_page_at_first and not progress.newest and found.spots:
            token = ""
        now = int(self._now.timestamp())
        stepped = walk.stepped(progress, found.spots, token or None, overlap=self._overlap, now=now)
        return msgspec.structs.replace(stepped, day=self._today)

    def _batch(self, found: Taken, before: Progress) -> Batch:
        """Oldest first. A row that is no message is told of when it is first met."""
        taken = {one.id for one in found.messages}
        context = {one.id: one for one in reversed(found.context) if one.id not in taken}
        bad = (
            row for post, row in found.rejected if not post or walk.order(post) > walk.order(before.newest)
        )
        return Batch(
            tuple(reversed(found.messages)),
            tuple(bad),
            {name: msgspec.to_builtins(progress) for name, progress in self._progress.items()},
            found.later,
            tuple(context.values()),
        )


def _tell_unnamed(stream: Stream, found: Taken, before: Progress, note: Callable[[str], None]) -> None:
    new = (one for post, one in found.unnamed.items() if walk.order(post) > walk.order(before.newest))
    for user in {one.id: one for one in new}.values():
        note(f"{stream.title}: X does not name the user with the id {user.id}: called {user.username} here")
