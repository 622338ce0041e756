"""Events of the journal, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.ticket import Event
from socialcli.render.screen import Mask, as_is, at
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
)


def event_line(event: Event, hide: Mask) -> str:
    """One event of the log; ``hide`` masks what customers wrote, and what notes, reasons and drafts tell of it."""
    data = event.data
    if event.event == "message":
        what = f"@{(data.get('author') or {}).get('handle', '')}: {data.get('text', '')}"
    else:
        told = {key: value for key, value in data.items() if key not in _UNTOLD and value is not None}
        for clock in ("due", "until"):
            if isinstance(told.get(clock), int):
                told[clock] = at(told[clock])
        if isinstance(told.get("said"), dict):
            told["said"] = told["said"].get("stage")  # a statement: how far the problem is
        what = "  ".join(f"{key}={value}" for key, value in told.items())
        if "draft" in data:
            text = (data.get("whole") or {}).get("text", "")
            what = "  ".join(part for part in (f"draft {data['draft']}", what, text) if part)
    who = f" by {event.by}" if event.by else ""
    return harmless(f"{event.at[:19]}Z  {event.ticket or '-':12}  {event.event}{who}  {hide(what)}")


def events(mask: Mask) -> Callable[[Iterable[Event], Screen], Iterator[str]]:
    """A line an event."""

    def view(records: Iterable[Event], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        yield from (event_line(record, hide) for record in records)

    return view
