"""An agent's shift as one transaction: what it begins with, what must be done before it ends, and what is left for the
next; with the posts by which customers learn of it.

    from socialcli import shifts

    shifts.handover(app)    # -> Handover(by, to, note, at) of the shift that ended last, or None
    shifts.working(app)     # -> ids of the agents whose shifts are open

A shift begins with the event ``shift-opened`` and ends with ``shift-closed``; both are written before anything is
posted, each post is a draft whose id follows from the day, or the shift, and its account. So the same command again
finishes what was interrupted, and says nothing twice.
"""

from __future__ import annotations

from socialcli.shifts.standing import handover, working

__all__ = ["handover", "working"]
