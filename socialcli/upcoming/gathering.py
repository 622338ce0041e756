"""All that ``today`` shows, in the order of its sections. Asks no network and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.app import App
from socialcli.model.today import SECTIONS, Item
from socialcli.upcoming import around, tickets


def gather(app: App, agent: str | None) -> list[Item]:
    """For one agent: what they have, and what nobody has; None: for the whole team."""
    found = list(_found(app, agent))
    return [one for section in SECTIONS for one in found if one.section == section]


def _found(app: App, agent: str | None) -> Iterator[Item]:
    yield from tickets.deadlines(app, agent)
    yield from tickets.promises(app, agent)
    yield from tickets.approvals(app, agent)
    yield from tickets.stuck(app, agent)
    yield from around.incidents(app)
    yield from around.held(app)
    yield from around.questions(app, agent)
    yield from around.follow_ups(app, agent)
    yield from around.review(app)
    yield from around.handover(app, agent)
