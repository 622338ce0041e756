"""Restrictions as text: who is held off, how, since when and until when, on what evidence. And who wants no messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from socialcli.console import Screen
from socialcli.model.optout import OptOut
from socialcli.model.protection import Restriction
from socialcli.model.times import format_time
from socialcli.render.screen import folded, paint
from socialcli.text.clean import harmless

View = Callable[[Iterable[Restriction], Screen], Iterator[str]]


def restrictions(now: datetime, *, state: str = "") -> View:
    """Each with its evidence. ``state``: what has just become of them, such as "lifted"."""

    def view(records: Iterable[Restriction], screen: Screen) -> Iterator[str]:
        for one in records:
            yield from restriction_lines(one, now, screen, state=state)

    return view


def restriction_lines(one: Restriction, now: datetime, screen: Screen, *, state: str = "") -> Iterator[str]:
    """One restriction: the step and its end, then why, then what the network does of it."""
    if not state and one.until <= now:
        state = "expired: lift it"
    shown = f"  {paint(state, 'overdue' if state.startswith('expired') else 'ok', screen)}" if state else ""
    yield f"{harmless(f'@{one.handle} on {one.network}: {one.rung}, {_span(one)}, by {one.by}')}{shown}"
    yield f"  {harmless(_why(one))}"
    for evidence in one.evidence:
        yield harmless(f"  message {evidence.message_id}: {evidence.kind} ({', '.join(evidence.rules)})")
    road = "" if one.road == "no" else f"{one.road}: "  # there is no way to tell of
    yield f"  {road}{harmless(one.note)}"


def _span(one: Restriction) -> str:
    return f"{format_time(one.at)} to {format_time(one.until)}"


def _why(one: Restriction) -> str:
    parts = [f"for {one.reason}"]
    if one.guideline is not None:
        parts.append(f"guideline {one.guideline}")
    if one.message_id is not None:
        parts.append(f"message {one.message_id}")
    if one.ticket is not None:
        parts.append(f"ticket {one.ticket}")
    return ", ".join((*parts, f"through {one.account}"))


def opt_outs(state: str = "") -> Callable[[Iterable[OptOut], Screen], Iterator[str]]:
    """Each customer in a line: where they said so, since when it holds, by whose word. ``state``: what has just become
    of it, such as "lifted".
    """

    def view(records: Iterable[OptOut], screen: Screen) -> Iterator[str]:
        for one in records:
            where = f"message {one.message_id}, ticket" if one.message_id else "ticket"
            by = f", by {one.by}" if one.by else ""
            because = f": {one.reason}" if one.reason else ""
            told = f"no messages since {format_time(one.since)} ({where} {one.ticket}{by}){because}"
            shown = f"  {paint(state, 'ok', screen)}" if state else ""
            *lines, last = folded("", harmless(f"@{one.handle} on {one.network}: {told}"), screen, "  ")
            yield from (*lines, last + shown)

    return view
