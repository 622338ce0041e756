"""What is to be done now: a short part for each section that holds anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from socialcli.console import Screen
from socialcli.model.times import format_time
from socialcli.model.today import SECTIONS, Item, Section
from socialcli.render.screen import Mask, as_is, folded, paint, until
from socialcli.text.clean import harmless

_MOST = 5  # items of a section that are shown on a terminal
_TITLES: dict[Section, tuple[str, str, str]] = {  # title, colour, where the rest is
    "late": ("Late", "overdue", "list --overdue"),
    "breaching": ("About to breach", "warning", "list --breaching"),
    "due": ("Due within a day", "", "list --sort due"),
    "promised": ("Promised", "warning", "due"),
    "approval": ("Waits for a yes", "warning", "approve"),
    "stuck": ("Drafts that are stuck", "error", "outbox"),
    "incidents": ("Incidents", "error", "incident list"),
    "held": ("Held back", "", "list --held"),
    "questions": ("Asked of experts", "", "expert list"),
    "follow-ups": ("To follow up", "", "follow-up"),
    "review": ("To review", "", "block --list, opt-out --list"),
    "handover": ("Handed over", "", "shift open"),
    "suggested": ("Suggested", "", "follow-up"),
}


def today(now: datetime, mask: Mask) -> Callable[[Iterable[Item], Screen], Iterator[str]]:
    """Off a terminal all of it."""

    def view(records: Iterable[Item], screen: Screen) -> Iterator[str]:
        found = list(records)
        hide = mask if screen.terminal else as_is
        for section in SECTIONS:
            items = [one for one in found if one.section == section]
            if items:
                yield from _part(section, items, now, screen, hide)

    return view


def _part(section: Section, items: list[Item], now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    title, kind, rest = _TITLES[section]
    shown = items[:_MOST] if screen.terminal else items
    yield paint(f"{title} ({len(items)})", kind, screen)
    for one in shown:
        yield from folded("", f"  {_told(one, now, screen, hide)}", screen, "    ")
        yield from folded("", f"    next: {harmless(one.next)}", screen, "      ")
    if len(shown) < len(items):
        yield f"  … {len(items) - len(shown)} more: socialcli {rest}"


def _told(one: Item, now: datetime, screen: Screen, hide: Mask) -> str:
    when = None
    if one.due_at is not None:
        when = until(one.due_at, now) if screen.terminal else format_time(one.due_at)
    names = [one.ticket or one.incident or one.draft, f"@{one.customer}" if one.customer else None, when]
    head = "  ".join(harmless(name) for name in names if name)
    whose = f"  [{harmless(one.agent)}]" if one.agent else ""
    return f"{head}{'  ' if head else ''}{harmless(hide(one.reason))}{whose}"
