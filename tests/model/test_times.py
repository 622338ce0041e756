"""Times as the world writes them, and durations as people do."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import msgspec
import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from socialcli.model.times import format_time, parse_duration, parse_time, spelled

MOMENT = datetime(2017, 10, 31, 22, 10, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2017-10-31T22:10:10Z",
        "2017-10-31t22:10:10z",
        "2017-10-31T22:10:10.999999Z",
        "2017-10-31T22:10:10.9999999999Z",
        "2017-10-31T22:10:10.5z",
        "2017-10-31T23:10:10+01:00",
        "2017-10-31T14:10:10-08:00",
        "2017-10-31 22:10:10 +0000",
        "2017-10-31 14:10:10 -0800",
        "2017-10-31 22:10:10+00:00",
        "2017-10-31T22:10:10 Z",
        " 2017-10-31T22:10:10Z\n",
        "Tue Oct 31 22:10:10 +0000 2017",
        "Tue Oct 31 14:10:10 -0800 2017",
        "1509487810",
        "1509487810999",
        "1509487810.75",
        1509487810,
        1509487810.75,
        1509487810999,
    ],
)
def test_every_form_gives_the_same_second(value: str | float) -> None:
    moment = parse_time(value)
    assert moment == MOMENT
    assert moment.tzinfo is UTC
    assert format_time(moment) == "2017-10-31T22:10:10Z"


def test_a_day_of_one_digit_in_the_twitter_form() -> None:
    assert format_time(parse_time("Wed Nov  1 00:00:01 +0000 2017")) == "2017-11-01T00:00:01Z"
    assert format_time(parse_time("Wed Nov 1 00:00:01 +0000 2017")) == "2017-11-01T00:00:01Z"


def test_a_leap_second_is_the_second_before_it() -> None:
    assert format_time(parse_time("2016-12-31T23:59:60Z")) == "2016-12-31T23:59:59Z"


def test_the_29th_of_february() -> None:
    assert format_time(parse_time("2024-02-29T00:00:00Z")) == "2024-02-29T00:00:00Z"
    with pytest.raises(ValueError, match="not a time"):
        parse_time("2023-02-29T00:00:00Z")


def test_eight_digits_are_an_epoch_number_not_a_date() -> None:
    assert format_time(parse_time("20171031")) == "1970-08-22T11:03:51Z"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), (0, 0), (99_999_999_999, 99_999_999_999), (100_000_000_000, 100_000_000)],
)
def test_where_milliseconds_begin(value: str | float, seconds: int) -> None:
    assert parse_time(value) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["2017-10-31T22:10:10", "2017-10-31 22:10", "2017-10-31"])
def test_a_naive_time_is_a_mistake_that_says_so(value: str) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        parse_time(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-15 12:00:00", "2026-01-15T12:00:00Z"),
        ("2026-07-15 12:00:00", "2026-07-15T11:00:00Z"),
        ("2026-10-25 01:30:00", "2026-10-25T00:30:00Z"),  # twice that night: the first
        ("2026-07-15T12:00:00+02:00", "2026-07-15T10:00:00Z"),  # its own offset wins
    ],
)
def test_a_naive_time_is_read_in_the_zone_that_is_given(value: str, expected: str) -> None:
    assert format_time(parse_time(value, zone=ZoneInfo("Europe/London"))) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "yesterday",
        "2017-13-01T00:00:00Z",
        "2017-10-31T25:00:00Z",
        "2017-10-31x22:10:10Z",
        "2017-W44-2T22:10:10Z",
        "20171031T221010Z",
        "Die Okt 31 22:10:10 +0000 2017",
        "Tue Oct 99 22:10:10 +0000 2017",
        "Tue Oct 31 22:10:10 +0000 17",
        "²",
        "١٢٣",
        "nan",
        "1e9",
        True,
        float("nan"),
        float("inf"),
        float("-inf"),
    ],
)
def test_nonsense_is_not_a_time(value: str | float) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_time(value)


@pytest.mark.parametrize(
    "value",
    [
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:30:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "253402300800000",
        "9" * 5000,
        10**400,
        1e300,
        -1,
        -0.5,
    ],
)
def test_outside_of_the_calendar(value: str | float) -> None:
    with pytest.raises(ValueError, match="outside the years 1970 to 9999"):
        parse_time(value)


def test_the_last_second_of_the_calendar() -> None:
    assert format_time(parse_time("253402300799999")) == "9999-12-31T23:59:59Z"


def test_a_message_stays_on_one_short_line() -> None:
    with pytest.raises(ValueError, match="is not a time") as caught:
        parse_time("\x1b[2J\n" + "x" * 1_000_000)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 120


@given(st.text(max_size=60) | st.floats() | st.integers())
def test_anything_is_a_time_or_a_value_error(value: str | float) -> None:
    try:
        moment = parse_time(value)
    except ValueError:
        return
    assert moment.tzinfo is UTC
    assert moment.microsecond == 0
    assert 1970 <= moment.year <= 9999


@given(st.integers(86_400, 253_402_200_000), st.timezones())
def test_what_is_written_is_read_again(epoch: int, zone: tzinfo) -> None:
    moment = datetime.fromtimestamp(epoch, UTC)
    assert parse_time(format_time(moment.astimezone(zone))) == moment


def test_a_time_in_another_zone_is_written_in_utc() -> None:
    moment = datetime(2026, 11, 20, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert format_time(moment) == "2026-11-20T10:00:00Z"


@pytest.mark.parametrize(
    "value",
    ["2017-10-31T22:10:10Z", "2017-10-31 14:10:10 -0800", "1509487810", "Tue Oct 31 22:10:10 +0000 2017"],
)
def test_a_frozen_clock_leaves_times_that_can_be_encoded(value: str) -> None:
    with freeze_time("2020-01-01"):
        moment = parse_time(value)
    assert msgspec.json.encode(moment) == b'"2017-10-31T22:10:10Z"'


def test_so_does_a_first_import_while_the_clock_is_frozen() -> None:
    program = (
        "import msgspec, freezegun\n"
        "with freezegun.freeze_time('2020-01-01'):\n"
        "    from socialcli.model.times import parse_time\n"
        "    moments = [parse_time(v) for v in ('2017-10-31T22:10:10Z', 1509487810)]\n"
        'assert msgspec.json.encode(moments) == b\'["2017-10-31T22:10:10Z","2017-10-31T22:10:10Z"]\'\n'
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("15m", 900),
        ("2h", 7200),
        ("3d", 259_200),
        ("1h30m", 5400),
        ("1d2h3m4s", 93_784),
        ("0s", 0),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "15",
        "15 m",
        "-5m",
        "1.5h",
        "30m1h",
        "5M",
        "1w",
        "m",
        "١m",
        "15m\n",
        "999999999d",
        "36501d",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|hundred years"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["45s", "90s", "15m", "90m", "2h", "7d", "0s"])
def test_a_duration_is_spelled_as_short_as_it_can_be(text: str) -> None:
    assert spelled(parse_duration(text)) == text
