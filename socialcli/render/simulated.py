"""Tickets that would move under another policy, and the figures of a replay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from socialcli.console import Screen
from socialcli.model.simulated import Because, Simulation, Standing, WhatIf
from socialcli.model.times import format_time
from socialcli.render.screen import Mask, as_is, columns, cut, folded, paint, wrapped
from socialcli.text.clean import harmless
from socialcli.text.counted import counted

_PLACE = 34  # columns of where a ticket stands
_FIGURES = {
    "respond": "to answer",
    "monitor": "to watch",
    "ignore": "to ignore",
    "urgent": "urgent",
    "high": "high",
    "normal": "normal",
    "low": "low",
    "met": "answered in time",
    "missed": "too late",
    "waiting": "not due yet",
}
_LEAST = 30  # columns of the reasons; where there are fewer they stand in lines of their own
_BEFORE_BECAUSE = 12 + 2 * _PLACE + 3 * 2


def what_ifs(mask: Mask) -> Callable[[Iterable[WhatIf], Screen], Iterator[str]]:
    """A line a ticket: where it stands, where it would stand, why."""

    def view(records: Iterable[WhatIf], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else as_is
        for number, one in enumerate(records):
            because = ", ".join(_because(reason, hide) for reason in _telling(one.because))
            if not screen.terminal:
                yield "\t".join((harmless(one.ticket), _whole(one.before), _whole(one.after), because))
                continue
            if not number:
                yield _head_of(screen)
            yield from _row(one, because, screen)

    return view


def _is_wide(screen: Screen) -> bool:
    """Whether the reasons have room behind the places; else they stand below, behind blanks."""
    return screen.width - _BEFORE_BECAUSE >= _LEAST


def _head_of(screen: Screen) -> str:
    head = f"{'TICKET':12}  {'NOW':{_PLACE}}  {'THEN':{_PLACE}}  BECAUSE"
    return head if _is_wide(screen) else head.removesuffix("BECAUSE").rstrip()


def _row(one: WhatIf, because: str, screen: Screen) -> Iterator[str]:
    """The reasons are folded, never cut: at their end stands what changes."""
    now, then = _differing(one.before, one.after), _differing(one.after, one.before)
    painted = paint(f"{cut(then, _PLACE):{_PLACE}}", one.after.priority, screen)
    places = f"{harmless(one.ticket):12}  {cut(now, _PLACE):{_PLACE}}  {painted}"
    if not _is_wide(screen):
        yield places.rstrip()
        yield from _folded(because, 4, screen)
        return
    first, *others = _folded(because, _BEFORE_BECAUSE, screen)
    yield f"{places}  {first.lstrip(' ')}"
    yield from others


def _folded(because: str, indent: int, screen: Screen) -> list[str]:
    return [" " * indent + line for line in wrapped(because, screen.width - indent)]


def _whole(one: Standing) -> str:
    due = "-" if one.due_at is None else format_time(one.due_at)
    return f"{one.respond} {one.priority} {one.score} {one.kind} {harmless(one.topic or '-')} {due}"


def _differing(one: Standing, other: Standing) -> str:
    """Its rank, and of the rest what the other has not."""
    told = [one.priority, str(one.score)]
    told += [one.respond] if one.respond != other.respond else []
    told += [one.kind] if one.kind != other.kind else []
    told += [harmless(one.topic or "no topic")] if one.topic != other.topic else []
    if one.priority == other.priority and one.due_at != other.due_at:
        told.append("-" if one.due_at is None else f"due {format_time(one.due_at)}")
    return " ".join(told)


def _telling(because: Sequence[Because]) -> Sequence[Because]:
    """Without the rules that come or go and are worth no points, where others are left."""
    return [one for one in because if one.before or one.after or one.rule.startswith("[")] or because


def _because(one: Because, hide: Mask) -> str:
    words = f' "{harmless(hide(one.words))}"' if one.words else ""
    if one.before is None and one.after is None:  # a part of the policy that differs
        return harmless(one.rule) + words
    return f"{harmless(one.rule)}{words} {_points(one.before)} -> {_points(one.after)}"


def _points(points: float | None) -> str:
    return "-" if points is None else f"{points:g}"


def simulations(mask: Mask) -> Callable[[Iterable[WhatIf | Simulation], Screen], Iterator[str]]:
    """The tickets that move, then the figures of both policies side by side."""

    def view(records: Iterable[WhatIf | Simulation], screen: Screen) -> Iterator[str]:
        figures: list[Simulation] = []
        yield from what_ifs(mask)(_movers(records, figures), screen)
        for one in figures:
            yield from folded("", _head(one), screen, "  ")
            yield from columns(_table(one), screen)

    return view


def _movers(records: Iterable[WhatIf | Simulation], figures: list[Simulation]) -> Iterator[WhatIf]:
    """The tickets as they come; the figures are put aside."""
    for record in records:
        if isinstance(record, WhatIf):
            yield record
        else:
            figures.append(record)


def _head(one: Simulation) -> str:
    told = f"{harmless(one.journal)}: {counted(one.messages, 'message')} of {counted(one.tickets, 'ticket')}"
    if one.since is None or one.until is None:
        return told
    return f"{told}, {format_time(one.since)} to {format_time(one.until)}"


def _table(one: Simulation) -> list[tuple[str, ...]]:
    sides = [one.before] if one.after is None else [one.before, one.after]
    return [
        ("FIGURE", *("NOW", "THEN")[: len(sides)]),
        *((name, *(str(getattr(side, field)) for side in sides)) for field, name in _FIGURES.items()),
        *(
            [("incidents", *(str(side.incidents) for side in sides))]
            if one.before.incidents is not None
            else []
        ),
    ]
