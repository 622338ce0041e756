"""A shift: how things stand at its beginning and its end, and what stands against the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from socialcli.console import Screen
from socialcli.model.draft import Draft
from socialcli.model.shift import Left, Shift, Tip
from socialcli.model.times import format_time
from socialcli.render.draft import draft_lines
from socialcli.render.promise import promise_lines
from socialcli.render.screen import Mask, as_is, columns, folded, paint, until
from socialcli.text.clean import harmless

_LEFT = ("WHY", "TICKET", "DUE", "WHAT")
_PRIORITIES = ("urgent", "high", "normal", "low")


def shift(now: datetime, mask: Mask) -> Callable[[Iterable[Shift | Left | Draft], Screen], Iterator[str]]:
    """The shift, what was handed over, the posts."""

    def view(records: Iterable[Shift | Left | Draft], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        handed = []
        for one in records:
            if isinstance(one, Shift):
                yield from _shift(one, now, screen, hide)
            elif isinstance(one, Left):
                handed.append(one)
            else:
                yield from draft_lines(one, screen)
        if handed:
            yield "handed over:"
            yield from _table(handed, now, screen, hide)

    return view


def left(now: datetime, mask: Mask) -> Callable[[Iterable[Left], Screen], Iterator[str]]:
    """A line each."""

    def view(records: Iterable[Left], screen: Screen) -> Iterator[str]:
        yield from _table(list(records), now, screen, mask if screen.terminal else as_is)

    return view


def tip(records: Iterable[Tip], screen: Screen) -> Iterator[str]:
    for one in records:
        yield from folded("", harmless(f"{one.week}: {one.entry.answer}"), screen, "  ")
        if one.entry.link:
            yield f"  {harmless(one.entry.link)}"


def _shift(one: Shift, now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    yield harmless(_state(one))
    yield harmless(
        f"  at work: {', '.join(one.working) or 'nobody'}; on duty: {', '.join(one.on_duty) or 'nobody'}"
    )
    yield f"  waiting: {_backlog(one, now, screen)}"
    for promise in one.promises:
        yield from promise_lines(promise, now, screen, hide)
    for incident in one.suspected:
        yield harmless(f"  suspected: incident {incident.id}, {incident.topic}, {incident.tickets} tickets")
    if one.handover is not None:
        note = one.handover
        to = f" to {note.to}" if note.to else ""
        words = f": {hide(note.note)}" if note.note else ", without a note"
        yield from folded(
            "", harmless(f"  {note.by} left{to} at {format_time(note.at)}{words}"), screen, "    "
        )


def _state(one: Shift) -> str:
    who = f" of {one.agent}" if one.agent is not None else ""
    if one.state == "none":
        return f"no shift{who} is open"
    since = one.closed_at if one.state == "closed" and one.closed_at else one.opened_at
    end = f", until {format_time(one.until)}" if one.until is not None and one.state == "open" else ""
    when = "" if since is None else f" since {format_time(since)}"
    what = one.state if one.state == "open" or one.closed_at else "not closed"
    return f"shift {one.id}{who}: {what}{when}{end}"


def _backlog(one: Shift, now: datetime, screen: Screen) -> str:
    counts = [
        paint(f"{number} {name}", name, screen)
        for name in _PRIORITIES
        if (number := getattr(one.backlog, name))
    ]
    late = [paint(f"{one.backlog.overdue} overdue", "overdue", screen)] if one.backlog.overdue else []
    oldest = [f"the oldest {until(one.backlog.oldest, now)}"] if one.backlog.oldest else []
    return ", ".join((*counts, *late, *oldest)) or "nobody"


def _table(records: list[Left], now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    rows = [_cells(one, now, screen, hide) for one in records]
    if rows:
        yield from columns([_LEFT, *rows] if screen.terminal else rows, screen)


def _cells(one: Left, now: datetime, screen: Screen, hide: Mask) -> tuple[str, ...]:
    when = "-" if one.at is None else until(one.at, now) if screen.terminal else format_time(one.at)
    return one.why, harmless(one.ticket or one.draft or "-"), when, harmless(hide(one.what))
