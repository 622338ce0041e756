"""What belongs on a list of today, and on whose."""

from __future__ import annotations

from datetime import timedelta

AHEAD = timedelta(days=1)  # what falls due later is not today's
STUCK = ("parked", "unknown", "intended", "by-hand")  # states of drafts for which a person is needed


def is_for(agent: str | None, whose: str | None) -> bool:
    """Whether what is ``whose`` belongs on the list of ``agent``; None: on that of all, or anybody's."""
    return agent is None or whose in (None, agent)
