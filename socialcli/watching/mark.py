"""Up to where what came in through an account was checked: ``.socialcli/watched-ACCOUNT``, the place in the journal of
the newest message that the last check knew. One that is missing or broken only means one check more.
"""

from __future__ import annotations

from pathlib import Path

from socialcli import durable


class Mark:
    """``momentary`` is where the file lies."""

    def __init__(self, momentary: Path, account: str) -> None:
        self._path = momentary / f"watched-{account}"

    def read(self) -> int | None:
        """The place; None if none can be read."""
        try:
            return int(self._path.read_bytes())
        except (OSError, ValueError):
            return None

    def set(self, place: int) -> None:
        """Keep it. Raises StorageError."""
        durable.replace(self._path, [b"%d\n" % place])
