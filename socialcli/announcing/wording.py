"""What a statement says: never what another account says already, and no promise that is past."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

# From here on two texts are the same to a reader, and to a network that looks for copies: the figure (of 100)
# by which a reply counts as the same reply again. Two wordings of one fact in unlike sentences stay below 75.
_ALIKE = 85
_READ = 10_000  # characters that are compared: more than any network takes
_HALF_A_DAY = 12


def too_alike(one: str, other: str) -> bool:
    """Whether two accounts that say this would say the same: links, handles and white space do not count."""
    from rapidfuzz import fuzz

    return fuzz.ratio(_core(one), _core(other), score_cutoff=_ALIKE) >= _ALIKE


def same(one: str, other: str) -> bool:
    """Whether a text was only decorated otherwise."""
    return _core(one) == _core(other)


def like_which(text: str, others: Iterable[tuple[str, str]]) -> str | None:
    """The account among ``(account, text)`` that says nearly the same; None if none does."""
    return next((account for account, other in others if too_alike(text, other)), None)


def promised_in(text: str, since: datetime, zone: str) -> datetime | None:
    """The first clock time after ``since`` by which ``text`` promises something ("by 16:00", "bis 16:00 Uhr"),
    read in ``zone``; None where it names none, or one of another day.
    """
    start = since.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    found = []
    for match in _promise().finditer(text[:_READ]):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"]:
            hour = hour % _HALF_A_DAY + (_HALF_A_DAY if match["half"].casefold() == "p" else 0)
        moment = start.replace(hour=hour, minute=minute)
        found.append(moment if moment >= start else moment + timedelta(days=1))
    return min(found).astimezone(UTC) if found else None


def _core(text: str) -> str:
    return "".join(_noise().sub(" ", text[:_READ].casefold()).split())


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(r"https?://\S+|@\w+")


@cache
def _promise() -> re.Pattern[str]:
    """A word that promises, in the languages of the shipped policy, and a time with minutes or with am/pm."""
    return re.compile(
        r"\b(?:by|before|bis|antes de las|a las|avant|d[’']ici)\s{1,3}"
        r"(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d)\b|(?=\s?[ap]\.?m\b))"
        r"(?:\s?(?P<half>[ap])\.?m\b)?"
        r"(?!\s{1,3}(?:tomorrow|on|next|morgen|am|mañana|demain|le|el)\b)",
        re.IGNORECASE,
    )
