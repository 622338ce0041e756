"""Tickets after they were put in order: a line each, with sleep and labels, which take the room that is
free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from socialcli.console import Screen
from socialcli.model.ticket import Ticket
from socialcli.model.times import format_time
from socialcli.render.screen import columns
from socialcli.text.clean import harmless

_HEAD = ("TICKET", "CUSTOMER", "ASLEEP UNTIL", "LABELS")
_TIME = 20  # columns of a time, the widest cell but the last


def organised(now: datetime) -> Callable[[Iterable[Ticket], Screen], Iterator[str]]:
    def view(records: Iterable[Ticket], screen: Screen) -> Iterator[str]:
        rows = [
            (
                harmless(one.id),
                "@" + harmless(one.customer.handle),
                format_time(one.snoozed_until) if one.snoozed_until and one.snoozed_until > now else "-",
                harmless(" ".join(one.labels)) or "-",
            )
            for one in records
        ]
        if rows:
            yield from columns([_HEAD, *rows] if screen.terminal else rows, screen, widest=_TIME)

    return view
