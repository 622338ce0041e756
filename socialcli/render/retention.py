"""What erasure and archiving did, a line a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.retention import Archiving, Erasure
from socialcli.model.times import format_time
from socialcli.text.clean import harmless
from socialcli.text.counted import counted

_SOME = 10  # tickets that are named


def erasures(records: Iterable[Erasure], _screen: Screen) -> Iterator[str]:
    for one in records:
        verb = "erased" if one.state == "erased" else "would be erased"
        now = f", now {one.customer}" if one.customer else ""
        yield harmless(f"{one.target}{now}: {counted(one.lines, 'line')} of {one.file} {verb}")


def archivings(records: Iterable[Archiving], _screen: Screen) -> Iterator[str]:
    for one in records:
        if one.state == "nothing":
            yield _nothing(one)
            continue
        moved = (
            f"{counted(one.tickets, 'ticket')}, {counted(one.lines, 'line')}, {counted(one.bytes, 'byte')}"
        )
        where = "would be archived" if one.state == "planned" else f"archived in {harmless(one.file or '')}"
        yield f"{moved} {where}"
        if one.state == "planned":
            more = f" and {len(one.ids) - _SOME:,} more" if len(one.ids) > _SOME else ""
            yield f"  {harmless(', '.join(one.ids[:_SOME]))}{more}"


def _nothing(one: Archiving) -> str:
    said = f"nothing to archive before {format_time(one.before)}"
    if one.quiet_since is None:
        return f"{said}: no ticket in the journal is finished"
    whole = f"{counted(one.finished, 'ticket')} {'is' if one.finished == 1 else 'are'} finished"
    return f"{said}: {whole}, the oldest quiet since {format_time(one.quiet_since)}"
