"""Public holidays: which dates they are, and whether a place has any we know of.

They are those of the library "holidays" (public ones, with the days observed in place of those on a weekend),
which knows them up to the year 2100. It is imported with the first question, since that takes as long as all
the rest of a light command.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from socialcli.policy.shape import did_you_mean, shown

_NAMED = 12  # countries or parts of one that a message names, at most


def is_holiday(place: str, day: date) -> bool:
    """Whether ``day`` is a public holiday there. ``place``: "GB", "GB-ENG"; one of which ``mistake`` says nothing."""
    return day in _holidays(place, day.year)


def mistake(place: str) -> str:
    """What is wrong with the name of a country or a part of one, and what is near it; "" for a right one."""
    import holidays

    country, _, part = place.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        alike = sorted(code for code in known if len(code) == len(country) and code[0] == country[0])
        return f"no holidays are known of {shown(country)}{_near(country, alike)}"
    if part and part not in known[country]:
        if not known[country]:
            return f"{country} has no parts with holidays of their own (write {shown(country)})"
        return f"{country} has no part {shown(part)}{_near(part, list(known[country]))}"
    return ""


def _near(word: str, known: list[str]) -> str:
    if near := did_you_mean(word, tuple(known)):
        return near
    more = ", ..." if len(known) > _NAMED else ""
    return f" (known: {', '.join(known[:_NAMED])}{more})" if known else ""


@lru_cache(maxsize=256)
def _holidays(place: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = place.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
