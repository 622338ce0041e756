"""A bulk answer: a line a customer, with what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.answered import Answered
from socialcli.render.screen import folded, paint
from socialcli.text.clean import harmless

_GOOD = ("sent", "planned")
_BAD = ("refused", "failed")


def answered(records: Iterable[Answered], screen: Screen) -> Iterator[str]:
    """State, ticket and customer; below it the words that went out, or would."""
    for one in records:
        kind = "sent" if one.state in _GOOD else "failed" if one.state in _BAD else ""
        about = f"  {one.ticket}  @{one.customer}" + (f": {one.reason}" if one.reason else "")
        yield from folded(paint(one.state, kind, screen), harmless(about), screen, "  ")
        if one.text is not None:
            cost = f"  ({one.cost})" if one.cost.strip("0.") else ""
            yield from folded("  |", harmless(f" {one.text}{cost}"), screen, "  | ")
