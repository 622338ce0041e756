"""A terminal that is closed, and a process that is asked to end, end the guided way as Ctrl-C does: what is to be
kept is kept, the ticket is given back.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGHUP, signal.SIGTERM)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, these signals raise SystemExit, with the code that the shell knows them by."""
    before = {one: signal.signal(one, _end) for one in _SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _end(number: int, _frame: FrameType | None) -> None:
    for one in _SIGNALS:  # a second one does not break off what the first began
        signal.signal(one, signal.SIG_IGN)
    raise SystemExit(128 + number)
