"""Findings in a queue as the records that ``doctor`` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import UNSET

from socialcli.model.answers import Health
from socialcli.queue.findings import Finding
from socialcli.queue.repairing import Mended

_PLANS = {
    "aside": "would be set aside",
    "tail": "would be set aside",
    "plain": "would be taken off",
    "erase": "would be erased again",
}
_DONE = {"plain": "taken off", "erase": "erased again"}


def as_found(one: Finding, workspace: Path) -> Health:
    return _record(one, workspace, "broken" if one.kind.broken else "ok", one.detail, one.kind.remedy)


def as_planned(one: Finding, workspace: Path) -> Health:
    """What ``--repair`` would do about it."""
    state: Literal["broken", "ok"] = "broken" if one.kind.broken else "ok"
    return _record(one, workspace, state, f"{one.detail}: {_PLANS[one.kind.mend]}")


def as_mended(one: Mended, workspace: Path) -> Health:
    """What ``--repair`` did about it."""
    done = _DONE[one.finding.kind.mend] if one.aside is None else f"set aside in {one.aside.name}"
    return _record(one.finding, workspace, "ok", f"{one.finding.detail}: {done}")


def _record(
    one: Finding, workspace: Path, state: Literal["ok", "broken"], detail: str, following: str = ""
) -> Health:
    place = f"{workspace / one.file}:{one.line}" if one.line else str(workspace / one.file)
    what = "index" if one.kind.name == "index" else "queue"
    return Health(what, state, f"{place}: {detail}", following, one.kind.name, one.file, one.line or UNSET)
