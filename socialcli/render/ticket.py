"""Tickets: a line each, or one with its messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from socialcli.console import Screen
from socialcli.model.card import Card
from socialcli.model.draft import Draft
from socialcli.model.handoff import Handoff, Question
from socialcli.model.message import Message
from socialcli.model.outside import Translation
from socialcli.model.promise import Promise
from socialcli.model.ticket import Event, Handover, Ticket
from socialcli.model.times import format_time
from socialcli.render.card import card_lines
from socialcli.render.draft import draft_lines
from socialcli.render.event import event_lines
from socialcli.render.handoff import handoff_lines, question_lines
from socialcli.render.offline import proposal_lines
from socialcli.render.promise import promise_lines
from socialcli.render.screen import PLAIN_WIDTH, Mask, as_is, columns, folded, paint, span, until, wrapped
from socialcli.text.clean import harmless

_TICKET_HEAD = ("TICKET", "PRIORITY", "STATUS", "DUE", "CUSTOMER", "TEXT")
_WAITING = ("new", "open", "on-hold")  # statuses in which the deadline runs
_INDENT = "  "
_HELD = {"mode": "held by mass mode", "cap": "held until the hour has room"}


def due(ticket: Ticket, now: datetime) -> str:
    """How long until the deadline, or since: "in 12m", "3h ago"."""
    if ticket.due_at is None or ticket.status not in _WAITING:
        return "-"
    return until(ticket.due_at, now)


def _in_words(length: timedelta) -> str:
    """As ``span``, but minutes in full: "8 min"."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 60 else span(length)  # noqa: PLR2004


def _status(one: Ticket, now: datetime) -> str:
    """On a terminal: what waits for somebody's yes says for how long."""
    if one.snoozed_until is not None:
        return "asleep"
    if one.held is not None:
        return "held"
    return harmless(one.status) + (f" {span(now - one.asked_since)}" if one.asked_since else "")


def tickets(now: datetime, mask: Mask) -> Callable[[Iterable[Ticket], Screen], Iterator[str]]:
    """A line a ticket, nothing for none."""

    def view(records: Iterable[Ticket], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        kinds: dict[tuple[int, int], str] = {}
        rows: list[tuple[str, ...]] = []
        for one in records:
            if one.breaching or one.overdue:
                kinds[len(rows) + 1, _TICKET_HEAD.index("DUE")] = "overdue" if one.overdue else "warning"
            rows.append(_cells(one, now, screen, hide))
        if rows:
            yield from columns([_TICKET_HEAD, *rows] if screen.terminal else rows, screen, kinds=kinds)

    return view


def _cells(one: Ticket, now: datetime, screen: Screen, hide: Mask) -> tuple[str, ...]:
    return (
        harmless(one.id),
        harmless(one.priority or "-"),
        _status(one, now) if screen.terminal else harmless(one.status),
        (due(one, now) if screen.terminal else (format_time(one.due_at) if one.due_at else "-")),
        "@" + harmless(one.customer.handle),
        harmless(hide(one.text)),
    )


def ticket_page(now: datetime, mask: Mask) -> Callable[[Iterable[Any], Screen], Iterator[str]]:
    """One ticket, then its messages or events."""

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        lines: dict[type, Callable[[Any], Iterable[str]]] = {
            Ticket: lambda one: _ticket_head(one, now, screen, hide),
            Message: lambda one: _message(one, screen, hide),
            Translation: lambda one: _translation(one, screen, hide),
            Event: lambda one: event_lines(one, hide, screen),
            Draft: lambda one: draft_lines(one, screen, now),
            Promise: lambda one: promise_lines(one, now, screen, hide),
            Question: lambda one: question_lines(one, now, screen, hide),
            Handoff: lambda one: handoff_lines(one, screen),
            Card: lambda one: card_lines(one, screen),
        }
        for record in records:
            yield from lines[type(record)](record)

    return view


def _ticket_head(ticket: Ticket, now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    name = f" ({harmless(hide(ticket.customer.name))})" if ticket.customer.name else ""
    whose = f"  @{harmless(ticket.customer.handle)}{name} on {harmless(ticket.network)}"
    yield from folded(harmless(ticket.id), whose, screen, _INDENT)
    priority = harmless(ticket.priority or "not triaged")
    parts = [harmless(ticket.status)]
    parts += [harmless(part) for part in (ticket.kind, ticket.topic, ticket.respond) if part]
    if ticket.due_at is not None and ticket.status in _WAITING:
        parts.append(f"due {format_time(ticket.due_at)} ({due(ticket, now)})")
    if ticket.asked_since is not None:
        asked = format_time(ticket.asked_since)
        parts.append(f"waits for a yes since {asked} ({span(now - ticket.asked_since)} ago)")
    if ticket.assignee:
        only_assigned = ticket.assigned == ticket.assignee and ticket.claimed_until is None
        parts.append(f"{'assigned to' if only_assigned else 'claimed by'} {harmless(ticket.assignee)}")
    if ticket.held is not None:
        parts.append(_HELD[ticket.held])
    if ticket.snoozed_until is not None:
        parts.append(f"asleep until {format_time(ticket.snoozed_until)}")
    parts += [f"+{harmless(label)}" for label in ticket.labels]
    rest = "".join(f"  {part}" for part in parts)
    yield from folded(paint(priority, priority, screen), rest, screen, _INDENT)
    if ticket.offline:
        yield from proposal_lines(ticket.offline, screen)
    if ticket.breaching and ticket.due_at is not None and ticket.received_at is not None:
        near = f"due in {_in_words(ticket.due_at - now)}"
        yield f"{_INDENT}{paint(near, 'warning', screen)}, waiting for {_in_words(now - ticket.received_at)}"
    if ticket.handover is not None:
        yield from _handover(ticket.handover, screen, hide)


def _handover(handover: Handover, screen: Screen, hide: Mask) -> Iterator[str]:
    to = f" to {harmless(handover.to)}" if handover.to else ""
    head = f"handed over by {harmless(handover.by or '-')}{to}, {format_time(handover.at)}:"
    yield f"{_INDENT}{paint(head, 'warning', screen)}"
    yield from _text_lines(hide(handover.note), screen, f"{_INDENT}| ")


def _translation(translation: Translation, screen: Screen, hide: Mask) -> Iterator[str]:
    yield f"  put into {harmless(translation.to)} by a program:"
    yield from _text_lines(hide(translation.text), screen, "  | ")


def _message(message: Message, screen: Screen, hide: Mask) -> Iterator[str]:
    who = "us" if message.direction == "outbound" else f"@{harmless(message.author.handle)}"
    private = ", direct" if message.visibility == "direct" else ""
    yield ""
    yield f"{format_time(message.created_at)}  {who}{private}  [{harmless(message.id)}]"
    yield from _text_lines("[erased]" if message.erased else hide(message.text), screen, "  ")


def _text_lines(text: str, screen: Screen, indent: str) -> Iterator[str]:
    width = min(screen.width, PLAIN_WIDTH) - len(indent) if screen.terminal else 0
    for line in harmless(text, lines=True).split("\n"):
        yield from (f"{indent}{part}" for part in (wrapped(line, width) if width else [line]))
