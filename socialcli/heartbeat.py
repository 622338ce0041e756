"""heartbeat: when each account was last read as a whole, so that a silence is noticed. One small file,
``.socialcli/heartbeat.json``: ``{"support": {"at": "2026-11-20T10:05:00Z", "read": 12, "new": 3}}``. It is
written for other programs too; one that is missing or broken counts as none.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from socialcli import durable
from socialcli.model.times import format_time, parse_time

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_IN_MINUTES = 2 * _HOUR  # what is shorter is said in minutes: 90m


class Beat(msgspec.Struct, frozen=True):
    """The last reading of an account that got to its end. ``at`` is its time of decisions."""

    at: datetime
    read: int
    new: int


class Heartbeat:
    """``momentary`` is where the file lies."""

    def __init__(self, momentary: Path) -> None:
        self._path = momentary / "heartbeat.json"
        self._lock = momentary / "heartbeat.lock"

    def last(self, account: str) -> Beat | None:
        """The account's last beat; None if there is none that can be read."""
        try:
            beat = self._all()[account]
            return Beat(parse_time(beat["at"]), int(beat["read"]), int(beat["new"]))
        except (KeyError, TypeError, ValueError):
            return None

    def beat(self, account: str, beat: Beat) -> None:
        """Keep it. Raises LockHeldError, StorageError."""
        with durable.lock(self._lock, "the heartbeat"):
            beats = self._all()
            beats[account] = {"at": format_time(beat.at), "read": beat.read, "new": beat.new}
            durable.replace(self._path, [msgspec.json.encode(beats), b"\n"])

    def _all(self) -> dict[str, Any]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Any])
        except (OSError, msgspec.DecodeError, ValueError, RecursionError):
            return {}


def gap(account: str, last: Beat | None, now: datetime, limit: int) -> str | None:
    """What is to be said of a pause longer than ``limit`` seconds; None if there is nothing."""
    pause = 0 if last is None else int((now - last.at).total_seconds())
    if last is None or pause <= limit:
        return None
    between = f"between {format_time(last.at)} and {format_time(now)}"
    return f"{account}: {between} nothing was read ({_spelt(pause)}, limit {_spelt(limit)})"


def _spelt(seconds: int) -> str:
    """A duration as it is written in policies.toml: 45s, 90m, 2h5m, 3d."""
    units = (
        ((_MINUTE, "m"), (1, "s")) if seconds < _IN_MINUTES else ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m"))
    )
    parts = []
    for size, unit in units:
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"
