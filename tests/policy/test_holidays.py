"""[hours] holidays, closed and open: which dates are closed, and what can be wrong with the keys."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from socialcli.errors import InvalidError
from socialcli.model.times import parse_time
from socialcli.policy import hours
from socialcli.policy.holidays import is_holiday
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy


def _policy(shipped: bytes, holidays: str, more: str = "", *, zone: str = "Europe/London") -> Policy:
    """Open from 9 to 18 every day of the week."""
    week = "\n".join(f'{day} = "09:00-18:00"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    own = f'[brand]\ntime_zone = "{zone}"\n[hours]\ncoverage = "hours"\nholidays = "{holidays}"\n{week}\n{more}\n'
    return parse(shipped, own.encode())


def _open_at_noon(policy: Policy, day: str) -> bool:
    return hours.is_open(policy, parse_time(f"{day}T12:00:00Z"))


@pytest.mark.parametrize(
    ("place", "closed", "opened"),
    [
        ("GB-ENG", "2026-12-25", "2026-12-24"),
        ("GB-ENG", "2026-12-28", "2026-12-29"),  # Boxing Day is a Saturday, so Monday stands in for it
        ("GB-ENG", "2026-12-26", "2026-12-27"),  # and the Saturday itself is one too
        ("GB-ENG", "2027-12-28", "2027-12-29"),  # both days on a weekend: Monday and Tuesday
        ("GB-SCT", "2026-01-02", "2026-01-05"),
        ("GB-SCT", "2026-11-30", "2026-04-06"),  # Saint Andrew's Day; no Easter Monday
        ("GB-ENG", "2026-04-06", "2026-11-30"),
        ("DE-BE", "2026-03-08", "2026-01-06"),  # Women's Day, a Sunday
        ("DE-BY", "2026-01-06", "2026-03-08"),  # Epiphany
        ("US-CA", "2026-11-26", "2026-11-25"),
        ("US-CA", "2027-12-31", "2027-12-30"),  # New Year's Day 2028 is a Saturday
        ("GB", "2028-12-25", "2028-02-29"),
    ],
)
def test_public_holidays_are_closed_and_the_days_beside_them_are_not(
    shipped: bytes, place: str, closed: str, opened: str
) -> None:
    policy = _policy(shipped, place)
    assert not _open_at_noon(policy, closed)
    assert _open_at_noon(policy, opened)


def test_without_a_place_holidays_are_days_like_any_other(shipped: bytes) -> None:
    assert _open_at_noon(_policy(shipped, ""), "2026-12-25")


def test_round_the_clock_knows_no_holiday(shipped: bytes) -> None:
    policy = parse(shipped, b'[hours]\nholidays = "GB"\nclosed = ["2026-12-25"]')
    assert hours.is_open(policy, parse_time("2026-12-25T03:00:00Z"))


def test_a_date_can_be_open_although_it_is_a_holiday(shipped: bytes) -> None:
    policy = _policy(shipped, "GB-ENG", 'open = ["2026-12-26"]')
    assert _open_at_noon(policy, "2026-12-26")
    assert not _open_at_noon(policy, "2026-12-25")


def test_closed_dates_stay_beside_holidays(shipped: bytes) -> None:
    policy = _policy(shipped, "GB-ENG", 'closed = ["2026-12-24"]')
    assert not _open_at_noon(policy, "2026-12-24")
    assert not _open_at_noon(policy, "2026-12-25")


def test_the_next_opening_lies_behind_a_row_of_holidays(shipped: bytes) -> None:
    policy = _policy(shipped, "GB-ENG")
    # Friday is Christmas, Saturday is Boxing Day, Sunday is open here, Monday stands in.
    assert hours.opens_at(policy, parse_time("2026-12-24T18:00:00Z")) == parse_time("2026-12-27T09:00:00Z")
    assert hours.opens_at(policy, parse_time("2026-12-27T18:00:00Z")) == parse_time("2026-12-29T09:00:00Z")


def test_a_holiday_is_one_by_the_clock_of_the_brand(shipped: bytes) -> None:
    policy = _policy(shipped, "NZ", zone="Pacific/Auckland")
    assert not hours.is_open(policy, parse_time("2026-12-24T21:00:00Z"))  # 10:00 of Christmas Day there
    assert hours.is_open(policy, parse_time("2026-12-23T21:00:00Z"))


def test_a_night_shift_runs_into_a_holiday_and_none_begins_on_it(shipped: bytes) -> None:
    nights = "\n".join(f'{day} = "22:00-02:00"' for day in ("thu", "fri", "sat"))
    own = f'[hours]\ncoverage = "hours"\nholidays = "GB-ENG"\n{nights}\n'.encode()
    policy = parse(shipped, own)
    assert hours.is_open(policy, parse_time("2026-12-25T01:00:00Z"))
    assert not hours.is_open(policy, parse_time("2026-12-25T23:00:00Z"))
    assert not hours.is_open(policy, parse_time("2026-12-26T01:00:00Z"))


def test_years_that_the_library_does_not_know_have_none() -> None:
    assert not is_holiday("GB", date(2101, 12, 25))
    assert not is_holiday("GB", date(9999, 12, 25))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('holidays = "ZZ"', '6: hours.holidays: no holidays are known of "ZZ" (known: ZA, ZM, ZW)'),
        ('holidays = "GB-EN"', '6: hours.holidays: GB has no part "EN" (did you mean "ENG"?)'),
        ('holidays = "GB-XYZ"', '6: hours.holidays: GB has no part "XYZ" (known: ENG, NIR, SCT, WLS)'),
        (
            'holidays = "LU-LU"',
            '6: hours.holidays: LU has no parts with holidays of their own (write "LU")',
        ),
        ('holidays = "gb"', '6: hours.holidays: "gb" is not a country or a part of one (write "GB"'),
        ('holidays = "England"', '6: hours.holidays: "England" is not a country'),
        ("holidays = true", "6: hours.holidays: true is not text in quotes"),
        ('open = ["26.12.2026"]', '6: hours.open[0]: "26.12.2026" is not a date (write "2026-12-25")'),
        ('open = ["2027-02-29"]', '6: hours.open[0]: "2027-02-29" is not a date'),
    ],
)
def test_each_mistake_is_told_with_its_line_and_what_is_near(shipped: bytes, line: str, told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse(shipped, f'# ours\n[brand]\nname = "x"\n[hours]\ncoverage = "hours"\n{line}\n'.encode())
    (mistake,) = caught.value.mistakes
    assert mistake.startswith(f"policies.toml:{told}")


def test_a_date_that_is_both_open_and_closed_is_a_mistake(shipped: bytes) -> None:
    own = b'[hours]\nclosed = ["2026-12-24", "2026-12-25"]\nopen = ["2026-12-26", "2026-12-25"]\n'
    with pytest.raises(InvalidError) as caught:
        parse(shipped, own)
    assert caught.value.mistakes == (
        'policies.toml:3: hours.open[1]: "2026-12-25" stands in hours.closed too',
    )


_LOADED = """
import sys
from pathlib import Path
from socialcli.model.times import parse_time
from socialcli.policy import hours
from socialcli.policy.load import parse
policy = parse(Path(sys.argv[1]).read_bytes(), sys.argv[2].encode())
hours.is_open(policy, parse_time("2026-12-25T12:00:00Z"))
print("holidays" in sys.modules)
"""


@pytest.mark.parametrize(
    ("own", "loaded"),
    [
        ('[hours]\ncoverage = "hours"', False),
        ('[hours]\nclosed = ["2026-12-24"]', False),
        ('[hours]\ncoverage = "hours"\nholidays = "GB"', True),
    ],
)
def test_the_library_is_loaded_only_where_holidays_are_asked_for(
    request: pytest.FixtureRequest, own: str, loaded: bool
) -> None:
    shipped = request.config.rootpath / "policies.toml"
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, shipped, own], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(loaded)
