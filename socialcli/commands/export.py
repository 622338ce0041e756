"""``export``: tickets as a table, one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from socialcli import durable, masking, render
from socialcli.app import App
from socialcli.choosing import chosen, filter_options, limit_option, sort_option
from socialcli.console import Answer, Screen, json_line
from socialcli.errors import UsageError
from socialcli.model.exported import ExportedFile, ExportedTicket
from socialcli.model.times import format_time
from socialcli.options import verb
from socialcli.queue.rows import TicketRow
from socialcli.text.clean import harmless

Lines = Callable[[Iterable[ExportedTicket]], Iterator[str]]

_FORMS = ("csv", "jsonl")
_BLOCK = 1 << 16  # characters written at a time


@verb("Tickets as a table, one row each.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    help="[default: as FILE ends, .csv or .jsonl; else csv, with --json jsonl]",
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
    """Raises as ``list``; UsageError for CSV where JSON Lines were asked for and for a file that cannot be,
    StorageError for one that cannot be written.
    """
    asked = chosen(app, saved, limit=limit, otherwise=0, **wanted)
    if asked.sort is None and asked.match is None:
        asked = msgspec.structs.replace(asked, sort="received")
    file = None if target in (None, "-") else _place(app, str(target))
    form = form or _form(file, json=app.console.json)
    if form == "csv" and app.console.json and file is None:
        raise UsageError("--json prints JSON Lines, not CSV", hint="--format jsonl, or --output FILE")
    tickets = _exported(app, app.queue.rows(asked, asleep_last=False))
    lines = render.csv_lines if form == "csv" else _json_lines
    if file is None:
        return _on_stdout(app, tickets, lines)
    count = _Counted(app.console.progress(tickets, "tickets"))
    durable.replace(file, _blocks(lines(count)), point="export")
    return Answer([ExportedFile(str(target), form, count.number)], _written)


def _place(app: App, target: str) -> Path:
    """Raises UsageError where no file can be, or where what stands there is no export."""
    file = Path(target).resolve()
    if file.is_dir():
        raise UsageError(f"--output {target}: that is a folder", hint="name a file in it")
    if not file.parent.is_dir():
        raise UsageError(
            f"--output {target}: there is no folder {file.parent}",
            hint=f"make it first: mkdir -p {file.parent}",
        )
    if file.exists() and not file.is_file():
        raise UsageError(f"--output {target}: that is no regular file", hint="export > FILE writes into it")
    if file in _ours(app):
        hint = "name a file that is not the workspace's own"
        raise UsageError(f"--output {target}: that is a file of the workspace", hint=hint)
    return file


def _ours(app: App) -> set[Path]:
    """Files that an export must never stand in the place of."""
    folder = app.workspace
    accounts = [name for one in app.policy.accounts for name in (one.inbox, one.outbox)]
    names = ["queue.jsonl", "policies.toml", "learned.json", "erasure.key", *accounts]
    kept = (path for room in ("archive", ".socialcli", "templates") for path in (folder / room).rglob("*"))
    return {
        path.resolve() for path in (*(folder / name for name in names), *folder.glob("queue.jsonl*"), *kept)
    }


def _form(file: Path | None, *, json: bool) -> str:
    ending = "" if file is None else file.suffix.lower().removeprefix(".")
    return ending if ending in _FORMS else "jsonl" if json else "csv"


def _on_stdout(app: App, tickets: Iterator[ExportedTicket], lines: Lines) -> Answer:
    """In full, but for people who look on: on a terminal private data is masked, as everywhere."""
    if app.console.json or not app.console.screen().terminal:
        return Answer(tickets, lambda records, _screen: lines(records))
    hide = masking.masker(app)

    def masked(one: ExportedTicket) -> ExportedTicket:
        name = None if one.customer_name is None else hide(one.customer_name)
        return msgspec.structs.replace(one, customer_name=name, text=hide(one.text), thread=hide(one.thread))

    return Answer(
        tickets,
        lambda records, _screen: lines(map(masked, records)),
        talk=lambda: app.console.note("private data is masked on a terminal: --output FILE has it in full"),
    )


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
        yield harmless(f"{one.tickets:,} {'ticket' if one.tickets == 1 else 'tickets'} in {one.file}")
