"""What do customers say? Six questions about the messages of a period, each answered twice: how many messages,
and how many customers, of whom each counts once however often they wrote.

All figures rest on what triage says of each message by itself; what was set by hand counts for all messages
of its ticket. Three sorts are left out of them and counted apart: ``untriaged``, on which triage has not spoken;
``noise``, spam and abuse; ``news``, articles from feeds, behind which is no customer. The rest is ``wrote``, and
every other figure is a part of it. The parts overlap: one message can be a complaint about an account, frustrated,
and in need of a reply.

1. frustrated         a complaint, or words that are negative on the whole (sentiment below -0.05).
2. technical          its topic is one of ``report.technical``;
   account_matters    its topic is one of ``report.account``.
3. positive_feedback  praise, or feedback with a sentiment above 0.05;
   negative_feedback  a complaint, or feedback with a sentiment below -0.05.
4. help_link          a question or request that a page of help can answer: to be answered, neither urgent nor
                      high, and no account matter, which nobody can settle without looking at the account.
5. reply_needed       to be answered, and a complaint, question or request, or urgent or high;
   reply_welcome      to be answered besides those: praise, feedback, a mention that a word fits.
6. by_hour            when it was written, by the brand's clock; by_weekday has the same a day of the week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from socialcli.model.listening import Heard, Listen, Voices
from socialcli.policy.schema import Policy

_POSITIVE, _NEGATIVE = 0.05, -0.05  # sentiment above, below
_NOISE = ("spam", "abuse")
_NEEDS = ("complaint", "question", "request")
_PRESSING = ("urgent", "high")
_HOURS, _DAYS = 24, 7
_QUARTER = 900  # seconds; every zone is a whole number of them away from UTC

Question = Callable[[Heard], bool]


class _Count:
    def __init__(self) -> None:
        self.messages = 0
        self.customers: set[str] = set()

    def add(self, one: Heard) -> None:
        self.messages += 1
        self.customers.add(one.customer)

    def voices(self) -> Voices:
        return Voices(self.messages, len(self.customers))


def listen(
    heard: Iterable[Heard], since: datetime, until: datetime, account: str | None, policy: Policy
) -> Listen:
    """The report on these messages, which are those of the period."""
    from zoneinfo import ZoneInfo

    questions = _questions(policy)
    counts = {name: _Count() for name in ("wrote", "untriaged", "noise", "news", *questions)}
    week = [[0] * _HOURS for _ in range(_DAYS)]
    place = _places(ZoneInfo(policy.brand.time_zone))
    for one in heard:
        sort = _sort(one)
        counts[sort].add(one)
        if sort != "wrote":
            continue
        for name, holds in questions.items():
            if holds(one):
                counts[name].add(one)
        day, hour = place(one.at // _QUARTER)
        week[day][hour] += 1
    return Listen(
        since=since,
        until=until,
        account=account,
        time_zone=policy.brand.time_zone,
        by_hour=tuple(sum(day[hour] for day in week) for hour in range(_HOURS)),
        by_weekday=tuple(tuple(day) for day in week),
        **{name: count.voices() for name, count in counts.items()},
    )


def _sort(one: Heard) -> str:
    if one.network == "feed":
        return "news"
    if one.respond is None:
        return "untriaged"
    return "noise" if one.kind in _NOISE else "wrote"


def _questions(policy: Policy) -> dict[str, Question]:
    technical, account = frozenset(policy.report.technical), frozenset(policy.report.account)
    return {
        "frustrated": lambda one: one.kind == "complaint" or _is_negative(one),
        "technical": lambda one: one.topic in technical,
        "account_matters": lambda one: one.topic in account,
        "positive_feedback": lambda one: (
            one.kind == "praise" or (one.kind == "feedback" and (one.sentiment or 0) > _POSITIVE)
        ),
        "negative_feedback": lambda one: (
            one.kind == "complaint" or (one.kind == "feedback" and _is_negative(one))
        ),
        "help_link": lambda one: (
            one.respond == "respond"
            and one.kind in ("question", "request")
            and one.priority not in _PRESSING
            and one.topic not in account
        ),
        "reply_needed": lambda one: one.respond == "respond" and _needs(one),
        "reply_welcome": lambda one: one.respond == "respond" and not _needs(one),
    }


def _is_negative(one: Heard) -> bool:
    return (one.sentiment or 0) < _NEGATIVE


def _needs(one: Heard) -> bool:
    return one.kind in _NEEDS or one.priority in _PRESSING


def _places(zone: tzinfo) -> Callable[[int], tuple[int, int]]:
    """Day of the week and hour of a quarter of an hour, counted from 1970."""

    @lru_cache(maxsize=4096)
    def place(quarter: int) -> tuple[int, int]:
        wall = datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(zone)
        return wall.weekday(), wall.hour

    return place
