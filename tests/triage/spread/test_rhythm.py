from __future__ import annotations

import random
from datetime import UTC, datetime
from math import sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.triage.spread import BUCKET, Rhythm, bursts
from tests.triage.spread.conftest import DAY, HOUR, MINUTE, NOW

ZONE = "Europe/London"
MIDNIGHT = NOW - NOW % DAY


def days(count: int, busy: int = 12, quiet: int = 0, seed: int = 1) -> dict[int, int]:
    """Messages from eight to twenty o'clock of each day before today, ``busy`` an hour, and ``quiet`` else."""
    chance = random.Random(seed)
    found: dict[int, int] = {}
    for at in range(MIDNIGHT - count * DAY, MIDNIGHT, BUCKET):
        hourly = busy if 8 <= at % DAY // HOUR < 20 else quiet
        found[at] = sum(chance.random() < hourly / 600 for _ in range(50))
    return found


def test_the_hour_of_the_day_is_known() -> None:
    rhythm = Rhythm.of(days(14), ZONE, MIDNIGHT + 4 * HOUR)
    noon = rhythm.expected(MIDNIGHT + 13 * HOUR, HOUR)
    assert noon.mean == pytest.approx(12, rel=0.3)
    assert rhythm.expected(MIDNIGHT + 3 * HOUR, HOUR).mean < 4
    assert noon.deviation >= noon.mean**0.5


def test_the_day_of_the_week_is_known() -> None:
    counts = days(28)
    friday = {at: count for at, count in counts.items() if datetime.fromtimestamp(at, UTC).weekday() < 5}
    rhythm = Rhythm.of({**dict.fromkeys(counts, 0), **friday}, ZONE, MIDNIGHT + 4 * HOUR)
    today, tomorrow = (rhythm.expected(MIDNIGHT + day * DAY + 13 * HOUR, HOUR).mean for day in (0, 1))
    assert today > 2 * tomorrow


def test_without_history_nothing_is_usual() -> None:
    rhythm = Rhythm.of({}, ZONE, NOW)
    assert rhythm.days == 0
    assert rhythm.expected(NOW, HOUR).mean == 0
    assert rhythm.expected(NOW, HOUR).deviation >= 1


def test_a_day_of_history_tells_how_much_is_usual() -> None:
    rhythm = Rhythm.of(days(1, busy=24, quiet=24), ZONE, MIDNIGHT + 4 * HOUR)
    assert rhythm.days == pytest.approx(1, abs=0.01)
    assert rhythm.expected(MIDNIGHT + 12 * HOUR, HOUR).mean == pytest.approx(24, rel=0.25)


def test_the_last_hours_are_not_usual_yet() -> None:
    """Nor is what is later than now, or more than four weeks ago."""
    usual = days(20)
    now = MIDNIGHT + 4 * HOUR
    much = {now - HOUR: 500, now + HOUR: 500, now - 40 * DAY: 500}
    assert Rhythm.of({**usual, **much}, ZONE, now).expected(now, HOUR) == Rhythm.of(
        usual, ZONE, now
    ).expected(now, HOUR)


def test_clocks_go_forward_and_the_hours_stay() -> None:
    """The last Sunday of March: eight o'clock in London is an hour earlier in UTC from then on."""
    change = int(datetime(2026, 3, 29, tzinfo=UTC).timestamp())
    counts = {change - day * DAY + 8 * HOUR + m * BUCKET: 5 for day in range(1, 22) for m in range(12)}
    rhythm = Rhythm.of(counts, ZONE, change + 4 * HOUR)
    before, after = (rhythm.expected(change + DAY + hour * HOUR, HOUR).mean for hour in (8, 9))
    assert before > 1.4 * after


def test_buckets_without_a_message_may_be_missing() -> None:
    counts = days(6)
    some = [(at, count) for at, count in counts.items() if count]
    first = {min(counts): counts[min(counts)]}
    one, other = (
        Rhythm.of(given, ZONE, NOW).expected(NOW, HOUR) for given in (counts, {**first, **dict(some)})
    )
    assert one == other


def burst(at: int, high: int = 30) -> dict[int, int]:
    return {at + step * BUCKET: high for step in range(6)}


def test_a_burst_is_told_once_and_when_it_began() -> None:
    counts = days(14, busy=24, quiet=6)
    at = MIDNIGHT - 2 * DAY + 15 * HOUR
    told = bursts({**counts, **burst(at), **burst(at + 2 * HOUR)}, ZONE)
    assert len(told) == 1
    assert at < told[0].at <= at + 20 * MINUTE
    assert told[0].above > 5


def test_after_a_quiet_night_it_is_another() -> None:
    counts = days(14, busy=24, quiet=6)
    at = MIDNIGHT - 3 * DAY + 15 * HOUR
    assert len(bursts({**counts, **burst(at), **burst(at + DAY)}, ZONE)) == 2


def test_the_busy_hour_of_every_day_is_no_burst() -> None:
    """Neither is a smooth wave through the day, nor the first day of all."""
    chance = random.Random(7)
    counts = {
        at: round(20 + 15 * sin(at / DAY * 6.283) + chance.random() * 6)
        + (25 if 9 * HOUR <= at % DAY < 10 * HOUR else 0)
        for at in range(MIDNIGHT - 21 * DAY, MIDNIGHT, BUCKET)
    }
    after_three_days = MIDNIGHT - 18 * DAY
    assert [onset for onset in bursts(counts, ZONE) if onset.at > after_three_days] == []
    assert bursts(burst(NOW), ZONE) == []
    assert bursts({}, ZONE) == []


@settings(deadline=None, max_examples=13)
@given(st.integers(1, 13))
def test_the_same_beginnings_are_told_whatever_comes_later(cut: int) -> None:
    counts = {**days(14, busy=24, quiet=6), **burst(MIDNIGHT - 9 * DAY), **burst(MIDNIGHT - 4 * DAY)}
    until = MIDNIGHT - cut * DAY
    early = bursts({at: count for at, count in counts.items() if at < until}, ZONE)
    assert early == [onset for onset in bursts(counts, ZONE) if onset.at <= until]
