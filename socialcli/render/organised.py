"""Tickets after they were put in order: a line each, with labels and sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from socialcli.console import Screen
from socialcli.model.ticket import Ticket
from socialcli.model.times import format_time
from socialcli.render.screen import columns
from socialcli.text.clean import harmless

_HEAD = ("TICKET", "CUSTOMER", "LABELS", "ASLEEP UNTIL")


def organised(now: datetime) -> Callable[[Iterable[Ticket], Screen], Iterator[str]]:
    def view(records: Iterable[Ticket], screen: Screen) -> Iterator[str]:
        rows = [
            (
                harmless(one.id),
                "@" + harmless(one.customer.handle),
                harmless(" ".join(one.labels)) or "-",
                format_time(one.snoozed_until) if one.snoozed_until and one.snoozed_until > now else "-",
            )
            for one in records
        ]
        if rows:
            yield from columns([_HEAD, *rows] if screen.terminal else rows, screen)

    return view
