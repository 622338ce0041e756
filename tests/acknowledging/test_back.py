"""When we are back, as it is told in each language; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialcli.acknowledging.back import back
from socialcli.policy import load
from socialcli.policy.schema import Policy

SHIPPED = (Path(__file__).parents[2] / "policies.toml").read_bytes()
NIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # a Friday


def policy(hours: str = "", zone: str = "Europe/London") -> Policy:
    own = f'[brand]\ntime_zone = "{zone}"\n[hours]\ncoverage = "hours"\n{hours}'
    return load.parse(SHIPPED, own.encode())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "from 09:00 on Saturday (London time)"),
        ("es", "a partir de las 9:00 del sábado (hora local: London)"),
        ("de", "ab Samstag, 9:00 Uhr (Ortszeit London)"),
        ("fr", "à partir de samedi 9h00 (heure locale : London)"),
        ("nl", "2026-11-21 09:00 (Europe/London)"),
    ],
)
def test_each_language_has_its_words_and_others_the_bare_time(language: str, said: str) -> None:
    assert back(policy(), NIGHT, language) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "from 09:00 on Monday 4 January (London time)"),
        ("es", "a partir de las 9:00 del lunes 4 de enero (hora local: London)"),
        ("de", "ab Montag, 4. Januar, 9:00 Uhr (Ortszeit London)"),
        ("fr", "à partir de lundi 4 janvier 9h00 (heure locale : London)"),
    ],
)
def test_far_off_the_date_stands_beside_the_day(language: str, said: str) -> None:
    days = ", ".join(f'"2026-12-{day}"' for day in range(21, 32))
    closed = f'mon = "09:00-18:00"\nsat = ""\nsun = ""\nclosed = [{days}, "2027-01-01"]'
    assert back(policy(closed), datetime(2026, 12, 20, tzinfo=UTC), language) == said


@pytest.mark.parametrize(
    ("zone", "place"),
    [("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC"), ("Asia/Kolkata", "Kolkata")],
)
def test_the_zone_is_named_after_its_place(zone: str, place: str) -> None:
    assert str(back(policy(zone=zone), datetime(2026, 11, 21, 2, 0, tzinfo=UTC), "en")).endswith(
        f"({place} time)"
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        # the night in which London puts its clocks forward, and that in which it puts them back
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "from 09:00 on Sunday"),
        (datetime(2026, 3, 29, 7, 59, tzinfo=UTC), "from 09:00 on Sunday"),
        (datetime(2026, 10, 25, 8, 59, tzinfo=UTC), "from 09:00 on Sunday"),
        # shortly before midnight and after it: the day that is meant is the same
        (datetime(2026, 11, 19, 23, 59, tzinfo=UTC), "from 08:00 on Friday"),
        (datetime(2026, 11, 20, 0, 1, tzinfo=UTC), "from 08:00 on Friday"),
    ],
)
def test_the_day_and_the_hour_are_those_of_the_clock_on_the_wall(now: datetime, said: str) -> None:
    assert str(back(policy(), now, "en")).startswith(said)


def test_beyond_the_calendar_there_is_nothing_to_say() -> None:
    assert back(policy(), datetime(9999, 12, 31, 23, 0, tzinfo=UTC), "en") is None
