"""Who is away on which days. Pure."""

from __future__ import annotations

from datetime import date, datetime

from socialcli.policy.schema import Agent, Policy


def span(text: str) -> tuple[date, date]:
    """The first and the last day of "2026-12-24", "2026-12-24..2027-01-02", "2026-12-24.." (without an end).
    ValueError for anything else.
    """
    first, several, last = text.partition("..")
    begins = _day(first)
    ends = begins if not several else _day(last) if last else date.max
    if ends < begins:
        raise ValueError(f'"{text}" ends before it begins')
    return begins, ends


def is_away(agent: Agent, policy: Policy, at: datetime) -> bool:
    """Whether ``at``, where the brand is, lies on a day on which the agent is away."""
    if not agent.away:
        return False
    from zoneinfo import ZoneInfo

    today = at.astimezone(ZoneInfo(policy.brand.time_zone)).date()
    return any(begins <= today <= ends for begins, ends in map(span, agent.away))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(f'"{text}" is not a date')
    return day
