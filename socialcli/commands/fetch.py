"""``fetch``: new messages into the queue."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from socialcli import render
from socialcli.app import App
from socialcli.channels.base import Batch, Rejected
from socialcli.channels.records import Explaining
from socialcli.console import Answer
from socialcli.errors import SocialError, UsageError
from socialcli.model.answers import Fetched
from socialcli.model.message import Message
from socialcli.options import MOST, dry_run_option, duration, max_cost_option, verb
from socialcli.reading import Wish, import_rows, read_account
from socialcli.tally import Tally
from socialcli.workspace import unreadable

if TYPE_CHECKING:
    from socialcli.policy.schema import Account

_CHUNK = 10_000  # messages taken in with one write


@verb("Bring new messages into the queue.")
@click.option("--account", "accounts", metavar="A", multiple=True, help="Only this account; may be repeated.")
@click.option(
    "--from", "source", metavar="FILE", help="Import a file instead of asking the network; - is stdin."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "x", "eml"]),
    help="Of the file [default: by its name]; eml: mail that answers ours, also an mbox or a Maildir.",
)
@click.option("--map", "mapping", metavar="FIELD=COLUMN,...", help="Which column of a CSV holds which field.")
@click.option("--tz", "zone", metavar="ZONE", help="Zone of times without one, such as Europe/London.")
@click.option("--limit", type=click.IntRange(1, MOST), help="Take at most so many new messages.")
@click.option(
    "--assert-fresh",
    metavar="DURATION",
    callback=duration(),
    help="Exit 3 if an account was not read for longer than this, such as 15m.",
)
@max_cost_option
@dry_run_option
def command(
    app: App,
    accounts: tuple[str, ...],
    source: str | None,
    form: str | None,
    mapping: str | None,
    zone: str | None,
    limit: int | None,
    assert_fresh: int | None,
    max_cost: str | None,
    dry_run: bool,
) -> Answer:
    """Bring new messages into the queue, each once, however often they are read.

    \b
    socialcli fetch
    socialcli -q fetch --assert-fresh 15m
    socialcli fetch --from mentions.csv --map id=tweet_id,author.handle=user,text=text,created_at=date
    socialcli fetch --from - --format eml
    """
    if source is None:
        if form or mapping or zone:
            raise UsageError("--format, --map and --tz belong to --from FILE")
        return _from_networks(app, accounts, Wish(limit, dry_run, max_cost, assert_fresh))
    if max_cost is not None or assert_fresh is not None:
        raise UsageError("--max-cost and --assert-fresh are about accounts, not about --from FILE")
    if form == "eml" or (form is None and source.endswith((".eml", ".mbox"))):
        if accounts or mapping or zone:
            raise UsageError(
                "mail belongs to tickets, not to an account: --account, --map and --tz do not go with it"
            )
        return _mails(app, source, limit, dry_run=dry_run)
    if len(accounts) > 1:
        raise UsageError("an import belongs to one account", hint="give --account once")
    account = app.account(accounts[0] if accounts else None)
    rows = _import_rows(app, account, source, form, mapping or "", _zone(zone))
    return _imported(app, account.name, _batches(rows, app.now(), limit), dry_run=dry_run)


def _from_networks(app: App, names: tuple[str, ...], wish: Wish) -> Answer:
    accounts = [app.account(name).name for name in dict.fromkeys(names)] or [
        one.name for one in app.policy.accounts
    ]
    tally = Tally(len(accounts))
    return _answer(tally, [(name, partial(read_account, app, name, wish, tally)) for name in accounts])


def _imported(app: App, account: str, batches: Iterator[Batch], *, dry_run: bool) -> Answer:
    tally = Tally(1)
    return _answer(tally, [(account, partial(import_rows, app, account, batches, tally, dry_run=dry_run))])


def _answer(tally: Tally, sources: Iterable[tuple[str, Callable[[], Fetched]]]) -> Answer:
    def records() -> Iterator[Fetched]:
        told = 0
        for name, read in sources:
            try:
                tally.taken.append(read())
            except SocialError as error:
                tally.failed(name, error)
            yield from tally.taken[told:]
            told = len(tally.taken)

    return Answer(records(), render.fetched, tally.verdict)


def _mails(app: App, source: str, limit: int | None, *, dry_run: bool) -> Answer:
    from socialcli.handing.incoming import take_in

    result = take_in(app, source, limit=limit, dry_run=dry_run)
    return Answer([result.fetched], render.fetched, lambda: result.error)


# imports from files


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(f'--tz: no time zone "{name}"', hint="such as Europe/London or UTC") from error


def _import_rows(
    app: App, account: Account, source: str, form: str | None, mapping: str, zone: tzinfo | None
) -> Iterator[Message | Explaining | Rejected]:
    from socialcli.channels.importing import guess_format, parse_map, read_file
    from socialcli.channels.records import RecordReader

    fields = parse_map(mapping) if mapping else {}
    reader = RecordReader(account, app.policy.our_handles, source="import", zone=zone)
    form = form or ("jsonl" if source == "-" else guess_format(source))
    return read_file(_open(source), source if source != "-" else "standard input", form, fields, reader)


def _open(source: str) -> BinaryIO:
    if source == "-":
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise unreadable(source, error) from error


def _batches(
    rows: Iterator[Message | Explaining | Rejected], now: datetime, limit: int | None
) -> Iterator[Batch]:
    taken = _at_most(rows, limit)
    while chunk := list(islice(taken, _CHUNK)):
        bad = tuple(row for row in chunk if isinstance(row, Rejected))
        messages = [row for row in chunk if isinstance(row, Message)]
        now_or_before = tuple(message for message in messages if message.created_at <= now)
        context = (row.message for row in chunk if isinstance(row, Explaining))
        yield Batch(
            now_or_before,
            bad,
            later=len(messages) - len(now_or_before),
            context=tuple(message for message in context if message.created_at <= now),
        )


def _at_most(
    rows: Iterator[Message | Explaining | Rejected], limit: int | None
) -> Iterator[Message | Explaining | Rejected]:
    """So many rows; what explains them does not count."""
    count = 0
    for row in rows:
        count += not isinstance(row, Explaining)
        if limit is not None and count > limit:
            return
        yield row
