"""Which templates fit a ticket as it stands: what the queue and the policy know of it, handed to ``suggest``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from socialcli.app import App
from socialcli.drafting import Situation
from socialcli.policy.hours import is_open
from socialcli.text.private import find_private

if TYPE_CHECKING:
    from socialcli.compose.frontmatter import Need
    from socialcli.compose.suggesting import Suggestion
    from socialcli.compose.templates import Template


def suggestions(app: App, place: Situation, templates: Iterable[Template] | None = None) -> list[Suggestion]:
    """All reply templates, or these, the best for this ticket first. Raises InvalidError with the mistakes of all
    templates.
    """
    from socialcli.compose.suggesting import suggest

    found = place.assessment
    return suggest(
        app.templates() if templates is None else templates,
        kind=found.kind,
        topic=found.topic,
        register=found.register,
        language=place.language,
        spoken=app.policy.brand.languages,
        network=place.counts_as,
        road=place.way.road,
        priority=found.priority,
        given=frozenset(_given(app, place)),
    )


def _given(app: App, place: Situation) -> Iterator[Need]:
    """What is the case with this ticket, of all that a template may need."""
    if place.row.incident is not None:
        yield "incident"
    if not is_open(app.policy, app.now()):
        yield "out-of-hours"
    if place.row.status == "solved":
        yield "settled"
    if any(one.direction == "outbound" and one.visibility == "direct" for one in place.thread):
        yield "private-message"
    told = _told(app, place)
    if "email" in told:
        yield "email"
    if "phone" in told:
        yield "phone"


def _told(app: App, place: Situation) -> frozenset[str]:
    """The kinds of private data that the customer gave us in this conversation."""
    policy = app.policy
    return frozenset(
        span.kind
        for one in place.thread
        if one.direction == "inbound"
        for span in find_private(
            one.text,
            region=policy.brand.region,
            references=policy.triage.references,
            contacts=policy.brand.contacts,
        )
    )
