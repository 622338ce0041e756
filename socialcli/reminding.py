"""Promises of ours, told beside whatever else was asked for: those that are due, and those just made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialcli.text.counted import counted

if TYPE_CHECKING:
    from socialcli.app import App
    from socialcli.model.draft import Draft


def remind(app: App) -> None:
    """A note for each public update that was promised and has not come, and one for what single customers were
    promised and did not get.
    """
    for one in app.queue.statements():
        if one.overdue and one.next_update_at is not None:
            from socialcli.text.promises import clock_time

            when = clock_time(one.next_update_at, app.now(), app.policy.brand.time_zone)
            app.console.note(f"statement by {one.account}: the update promised for {when} is overdue")
    if broken := app.queue.broken():
        app.console.note(f"{counted(broken, 'answer')} with a broken promise: socialcli due")


def tell_of_promises(app: App, draft: Draft) -> None:
    """What a draft promises, and until when: kept in mind from now on if it was sent, else what it would be."""
    from socialcli.text.promises import clock_time

    if draft.state == "sent" and draft.ticket is not None:
        row = app.queue.ticket(draft.ticket)
        found = [(one.words, one.until) for one in app.queue.promises_to(row) if one.draft == draft.id]
    elif draft.state == "composed":
        from socialcli.policy.promising import promises_in

        found = [(one.words, one.until) for one in promises_in(draft.text, app.policy, app.now())]
    else:
        return
    for words, until in found:
        when = clock_time(until, app.now(), app.policy.brand.time_zone)
        app.console.note(f'promised by {when}: "{words}" (socialcli due)')
