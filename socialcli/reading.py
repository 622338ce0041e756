"""Reading: messages of an account, or of a file, into the queue; and what is looked after on the way.

One fetch at a time per account: a kernel lock, which dies with its process, so that one which was killed
holds up nobody. A batch is on disk before its cursor is. A reading that got to its end beats the heart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from socialcli import durable, protecting, watching
from socialcli.app import App
from socialcli.channels.base import Batch, Channel
from socialcli.errors import SocialError
from socialcli.heartbeat import Beat, Heartbeat, gap
from socialcli.model.answers import Fetched
from socialcli.model.message import Message
from socialcli.model.protection import Restriction
from socialcli.tally import Tally

_WAIT = 1.0  # seconds for another fetch of the same account to end


@dataclass(frozen=True)
class Wish:
    """How accounts are to be read. ``limit``: new messages; ``max_cost``: decimal; ``fresh``: seconds."""

    limit: int | None = None
    dry_run: bool = False
    max_cost: str | None = None
    fresh: int | None = None


def read_account(app: App, account: str, wish: Wish, tally: Tally) -> Fetched:
    """Read one account. Raises LockHeldError, and what its channel and the queue raise."""
    now = app.now()
    heart = Heartbeat(app.momentary)
    try:
        with _alone(app, account, wish):
            last = heart.last(account)
            fetched = _read(app, account, wish, tally, now)
    except SocialError:
        _tell_gap(app, account, heart.last(account), now, wish, tally)
        so_far = tally.so_far
        if so_far is not None and so_far.account == account and so_far.new:
            _watch(
                app, account, wish
            )  # an outage may bring both many messages and a limit that ends the reading
        raise
    _tell_gap(app, account, last, now, wish, tally)
    _watch(app, account, wish)  # what other fetches of the account need not wait for
    return fetched


def _watch(app: App, account: str, wish: Wish) -> None:
    if not wish.dry_run:
        watching.watch(app, account)


def _alone(app: App, account: str, wish: Wish) -> AbstractContextManager[None]:
    if wish.dry_run:
        return nullcontext()
    return durable.lock(app.momentary / f"fetch-{account}.lock", f'fetch of "{account}"', wait=_WAIT)


def _tell_gap(app: App, account: str, last: Beat | None, now: datetime, wish: Wish, tally: Tally) -> None:
    limit = app.policy.fetch.gap if wish.fresh is None else wish.fresh
    told = gap(account, last, now, limit)
    if told is not None and wish.fresh is not None:
        tally.gaps.append(told)
    elif told is not None:
        app.console.note(told)


def _read(app: App, account: str, wish: Wish, tally: Tally, now: datetime) -> Fetched:
    channel = app.channel(account)
    if wish.max_cost is not None:
        channel.max_cost = wish.max_cost
    batches = _Watched(app, account, channel, wish, now)
    if wish.dry_run:
        return take_in(app, account, batches, tally, dry_run=True)
    try:
        fetched = take_in(app, account, batches, tally, dry_run=False)
        if batches.whole and not channel.cut_short:
            Heartbeat(app.momentary).beat(account, Beat(now, fetched.read, fetched.new))
        batches.keep_used()
        _look_after(app, account, channel, batches)
    finally:
        batches.keep_used()
    return fetched


class _Watched:
    """The batches of a channel. ``seen``: ids of what was read, where it will be asked for. ``whole``: whether
    all was read. ``spent``: what it has cost so far.
    """

    def __init__(self, app: App, account: str, channel: Channel, wish: Wish, now: datetime) -> None:
        self.seen: set[str] = set()
        self.whole = True
        self.spent = Decimal(0)
        self._app = app
        self._account = account
        self._channel = channel
        self._wish = wish
        self._now = now

    def __iter__(self) -> Iterator[Batch]:
        batches = self._channel.fetch(self._app.queue.cursor(self._account), self._now)
        for batch in batches if self._wish.limit is None else self._limited(batches, self._wish.limit):
            if _looks_up(self._channel):
                self.seen.update(message.id for message in batch.messages)
            yield batch
            if not self._wish.dry_run:
                self.keep_used()

    def keep_used(self) -> None:
        used = self._channel.used()
        if used is not None:
            self.spent += Decimal(used.cost)
            self._app.queue.keep_used(self._account, used.acts, used.cost, used.currency, used.held)

    def _limited(self, batches: Iterator[Batch], limit: int) -> Iterator[Batch]:
        # What the queue holds does not count, so that every run gets further, but goes along: it may have been
        # edited. A batch that was not taken whole keeps no cursor, and its bad rows are told of when the rest
        # of it comes.
        for batch in batches:
            known: list[Message] = []
            new: list[Message] = []
            for message in batch.messages:
                (known if self._app.queue.count_known([message]) else new).append(message)
            taken, context = tuple(new[:limit]), (*known, *batch.context)
            limit -= len(new)
            self.whole = limit > 0
            if limit >= 0:
                yield Batch(taken, batch.rejected, batch.cursor, batch.later, context)
            else:
                yield Batch(taken, later=batch.later, context=context)
            if limit <= 0:
                return


def take_in(app: App, account: str, batches: Iterable[Batch], tally: Tally, *, dry_run: bool) -> Fetched:
    """Take the batches into the queue, or with ``dry_run`` only count them."""
    read = new = refused = later = 0
    tally.so_far = None
    with app.queue.index.in_bulk():
        for batch in app.console.progress(batches, f"{account}: batches"):
            if dry_run:
                new += len(batch.messages) - app.queue.count_known(batch.messages)
            else:
                cursor = (account, batch.cursor) if batch.cursor is not None else None
                new += app.queue.take_in(batch.messages, cursor, context=batch.context)
            read += len(batch.messages) + len(batch.rejected)
            refused += len(batch.rejected)
            tally.reject(batch.rejected)
            later += batch.later
            tally.so_far = Fetched(account, read, new, read - new - refused, refused)
    if later:
        app.console.note(f"{account}: {later} message(s) are of a later time and were not taken yet")
    return tally.so_far or Fetched(account, 0, 0, 0, 0)


def import_rows(app: App, account: str, batches: Iterable[Batch], tally: Tally, *, dry_run: bool) -> Fetched:
    """Take the rows of a file into the queue, or with ``dry_run`` only count them."""
    try:
        return take_in(app, account, batches, tally, dry_run=dry_run)
    finally:
        if not dry_run:
            watching.watch(app, account)


# what is looked after besides; a fault here is told, and the reading stands


def _look_after(app: App, account: str, channel: Channel, read: _Watched) -> None:
    try:
        _follow(app, account, channel, read)
    except SocialError as error:
        app.console.note(f"{account}: what became of known messages could not be seen: {error.message}")
    read.keep_used()
    _lift_expired(app, account, channel, read.spent)


def _lift_expired(app: App, account: str, channel: Channel, spent: Decimal) -> None:
    """Take back what has ended, as far as the rest of the money goes."""
    limit = channel.max_cost
    for one in protecting.expired(app):
        if one.account != account:
            continue
        price = _price_of_lifting(app, channel, one)
        why = "it would cost too much (--max-cost)" if limit and spent + price > Decimal(limit) else ""
        if not (price and why):
            why = _lifted(app, one)
            spent += price
        if why:
            app.console.note(f"{account}: @{one.handle}: {one.rung} has ended and was not lifted: {why}")


def _lifted(app: App, restriction: Restriction) -> str:
    """Why it is not taken back; "" once it is."""
    try:
        protecting.lift(app, restriction, None)
    except SocialError as error:
        return error.message
    return ""


def _price_of_lifting(app: App, channel: Channel, restriction: Restriction) -> Decimal:
    if restriction.road != "api":
        return Decimal(0)
    named = app.policy.prices.get(f"{channel.account.network}/{restriction.rung}")
    return Decimal(named or channel.can_restrict(restriction.rung, None).cost)


def _looks_up(channel: Channel) -> bool:
    return type(channel).look_up is not Channel.look_up


def _follow(app: App, account: str, channel: Channel, read: _Watched) -> None:
    """Edits, renames and deletions of messages that wait for an answer and were not read just now."""
    waiting = (
        [one for one in app.queue.watched(account) if one.id not in read.seen] if _looks_up(channel) else []
    )
    looked = waiting[: _affordable(app, channel, read.spent)]
    if len(looked) < len(waiting):
        left = len(waiting) - len(looked)
        app.console.note(
            f"{account}: {left} known message(s) not looked up: it would cost too much (--max-cost)"
        )
    if looked:
        became = channel.look_up(looked)
        gone = frozenset(became.gone)
        app.queue.note_changes(became.changed, [one for one in looked if one.id in gone])


def _affordable(app: App, channel: Channel, spent: Decimal) -> int | None:
    """How many messages, each with its author, may be looked up for the rest of the money; None: any number."""
    limit = channel.max_cost
    prices, network = app.policy.prices, channel.account.network
    each = sum((Decimal(prices.get(f"{network}/{act}", "0")) for act in ("read", "user")), Decimal(0))
    return max(0, int((Decimal(limit) - spent) / each)) if limit and each else None
