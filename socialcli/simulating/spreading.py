"""Which incidents the spread check would have suspected, had it looked every five minutes in which somebody wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import msgspec
from msgspec.structs import replace

from socialcli.model.incident import Heard, Known, Suspicion
from socialcli.policy.schema import Policy
from socialcli.queue.rows import TicketRow, customer_key
from socialcli.simulating.turns import Turn
from socialcli.triage.spread import BUCKET, Rhythm, Spread

_USUAL = 14 * 86400  # seconds of the past that say which words are usual, as fetch looks at them
_NEWEST = 2000  # messages of the past that are looked at, at most


class Ears:
    """What was heard, account by account."""

    def __init__(self) -> None:
        self._heard: dict[str, list[Heard]] = defaultdict(list)

    def hear(self, row: TicketRow, story: Sequence[Turn]) -> None:
        for turn in story:
            message, at = turn.looks[0].message, int(turn.at.timestamp())
            who = message.author.id or customer_key(message.author.handle)
            self._heard[message.account].append(Heard(message.id, row.id, who, at, message.text))

    def suspicions(self, policies: Sequence[Policy], since: datetime | None) -> list[int]:
        """How many incidents each policy would have suspected from ``since`` on."""
        start = 0 if since is None else int(since.timestamp())
        found: dict[tuple[object, ...], int] = {}
        for policy in policies:
            if _deciding(policy) not in found:
                found[_deciding(policy)] = sum(
                    1 for heard in self._heard.values() for _ in _of_account(policy, heard, start)
                )
        return [found[_deciding(policy)] for policy in policies]


def _deciding(policy: Policy) -> tuple[object, ...]:
    """What the check depends on: where that is the same, so is what it finds."""
    parts = (policy.incident, policy.triage, policy.topics, policy.brand, sorted(policy.our_handles))
    return tuple(msgspec.json.encode(part, enc_hook=int, order="deterministic") for part in parts)


def _of_account(policy: Policy, heard: Sequence[Heard], since: int) -> Iterator[Suspicion]:
    spread = Spread(policy)
    known: list[Known] = []
    counts: dict[int, int] = defaultdict(int)
    ordered = sorted(heard, key=lambda one: (one.at, one.id))
    begin = end = 0
    for bucket, new in groupby(ordered, key=lambda one: one.at // BUCKET):
        latest = list(new)
        end += len(latest)
        counts[bucket * BUCKET] = len(latest)
        now = (bucket + 1) * BUCKET
        begin = _beginning(ordered, max(begin, end - _NEWEST), now - _USUAL)
        known = [_heard_of(spread, one, latest) for one in known]
        for one in _found(policy, spread, ordered[begin:end], counts, now, known):
            known.append(Known(one.topic, one.words, "suspected", now, one.since))
            if now >= since:
                yield one


def _beginning(ordered: Sequence[Heard], begin: int, oldest: int) -> int:
    while ordered[begin].at < oldest:
        begin += 1
    return begin


def _heard_of(spread: Spread, one: Known, latest: Sequence[Heard]) -> Known:
    """What was just said of an incident that is known moves its end."""
    theirs = [heard.at for heard in latest if spread.joins(one.words, one.topic, heard)]
    return replace(one, last=max(theirs)) if theirs else one


def _found(
    policy: Policy,
    spread: Spread,
    heard: Sequence[Heard],
    counts: dict[int, int],
    now: int,
    known: Sequence[Known],
) -> list[Suspicion]:
    if not spread.worth_a_look(len({one.author for one in heard if one.at > now - spread.reach})):
        return []
    rhythm = Rhythm.of(counts, policy.brand.time_zone, now)
    return spread.suspect(heard, rhythm, now, known)
