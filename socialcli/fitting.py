"""Which templates fit a ticket as it stands: what the queue and the policy know of it, handed to ``suggest``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from socialcli import offline
from socialcli.app import App
from socialcli.drafting import Situation
from socialcli.model.answers import PrivateChannel
from socialcli.policy.hours import is_open
from socialcli.text.private import find_private

if TYPE_CHECKING:
    from socialcli.compose.frontmatter import Need
    from socialcli.compose.suggesting import Suggestion
    from socialcli.compose.templates import Template

_WISHED = 100  # points: nothing outweighs how the customer wants to be reached


def suggestions(app: App, place: Situation, templates: Iterable[Template] | None = None) -> list[Suggestion]:
    """All reply templates, or these, the best for this ticket first. Raises InvalidError with the mistakes of all
    templates.
    """
    from socialcli.compose.suggesting import suggest

    found = place.assessment
    ranked = suggest(
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
    prefers = offline.preference(app.queue, place.row, place.thread)
    closed = offline.closed(app.queue, place.account, place.row, app.now())
    told = _told(app, place)
    return sorted(
        (_as_they_want(_as_known(one, told), prefers, closed) for one in ranked),
        key=lambda one: (not one.fits, -one.points, one.name),
    )


def _as_known(one: Suggestion, told: frozenset[str]) -> Suggestion:
    """Our address is not offered where we have theirs: another template uses that."""
    kind = one.name.removeprefix("offer-")
    if kind == one.name or kind not in told or offline.LEADS.get(f"{kind}-known") != kind:
        return one
    return structs.replace(one, fits=False, reasons=(*one.reasons, f"they gave us theirs: {kind}-known"))


def _as_they_want(one: Suggestion, prefers: PrivateChannel | None, closed: str) -> Suggestion:
    """What leads to where the customer wants to be comes first; what leads elsewhere, or is ``closed``, behind all that
    fits.
    """
    leads = offline.LEADS.get(one.name)
    if leads == "direct" and closed:
        return structs.replace(one, fits=False, reasons=(*one.reasons, closed))
    if leads is None or prefers is None:
        return one
    why = f"the customer prefers {prefers}"
    if leads != prefers:
        return structs.replace(one, fits=False, reasons=(*one.reasons, why))
    return structs.replace(one, points=one.points + _WISHED, reasons=(why, *one.reasons))


def _given(app: App, place: Situation) -> Iterator[Need]:
    """What is the case with this ticket, of all that a template may need."""
    if place.row.incident is not None:
        yield "incident"
        if app.queue.incident(place.row.incident).state == "closed":
            yield "incident-over"
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
    """The kinds of private data that the customer gave us, in this conversation or another."""
    policy = app.policy
    return frozenset(place.card) | frozenset(
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
