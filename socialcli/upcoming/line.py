"""``today`` as one line for shells and status bars, out of the index alone: no text is read but of statements and
where a promise is broken, no network is asked, and the policy only where somebody's yes is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile

from socialcli.app import App
from socialcli.console import Screen
from socialcli.model.today import Item
from socialcli.render.screen import paint
from socialcli.upcoming.whose import AHEAD, STUCK, is_for

_BETWEEN = " · "
_LEAST = 3  # letters of an incident's id


def line(app: App, agent: str | None) -> Callable[[Iterable[Item], Screen], Iterator[str]]:
    """A view that needs no records: "3 late · 2 due · 1 to approve · incident y2d"; no line where nothing is."""

    def view(_: Iterable[Item], screen: Screen) -> Iterator[str]:
        parts = list(_parts(app, agent))
        if parts:
            between = _BETWEEN if screen.utf8 else " | "
            yield between.join(paint(text, kind, screen) for text, kind in parts)

    return view


def _parts(app: App, agent: str | None) -> Iterator[tuple[str, str]]:
    """Each with the kind of thing that it is, for its colour."""
    upto = int((app.now() + AHEAD).timestamp())
    found = app.queue.deadlines(upto, agent)
    if found.late:
        yield f"{found.late} late", "overdue"
    if found.near + found.due:
        yield f"{found.near + found.due} due", "warning" if found.near else ""
    if broken := _broken(app, agent):
        yield f"{broken} broken", "broken"
    if asked := _to_approve(app, agent):
        yield f"{asked} to approve", "warning"
    if stuck := sum(agent in (None, one.agent) for one in app.queue.waiting_drafts(*STUCK)):
        yield f"{stuck} stuck", "error"
    yield from _incidents(app)


def _broken(app: App, agent: str | None) -> int:
    """Updates that everybody waits for, and answers with a broken promise; where there are any of these, those of the
    agent are told from the others'.
    """
    broken = app.queue.broken()
    if agent is not None and broken:
        theirs = (one for one in app.queue.promises() if one.state == "broken" and one.ticket is not None)
        broken = len({one.draft for one in theirs if is_for(agent, one.assignee or one.by)})
    return broken + sum(one.overdue for one in app.queue.statements())


def _to_approve(app: App, agent: str | None) -> int:
    waiting = app.queue.waiting_drafts("awaiting-approval")
    if agent is None or not waiting:
        return len(waiting)
    from socialcli import approval

    return sum(agent in approval.approvers(one.agent, app.policy) for one in waiting)


def _incidents(app: App) -> Iterator[tuple[str, str]]:
    running = app.queue.incident_rows(("suspected", "open"))
    if len(running) > 1:
        yield f"{len(running)} incidents", "error"
    for one in running if len(running) == 1 else ():
        others = [other.id for other in app.queue.incident_rows() if other.id != one.id]
        sign = "?" if one.state == "suspected" else ""
        yield f"incident {_short(one.id, others)}{sign}", "error"


def _short(name: str, others: Iterable[str]) -> str:
    """As much of an id as tells it from the others."""
    alike = (
        len(list(takewhile(lambda pair: pair[0] == pair[1], zip(name, other, strict=False))))
        for other in others
    )
    return name[: max(_LEAST, 1 + max(alike, default=0))]
