"""When an answer is due, from when on that is near, and why then.

Pure. Two clocks run for every ticket, and the earlier one counts:

- ours: from the customer's oldest message without an answer, as long as ``[deadlines]`` says for the priority
  and for how the message came. With coverage "hours" only open time counts, but for ``deadlines.always``.
- the customer's own, where the text gives one ("boards in 40 min"). It is a moment of the world, so no closing
  time moves it. One that has passed, or is a moment away, is set to ``_AT_LEAST`` after the message was written:
  nobody reads and answers sooner, and an answer just too late still helps.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from socialcli.model.assessment import Priority
from socialcli.model.message import Message
from socialcli.model.times import spelled
from socialcli.policy.hours import LAST_MOMENT, after
from socialcli.policy.schema import Policy

_AT_LEAST = timedelta(minutes=5)  # what reading and answering takes


class Due(NamedTuple):
    """``at``: the deadline; ``warn``: from when on the ticket is about to breach it. Both UTC."""

    at: datetime
    warn: datetime
    because: str  # "30m of open time for high (direct)", "the customer's own deadline 10:40"


def due(
    policy: Policy,
    priority: Priority,
    received_at: datetime,
    message: Message | None = None,
    own: datetime | None = None,
) -> Due:
    """When a customer who waits since ``received_at`` must have an answer. ``message`` is the one that triage
    weighed, None where it does not matter how it came; ``own`` is what ``own_deadline`` makes of it.
    """
    ours = _ours(policy, priority, received_at, message)
    if own is None or own >= ours.at:
        return ours
    warn = max(received_at, own - timedelta(seconds=policy.deadlines.warn)).astimezone(UTC)
    return Due(own, min(own, warn, ours.warn), f"the customer's own deadline {_wall_time(policy, own)}")


def own_deadline(message: Message, said: datetime | None) -> datetime | None:
    """The customer's own deadline as it can be kept: ``said`` is what the text gives."""
    if said is None:
        return None
    try:
        return max(said, message.created_at + _AT_LEAST).astimezone(UTC)
    except OverflowError:
        return LAST_MOMENT


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two deadlines, each of which may be none."""
    return min((at for at in (one, other) if at is not None), default=None)


def allowed(policy: Policy, priority: Priority, message: Message | None = None) -> int:
    """Seconds that a customer may wait: the first that is set for how the message came (comment, search, feed),
    for who can read it (direct, public), and in ``[deadlines]`` itself.
    """
    return _allowed(policy, priority, message)[0]


def _allowed(policy: Policy, priority: Priority, message: Message | None) -> tuple[int, str]:
    """The same, and for which kind of channel it was set; "" for all."""
    deadlines = policy.deadlines
    for name in () if message is None else (message.source, message.visibility):
        seconds = getattr(getattr(deadlines, name, None), priority, None)
        if seconds is not None:
            return int(seconds), f" ({name})"
    return int(getattr(deadlines, priority)), ""


def _ours(policy: Policy, priority: Priority, received_at: datetime, message: Message | None) -> Due:
    seconds, channel = _allowed(policy, priority, message)
    always = priority in policy.deadlines.always
    at, warn = (
        after(policy, received_at, timedelta(seconds=wait), always=always)
        for wait in (seconds, max(0, seconds - policy.deadlines.warn))
    )
    counted = "" if always or policy.hours.coverage == "24x7" else " of open time"
    return Due(at, min(at, warn), f"{spelled(seconds)}{counted} for {priority}{channel}")


def _wall_time(policy: Policy, moment: datetime) -> str:
    """As the brand's clock shows it."""
    from zoneinfo import ZoneInfo

    try:
        return f"{moment.astimezone(ZoneInfo(policy.brand.time_zone)):%H:%M}"
    except OverflowError:  # the last day of the calendar
        return f"{moment:%H:%M}"
