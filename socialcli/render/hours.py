"""Hours, what they lack, and how a profile says them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from socialcli.console import Screen
from socialcli.model.hours import BioText, Gap, HoursFinding, HoursNow
from socialcli.model.times import format_time
from socialcli.render.screen import columns, folded, paint
from socialcli.text.clean import harmless

_GAPS = ("DATE", "FROM", "TO", "WHY")


def now(records: Iterable[HoursNow], screen: Screen) -> Iterator[str]:  # noqa: ARG001 - a view
    for one in records:
        yield f"{'open' if one.open else 'closed'} at {_moment(one.at, one.local.at)} {harmless(one.zone)}"
        if one.coverage == "24x7":
            yield "  around the clock: we never close"
        if one.until is not None:
            yield f"  closes {_moment(one.until, one.local.until)}"
        if one.opens_at is not None:
            yield f"  opens {'again ' if one.open else ''}{_moment(one.opens_at, one.local.opens_at)}"
        yield from (f"  on duty: {line}" for line in _there(one))


def _there(one: HoursNow) -> Iterator[str]:
    for duty in one.on_duty:
        until = f" until {format_time(duty.until)}" if duty.until is not None else ""
        yield f"{harmless(duty.agent)}{until}"
    if not one.on_duty:
        yield "nobody is rostered"


def _moment(moment: datetime, local: str | None) -> str:
    """As the brand's clock shows it, and in UTC."""
    return f"{str(local)[:16].replace('T', ' ')} ({format_time(moment)})"


def gaps(zone: ZoneInfo) -> Callable[[Iterable[Gap], Screen], Iterator[str]]:
    """A line a gap, nothing for none; on a terminal by the brand's clock."""

    def view(records: Iterable[Gap], screen: Screen) -> Iterator[str]:
        rows = [_cells(one, zone, screen) for one in records]
        if rows:
            yield from columns([_GAPS, *rows] if screen.terminal else rows, screen)

    return view


def _cells(one: Gap, zone: ZoneInfo, screen: Screen) -> tuple[str, ...]:
    def shown(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%H:%M}" if screen.terminal else format_time(moment)

    return one.date, shown(one.from_), shown(one.to), harmless(one.why)


def findings(records: Iterable[HoursFinding], screen: Screen) -> Iterator[str]:
    """Each with its key, and what to do."""
    for one in records:
        said = harmless(f" {one.rule}: {one.message} ({one.key})")
        yield from folded(paint(one.level, one.level, screen), said, screen, "  ")
        yield from folded("  ", harmless(one.suggestion), screen, "    ")


def bios(records: Iterable[BioText], screen: Screen) -> Iterator[str]:  # noqa: ARG001 - a view
    """The bare text, so that it can be copied, below where it belongs."""
    for one in records:
        yield harmless(
            f"{one.account} on {one.network}, {one.language}: {one.count} of {one.limit} {one.unit}"
        )
        yield harmless(one.text)
