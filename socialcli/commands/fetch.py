"""``fetch``: new messages into the queue."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from socialcli import render
from socialcli.app import App
from socialcli.channels.base import Batch, Rejected
from socialcli.console import Answer
from socialcli.errors import Exit, SocialError, UsageError
from socialcli.model.answers import Fetched
from socialcli.options import MOST, dry_run_option, verb
from socialcli.workspace import unreadable

if TYPE_CHECKING:
    from socialcli.model.message import Message
    from socialcli.policy.schema import Account

_CHUNK = 5000  # messages taken in with one write
_SHOWN = 10  # rejected rows listed one by one


class _PartlyError(SocialError):
    exit_code = Exit.PARTLY


@verb("Bring new messages into the queue.")
@click.option("--account", "accounts", metavar="A", multiple=True, help="Only this account; may be repeated.")
@click.option(
    "--from", "source", metavar="FILE", help="Import a file instead of asking the network; - is stdin."
)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "x"]), help="Of the file [default: by its name]."
)
@click.option("--map", "mapping", metavar="FIELD=COLUMN,...", help="Which column of a CSV holds which field.")
@click.option("--tz", "zone", metavar="ZONE", help="Zone of times without one, such as Europe/London.")
@click.option("--limit", type=click.IntRange(1, MOST), help="Take at most so many new messages.")
@dry_run_option
def command(
    app: App,
    accounts: tuple[str, ...],
    source: str | None,
    form: str | None,
    mapping: str | None,
    zone: str | None,
    limit: int | None,
    dry_run: bool,
) -> Answer:
    """Bring new messages into the queue, each once, however often they are read.

    \b
    socialcli fetch
    socialcli fetch --from mentions.csv --map id=tweet_id,author.handle=user,text=text,created_at=date
    """
    if source is None and (form or mapping or zone):
        raise UsageError("--format, --map and --tz belong to --from FILE")
    if source is None:
        return _from_networks(app, accounts, limit, dry_run=dry_run)
    if len(accounts) > 1:
        raise UsageError("an import belongs to one account", hint="give --account once")
    account = app.account(accounts[0] if accounts else None)
    rows = _import_rows(app, account, source, form, mapping or "", _zone(zone))
    return _answer(
        app, [(account.name, _batches(rows, app.now(), limit))], dry_run=dry_run, keep_cursor=False
    )


def _from_networks(app: App, names: tuple[str, ...], limit: int | None, *, dry_run: bool) -> Answer:
    accounts = [app.account(name) for name in names] or list(app.policy.accounts)
    sources = [(account.name, _network_batches(app, account.name, limit)) for account in accounts]
    return _answer(app, sources, dry_run=dry_run, keep_cursor=True)


def _network_batches(app: App, account: str, limit: int | None) -> Iterator[Batch]:
    batches = app.channel(account).fetch(app.queue.cursor(account), app.now())
    if limit is None:
        yield from batches
        return
    # What the queue holds does not count, so that every run gets further; a batch that was not taken whole
    # keeps no cursor, and its bad rows are told of when the rest of it comes.
    for batch in batches:
        new = [message for message in batch.messages if not app.queue.count_known([message])]
        whole = len(new) <= limit
        yield Batch(
            tuple(new[:limit]),
            batch.rejected if whole else (),
            batch.cursor if whole else None,
            batch.later,
        )
        limit -= len(new)
        if limit <= 0:
            return


def _answer(
    app: App, sources: list[tuple[str, Iterator[Batch]]], *, dry_run: bool, keep_cursor: bool
) -> Answer:
    faults: list[tuple[str, SocialError]] = []
    rejected: list[Rejected] = []
    taken: list[Fetched] = []

    def records() -> Iterator[Fetched]:
        for name, batches in sources:
            try:
                taken.append(_take_in(app, name, batches, rejected, dry_run=dry_run, keep_cursor=keep_cursor))
                yield taken[-1]
            except SocialError as error:
                if len(sources) == 1:
                    raise
                faults.append((name, error))

    return Answer(records(), render.fetched, lambda: _stands_against(faults, rejected, taken))


def _take_in(
    app: App,
    account: str,
    batches: Iterable[Batch],
    rejected: list[Rejected],
    *,
    dry_run: bool,
    keep_cursor: bool,
) -> Fetched:
    read = new = refused = later = 0
    for batch in app.console.progress(batches, f"{account}: batches"):
        if dry_run:
            new += len(batch.messages) - app.queue.count_known(batch.messages)
        else:
            cursor = (account, batch.cursor) if keep_cursor and batch.cursor is not None else None
            new += app.queue.take_in(batch.messages, cursor)
        read += len(batch.messages) + len(batch.rejected)
        refused += len(batch.rejected)
        rejected += batch.rejected[: _SHOWN + 1 - len(rejected)]
        later += batch.later
    if later:
        app.console.note(f"{account}: {later} message(s) are of a later time and were not taken yet")
    return Fetched(account, read, new, read - new - refused, refused)


def _stands_against(
    faults: list[tuple[str, SocialError]], rejected: list[Rejected], taken: list[Fetched]
) -> SocialError | None:
    lines = [f"{name}: {error.message}" for name, error in faults]
    lines += [f"{one.place}: {one.reason}" for one in rejected[:_SHOWN]]
    if len(rejected) > _SHOWN:
        lines.append("... and more")
    if not lines:
        return None
    what = "not everything was read" if faults else "rows that are no messages were passed over"
    rest = "the rest was" if any(one.new + one.known for one in taken) else "nothing was"
    return _PartlyError("\n  ".join((what, *lines)), hint=f"{rest} taken in; mend them and run this again")


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
) -> Iterator[Message | Rejected]:
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


def _batches(rows: Iterator[Message | Rejected], now: datetime, limit: int | None) -> Iterator[Batch]:
    taken: Any = islice(rows, limit) if limit else rows
    while chunk := list(islice(taken, _CHUNK)):
        bad = tuple(row for row in chunk if isinstance(row, Rejected))
        messages = [row for row in chunk if not isinstance(row, Rejected)]
        now_or_before = tuple(message for message in messages if message.created_at <= now)
        yield Batch(now_or_before, bad, None, len(messages) - len(now_or_before))
