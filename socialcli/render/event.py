"""Events of the journal, and those that would be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from socialcli.console import Screen
from socialcli.model.ticket import Event
from socialcli.render.screen import Mask, as_is, folded
from socialcli.text.clean import harmless

# Of an event's data: what only the program reads.
_UNTOLD = (
    "whole",
    "content",
    "type",
    "wall",
    "attempt",
    "policy",
    "head_start",
    "hash",
    "draft",
    "cursor",
    "upto",
    "read",
    "conflict",
    "parts",
    "latest",
    "conversations",
    "answering",
    "mail",
    "wakes",
)


_INDENT = "    "


def event_lines(event: Event, hide: Mask, screen: Screen) -> list[str]:
    """One event of the log, or of a plan, which has no time; ``hide`` masks what customers wrote, and what notes,
    reasons and drafts tell of it.
    """
    ticket = event.ticket or "-"
    what = hide(_what(event))
    if event.at is None:
        who = f"({event.by})" if event.by else ""
        told = " ".join(part for part in (event.event, what, who) if part)
        return folded(f"would be: {harmless(ticket)}", harmless(f"  {told}"), screen, _INDENT)
    who = f" by {event.by}" if event.by else ""
    head = harmless(f"{event.at[:19]}Z  {ticket:12}  {event.event}{who}")
    return folded(head, harmless(f"  {what}") if what else "", screen, _INDENT)


def _what(event: Event) -> str:
    data = event.data
    if event.event == "message":
        return f"@{(data.get('author') or {}).get('handle', '')}: {data.get('text', '')}"
    if event.event == "labelled":
        signs = (("+", "add"), ("-", "remove"))
        return " ".join(f"{sign}{label}" for sign, key in signs for label in data.get(key) or ())
    what = "  ".join(f"{key}={_words(value)}" for key, value in _told(event).items())
    if "draft" not in data:
        return what
    whole = data.get("whole") or {}
    beside = [f"{how} draft {whole[how]}" for how in ("corrects", "holds") if whole.get(how)]
    later = f"not before {whole['post_at']}" if whole.get("post_at") else ""
    beside += ["written by a program"] if whole.get("by_program") else []
    beside += [f"put into {whole['translated']} by a program"] if whole.get("translated") else []
    parts = (f"draft {data['draft']}", *beside, later, what, whole.get("text", ""))
    return "  ".join(part for part in parts if part)


def _told(event: Event) -> dict[str, Any]:
    told = {key: value for key, value in event.data.items() if key not in _UNTOLD and value is not None}
    if event.event == "snoozed":
        told.setdefault("until", "now")  # a snooze that ends
    if isinstance(told.get("said"), dict):
        told["said"] = told["said"].get("stage")  # a statement: how far the problem is
    return told


def _words(value: Any) -> str:
    """Lists and tables in an event's data as people write them."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(one)}" for key, one in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def events(mask: Mask) -> Callable[[Iterable[Event], Screen], Iterator[str]]:
    """The events, each on a line, or folded on a terminal."""

    def view(records: Iterable[Event], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        for record in records:
            yield from event_lines(record, hide, screen)

    return view
