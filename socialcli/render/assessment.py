"""What triage thinks, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from socialcli.console import Screen
from socialcli.model.answers import ErrorRecord, Why
from socialcli.model.assessment import Assessment
from socialcli.render.screen import Mask, as_is, cut, folded, paint
from socialcli.text.clean import harmless


def assessments(records: Iterable[Assessment | ErrorRecord], screen: Screen) -> Iterator[str]:
    for one in records:
        if isinstance(one, ErrorRecord):
            yield f"{paint('error', 'error', screen)}: {harmless(one.message)}"
            continue
        because = ", ".join(dict.fromkeys(reason.rule for reason in one.reasons[:4]))
        name = harmless(one.ticket or one.message_id)
        if not screen.terminal:
            yield "\t".join((name, one.respond, one.priority, str(one.score), one.kind, because))
            continue
        priority = paint(f"{one.priority:7}", one.priority, screen)
        room = max(20, screen.width - 47)
        yield f"{name:12}  {one.respond:8} {priority} {one.score:3}  {one.kind:10} {cut(because, room)}"


def why(mask: Mask) -> Callable[[Iterable[Why], Screen], Iterator[str]]:
    """The decision, the text, a line a reason, the clocks, what would change it."""

    def view(records: Iterable[Why], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        for one in records:
            yield from _verdict(one, screen)
            for line in (harmless(hide(one.text)), *_because(one)):
                if line:  # words that were erased are none
                    yield from folded("  ", line, screen, "    ")

    return view


def _verdict(one: Why, screen: Screen) -> list[str]:
    found = one.assessment
    topic = f", {harmless(found.topic)}" if found.topic else ""
    priority = paint(found.priority, found.priority, screen)
    head = f"{harmless(one.ticket)}: {found.respond}, {priority}"
    return folded(head, f" ({found.score} of 100), {found.kind}{topic}", screen, "  ")


def _by_hand(fields: dict[str, Any]) -> str:
    """What a person set, who, and why; what follows from it (score, clocks) is left out."""
    told = {
        key: value
        for key, value in fields.items()
        if key not in ("score", "due", "head_start", "by", "reason")
    }
    what = ", ".join(f"{key} = {value}" for key, value in told.items())
    return harmless(f"{what}, set by {fields.get('by')}: {fields.get('reason')}")


def _because(one: Why) -> Iterator[str]:
    if one.by_hand:
        yield f"by hand, which wins: {_by_hand(one.by_hand)}; what stands below is what triage says"
    for reason in one.assessment.reasons:
        words = f'  "{harmless(reason.words)}" at {reason.start}' if reason.words else ""
        yield f"{reason.weight:+5g}  {harmless(reason.rule)}{words}"
    for name, clock in one.clocks.items():
        yield f"{name}: {clock}"
    for change in one.would_change:
        yield harmless(change)
