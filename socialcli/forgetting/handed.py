"""Documents that were handed on: those in the workspace go with the words in them; others are out of reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from socialcli.app import App
from socialcli.errors import NotFoundError, UsageError
from socialcli.queue.journal import Line, decode_line, is_event

Moment = tuple[str, str]  # ``at`` and id of a line: sorting by them is sorting by time


class Handed(msgspec.Struct):
    """A hand-off as its intent tells it."""

    handoff: str
    way: str = ""
    to: str = ""
    where: str = ""
    ticket: str = ""  # as it is called now


_read = msgspec.json.Decoder(Handed).decode


def doomed(app: App, planned: Iterable[str | None] = ()) -> Iterator[Handed]:
    """What was handed on of a ticket before something of it was erased, or of one that is ``planned`` to be."""
    names: dict[str, str] = {}
    last: dict[str, Moment] = {}  # the newest tombstone, by ticket
    handed: list[tuple[Moment, Handed]] = []
    for line in _lines(app):
        ticket = _now_called(app, line.ticket or "", names)
        if line.event == "erased":
            last[ticket] = max(last.get(ticket, ("", "")), (line.at, line.id))
        else:
            handed.append(((line.at, line.id), msgspec.structs.replace(_read(line.data), ticket=ticket)))
    going = {_now_called(app, one, names) for one in planned if one is not None}
    for moment, one in handed:
        if one.ticket in going or moment < last.get(one.ticket, ("", "")):
            yield one


def file_of(workspace: Path, one: Handed) -> Path | None:
    """The file in the workspace, if it is one of ours."""
    if one.way != "file":
        return None
    path = workspace / one.where
    inside = path.resolve().is_relative_to(workspace.resolve())
    return path if inside and one.handoff in path.name else None


def out_of_reach(app: App, tickets: Iterable[str | None]) -> list[str]:
    """To whom conversations of these tickets went that cannot be called back."""
    names: dict[str, str] = {}
    wanted = {_now_called(app, one, names) for one in tickets if one is not None}
    found = doomed(app, wanted) if wanted else ()
    return sorted({one.to for one in found if file_of(app.workspace, one) is None and one.ticket in wanted})


def _lines(app: App) -> Iterator[Line]:
    app.queue.refresh()
    for _, raw in app.queue.index.lines():
        if is_event(raw, b"handoff") or is_event(raw, b"erased"):
            try:
                line = decode_line(raw)
                _ = line.event == "handoff" and _read(line.data)
                yield line
            except (msgspec.DecodeError, ValueError):
                continue  # doctor names it


def _now_called(app: App, name: str, names: dict[str, str]) -> str:
    """A merge gives a ticket another name."""
    if name not in names:
        try:
            names[name] = app.queue.ticket(name).id
        except (NotFoundError, UsageError):
            names[name] = name
    return names[name]
