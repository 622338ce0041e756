"""Promises of ours that are due, told beside whatever else was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialcli.app import App


def remind(app: App) -> None:
    """A note for each public update that was promised and has not come."""
    for one in app.queue.statements():
        if one.overdue and one.next_update_at is not None:
            from socialcli.text.promises import clock_time

            when = clock_time(one.next_update_at, app.now(), app.policy.brand.time_zone)
            app.console.note(f"statement by {one.account}: the update promised for {when} is overdue")
