"""Incidents: a line each, or one with what became of it and its tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.incident import Incident, Turn
from socialcli.model.times import format_time
from socialcli.render.screen import columns, folded, paint
from socialcli.text.clean import harmless
from socialcli.text.counted import counted

_HEAD = ("INCIDENT", "STATE", "OPENED", "CUSTOMERS", "TOPIC", "WORDS")
_TIME = 20  # columns of a time, the widest cell but the last
_INDENT = "  "


def incidents(records: Iterable[Incident], screen: Screen) -> Iterator[str]:
    """A line an incident, nothing for none."""
    rows = [
        (
            harmless(one.id),
            one.state,
            format_time(one.opened_at),
            str(one.authors),
            harmless(one.topic) or "-",
            harmless(", ".join(one.words)) or "-",
        )
        for one in records
    ]
    if rows:
        yield from columns([_HEAD, *rows] if screen.terminal else rows, screen, widest=_TIME)


def incident_page(
    tickets: Callable[[Screen], Iterable[str]],
) -> Callable[[Iterable[Incident], Screen], Iterator[str]]:
    """One incident, then the lines of its ``tickets``."""

    def view(records: Iterable[Incident], screen: Screen) -> Iterator[str]:
        for one in records:
            yield from _head(one, screen)
            for turn in one.history:
                yield from _turn(turn, screen)
            yield from tickets(screen)

    return view


def _head(one: Incident, screen: Screen) -> Iterator[str]:
    about = "  ".join(part for part in (one.topic, ", ".join(one.words)) if part)
    state = paint(one.state, one.state, screen)
    yield from folded(f"{harmless(one.id)}  {state}", f"  {harmless(about)}", screen, _INDENT)
    where = f"through {one.account}" if one.account else "through every account"
    who = f"{counted(one.authors, 'customer')}, {counted(len(one.tickets), 'ticket')}"
    yield from folded("", harmless(f"since {format_time(one.since)} {where}: {who}"), screen, _INDENT)


def _turn(turn: Turn, screen: Screen) -> Iterator[str]:
    by = f" by {turn.by}" if turn.by else ""
    why = f": {turn.reason}" if turn.reason else ""
    yield from folded(format_time(turn.at), harmless(f"  {turn.state}{by}{why}"), screen, _INDENT)
