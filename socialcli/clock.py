"""The time. Decisions take it as a parameter; this module is where it comes from."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now(_datetime: type[datetime] = datetime) -> datetime:
    """The present as an aware UTC time. Bound to the real class at import: freezegun's stand-in moves
    ``time.time`` but cannot be encoded by msgspec.
    """
    return _datetime.fromtimestamp(time.time(), UTC)
