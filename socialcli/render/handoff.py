"""Hand-offs, questions to experts, and experts, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from socialcli.console import Screen
from socialcli.model.handoff import Expert, Handoff, Question
from socialcli.model.times import format_time
from socialcli.render.screen import Mask, as_is, columns, folded, paint, until
from socialcli.text.clean import harmless

_HEAD = ("EXPERT", "NAME", "TOPICS", "WHERE", "OPEN")
_INDENT = "  "


def handoffs(records: Iterable[Handoff], screen: Screen) -> Iterator[str]:
    """A line a hand-off."""
    for one in records:
        yield from _handoff(one, screen, f"{harmless(one.ticket)}  ")


def handoff_lines(one: Handoff, screen: Screen) -> Iterator[str]:
    """A hand-off on the page of its ticket."""
    yield from _handoff(one, screen, _INDENT)


def question_lines(one: Question, now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    """A question with its answer, on the page of its ticket."""
    told = (
        "" if one.state == "answered" else f", wanted by {format_time(one.due_at)} ({until(one.due_at, now)})"
    )
    head = f"{_INDENT}asked {harmless(one.name)} ({harmless(one.expert)}){told}: "
    kind = "broken" if one.state == "overdue" else one.state
    yield from folded("", f"{head}{paint(one.state, kind, screen)}", screen, _INDENT)
    for mark, text in (("?", one.text), (">", one.answer or "")):
        for line in harmless(hide(text), lines=True).split("\n") if text else ():
            yield from folded("", f"{_INDENT}{mark} {line}", screen, _INDENT * 2)
    if one.answered_at is not None:
        yield f"{_INDENT}answered {format_time(one.answered_at)} by {harmless(one.answered_by or 'nobody')}"


def consultations(now: datetime, mask: Mask) -> Callable[[Iterable[Any], Screen], Iterator[str]]:
    """A question and the hand-off that carried it."""

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        for one in records:
            if isinstance(one, Question):
                yield harmless(one.ticket)
                yield from question_lines(one, now, screen, hide)
            else:
                yield from handoff_lines(one, screen)

    return view


def experts(records: Iterable[Expert], screen: Screen) -> Iterator[str]:
    """A line an expert, nothing for none."""
    rows = [
        (harmless(one.id), harmless(one.name), harmless(", ".join(one.topics) or "-"), harmless(one.where), str(one.open))
        for one in records
    ]  # fmt: skip
    if rows:
        yield from columns([_HEAD, *rows] if screen.terminal else rows, screen, kinds={})


def _handoff(one: Handoff, screen: Screen, before: str) -> Iterator[str]:
    private = ", with private data" if one.private else ""
    head = f"{before}handed on to {harmless(one.to)} ({one.way}: {harmless(one.where)}{private}): "
    why = f" ({harmless(one.reason)})" if one.reason else ""
    state = "would be sent" if one.state == "planned" else paint(one.state, one.state, screen)
    yield from folded("", f"{head}{state}{why}", screen, _INDENT)
