"""``export``: tickets as a table, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from socialcli import durable, render
from socialcli.app import App
from socialcli.choosing import chosen, filter_options, limit_option, sort_option
from socialcli.console import Answer, Screen, json_line
from socialcli.errors import UsageError
from socialcli.model.exported import ExportedFile, ExportedTicket
from socialcli.model.times import format_time
from socialcli.options import verb
from socialcli.queue.rows import TicketRow

_BLOCK = 1 << 16  # characters written at a time


@verb("Tickets as a table, one row each.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), help="[default: csv; with --json jsonl]"
)
@click.option("--output", "target", metavar="FILE", help="Into this file, whole or not at all.")
@filter_options
@sort_option("received")
@limit_option("all")
def command(
    app: App, form: str | None, target: str | None, saved: str | None, limit: int | None, **wanted: Any
) -> Answer:
    """Tickets as a table: one row a ticket, with the text of the customer's latest message and the whole
    conversation in one column. Archived tickets are in it.

    In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe, and control characters
    are taken out; JSON Lines have full values.

    \b
    socialcli export --status solved --output solved.csv
    socialcli export --format jsonl --match refund
    """
    return run(app, form, target, saved, limit=limit, **wanted)


def run(
    app: App,
    form: str | None,
    target: str | None,
    saved: str | None,
    *,
    limit: int | None = None,
    **wanted: Any,
) -> Answer:
    """Raises as ``list``; UsageError for CSV where JSON Lines were asked for, StorageError for the file."""
    asked = chosen(app, saved, limit=limit, otherwise=0, **wanted)
    if asked.sort is None and asked.match is None:
        asked = msgspec.structs.replace(asked, sort="received")
    to_file = target not in (None, "-")
    form = form or ("jsonl" if app.console.json and not to_file else "csv")
    if form == "csv" and app.console.json and not to_file:
        raise UsageError("--json prints JSON Lines, not CSV", hint="--format jsonl, or --output FILE")
    tickets = _exported(app, app.queue.rows(asked, asleep_last=False))
    lines = render.csv_lines if form == "csv" else _json_lines
    if not to_file:
        return Answer(tickets, lambda records, _screen: lines(records))
    count = _Counted(app.console.progress(tickets, "tickets"))
    durable.replace(Path(str(target)).absolute(), _blocks(lines(count)), point="export")
    return Answer([ExportedFile(str(target), form, count.number)], _written)


class _Counted:
    def __init__(self, items: Iterable[ExportedTicket]) -> None:
        self.number = 0
        self._items = items

    def __iter__(self) -> Iterator[ExportedTicket]:
        for item in self._items:
            self.number += 1
            yield item


def _exported(app: App, rows: Iterable[TicketRow]) -> Iterator[ExportedTicket]:
    for row in rows:
        ticket = app.queue.record(row)
        fields: dict[str, Any] = {
            name: getattr(ticket, name, None) for name in ExportedTicket.__struct_fields__
        }
        fields |= {"customer": ticket.customer.handle, "customer_name": ticket.customer.name}
        yield ExportedTicket(**fields | {"thread": _thread(app, row)})


def _thread(app: App, row: TicketRow) -> str:
    told = []
    for one in app.queue.thread(row):
        who = "us" if one.direction == "outbound" else f"@{one.author.handle}"
        told.append(f"{format_time(one.created_at)} {who}: {one.text}")
    return "\n\n".join(told)


def _json_lines(tickets: Iterable[ExportedTicket]) -> Iterator[str]:
    return (json_line(one).decode() for one in tickets)


def _blocks(lines: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _BLOCK:
            yield ("\n".join(held) + "\n").encode()
            held, size = [], 0
    if held:
        yield ("\n".join(held) + "\n").encode()


def _written(records: Iterable[ExportedFile], _screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{one.tickets:,} tickets in {one.file}"
