"""Promises: a line each, and as part of a ticket's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from socialcli.console import Screen
from socialcli.model.handoff import Question
from socialcli.model.promise import Promise
from socialcli.model.times import format_time
from socialcli.render.screen import Mask, as_is, columns, folded, paint, until
from socialcli.text.clean import harmless

_HEAD = ("DUE", "STATE", "TICKET", "CUSTOMER", "BY", "WORDS")
_KIND = {"broken": "broken", "kept-late": "warning"}
_SOON = 15 * 60  # seconds before it falls due in which a promise is marked


def promises(now: datetime, mask: Mask) -> Callable[[Iterable[Promise | Question], Screen], Iterator[str]]:
    """A line a promise, or a question to an expert, nothing for none."""

    def view(records: Iterable[Promise | Question], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        rows, kinds = [], {}
        for at, one in enumerate(records, 1):
            if isinstance(one, Promise):
                rows.append(_cells(one, now, screen, hide))
            else:
                rows.append(_asked_cells(one, now, screen, hide))
            if (kind := _kind(one, now)) is not None:
                kinds[at, 0] = kinds[at, 1] = kind
        if rows:
            yield from columns([_HEAD, *rows] if screen.terminal else rows, screen, kinds=kinds)

    return view


def promise_lines(one: Promise, now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    """An open promise on the page of its ticket."""
    when = f"{format_time(one.until)} ({until(one.until, now)})"
    state = paint(when, _kind(one, now) or "", screen)
    yield from folded(
        "", f"  promised by {harmless(one.by)} until {state}: {harmless(hide(one.words))}", screen, "  "
    )


def _kind(one: Promise | Question, now: datetime) -> str | None:
    if one.state == "overdue":
        return "broken"
    moment = one.until if isinstance(one, Promise) else one.due_at
    if one.state == "open" and (moment - now).total_seconds() <= _SOON:
        return "warning"
    return _KIND.get(one.state)


def _asked_cells(one: Question, now: datetime, screen: Screen, hide: Mask) -> tuple[str, ...]:
    return (
        until(one.due_at, now) if screen.terminal else format_time(one.due_at),
        one.state,
        harmless(one.ticket),
        harmless(one.name),
        harmless(one.by or "-"),
        f"asked: {harmless(hide(one.text))}",
    )


def _cells(one: Promise, now: datetime, screen: Screen, hide: Mask) -> tuple[str, ...]:
    return (
        until(one.until, now) if screen.terminal else format_time(one.until),
        one.state,
        harmless(one.ticket or "-"),
        f"@{harmless(one.customer.handle)}" if one.customer is not None else harmless(one.account),
        harmless(one.by),
        harmless(hide(one.words)),
    )
