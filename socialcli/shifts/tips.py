"""The tip of the week, out of the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from socialcli.model.knowledge import Entry
from socialcli.model.shift import Tip
from socialcli.policy.schema import Policy

_WEEK = 7


def tip_of(policy: Policy, entries: Sequence[Entry], now: datetime, language: str) -> Tip | None:
    """The tip of the week in which ``now`` lies, Monday to Sunday where the brand is: entries of the topic
    ``shift.tips``, in ``language`` or without one, one after the other as they stand in the file; None for none.
    """
    wanted = policy.shift.tips.casefold()
    tips = [
        one for one in entries if (one.topic or "").casefold() == wanted and one.language in (None, language)
    ]
    if not wanted or not tips:
        return None
    today = now.astimezone(ZoneInfo(policy.brand.time_zone)).date()
    week = (today.toordinal() - 1) // _WEEK  # the first day of the calendar is a Monday
    year, number, _ = today.isocalendar()
    return Tip(f"{year}-W{number:02}", len(tips), tips[week % len(tips)])


def tip_said(tip: Tip) -> str:
    """Its words for a post: the answer, and where more of it stands."""
    link = tip.entry.link
    return tip.entry.answer if link is None or link in tip.entry.answer else f"{tip.entry.answer} {link}"
