"""Tickets as rows of a spreadsheet that opens harmlessly: no cell is a formula, no character a control."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from socialcli.model.exported import ExportedTicket
from socialcli.model.times import format_time

# What spreadsheets take for the beginning of a formula, full-width forms too; tabs and ends of lines, which some
# pass over before they look.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−")
# C0 but the line feed, DEL, C1, and what reorders or hides.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e0fff]"
)


def csv_lines(tickets: Iterable[ExportedTicket]) -> Iterator[str]:
    """The head, then a row each, without their line ends."""
    yield _row(ExportedTicket.__struct_fields__)
    for ticket in tickets:
        yield _row([_cell(value) for value in msgspec.structs.astuple(ticket)])


def _row(cells: Iterable[str]) -> str:
    return ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if _QUOTED(cell) else cell for cell in cells)


_QUOTED = re.compile(r'[",;\n\r\']|^\s|\s$').search


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return format_time(value)
    return harmless_cell(" ".join(value) if isinstance(value, tuple) else str(value))


def harmless_cell(text: str) -> str:
    """The text without controls; an apostrophe before what a spreadsheet would take for a formula."""
    kept = _CONTROLS.sub(_without, text)
    begins = kept.lstrip()[:1]
    return f"'{kept}" if text[:1] in _FORMULA or begins in _FORMULA else kept


def _without(match: re.Match[str]) -> str:
    return " " if match.group() == "\t" else ""
