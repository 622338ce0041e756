"""Public statements, and the updates that they promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.statement import Statement
from socialcli.model.times import format_time
from socialcli.render.screen import PLAIN_WIDTH, folded, paint, wrapped
from socialcli.text.clean import harmless


def statements(records: Iterable[Statement], screen: Screen) -> Iterator[str]:
    """Each with its stage, where it stands, and when the next is promised."""
    for one in records:
        state = paint(harmless(one.state), one.state, screen)
        where = f"  {harmless(one.url)}" if one.url else ""
        head = f"{harmless(one.draft)}  {format_time(one.at)}  {harmless(one.account)}  {one.stage}: {state}"
        yield from folded(head, where, screen, "  ")
        width = min(screen.width, PLAIN_WIDTH) - 4 if screen.terminal else 0
        for line in harmless(one.text, lines=True).split("\n"):
            yield from (f"  | {part}" for part in (wrapped(line, width) if width else [line]))
        if one.next_update_at is not None:
            late = f": {paint('overdue', 'overdue', screen)}" if one.overdue else ""
            yield f"  next update promised for {format_time(one.next_update_at)}{late}"
