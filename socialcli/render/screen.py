"""What every view needs: colour, width, columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from socialcli.console import Screen
from socialcli.model.times import format_time

Mask = Callable[[str], str]

PLAIN_WIDTH = 100  # columns up to which long texts are read well
_COLOURS = {"urgent": "1;31", "high": "33", "error": "1;31", "broken": "1;31", "warning": "33", "missing": "33",
            "sent": "32", "ok": "32", "overdue": "1;31"}  # fmt: skip
_WIDEST = 16  # columns of a cell that is not the last
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LEAST = 10  # columns of the last cell, however narrow the screen


def paint(text: str, kind: str, screen: Screen) -> str:
    """``text`` in the colour of ``kind``, where the screen has colours."""
    code = _COLOURS.get(kind) if screen.colour else None
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


def cut(text: str, width: int) -> str:
    """At most ``width`` columns, an ellipsis in place of what is left out."""
    if width <= 0 or (text.isascii() and len(text) <= width):
        return text
    from wcwidth import wcswidth, wcwidth

    if wcswidth(text) <= width:
        return text
    kept: list[str] = []
    room = width - 1
    for character in text:
        room -= max(0, wcwidth(character))
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def columns(
    rows: Sequence[Sequence[str]],
    screen: Screen,
    *,
    widest: int = _WIDEST,
    kinds: Mapping[tuple[int, int], str] | None = None,
) -> Iterator[str]:
    """A table: aligned on a terminal, the last column cut to its width, the others to ``widest``; else separated
    by tabs. A cell has the colour of its words, or of what ``kinds`` says at its row and column, from 0.
    """
    if not screen.terminal:
        yield from ("\t".join(row) for row in rows)
        return
    from wcwidth import wcswidth

    heads = [[cut(value, widest) for value in row[:-1]] for row in rows]
    widths = [max(wcswidth(head[place]) for head in heads) for place in range(len(heads[0]))]
    room = screen.width - sum(widths) - 2 * len(widths)
    of = kinds or {}
    for at_row, (row, head) in enumerate(zip(rows, heads, strict=True)):
        cells = [
            paint(value + " " * (width - wcswidth(value)), of.get((at_row, place), value), screen)
            for place, (value, width) in enumerate(zip(head, widths, strict=True))
        ]
        yield "  ".join((*cells, cut(row[-1], max(_LEAST, room)))).rstrip()


def wrapped(line: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(line, width, break_long_words=False) or [""]


def folded(head: str, text: str, screen: Screen, indent: str) -> list[str]:
    """``head``, which may be coloured, and ``text`` behind it; on a terminal folded at words, all lines but the
    first behind ``indent``.
    """
    if not screen.terminal:
        return [head + text]
    import textwrap

    width = min(screen.width, PLAIN_WIDTH)
    bare = _COLOUR.sub("", head)
    lines = textwrap.wrap(
        "\0" * len(bare) + text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [head + lines[0][len(bare) :], *lines[1:]] if lines else [head]


def as_is(text: str) -> str:
    return text


def until(moment: datetime, now: datetime) -> str:
    """How long until then, or since: "in 12m", "3h05m ago"."""
    left = moment - now
    return f"{span(-left)} ago" if left < timedelta(0) else f"in {span(left)}"


def span(length: timedelta) -> str:
    """Such as "12m", "3h05m", "2d"."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes}m"
    return f"{minutes // 60}h{minutes % 60:02d}m" if minutes < 1440 else f"{minutes // 1440}d"  # noqa: PLR2004


def at(seconds: int | None) -> str:
    """Epoch seconds as they are printed."""
    return "-" if seconds is None else format_time(datetime.fromtimestamp(seconds, UTC))
