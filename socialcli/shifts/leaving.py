"""What stands against the end of a shift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from socialcli import approval, claiming, rosters
from socialcli.app import App
from socialcli.model.shift import Left
from socialcli.outbox.statements import expires_at
from socialcli.policy import hours
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import BUCKETS, TicketRow, has_it
from socialcli.queue.store import Filter
from socialcli.shifts.standing import promises, working

_UNKNOWN = timedelta(hours=1)  # what falls due so soon is left, where nobody knows who comes next
_LAST = BUCKETS["pending"]  # nobody works on what stands in a bucket behind this one
_STUCK = ("composed", "parked", "by-hand")  # drafts that wait for a person


def relieved(app: App, who: Agent) -> bool:
    """Whether somebody else is there: their shift is open, or the roster says so."""
    there = {*working(app), *rosters.on_duty(app.policy, app.now())}
    return bool(there - {who.id})


def horizon(app: App, who: Agent) -> datetime:
    """Until when nobody sees to what falls due: the next duty, of the agent where somebody else is there now, else of
    anybody; without a roster the next opening; around the clock an hour.
    """
    policy, now = app.policy, app.now()
    duty = rosters.next_on(policy, now, who.id if relieved(app, who) else None)
    if duty is not None:
        return duty
    if policy.hours.coverage == "24x7":
        return now + _UNKNOWN
    opens = hours.opens_at(policy, hours.closes_at(policy, now) or now)
    return opens if now < opens < hours.LAST_MOMENT else now + _UNKNOWN


def left_over(app: App, who: Agent) -> list[Left]:
    """What is overdue or falls due until somebody is there again, promises, the agent's claims, drafts that wait for
    the agent; where somebody else is there, only what is the agent's own. The most pressing kind first; each ticket once.
    """
    found: dict[str, Left] = {}
    for one in (*_due(app, who), *_promised(app, who), *_claims(app, who), *_drafts(app, who)):
        found.setdefault(one.ticket or one.draft or one.what, one)
    return list(found.values())


def _due(app: App, who: Agent) -> Iterator[Left]:
    upto, now = int(horizon(app, who).timestamp()), int(app.now().timestamp())
    alone, gates = not relieved(app, who), app.queue.gates()
    for row in app.queue.rows(Filter(status="open", sort="due"), asleep_last=False):
        if row.due is None or row.due > upto:
            return
        waits = (
            row.respond == "respond" and app.queue.why_held(row, gates) is None
        )  # mass mode keeps the others
        if waits and (alone or has_it(row, now) == who.id):
            yield Left("overdue" if row.due < now else "due", row.id, None, _moment(row.due), _about(row))


def _promised(app: App, who: Agent) -> Iterator[Left]:
    alone = not relieved(app, who)
    for one in promises(app, horizon(app, who)):
        if alone or (one.assignee or one.by) == who.id:
            yield Left("promise", one.ticket, one.draft, one.until, one.words)


def _claims(app: App, who: Agent) -> Iterator[Left]:
    for row in app.queue.rows(Filter(assignee=who.id), asleep_last=False):
        if row.bucket <= _LAST and claiming.holder(app, row) == who.id:
            yield Left("claim", row.id, None, None if row.lease is None else _moment(row.lease), _about(row))


def _drafts(app: App, who: Agent) -> Iterator[Left]:
    for one in _waiting(app, _STUCK):
        if one.row.agent == who.id:
            what = f"{one.row.state}: {one.draft.reason}" if one.draft.reason else one.row.state
            yield Left("draft", one.draft.ticket, one.row.id, datetime.fromisoformat(one.row.at), what)
    there = {*working(app), *rosters.on_duty(app.policy, app.now())} - {who.id}
    for one in _waiting(app, ("awaiting-approval",)):
        may = approval.approvers(one.row.agent, app.policy)
        if who.id in may and not there.intersection(may):
            waits = one.draft.waiting_since
            yield Left(
                "draft", one.draft.ticket, one.row.id, waits, f"waits for your yes: {one.draft.reason}"
            )


def _waiting(app: App, states: Sequence[str]) -> Iterator[StoredDraft]:
    """But for posts of a shift that is over: nothing can be done about them any more."""
    for one in app.queue.drafts(states=states):
        expires = expires_at(one)
        if expires is None or expires > app.now():
            yield one


def _about(row: TicketRow) -> str:
    return f"@{row.customer}, {row.priority or 'not triaged'}"


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
