"""Reports as tables; on a terminal with bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.listening import Listen, Voices
from socialcli.model.times import format_time
from socialcli.render.screen import cut
from socialcli.text.clean import harmless

_HEAD = ("", "MESSAGES", "CUSTOMERS", "SHARE")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BAR = "#"
_WIDEST_BAR = 40  # columns, as all below
_LABEL = 26
_NUMBERS = (10, 11, 7)
_HOUR, _DAY = 6, 6
_GAP = 2
_LEAST = 10  # columns of a bar that says anything


def listening(records: Iterable[Listen], screen: Screen) -> Iterator[str]:
    """The questions a line each, then the hours; off a terminal separated by tabs, and without bars."""
    for one in records:
        yield from _title(one, screen)
        yield from _questions(one, screen)
        yield ""
        yield from _hours(one, screen)


def _title(one: Listen, screen: Screen) -> Iterator[str]:
    whose = "all accounts" if one.account is None else harmless(one.account)
    period = f"{format_time(one.since)} to {format_time(one.until)}"
    yield cut(f"what customers wrote, {period}, {whose}", screen.width if screen.terminal else 0)
    yield ""


def _questions(one: Listen, screen: Screen) -> Iterator[str]:
    asked = (
        ("wrote to us", one.wrote),
        ("frustrated", one.frustrated),
        ("about technical matters", one.technical),
        ("about account matters", one.account_matters),
        ("positive feedback", one.positive_feedback),
        ("negative feedback", one.negative_feedback),
        ("a help page would do", one.help_link),
        ("need a reply", one.reply_needed),
        ("would gain by a reply", one.reply_welcome),
    )
    room = min(_WIDEST_BAR, screen.width - _label_width(screen) - sum(_NUMBERS) - _GAP)
    yield _row(_HEAD, "", screen)
    for label, voices in asked:
        share = voices.customers / one.wrote.customers if one.wrote.customers else 0.0
        yield _row(_cells(label, voices, f"{share:.0%}"), _bar(share, room), screen)
    for label, voices in (
        ("not triaged yet", one.untriaged),
        ("spam and abuse", one.noise),
        ("news from feeds", one.news),
    ):
        if voices.messages:
            yield _row(_cells(f"{label} (apart)", voices, ""), "", screen)


def _cells(label: str, voices: Voices, share: str) -> tuple[str, str, str, str]:
    return label, f"{voices.messages:,}", f"{voices.customers:,}", share


def _row(cells: tuple[str, str, str, str], bar: str, screen: Screen) -> str:
    if not screen.terminal:
        return "\t".join(cell.replace(",", "") for cell in cells)
    label, *numbers = cells
    wide = _label_width(screen)
    figures = "".join(number.rjust(width) for number, width in zip(numbers, _NUMBERS, strict=True))
    return cut(f"{cut(label, wide):<{wide}}{figures}{' ' * _GAP}{bar}".rstrip(), screen.width)


def _label_width(screen: Screen) -> int:
    return max(1, min(_LABEL, screen.width - sum(_NUMBERS)))


def _bar(share: float, room: int) -> str:
    """At most ``room`` columns; one at least for what is not nothing. Nothing where that is too few to compare."""
    return _BAR * max(round(share * room), int(share > 0)) if room >= _LEAST else ""


def _hours(one: Listen, screen: Screen) -> Iterator[str]:
    """A line an hour: its messages, how they fall on the days of the week, where there is room, and a bar."""
    if not screen.terminal:
        yield "\t".join((f"hour ({harmless(one.time_zone)})", "MESSAGES", *_WEEKDAYS))
        for hour, count in enumerate(one.by_hour):
            yield "\t".join((f"{hour:02d}", str(count), *(str(day[hour]) for day in one.by_weekday)))
        return
    room = screen.width - _HOUR - _NUMBERS[0] - _GAP
    with_days = room >= _DAY * len(_WEEKDAYS) + _LEAST
    room = min(_WIDEST_BAR, room - _DAY * len(_WEEKDAYS) if with_days else room)
    names = "".join(f"{day:>{_DAY}}" for day in _WEEKDAYS) if with_days else ""
    yield cut(f"{'HOUR':<{_HOUR}}{'MESSAGES':>{_NUMBERS[0]}}{names}  {harmless(one.time_zone)}", screen.width)
    most = max(one.by_hour) or 1
    for hour, count in enumerate(one.by_hour):
        week = "".join(f"{day[hour] or '.':>{_DAY}}" for day in one.by_weekday) if with_days else ""
        figures = f"{f'{hour:02d}':<{_HOUR}}{count:>{_NUMBERS[0]},}{week}"
        yield cut(f"{figures}{' ' * _GAP}{_bar(count / most, room)}".rstrip(), screen.width)
