"""Whether somebody who met much abuse is relieved of it for a while (``[relief]``). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from socialcli.policy.schema import Relief


def relieved_until(met: Sequence[datetime], relief: Relief, now: datetime) -> datetime | None:
    """Until when, unless more comes; None where nobody need be. ``met``: when they met abuse, in any order."""
    span = timedelta(seconds=relief.within)
    lately = sorted((one for one in met if now - span < one <= now), reverse=True)
    if not relief.after or len(lately) < relief.after:
        return None
    return lately[relief.after - 1] + span
