"""Promises of ours that are due, told beside whatever else was asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from socialcli.app import App

_TODAY = timedelta(hours=12)  # so far ahead or behind a clock time alone is understood, midnight or not


def remind(app: App) -> None:
    """A note for each public update that was promised and has not come."""
    for one in app.queue.statements():
        if one.overdue and one.next_update_at is not None:
            when = clock_time(one.next_update_at, app.now(), app.policy.brand.time_zone)
            app.console.note(f"statement by {one.account}: the update promised for {when} is overdue")


def clock_time(moment: datetime, now: datetime, zone: str) -> str:
    """``moment`` as people say it in ``zone``: "16:00", with the date where it is far from ``now``."""
    local = moment.astimezone(ZoneInfo(zone))
    if abs(moment - now) <= _TODAY:
        return f"{local:%H:%M}"
    return f"{local:%H:%M} on {local.day} {local:%B}"
