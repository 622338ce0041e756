"""Follow-ups: a line each, and the command that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from socialcli.console import Screen
from socialcli.model.followup import FollowUp
from socialcli.model.times import format_time
from socialcli.render.draft import drafts
from socialcli.render.screen import columns, folded, until
from socialcli.text.clean import harmless

_HEAD = ("SINCE", "WHAT", "TICKET", "CUSTOMER", "WHY")


def follow_ups(now: datetime) -> Callable[[Iterable[FollowUp], Screen], Iterator[str]]:
    """A line each, nothing for none."""

    def view(records: Iterable[FollowUp], screen: Screen) -> Iterator[str]:
        rows = [_cells(one, now, screen) for one in records]
        if rows:
            yield from columns([_HEAD, *rows] if screen.terminal else rows, screen)

    return view


def follow_up_page(now: datetime) -> Callable[[Iterable[Any], Screen], Iterator[str]]:
    """What one ticket is owed, with the next step, and the draft that came of it."""

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        records = list(records)
        for one in records:
            if isinstance(one, FollowUp):
                yield from follow_up_lines(one, now, screen)
        yield from drafts([one for one in records if not isinstance(one, FollowUp)], screen)

    return view


def follow_up_lines(one: FollowUp, now: datetime, screen: Screen) -> Iterator[str]:
    """One follow-up in words."""
    when = f"{format_time(one.due_at)} ({until(one.due_at, now)})"
    told = f"  @{harmless(one.customer.handle)}, {one.what}, since {when}: {harmless(one.reason)}"
    yield from folded(harmless(one.ticket), told, screen, "    ")
    yield from folded("", f"  next: {harmless(one.next)}", screen, "    ")


def _cells(one: FollowUp, now: datetime, screen: Screen) -> tuple[str, ...]:
    return (
        until(one.due_at, now) if screen.terminal else format_time(one.due_at),
        one.what,
        harmless(one.ticket),
        f"@{harmless(one.customer.handle)}",
        harmless(one.reason),
    )
