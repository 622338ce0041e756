"""What stands above a reply: the ticket and its customer, why it is here, by which road the answer goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from socialcli import awaiting, customers, masking, massmode, render
from socialcli.console import Screen
from socialcli.guided import translating
from socialcli.guided.desk import Desk
from socialcli.model.assessment import Reason
from socialcli.model.message import Message
from socialcli.returning.proposing import with_proposal
from socialcli.text.clean import harmless

_LATEST = 6  # messages of a long thread
_REASONS = 4
_UNDER_WAY = ("awaiting-approval", "scheduled", "unknown")  # answers that somebody else may have begun


def page(desk: Desk, *, private: bool = False) -> Iterator[str]:
    """``private``: all of it, unmasked."""
    app, screen = desk.app, desk.app.console.screen()
    thread = desk.place.thread if private else desk.place.thread[-_LATEST:]
    yield ""
    promised = app.queue.promises_to(desk.place.row)
    yield from _records(desk, [with_proposal(app, desk.place.row, desk.record), *promised], private=private)
    if len(thread) < len(desk.place.thread):
        yield f"  … {len(desk.place.thread) - len(thread)} earlier messages (t shows them)"
    yield from _records(desk, _with_translations(desk, thread), private=private)
    begun = app.queue.drafts(desk.place.row.n, states=_UNDER_WAY)
    yield from _records(desk, [awaiting.shown(app, one) for one in begun], private=private)
    card = customers.card(app, desk.place.row, desk.record)
    if card is not None:
        yield from _records(desk, [card], private=private)
    yield ""
    yield from _why(desk, screen)
    yield from _road(desk, screen)
    yield from _notes(desk, screen)


def newest(desk: Desk, count: int) -> Iterator[str]:
    """What was said meanwhile."""
    yield from _records(desk, _with_translations(desk, desk.place.thread[-count:]), private=False)


def _with_translations(desk: Desk, thread: Sequence[Message]) -> Iterator[Any]:
    """Each message, and below it what ``reply.translate_command`` makes of it."""
    theirs = translating.theirs(desk, thread)
    for message in thread:
        yield message
        if message.version in theirs:
            yield theirs[message.version]


def _records(desk: Desk, records: Iterable[Any], *, private: bool) -> Iterator[str]:
    mask = render.as_is if private else masking.reader(desk.app, desk.who.id)
    yield from render.ticket_page(desk.app.now(), mask)(records, desk.app.console.screen())


def _why(desk: Desk, screen: Screen) -> Iterator[str]:
    """The decision and what weighed most."""
    found = desk.place.assessment
    weighty = sorted(found.reasons, key=lambda one: (-abs(one.weight), one.rule))[:_REASONS]
    because = ", ".join(_told(one, desk) for one in weighty)
    yield from render.folded("why: ", f"{found.priority} ({found.score} of 100): {because}", screen, "     ")


def _told(reason: Reason, desk: Desk) -> str:
    words = masking.masker(desk.app)(reason.words)
    return harmless(f'{reason.rule} "{words}"' if words.strip() else reason.rule)


def _road(desk: Desk, screen: Screen) -> Iterator[str]:
    way = desk.place.way
    cost = f", {way.cost} {way.currency}" if way.cost.strip("0.") else ", free of charge"
    through = f", through {desk.place.account.name}" if len(desk.app.policy.accounts) > 1 else ""
    told = f"{way.road}{cost} ({way.reason}){through}"
    yield from render.folded("road: ", harmless(told), screen, "      ")
    held = massmode.told(desk.app, desk.place.row)
    if held is not None:
        yield from render.folded("held: ", harmless(held), screen, "      ")


def _notes(desk: Desk, screen: Screen) -> Iterator[str]:
    """Private notes, which never leave the house."""
    mask = masking.masker(desk.app)
    for event in desk.app.queue.history(desk.place.row):
        if not isinstance(event, Message) and getattr(event, "event", "") == "note":
            text = harmless(mask(str(event.data.get("text", ""))))
            yield from render.folded(f"note by {harmless(event.by or '-')}: ", text, screen, "  ")
