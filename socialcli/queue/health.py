"""Findings in a queue as the records that ``doctor`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import UNSET

from socialcli.model.answers import Health
from socialcli.queue.findings import Finding
from socialcli.queue.repairing import Mended

_Row = tuple[str, str, str, Path | None]  # what the findings of a row have in common
_PLANS = {
    "aside": "would be set aside",
    "tail": "would be set aside",
    "plain": "would be taken off",
    "keep": "would count as it reads now, its old bytes set aside",
    "adopt": "would be named again",
    "erase": "would be erased again",
    "known": "would be taken note of, and named no more",
}
_DONE = {
    "adopt": "named again",
    "plain": "taken off",
    "erase": "erased again",
    "known": "taken note of, and named no more",
}
# What is said of several lines in a row.
_OF_SEVERAL = {
    "crlf": "end as on Windows (CRLF)",
    "duplicate": "are copies of earlier lines: each event counts once",
    "deleted-text": "are deleted messages: nobody sees their words, which still stand there",
}


def in_rows(found: Iterable[Mended]) -> Iterator[Mended]:
    """Harmless findings of one cause in adjoining lines as one; the others as they are, in the order they came."""
    rows: dict[_Row, Mended] = {}
    for one in found:
        line = one.finding.line
        for ended in [row for row, known in rows.items() if _last(known.finding) < line - 1]:
            yield rows.pop(ended)
        if one.finding.kind.broken or not line:
            yield one
            continue
        row = one.finding.kind.name, one.finding.detail, one.finding.file, one.aside
        known = rows.pop(row, None)
        if known is not None and _last(known.finding) == line - 1:
            rows[row] = known._replace(finding=msgspec.structs.replace(known.finding, last=line))
            continue
        if known is not None:  # of another reading
            yield known
        rows[row] = one
    yield from rows.values()


def _last(one: Finding) -> int:
    return one.last or one.line


def as_found(one: Finding, workspace: Path) -> Health:
    return _record(one, workspace, "broken" if one.kind.broken else "ok", _detail(one), one.kind.remedy)


def as_planned(one: Finding, workspace: Path) -> Health:
    """What ``--repair`` would do about it."""
    state: Literal["broken", "ok"] = "broken" if one.kind.broken else "ok"
    return _record(one, workspace, state, f"{_detail(one)}: {_PLANS[one.kind.mend]}")


def as_mended(one: Mended, workspace: Path) -> Health:
    """What ``--repair`` did about it."""
    done = _DONE[one.finding.kind.mend] if one.aside is None else f"set aside in {one.aside.name}"
    if one.finding.kind.mend == "keep":
        done = f"taken as it reads now: check it; its old bytes are {done}"
    return _record(one.finding, workspace, "ok", f"{_detail(one.finding)}: {done}")


def _detail(one: Finding) -> str:
    if not one.last:
        return one.detail
    return f"lines {one.line:,}-{one.last:,} {_OF_SEVERAL.get(one.kind.name, f'are alike: {one.detail}')}"


def _record(
    one: Finding, workspace: Path, state: Literal["ok", "broken"], detail: str, following: str = ""
) -> Health:
    place = f"{workspace / one.file}:{one.line}" if one.line else str(workspace / one.file)
    what = "index" if one.kind.name == "index" else "queue"
    return Health(
        what,
        state,
        f"{place}: {detail}",
        following,
        one.kind.name,
        one.file,
        one.line or UNSET,
        one.last or UNSET,
    )
