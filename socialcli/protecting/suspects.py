"""Whom it is about: a customer, and what triage makes of their messages, weighed anew."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

import msgspec

from socialcli.app import App
from socialcli.channels.base import same_person
from socialcli.errors import NotFoundError, RefusedError, UsageError
from socialcli.model.assessment import Assessment
from socialcli.model.message import Author, Message
from socialcli.queue.rows import TicketRow

_NEWEST = 50  # messages of a customer that are weighed; those that wait for an answer always are


class Judged(msgspec.Struct, frozen=True):
    """A message of the customer's. ``said`` is what a person set by hand on its ticket since it came, which
    wins; ``by_hand`` marks the newest message that these words were about.
    """

    message: Message
    ticket: str
    assessment: Assessment
    said: dict[str, Any]
    by_hand: bool
    waits: bool  # nobody has answered it
    after: str | None  # the id of our last message before it

    @property
    def kind(self) -> str:
        return str(self.said.get("kind", self.assessment.kind))

    @property
    def needs_answer(self) -> bool:
        return bool(self.said.get("respond", self.assessment.respond) == "respond")


class Suspect(msgspec.Struct, frozen=True):
    """``messages``: those that count as evidence, oldest first; ``waiting``: all of theirs that wait for an
    answer, in whatever ticket. ``ticket`` is None where all their tickets are meant.
    """

    author: Author
    network: str
    account: str
    ticket: str | None
    messages: tuple[Judged, ...]
    waiting: tuple[Judged, ...]

    @property
    def latest(self) -> Judged:
        return self.messages[-1]


class _Place(msgspec.Struct, frozen=True):
    """An inbound message where it stands in its thread; ``answered``: how far our messages before it reach."""

    row: TicketRow
    thread: list[Message]
    number: int
    answered: int
    waiting: Container[str]

    @property
    def message(self) -> Message:
        return self.thread[self.number]

    @property
    def waits(self) -> bool:
        return self.message.id in self.waiting

    @property
    def after(self) -> str | None:
        return self.thread[self.answered - 1].id if self.answered else None

    @property
    def before(self) -> list[Message]:
        """What triage is to know of the thread. A matter that came since our last message colours what
        follows it only while it waits: it may have been answered since, be it by hand, and is then over.
        """
        since = self.thread[self.answered : self.number]
        return [*self.thread[: self.answered], *(one for one in since if one.id in self.waiting)]


def of_ticket(app: App, name: str) -> Suspect:
    """The customer of a ticket. Raises NotFoundError, RefusedError for an account of ours."""
    row = app.queue.ticket(name)
    places = list(_places(app, row))
    if not places:
        raise NotFoundError("message", row.text_id, hint="its author deleted it: nothing is left to hold off")
    author = places[-1].message.author
    _require_stranger(app, author.handle)
    elsewhere = _of_customer(app, author, app.queue.tickets_of(row.network, author.handle, author.id))
    return _suspect(app, places, [place for place in elsewhere if place.waits], ticket=row)


def of_handle(app: App, name: str, network: str | None) -> Suspect:
    """All tickets of a customer. Raises NotFoundError, RefusedError for an account of ours, UsageError where
    several networks know the handle.
    """
    handle = name.removeprefix("@")
    _require_stranger(app, handle)
    networks = [one for one in app.queue.networks_of(handle) if network in (None, one)]
    if len(networks) > 1:
        raise UsageError(
            f"@{handle} is on {' and on '.join(networks)}", hint=f"say which: --network {'|'.join(networks)}"
        )
    rows = app.queue.tickets_of(networks[0], handle) if networks else []
    places = sorted((place for row in rows for place in _places(app, row)), key=_when)
    if not places:
        raise NotFoundError("handle", f"@{handle}", hint="socialcli list shows whom there is")
    places = _of_customer(app, places[-1].message.author, rows)
    return _suspect(app, places, [place for place in places if place.waits], ticket=None)


def _require_stranger(app: App, handle: str) -> None:
    if handle.casefold() in app.policy.our_handles:
        raise RefusedError(f"@{handle} is an account of ours", hint="nothing was done")


def _of_customer(app: App, author: Author, rows: Sequence[TicketRow]) -> list[_Place]:
    """Their messages in these tickets, oldest first; a handle may have been somebody else's before."""
    found = (place for row in rows for place in _places(app, row))
    return sorted((place for place in found if same_person(place.message.author, author)), key=_when)


def _suspect(
    app: App, places: Sequence[_Place], waiting: Sequence[_Place], *, ticket: TicketRow | None
) -> Suspect:
    newest = places[-1]
    return Suspect(
        newest.message.author,
        newest.row.network,
        newest.row.account,
        None if ticket is None else ticket.id,
        tuple(_judged(app, places[-_NEWEST:])),
        tuple(_judged(app, waiting)),
    )


def _when(place: _Place) -> tuple[float, str]:
    return place.message.created_at.timestamp(), place.message.id


def _places(app: App, row: TicketRow) -> Iterator[_Place]:
    """The customer's messages of a ticket, oldest first."""
    thread = app.queue.thread(row)
    waiting = app.queue.unanswered(row)
    answered = 0
    for number, message in enumerate(thread):
        if message.direction == "outbound":
            answered = number + 1
        elif not (message.deleted or message.erased):
            yield _Place(row, thread, number, answered, waiting)


def _judged(app: App, places: Sequence[_Place]) -> Iterator[Judged]:
    rows = {place.row.n: place.row for place in places}
    said = {number: _said_by_hand(app, row) for number, row in rows.items()}
    marked = {
        place.row.n: place.message.id
        for place in places
        if "kind" in said[place.row.n].get(place.message.id, {})
    }
    for place in places:
        message, row = place.message, place.row
        yield Judged(
            message,
            row.id,
            app.assessor.assess(message, place.before),
            said[row.n].get(message.id, {}),
            marked.get(row.n) == message.id,
            place.waits,
            place.after,
        )


def _said_by_hand(app: App, row: TicketRow) -> dict[str, dict[str, Any]]:
    """By the id of a message: what a person set on its ticket after it came, or was edited. Nobody can have
    meant what came later.
    """
    said: dict[str, dict[str, Any]] = {}
    fields: dict[str, Any] = {}
    for event in reversed(list(app.queue.history(row)) if row.override != "{}" else []):
        if event.event == "override":
            fields = event.data["fields"] | fields
        elif event.event in ("message", "edited"):
            said.setdefault(event.data["id"], fields)
    return said
