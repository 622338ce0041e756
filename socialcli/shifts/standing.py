"""Whose shift runs, and what there is to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from socialcli import rosters
from socialcli.app import App
from socialcli.model.assessment import PRIORITIES
from socialcli.model.promise import Promise
from socialcli.model.shift import Backlog, Shift, Suspected
from socialcli.model.ticket import Handover
from socialcli.policy import hours
from socialcli.queue.shifts import ShiftRow
from socialcli.queue.store import Filter

LONGEST = timedelta(hours=16)  # a shift that was not closed for longer was forgotten
_BEFORE = timedelta(hours=1)  # so long before it begins somebody may open a shift
_UNTOLD = timedelta(hours=8)  # how far promises are looked at where no end is known


def handover(app: App) -> Handover | None:
    """The note of the shift that ended last; None where it left none."""
    return app.queue.left_behind()


def latest(app: App, agent: str) -> ShiftRow | None:
    """The agent's newest shift that has begun."""
    now = app.now().timestamp()
    return next((one for one in app.queue.shifts(agent) if one.opened <= now), None)


def running(app: App, agent: str) -> ShiftRow | None:
    """The agent's shift that is open; one that was forgotten is not."""
    found = latest(app, agent)
    return found if found is not None and runs(app, found) else None


def runs(app: App, row: ShiftRow) -> bool:
    opened = datetime.fromtimestamp(row.opened, UTC)
    return row.closed is None and opened <= app.now() < opened + LONGEST


def working(app: App) -> tuple[str, ...]:
    """The agents whose shifts are open, in the order of [[agents]]."""
    newest: dict[str, ShiftRow] = {}
    for row in app.queue.shifts():
        if row.opened <= app.now().timestamp():
            newest.setdefault(row.agent, row)
    return tuple(one.id for one in app.policy.agents if one.id in newest and runs(app, newest[one.id]))


def until(app: App, agent: str | None) -> datetime | None:
    """When the agent's duty ends by the roster, else when we close; of what begins within the hour, where neither
    runs yet.
    """
    soon = (app.now(), app.now() + _BEFORE)
    offs = [] if agent is None else [rosters.off_at(app.policy, agent, at) for at in soon]
    return next((end for end in (*offs, *(hours.closes_at(app.policy, at) for at in soon)) if end), None)


def record(app: App, agent: str | None, account: str, row: ShiftRow | None) -> Shift:
    """How things stand, for one agent or for nobody in particular."""
    is_open = row is not None and runs(app, row)
    end = until(app, agent)
    return Shift(
        id=None if row is None else row.id,
        agent=agent,
        account=account,
        state="none" if row is None else "open" if is_open else "closed",
        opened_at=None if row is None else _moment(row.opened),
        closed_at=None if row is None or row.closed is None else _moment(row.closed),
        until=end,
        working=working(app),
        on_duty=rosters.on_duty(app.policy, app.now()),
        backlog=backlog(app),
        promises=tuple(promises(app, end or app.now() + _UNTOLD)),
        suspected=tuple(
            Suspected(one.id, one.topic, len(one.tickets)) for one in app.queue.incidents("suspected")
        ),
        handover=handover(app),
    )


def backlog(app: App) -> Backlog:
    urgent, high, normal, low = (app.queue.count(Filter(status="open", priority=one)) for one in PRIORITIES)
    oldest = app.queue.oldest_waiting()
    received = None if oldest is None else oldest.received
    return Backlog(
        urgent, high, normal, low,
        overdue=app.queue.count(Filter(overdue=True)),
        oldest=None if received is None else _moment(received),
    )  # fmt: skip


def promises(app: App, upto: datetime) -> list[Promise]:
    """Those that are open, or broken, and fall due until then."""
    return [one for one in app.queue.promises(kept=False) if one.until <= upto]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
