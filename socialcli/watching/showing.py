"""An incident as its commands answer: with mass mode and its tickets; a step that is planned, or taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import structs

from socialcli import bulk, masking, massmode, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.model.incident import Incident
from socialcli.queue.journal import NewEvent
from socialcli.render.incident import incident_page
from socialcli.watching.opening import tell_of_the_unread
from socialcli.watching.stepping import turned


def turn(
    app: App, event: str, name: str, data: dict[str, str], mass: int | None, who: str, *, dry_run: bool
) -> Answer:
    """One step as ``turned`` has it, with what is to be told of it. Raises as it does."""
    if dry_run:
        return plan(app, turned(app, app.queue.incident(name), event, data, mass, who))
    with app.queue.writing() as writing:
        found = app.queue.incident(name)
        events = turned(app, found, event, data, mass, who)
        writing.events += events
    if not any(one.event == event for one in events):
        unkept = "; the reason given now is not kept" if "reason" in data else ""
        app.console.note(f"incident {found.id} is {found.state} already{unkept}")
    elif event == "incident-confirmed":
        tell_of_the_unread(app, found.account, int(found.opened_at.timestamp()))
    return page(app, found.id)


def taken(app: App, name: str, step: Callable[[], list[NewEvent]], *, dry_run: bool) -> Answer:
    """The events of ``step``, which is asked under the lock of the queue; then the incident."""
    if dry_run:
        return plan(app, step())
    with app.queue.writing() as writing:
        writing.events += step()
    return page(app, name)


def with_mass(app: App, found: Incident) -> Incident:
    return structs.replace(found, mass=massmode.state(app, found.id))


def plan(app: App, events: Sequence[NewEvent]) -> Answer:
    """What a dry run would have written."""
    planned = (bulk.planned(one) for one in events)
    return Answer(planned, render.events(masking.masker(app)))


def page(app: App, name: str) -> Answer:
    """The incident, on paper with its tickets as ``list`` prints them."""
    found = with_mass(app, app.queue.incident(name))
    rows = app.queue.tickets_in(found.id)
    mask = masking.masker(app)
    tickets = render.tickets(app.now(), mask)
    return Answer([found], incident_page(lambda screen: tickets(app.queue.records(rows), screen), mask))
