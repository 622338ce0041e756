"""Who is still owed the word that an incident is over, as promises among the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from socialcli import claiming
from socialcli.announcing.course import sent_statements
from socialcli.app import App
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.promise import Promise
from socialcli.pointing.customers import Customer
from socialcli.pointing.notices import Notices
from socialcli.queue.rows import DraftRow
from socialcli.text.counted import counted

_TOO_LATE = timedelta(days=3)  # after its end nobody waits to hear that an incident is over


def owed(app: App) -> list[Promise]:
    """One for each customer who was promised to hear of an incident that is over, and was not told, the soonest
    first. They fall due ``incident.next_update`` after its end.
    """
    found = [one for incident in _over(app) for one in _of(app, incident)]
    return sorted(found, key=lambda one: (one.until, one.draft, one.words))


def remind(app: App, incident: str) -> None:
    """Where an incident has just ended: who is still to hear of it."""
    if count := sum(1 for _ in _of(app, incident)):
        app.console.note(
            f"{counted(count, 'customer')} should hear that it is over: socialcli incident notify {incident}"
        )


def remind_of_all(app: App) -> None:
    """The same of each incident that ended lately."""
    for incident in _over(app):
        remind(app, incident)


def _over(app: App) -> list[str]:
    """The incidents that may have ended lately."""
    since = app.now() - _TOO_LATE
    said = [one for one in sent_statements(app.queue) if one.stage == "resolved" and one.at >= since]
    closed = app.queue.incident_rows(("closed",))
    names = [one.incident for one in said if one.incident is not None]
    names += [one.id for one in closed if one.changed >= since.timestamp()]
    return sorted(set(names))


def _of(app: App, incident: str) -> Iterator[Promise]:
    task = Notices(app, incident, None)
    try:
        task.require()
    except (ConflictError, RefusedError):  # it goes on, or was none
        return
    if task.since is None or task.since < app.now() - _TOO_LATE:
        return
    until = task.since + timedelta(seconds=app.policy.incident.next_update)
    for one in task.people():
        passing = task.passing(one)
        if passing is None or passing.state == "person":
            yield from _promise(app, incident, one, task.promised(one), until)


def _promise(
    app: App, incident: str, one: Customer, drafts: list[DraftRow], until: datetime
) -> Iterator[Promise]:
    """What is owed to one customer; nothing where their answer itself holds a promise that is open."""
    if any(draft.until is not None and draft.kept is None for draft in drafts):
        return
    draft = app.queue.draft(drafts[0].id)
    ticket = app.queue.record(one.row)
    yield Promise(
        draft=draft.row.id,
        ticket=ticket.id,
        account=ticket.account,
        customer=ticket.customer,
        words=f"to hear that it is over: socialcli incident notify {incident}",
        until=until,
        promised_at=datetime.fromisoformat(draft.row.at).replace(microsecond=0),
        by=draft.draft.agent,
        state="broken" if until < app.now() else "open",
        kept_at=None,
        assignee=claiming.holder(app, one.row),
    )
