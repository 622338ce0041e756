"""Posts of a shift that wait and are not true any more are taken back, by their author or a lead."""

from __future__ import annotations

from contextlib import suppress

from socialcli import recalling
from socialcli.app import App
from socialcli.errors import ConflictError
from socialcli.outbox.statements import expires_at
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.queue.shifts import ShiftRow
from socialcli.shifts.speaking import INTRO, id_of

_WAITING = ("awaiting-approval", "approved", "parked")


def withdraw_over(app: App, who: Agent) -> None:
    """Those whose day, or shift, is over: nobody's yes could post them."""
    for one in app.queue.drafts(states=_WAITING):
        expires = expires_at(one)
        if expires is not None and expires <= app.now():
            _withdraw(app, one, who, "its time is over")


def withdraw_intro(app: App, who: Agent, row: ShiftRow) -> None:
    """Nobody is announced who has gone."""
    announced = {id_of(INTRO, row.id, account) for account in app.policy.accounts}
    for one in app.queue.drafts(states=_WAITING):
        if one.row.id in announced:
            _withdraw(app, one, who, "the shift has ended")


def _withdraw(app: App, one: StoredDraft, who: Agent, why: str) -> None:
    if recalling.may(one.draft, who):
        with suppress(ConflictError):  # somebody else was faster
            recalling.recall(app, one.row.id, who, why)
            app.console.note(f"draft {one.row.id} is taken back: {why}")
