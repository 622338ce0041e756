"""Incidents: a line each, or one with what became of it and its tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.incident import Incident, Turn
from socialcli.model.mass import Mass
from socialcli.model.times import format_time
from socialcli.render.screen import Mask, as_is, columns, folded, paint
from socialcli.text.clean import harmless
from socialcli.text.counted import counted

_HEAD = ("INCIDENT", "STATE", "OPENED", "CUSTOMERS", "TOPIC", "WORDS")
_TIME = 20  # columns of a time, the widest cell but the last
_INDENT = "  "


def incidents(mask: Mask) -> Callable[[Iterable[Incident], Screen], Iterator[str]]:
    """A line an incident, nothing for none; on a terminal ``mask`` hides what is private in topic and words."""

    def view(records: Iterable[Incident], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        rows = [_cells(one, hide) for one in records]
        if rows:
            yield from columns([_HEAD, *rows] if screen.terminal else rows, screen, widest=_TIME)

    return view


def _cells(one: Incident, hide: Mask) -> tuple[str, ...]:
    words = harmless(hide(", ".join(one.words)))
    return (
        harmless(one.id),
        one.state,
        format_time(one.opened_at),
        str(one.authors),
        harmless(hide(one.topic)) or "-",
        words or "-",
    )


def incident_page(
    tickets: Callable[[Screen], Iterable[str]], mask: Mask
) -> Callable[[Iterable[Incident], Screen], Iterator[str]]:
    """One incident, then the lines of its ``tickets``; on a terminal ``mask`` hides what is private in its words."""

    def view(records: Iterable[Incident], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        for one in records:
            yield from _head(one, hide, screen)
            for turn in one.history:
                yield from _turn(turn, hide, screen)
            if one.mass is not None:
                yield from mass_lines(one.mass, hide, screen)
            yield from tickets(screen)

    return view


def _head(one: Incident, hide: Mask, screen: Screen) -> Iterator[str]:
    about = "  ".join(part for part in (one.topic, ", ".join(one.words)) if part)
    state = paint(one.state, one.state, screen)
    yield from folded(f"{harmless(one.id)}  {state}", f"  {harmless(hide(about))}", screen, _INDENT)
    where = f"through {one.account}" if one.account else "through every account"
    who = f"{counted(one.authors, 'customer')}, {counted(len(one.tickets), 'ticket')}"
    yield from folded("", harmless(f"since {format_time(one.since)} {where}: {who}"), screen, _INDENT)


def _turn(turn: Turn, hide: Mask, screen: Screen) -> Iterator[str]:
    by = f" by {turn.by}" if turn.by else ""
    why = f": {hide(turn.reason)}" if turn.reason else ""
    yield from folded(format_time(turn.at), harmless(f"  {turn.state}{by}{why}"), screen, _INDENT)


def mass_lines(mass: Mass, hide: Mask, screen: Screen) -> Iterator[str]:
    """Whether mass mode is on, who has heard of us, and who waits."""
    until = f" until {format_time(mass.until)}" if mass.until is not None and mass.on else ""
    by = f" by {mass.by}" if mass.by else ""
    why = f": {hide(mass.reason)}" if mass.reason else ""
    state = f"{mass.mode}{until}" if mass.on else "off"
    yield from folded("mass mode", harmless(f"  {state}{by}{why}"), screen, _INDENT)
    parts = [f"{mass.answered} answered one to one", f"{mass.pointed} pointed to the statement"]
    if mass.on:
        parts.append(f"{mass.held} held")
    if mass.on and mass.cap is not None:
        parts.append(f"{mass.this_hour} of {mass.cap} answers this hour")
        parts += [f"{mass.capped} without room"] if mass.capped else []
        parts += [f"room at {format_time(mass.room_at)}"] if mass.room_at is not None else []
    yield from folded(_INDENT, ", ".join(parts), screen, _INDENT)
