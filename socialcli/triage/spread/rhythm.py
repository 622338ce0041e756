"""The brand's own rhythm: how many messages are usual at an hour of the day, on a day of the week.

A walk over the counts, bucket by bucket. What is usual is a slow exponential mean of the messages of half an
hour, in terms of the hour's and the day's share of a usual day; how far they lie from it, a slower one still.
A burst moves neither much: what stands far out is taken as no further out than ``_FURTHEST``.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

BUCKET = 300  # seconds
DAY = 86_400

Counts = Mapping[int, int] | Iterable[tuple[int, int]]

_WINDOW = 6  # buckets: half an hour, long enough to smooth a chance pair of messages
_BUCKETS_A_DAY = DAY // BUCKET
_LONGEST = 28 * DAY  # what is older tells little of today
_NOT_YET_USUAL = 4 * 3600  # seconds
_FURTHEST = 20.0  # deviations
# Days after which half of what was usual is forgotten.
_MEAN_HALF = 3.0
_SPREAD_HALF = 8.0
# How much a new day moves the share of its hour or weekday, and how many days (weeks) of "none is different from
# the others" are believed before the first one.
_NEW_DAY = 0.2
_DOUBT = 1.0
_LEAST_SHARE = 0.2


class Expected(Struct, frozen=True, gc=False):
    """What is usual in a stretch of time: messages, and how far the count of them usually lies from that."""

    mean: float
    deviation: float


class Shares:
    """How much busier than others each of some slots of time is: 1.0 = as busy as the mean of them."""

    def __init__(self, slots: int, *, smooth: bool) -> None:
        self.factors = [1.0] * slots
        self._means = [0.0] * slots
        self._seen = [0] * slots
        self._smooth = smooth

    def learn(self, slot: int, mean: float) -> None:
        """``mean``: messages per window in one whole stretch of that slot."""
        self._seen[slot] += 1
        self._means[slot] += max(_NEW_DAY, 1 / self._seen[slot]) * (mean - self._means[slot])
        whole = sum(self._means) / len(self._means)
        if whole > 0:
            self.factors = self._factors(whole, min(self._seen))

    def _factors(self, whole: float, seen: int) -> list[float]:
        raw = [(mean * seen + whole * _DOUBT) / (whole * (seen + _DOUBT)) for mean in self._means]
        if self._smooth:
            after = [*raw[1:], raw[0]]
            raw = [(raw[at - 1] + 2 * here + after[at]) / 4 for at, here in enumerate(raw)]
        return [max(_LEAST_SHARE, factor) for factor in raw]


class _Stretch:
    """The mean of one slot's windows, while it lasts."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._slot = -1
        self._sum = 0.0
        self._count = 0

    def add(self, slot: int, value: float) -> None:
        if slot != self._slot:
            if self._count:
                self._shares.learn(self._slot, self._sum / self._count)
            self._slot, self._sum, self._count = slot, 0.0, 0
        self._sum += value
        self._count += 1


class Rhythm:
    """Made with ``Rhythm.of``; or empty, for a ``zone`` (IANA name), and fed with ``take``."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._hours, self._weekdays = Shares(24, smooth=True), Shares(7, smooth=False)
        self._hour, self._weekday = _Stretch(self._hours), _Stretch(self._weekdays)
        self._window: deque[int] = deque(maxlen=_WINDOW)
        self._taken = 0
        self._mean = 0.0
        self._variance = 0.0
        self._clock = (-1, 0, 0)

    @classmethod
    def of(cls, counts: Counts, zone: str, now: int) -> Rhythm:
        """``counts``: epoch second of a bucket's beginning -> inbound messages in it, buckets of ``BUCKET``
        seconds; those without a message may be missing. What is older than four weeks is not read, nor are the
        last four hours before ``now``: a wave that begins is not usual yet. ``zone``: the brand's time zone.
        """
        rhythm = cls(zone)
        for at, count in in_buckets(counts, now - _LONGEST, now - _NOT_YET_USUAL):
            rhythm.take(at, count)
        return rhythm

    @property
    def days(self) -> float:
        """How long a history this was made from."""
        return self._taken / _BUCKETS_A_DAY

    def take(self, at: int, count: int) -> float:
        """One more bucket, which begins at ``at``; none may be left out. Gives how many deviations above what
        was usual until then the last half hour is.
        """
        self._window.append(count)
        self._taken += 1
        factor = self._factor(at)
        inside = sum(self._window)
        value = inside / factor
        above = (value - self._mean) / self._deviation(factor) if self._taken > 1 else 0.0
        kept = self._move(value, factor)
        _, hour, weekday = self._clock
        self._hour.add(hour, kept * factor)
        self._weekday.add(weekday, kept * factor)
        return above

    def _move(self, value: float, factor: float) -> float:
        """Moves mean and variance; gives the value, with what stands too far out cut off."""
        known = self._taken - 1
        if known == 0:
            self._mean, self._variance = value, max(value, 1.0)
            return value
        off = min(value - self._mean, _FURTHEST * self._deviation(factor))
        kept = self._mean + off
        # At first a plain mean of all there is, so that the first hour does not count for days. A busy hour tells
        # more than a quiet one.
        self._mean += min(1.0, factor * max(_pace(_MEAN_HALF), 1 / self._taken)) * off
        self._variance += max(_pace(_SPREAD_HALF), 1 / self._taken) * (off * off - self._variance)
        return kept

    def _deviation(self, factor: float) -> float:
        """Of a window in terms of a usual hour; never less than chance makes of so many messages."""
        return math.sqrt(max(self._variance, (max(self._mean, 0.0) + 1) / factor))

    def expected(self, at: int, span: int = BUCKET) -> Expected:
        """In the ``span`` seconds that end at ``at`` (epoch seconds)."""
        steps = max(1, span // BUCKET)
        factors = [self._factor(at - span + step * BUCKET) for step in range(steps)]
        mean = max(self._mean, 0.0) * sum(factors) / _WINDOW * (span / (steps * BUCKET))
        windows = max(span / (BUCKET * _WINDOW), 1 / _WINDOW)
        factor = sum(factors) / steps
        return Expected(mean, math.sqrt(max(mean + 1, self._variance * factor * factor * windows)))

    def _factor(self, at: int) -> float:
        half_hour = at // 1800
        if half_hour != self._clock[0]:
            local = datetime.fromtimestamp(half_hour * 1800, self._zone)
            self._clock = (half_hour, local.hour, local.weekday())
        _, hour, weekday = self._clock
        return self._hours.factors[hour] * self._weekdays.factors[weekday]


def in_buckets(counts: Counts, since: int, until: int) -> Iterable[tuple[int, int]]:
    """Every bucket from the first count not before ``since`` to the last that is over at ``until``."""
    sums: dict[int, int] = {}
    for at, count in counts.items() if isinstance(counts, Mapping) else counts:
        if since <= at <= until:
            begins = at - at % BUCKET
            sums[begins] = sums.get(begins, 0) + count
    first = min(sums, default=until)
    return ((at, sums.get(at, 0)) for at in range(first, until - BUCKET + 1, BUCKET))


def _pace(half_days: float) -> float:
    return float(1 - 0.5 ** (1 / (half_days * _BUCKETS_A_DAY)))
