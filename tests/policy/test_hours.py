"""The clocks: business time across nights, weekends, closed dates, and the days on which clocks change."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from socialcli.model.assessment import PRIORITIES, Priority
from socialcli.model.times import format_time, parse_time
from socialcli.policy import deadlines, hours
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy

_CLOSED_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "")
_OFFICE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")


def _with_hours(shipped: bytes, *, zone: str = "Europe/London", closed: str = "", **week: str) -> Policy:
    days = "\n".join(f'{day} = "{spans}"' for day, spans in (_CLOSED_WEEK | week).items())
    own = f"""
        [brand]
        time_zone = "{zone}"
        [hours]
        coverage = "hours"
        {days}
        closed = [{closed}]
    """
    return parse(shipped, own.encode())


def _due(policy: Policy, priority: Priority, received: str) -> str:
    return format_time(_due_at(policy, priority, parse_time(received)))


def _due_at(policy: Policy, priority: Priority, received: datetime) -> datetime:
    return deadlines.due(policy, priority, received).at


def test_round_the_clock_is_plain_addition(shipped: bytes) -> None:
    policy = parse(shipped)
    assert _due(policy, "urgent", "2026-12-25T23:50:00Z") == "2026-12-26T00:05:00Z"
    assert (
        _due(policy, "low", "2026-03-28T12:00:00Z") == "2026-03-29T12:00:00Z"
    )  # the clocks change that night
    assert hours.is_open(policy, parse_time("2026-12-25T03:00:00Z"))
    assert hours.opens_at(policy, parse_time("2026-12-25T03:00:00Z")) == parse_time("2026-12-25T03:00:00Z")


@pytest.mark.parametrize(
    ("priority", "received", "due"),
    [
        ("high", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"),  # a Friday
        ("high", "2026-11-20T17:00:00Z", "2026-11-20T18:00:00Z"),  # exactly at closing time
        ("high", "2026-11-20T17:00:01Z", "2026-11-23T09:00:01Z"),  # one second of it is left for Monday
        ("high", "2026-11-20T18:00:00Z", "2026-11-23T10:00:00Z"),
        ("high", "2026-11-21T12:00:00Z", "2026-11-23T10:00:00Z"),  # a Saturday
        ("normal", "2026-11-20T10:00:00Z", "2026-11-20T18:00:00Z"),
        ("low", "2026-11-20T10:00:00Z", "2026-11-24T16:00:00Z"),  # 8 + 9 + 7 hours
        ("urgent", "2026-11-21T03:00:00Z", "2026-11-21T03:15:00Z"),  # its clock never stops
    ],
)
def test_the_clock_runs_only_while_we_are_open(
    shipped: bytes, priority: Priority, received: str, due: str
) -> None:
    assert _due(_with_hours(shipped, **_OFFICE), priority, received) == due


def test_hours_are_those_of_the_brand_not_of_utc(shipped: bytes) -> None:
    policy = _with_hours(shipped, zone="America/New_York", **_OFFICE)
    assert _due(policy, "high", "2026-11-20T10:00:00Z") == "2026-11-20T15:00:00Z"  # 09:00 EST + 1 h
    assert _due(policy, "high", "2026-07-17T10:00:00Z") == "2026-07-17T14:00:00Z"  # 09:00 EDT + 1 h


def test_a_closed_date_is_skipped(shipped: bytes) -> None:
    policy = _with_hours(shipped, closed='"2026-12-25", "2026-12-28"', **_OFFICE)
    assert _due(policy, "high", "2026-12-24T17:30:00Z") == "2026-12-29T09:30:00Z"
    assert not hours.is_open(policy, parse_time("2026-12-25T12:00:00Z"))


def test_leap_day_is_a_day_of_its_own(shipped: bytes) -> None:
    policy = _with_hours(shipped, **_OFFICE)  # 2024-02-29 is a Thursday
    assert _due(policy, "high", "2024-02-28T17:30:00Z") == "2024-02-29T09:30:00Z"
    closed = _with_hours(shipped, closed='"2024-02-29"', **_OFFICE)
    assert _due(closed, "high", "2024-02-28T17:30:00Z") == "2024-03-01T09:30:00Z"


def test_a_break_at_noon(shipped: bytes) -> None:
    policy = _with_hours(shipped, mon="08:00-12:00, 13:00-18:00")
    assert _due(policy, "high", "2026-11-23T11:30:00Z") == "2026-11-23T13:30:00Z"
    assert not hours.is_open(policy, parse_time("2026-11-23T12:00:00Z"))  # the end is excluded
    assert hours.is_open(policy, parse_time("2026-11-23T13:00:00Z"))


def test_a_span_over_midnight_runs_into_the_next_day(shipped: bytes) -> None:
    policy = _with_hours(shipped, fri="22:00-02:00")
    assert hours.is_open(policy, parse_time("2026-11-21T01:59:59Z"))
    assert not hours.is_open(policy, parse_time("2026-11-21T02:00:00Z"))
    assert not hours.is_open(policy, parse_time("2026-11-20T01:00:00Z"))  # that would be Thursday's night
    assert _due(policy, "high", "2026-11-20T23:30:00Z") == "2026-11-21T00:30:00Z"
    assert _due(policy, "high", "2026-11-21T01:30:00Z") == "2026-11-27T22:30:00Z"


def test_a_closed_date_cancels_the_shift_that_begins_on_it_only(shipped: bytes) -> None:
    policy = _with_hours(shipped, closed='"2026-12-25"', thu="22:00-02:00", fri="22:00-02:00")
    assert hours.is_open(policy, parse_time("2026-12-25T01:00:00Z"))
    assert not hours.is_open(policy, parse_time("2026-12-25T23:00:00Z"))
    assert not hours.is_open(policy, parse_time("2026-12-26T01:00:00Z"))


def test_hours_that_overlap_over_midnight_count_once(shipped: bytes) -> None:
    policy = _with_hours(shipped, mon="20:00-02:00", tue="00:00-03:00")
    assert _due(policy, "normal", "2026-11-23T20:00:00Z") == "2026-11-30T21:00:00Z"  # 7 hours, then 1
    assert hours.is_open(policy, parse_time("2026-11-24T02:30:00Z"))


def test_a_whole_day_meets_the_next(shipped: bytes) -> None:
    policy = _with_hours(shipped, mon="00:00-24:00", tue="00:00-24:00")
    assert _due(policy, "low", "2026-11-23T12:00:00Z") == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize(
    ("sunday", "received", "due"),
    [
        # 2026-03-29: 01:00 becomes 02:00 in London.
        ("00:00-09:00", "2026-03-29T00:00:00Z", "2026-03-29T08:00:00Z"),  # nine hours on the wall are eight
        (
            "00:00-08:30",
            "2026-03-29T00:00:00Z",
            "2026-04-04T23:30:00Z",
        ),  # half an hour is left for next Sunday
        ("01:30-12:00", "2026-03-29T00:00:00Z", "2026-03-29T09:00:00Z"),  # opens at the change, 01:00 UTC
        # 2026-10-25: 02:00 becomes 01:00.
        ("00:00-09:00", "2026-10-24T23:00:00Z", "2026-10-25T07:00:00Z"),
        ("01:30-12:00", "2026-10-24T23:00:00Z", "2026-10-25T08:30:00Z"),  # from the first 01:30 on
    ],
)
def test_the_nights_on_which_clocks_change(shipped: bytes, sunday: str, received: str, due: str) -> None:
    assert _due(_with_hours(shipped, sun=sunday), "normal", received) == due


def test_an_end_that_comes_twice_is_the_second_one(shipped: bytes) -> None:
    policy = _with_hours(shipped, sat="22:00-01:30")
    assert hours.is_open(policy, parse_time("2026-10-25T01:29:59Z"))
    assert not hours.is_open(policy, parse_time("2026-10-25T01:30:00Z"))


def test_hours_that_the_change_swallows_do_not_exist(shipped: bytes) -> None:
    policy = _with_hours(shipped, sun="01:10-01:50")
    assert hours.opens_at(policy, parse_time("2026-03-28T12:00:00Z")) == parse_time("2026-04-05T00:10:00Z")


def test_a_zone_that_changes_at_midnight(shipped: bytes) -> None:
    # Santiago, 2026-09-06: 00:00 becomes 01:00, so the day opens at 04:00 UTC, which is 01:00 there.
    policy = _with_hours(shipped, zone="America/Santiago", sun="00:00-09:00")
    assert hours.opens_at(policy, parse_time("2026-09-05T12:00:00Z")) == parse_time("2026-09-06T04:00:00Z")


def test_the_next_opening(shipped: bytes) -> None:
    policy = _with_hours(shipped, **_OFFICE)
    assert hours.opens_at(policy, parse_time("2026-11-20T18:00:00Z")) == parse_time("2026-11-23T09:00:00Z")
    assert hours.opens_at(policy, parse_time("2026-11-20T12:34:56Z")) == parse_time("2026-11-20T12:34:56Z")


@pytest.mark.parametrize("coverage", ["24x7", "hours"])
def test_the_end_of_the_calendar_is_no_reason_to_fail(shipped: bytes, coverage: str) -> None:
    policy = parse(shipped, f'[hours]\ncoverage = "{coverage}"\n[deadlines]\nlow = "90d"'.encode())
    for received in ("9999-12-31T23:59:59Z", "9999-12-30T00:00:00Z"):
        assert _due(policy, "low", received) == "9999-12-31T23:59:59Z"
        assert hours.opens_at(policy, parse_time(received)) >= parse_time(received)


def test_the_first_day_of_the_calendar(shipped: bytes) -> None:
    policy = _with_hours(shipped, zone="America/New_York", **_OFFICE)
    assert _due_at(policy, "high", parse_time(0)) == parse_time("1970-01-01T15:00:00Z")


@given(
    start=st.integers(1_767_225_600, 1_830_297_600),  # the years 2026 and 2027
    later=st.integers(0, 10 * 86_400),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_due_times_are_open_times_in_the_order_of_arrival(
    shipped: bytes, start: int, later: int, zone: str
) -> None:
    policy = _with_hours(
        shipped, zone=zone, mon="22:00-02:30", wed="00:00-03:00", sun="01:00-04:00,12:00-24:00"
    )
    first, second = (datetime.fromtimestamp(at, UTC) for at in (start, start + later))
    for priority in ("high", "normal", "low"):
        due = _due_at(policy, priority, first)
        assert due <= _due_at(policy, priority, second)
        assert hours.is_open(policy, due - timedelta(seconds=1))
        assert due - first >= timedelta(seconds=getattr(policy.deadlines, priority))
    opening = hours.opens_at(policy, first)
    assert hours.is_open(policy, opening)
    assert opening == first or not hours.is_open(policy, opening - timedelta(seconds=1))


@given(text=st.text(alphabet="0123456789:-, ", max_size=24))
def test_spans_are_read_or_refused(text: str) -> None:
    try:
        spans = hours.parse_spans(text)
    except ValueError:
        return
    assert all(0 <= start < 1440 and start < end <= start + 1440 for start, end in spans)


@pytest.mark.parametrize(
    "text",
    [
        "9-5",
        "09:00",
        "09:00-09:00",
        "24:00-02:00",
        "09:00-24:30",
        "09:60-10:00",
        "09:00-18:00,",
        "13:00-18:00, 08:00-14:00",
    ],
)
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError):
        hours.parse_spans(text)


def test_a_hundred_thousand_deadlines_take_no_time_to_speak_of(shipped: bytes) -> None:
    policy = parse(shipped)
    received = parse_time("2026-11-20T10:00:00Z")
    begun = time.process_time()
    for priority in PRIORITIES * 25_000:
        _due_at(policy, priority, received)
    assert time.process_time() - begun < 2  # seconds; about a tenth of that on the slowest machine tried


# The days on which clocks change, there and back; midnight; the last of February; the year's end.


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        # spring forward, fall back: so many hours are open from midnight to midnight
        ("Europe/London", "2026-03-29", 23),
        ("Europe/London", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Kolkata", "2026-03-29", 24),
    ],
)
def test_a_day_is_as_long_as_it_is_there(shipped: bytes, zone: str, day: str, length: float) -> None:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")
    policy = _with_hours(shipped, zone=zone, **week)
    only = _with_hours(shipped, zone=zone, sun="00:00-24:00")
    midnight = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=ZoneInfo(zone))
    begins = hours.opens_at(only, midnight - timedelta(days=1))
    assert begins == midnight.astimezone(UTC)
    whole = timedelta(hours=length)
    assert hours.is_open(only, begins + whole - timedelta(seconds=1))
    assert not hours.is_open(only, begins + whole)
    assert hours.after(only, begins, whole) == begins + whole
    assert hours.after(policy, begins, timedelta(hours=30)) == begins + timedelta(hours=30)


@pytest.mark.parametrize(
    ("zone", "received", "due"),
    [
        # Open 09:00 to 18:00 on the wall; one hour before closing on the day before the clocks change, two hours.
        ("Europe/London", "2026-03-28T17:00:00Z", "2026-03-29T09:00:00Z"),  # 10:00 BST
        ("Europe/London", "2026-10-24T16:00:00Z", "2026-10-25T10:00:00Z"),  # 10:00 GMT
        ("America/New_York", "2026-03-07T22:00:00Z", "2026-03-08T14:00:00Z"),
        ("America/New_York", "2026-10-31T21:00:00Z", "2026-11-01T15:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T06:30:00Z", "2026-10-03T23:00:00Z"),  # +10:30, then +11
        ("Australia/Lord_Howe", "2026-04-04T06:00:00Z", "2026-04-04T23:30:00Z"),  # +11, then +10:30
    ],
)
def test_opening_hours_keep_to_the_wall_when_the_clocks_change(
    shipped: bytes, zone: str, received: str, due: str
) -> None:
    policy = _with_hours(shipped, zone=zone, **dict.fromkeys(("sat", "sun"), "09:00-18:00"))
    assert format_time(hours.after(policy, parse_time(received), timedelta(hours=2))) == due


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    "day", ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"]
)
def test_round_the_clock_never_stops(shipped: bytes, zone: str, day: str) -> None:
    policy = parse(shipped, f'[brand]\ntime_zone = "{zone}"\n'.encode())
    for hour in range(24):
        received = f"{day}T{hour:02d}:59:59Z"
        assert _due_at(policy, "normal", parse_time(received)) == parse_time(received) + timedelta(hours=8)
        assert hours.is_open(policy, parse_time(received))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2028-02-28T17:30:00Z", "2028-02-29T09:30:00Z"),  # a Monday, and the last of February
        ("2028-02-29T17:30:00Z", "2028-03-01T09:30:00Z"),
        ("2027-02-26T17:30:00Z", "2027-03-01T09:30:00Z"),  # a Friday in a year without it
        ("2026-12-31T17:30:00Z", "2027-01-01T09:30:00Z"),
        ("2027-12-31T17:30:00Z", "2028-01-03T09:30:00Z"),  # a Friday
    ],
)
def test_the_ends_of_february_and_of_the_year(shipped: bytes, received: str, due: str) -> None:
    assert _due(_with_hours(shipped, **_OFFICE), "high", received) == due


def test_the_last_second_of_a_day_and_the_first_of_the_next(shipped: bytes) -> None:
    policy = _with_hours(shipped, mon="18:00-24:00", tue="00:00-02:00")
    assert _due(policy, "high", "2026-11-23T23:59:59Z") == "2026-11-24T00:59:59Z"
    assert _due(policy, "high", "2026-11-24T00:00:00Z") == "2026-11-24T01:00:00Z"
    assert _due(policy, "high", "2026-11-24T01:30:00Z") == "2026-11-30T18:30:00Z"


_WEEKS: tuple[dict[str, str], ...] = (
    _OFFICE,
    {"mon": "22:00-02:30", "wed": "00:00-03:00", "sun": "01:00-04:00,12:00-24:00"},
    {"sat": "00:00-24:00", "sun": "00:00-24:00"},
)
_ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata")


def _open_seconds(policy: Policy, start: datetime, end: datetime) -> int:
    """How long we are open between two moments: counted minute by minute, knowing nothing of spans."""
    minutes = int((end - start).total_seconds()) // 60
    return 60 * sum(hours.is_open(policy, start + timedelta(minutes=one)) for one in range(minutes))


@settings(max_examples=25, deadline=None)
@given(
    start=st.integers(1_767_225_600 // 60, 1_830_297_600 // 60),  # minutes of the years 2026 and 2027
    wait=st.integers(1, 6 * 60),
    zone=st.sampled_from(_ZONES),
    week=st.sampled_from(_WEEKS),
)
def test_equal_open_time_is_waited_whenever_it_begins(
    shipped: bytes, start: int, wait: int, zone: str, week: dict[str, str]
) -> None:
    policy = _with_hours(shipped, zone=zone, **week)
    begins = datetime.fromtimestamp(start * 60, UTC)
    end = hours.after(policy, begins, timedelta(minutes=wait))
    assert _open_seconds(policy, begins, end) == wait * 60


@settings(deadline=None)
@given(
    start=st.integers(1_767_225_600, 1_830_297_600),
    later=st.integers(0, 10 * 86_400),
    wait=st.integers(0, 3 * 86_400),
    more=st.integers(0, 86_400),
    zone=st.sampled_from(_ZONES),
    week=st.sampled_from(_WEEKS),
    holidays=st.sampled_from(["", "GB-ENG", "US-CA"]),
)
def test_who_comes_later_or_may_wait_longer_is_never_due_before(
    shipped: bytes,
    start: int,
    later: int,
    wait: int,
    more: int,
    zone: str,
    week: dict[str, str],
    holidays: str,
) -> None:
    policy = _with_hours(shipped, zone=zone, **week)
    policy = replace(policy, hours=replace(policy.hours, holidays=holidays))
    begins = datetime.fromtimestamp(start, UTC)
    due = hours.after(policy, begins, timedelta(seconds=wait))
    assert due >= begins + timedelta(seconds=wait)
    assert due <= hours.after(policy, begins + timedelta(seconds=later), timedelta(seconds=wait))
    assert due <= hours.after(policy, begins, timedelta(seconds=wait + more))


def test_the_clock_of_the_machine_is_never_read(shipped: bytes) -> None:
    policy = _with_hours(shipped, **_OFFICE)
    received = parse_time("2026-11-20T17:30:00Z")
    found = set()
    for now in ("2026-03-29T00:59:59Z", "2028-02-29T12:00:00Z", "2026-12-31T23:59:59Z"):
        with freeze_time(now):
            found.add(_due_at(policy, "high", received))
    assert found == {parse_time("2026-11-23T09:30:00Z")}
