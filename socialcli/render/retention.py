"""What erasure and archiving did, a line a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.retention import Archiving, Erasure
from socialcli.model.times import format_time
from socialcli.text.clean import harmless


def erasures(records: Iterable[Erasure], _screen: Screen) -> Iterator[str]:
    for one in records:
        verb = "erased" if one.state == "erased" else "would be erased"
        now = f", now {one.customer}" if one.customer else ""
        yield harmless(f"{one.target}{now}: {one.lines:,} line(s) of {one.file} {verb}")


def archivings(records: Iterable[Archiving], _screen: Screen) -> Iterator[str]:
    for one in records:
        if one.state == "nothing":
            yield f"nothing to archive before {format_time(one.before)}"
            continue
        moved = f"{one.tickets:,} ticket(s), {one.lines:,} line(s), {one.bytes:,} bytes"
        where = "would be archived" if one.state == "planned" else f"archived in {harmless(one.file or '')}"
        yield f"{moved} {where}"
