"""The roster: who is on duty when, through nights, zones and the days on which clocks change, and what it lacks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli import rosters
from socialcli.errors import Exit, InvalidError
from socialcli.model.times import format_time, parse_time
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.rosters.coverage import clock_changes, holes, twice

AGENTS = """
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"
{away}
[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
"""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def duty(agent: str, days: str, hours: str, **more: str) -> str:
    keys = {"agent": agent, "days": days, "hours": hours, **more}
    return "[[shift.roster]]\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items())


def policy_of(
    shipped: bytes, *rows: str, zone: str = "Europe/London", hours: str = "", away: str = ""
) -> Policy:
    """Round the clock, or with these ``hours`` on every day."""
    own = f'[brand]\ntime_zone = "{zone}"\n' + AGENTS.format(away=f"away = [{away}]" if away else "")
    if hours:
        own += '[hours]\ncoverage = "hours"\n' + "".join(f'{day} = "{hours}"\n' for day in DAYS)
        own += 'closed = ["2026-12-25"]\n'
    return parse(shipped, (own + "".join(rows)).encode())


def on_duty(policy: Policy, moment: str) -> str:
    return " ".join(rosters.on_duty(policy, parse_time(moment)))


def spans(policy: Policy, since: str, until: str) -> list[tuple[str, str, str]]:
    found = rosters.duties(policy, parse_time(since), parse_time(until))
    return [(one.agent, format_time(one.start), format_time(one.end)) for one in found]


def bare(policy: Policy, since: str, days: int) -> list[tuple[str, str, str]]:
    start = parse_time(since)
    found = holes(policy, start, start + timedelta(days=days))
    return [(format_time(one.start), format_time(one.end), one.why) for one in found]


class TestWhoIsThere:
    def test_nobody_without_a_roster(self, shipped: bytes) -> None:
        assert on_duty(policy_of(shipped), "2026-11-23T10:00:00Z") == ""

    def test_in_the_order_of_the_agents_and_the_end_is_excluded(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("mo", "mon-fri", "09:00-17:00"), duty("sb", "mon", "08:00-10:00"))
        found = {
            at: on_duty(policy, f"2026-11-23T{at}:00Z")
            for at in ("07:59", "08:00", "09:30", "10:00", "17:00")
        }
        assert found == {"07:59": "", "08:00": "sb", "09:30": "sb mo", "10:00": "mo", "17:00": ""}

    @pytest.mark.parametrize(
        ("days", "there"),
        [
            ("mon-fri", "mon tue wed thu fri"),
            ("sat, sun", "sat sun"),
            ("fri-mon", "mon fri sat sun"),
            ("wed", "wed"),
            ("mon-sun", " ".join(DAYS)),
            ("mon-tue, tue, thu", "mon tue thu"),
        ],
    )
    def test_days(self, shipped: bytes, days: str, there: str) -> None:
        policy = policy_of(shipped, duty("sb", days, "10:00-11:00"))
        week = [f"2026-11-{23 + number}T10:30:00Z" for number in range(7)]  # the 23rd is a Monday
        assert " ".join(day for day, at in zip(DAYS, week, strict=True) if on_duty(policy, at)) == there

    def test_over_midnight_it_belongs_to_the_day_on_which_it_begins(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "fri", "22:00-06:00"))
        assert on_duty(policy, "2026-11-28T05:59:59Z") == "sb"
        assert on_duty(policy, "2026-11-28T06:00:00Z") == ""
        assert on_duty(policy, "2026-11-27T05:00:00Z") == ""  # that would be Thursday's night

    def test_each_by_the_clocks_of_their_place(self, shipped: bytes) -> None:
        policy = policy_of(
            shipped,
            duty("sb", "mon", "09:00-10:00", zone="Asia/Kolkata"),  # 5 h 30 ahead of UTC
            duty("mo", "mon", "09:00-10:00", zone="Australia/Adelaide"),  # 10 h 30 in summer
        )
        assert spans(policy, "2026-11-22T00:00:00Z", "2026-11-24T00:00:00Z") == [
            ("mo", "2026-11-22T22:30:00Z", "2026-11-22T23:30:00Z"),
            ("sb", "2026-11-23T03:30:00Z", "2026-11-23T04:30:00Z"),
        ]

    def test_first_and_last_date(self, shipped: bytes) -> None:
        dates = {"from": "2026-11-24", "until": "2026-11-25"}
        policy = policy_of(shipped, duty("sb", "mon-sun", "10:00-11:00", **dates))
        there = [day for day in range(23, 28) if on_duty(policy, f"2026-11-{day}T10:00:00Z")]
        assert there == [24, 25]

    def test_who_is_away_is_not_there(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "mon-sun", "10:00-11:00"), away='"2026-11-24..2026-11-25"')
        there = [day for day in range(23, 28) if on_duty(policy, f"2026-11-{day}T10:00:00Z")]
        assert there == [23, 26, 27]

    @pytest.mark.parametrize(("hours", "there"), [("", "sb"), ("09:00-18:00", "")])
    def test_a_closed_day_has_nobody_only_where_there_are_hours(
        self, shipped: bytes, hours: str, there: str
    ) -> None:
        policy = policy_of(shipped, duty("sb", "mon-sun", "10:00-11:00"), hours=hours)
        assert on_duty(policy, "2026-12-25T10:30:00Z") == there
        assert on_duty(policy, "2026-12-26T10:30:00Z") == "sb"

    def test_when_it_ends_and_when_the_next_begins(self, shipped: bytes) -> None:
        policy = policy_of(
            shipped, duty("sb", "mon", "08:00-12:00, 12:00-14:00"), duty("mo", "tue", "08:00-12:00")
        )
        ten = parse_time("2026-11-23T10:00:00Z")
        assert rosters.off_at(policy, "sb", ten) == parse_time("2026-11-23T14:00:00Z")
        assert rosters.off_at(policy, "mo", ten) is None
        assert rosters.next_on(policy, ten) == parse_time("2026-11-23T12:00:00Z")
        assert rosters.next_on(policy, ten, "mo") == parse_time("2026-11-24T08:00:00Z")

    def test_who_is_there_without_an_end(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "mon-sun", "00:00-24:00"))
        assert on_duty(policy, "2026-03-29T01:30:00Z") == "sb"
        assert rosters.off_at(policy, "sb", parse_time("2026-11-23T10:00:00Z")) is None

    def test_at_the_end_of_the_calendar_nothing_fails(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "mon-sun", "00:00-24:00"), zone="Pacific/Kiritimati")
        end = parse_time("9999-12-31T23:59:59Z")
        assert rosters.on_duty(policy, end) == ("sb",)
        assert rosters.off_at(policy, "sb", end) is None
        assert isinstance(rosters.next_on(policy, end), datetime)
        assert holes(policy, end, end) == []


class TestClocks:
    """Clocks in London go forward at 01:00 UTC on 2026-03-29, and back at 01:00 UTC on 2026-10-25."""

    def test_the_hour_that_is_left_out_is_no_duty(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "sat", "22:00-06:00"), duty("mo", "sun", "01:00-02:00"))
        assert spans(policy, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z") == [
            ("sb", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z")  # seven hours, and nothing of mo's
        ]

    def test_the_hour_that_comes_twice_is_duty_twice(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "sat", "22:00-06:00"), duty("mo", "sun", "01:00-02:00"))
        assert spans(policy, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z") == [
            ("sb", "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"),  # nine hours
            ("mo", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"),
        ]

    def test_half_an_hour_forward(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "sun", "02:00-03:00", zone="Australia/Lord_Howe"))
        (one,) = spans(policy, "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z")
        assert one == ("sb", "2026-10-03T15:30:00Z", "2026-10-03T16:00:00Z")  # 02:00 is skipped to 02:30

    def test_two_zones_change_on_different_days_and_leave_a_hole(self, shipped: bytes) -> None:
        """New York changes three weeks before London: for so long its morning comes an hour sooner, its evening too."""
        policy = policy_of(
            shipped,
            duty("sb", "mon-sun", "08:00-14:00"),
            duty("mo", "mon-sun", "09:00-15:00", zone="America/New_York"),
            hours="08:00-20:00",
        )
        assert bare(policy, "2026-03-07T00:00:00Z", 1) == []
        assert bare(policy, "2026-03-09T00:00:00Z", 1) == [
            ("2026-03-09T19:00:00Z", "2026-03-09T20:00:00Z", "nobody is on duty after mo")
        ]
        assert bare(policy, "2026-03-30T00:00:00Z", 1) == []

    def test_changes_are_named_with_their_moment(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "mon", "08:00-09:00", zone="America/New_York"))
        start = parse_time("2026-10-20T00:00:00Z")
        found = clock_changes(policy, start, start + timedelta(days=14))
        assert [(one.zone, format_time(one.at), one.by) for one in found] == [
            ("Europe/London", "2026-10-25T01:00:00Z", timedelta(hours=-1)),
            ("America/New_York", "2026-11-01T06:00:00Z", timedelta(hours=-1)),
        ]

    @given(
        st.sampled_from(("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")),
        st.integers(0, 23),
        st.integers(1, 23),
        st.integers(0, 364),
    )
    def test_whoever_is_rostered_round_the_clock_in_two_halves_leaves_no_hole(
        self, shipped: bytes, zone: str, start: int, length: int, day: int
    ) -> None:
        end = (start + length) % 24
        rows = (
            duty("sb", "mon-sun", f"{start:02}:00-{end:02}:00", zone=zone),
            duty("mo", "mon-sun", f"{end:02}:00-{start:02}:00", zone=zone),
        )
        since = parse_time("2026-01-01T00:00:00Z") + timedelta(days=day)
        assert holes(policy_of(shipped, *rows, zone=zone), since, since + timedelta(days=3)) == []


class TestHoles:
    def test_nobody_rostered_at_all(self, shipped: bytes) -> None:
        policy = policy_of(shipped, hours="09:00-18:00")
        assert bare(policy, "2026-11-23T00:00:00Z", 1) == [
            ("2026-11-23T09:00:00Z", "2026-11-23T18:00:00Z", "nobody is rostered at all")
        ]

    def test_between_two_and_at_the_ends(self, shipped: bytes) -> None:
        policy = policy_of(
            shipped,
            duty("sb", "mon-sun", "10:00-13:00"),
            duty("mo", "mon-sun", "13:30-17:00"),
            hours="09:00-18:00",
        )
        assert bare(policy, "2026-11-23T00:00:00Z", 1) == [
            ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "nobody is on duty before sb"),
            ("2026-11-23T13:00:00Z", "2026-11-23T13:30:00Z", "nobody is on duty after sb and before mo"),
            ("2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z", "nobody is on duty after mo"),
        ]

    def test_round_the_clock_in_pieces_of_a_day(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "mon", "08:00-20:00"))
        assert [(start, end) for start, end, _ in bare(policy, "2026-11-23T00:00:00Z", 2)] == [
            ("2026-11-23T00:00:00Z", "2026-11-23T08:00:00Z"),
            ("2026-11-23T20:00:00Z", "2026-11-24T00:00:00Z"),
            ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"),
        ]

    def test_the_days_are_those_of_the_brand(self, shipped: bytes) -> None:
        policy = policy_of(shipped, zone="Asia/Kolkata")
        assert bare(policy, "2026-11-23T12:00:00Z", 1)[0][1] == "2026-11-23T18:30:00Z"

    def test_who_is_away_is_the_reason(self, shipped: bytes) -> None:
        rows = duty("sb", "mon-sun", "09:00-18:00")
        policy = policy_of(shipped, rows, hours="09:00-18:00", away='"2026-11-24"')
        assert bare(policy, "2026-11-23T00:00:00Z", 3) == [
            ("2026-11-24T09:00:00Z", "2026-11-24T18:00:00Z", "sb is away")
        ]

    def test_a_closed_day_is_none(self, shipped: bytes) -> None:
        policy = policy_of(shipped, duty("sb", "mon-sun", "09:00-18:00"), hours="09:00-18:00")
        assert bare(policy, "2026-12-24T00:00:00Z", 3) == []

    def test_one_agent_twice_at_once(self, shipped: bytes) -> None:
        policy = policy_of(
            shipped,
            duty("sb", "mon", "09:00-13:00"),
            duty("sb", "mon", "12:00-17:00"),
            duty("mo", "mon", "09:00-13:00"),
            duty("mo", "mon", "13:00-17:00"),  # no overlap: one behind the other
        )
        start = parse_time("2026-11-23T00:00:00Z")
        ((first, second),) = twice(policy, start, start + timedelta(days=7))
        assert (first.agent, second.agent) == ("sb", "sb")
        assert (format_time(second.start), format_time(first.end)) == (
            "2026-11-23T12:00:00Z",
            "2026-11-23T13:00:00Z",
        )
        assert on_duty(policy, "2026-11-23T12:30:00Z") == "sb mo"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (duty("zz", "mon", "09:00-17:00"), '15: shift.roster[0].agent: there is no agent "zz"'),
        (duty("mm", "mon", "09:00-17:00"), '15: shift.roster[0].agent: there is no agent "mm"'),
        (
            duty("sb", "mon", "09:00-17:00", zone="Europe/Nowhere"),
            '18: shift.roster[0].zone: "Europe/Nowhere" is not a known time zone (write it like "Europe/London")',
        ),
        (
            duty("sb", "monday", "09:00-17:00"),
            '16: shift.roster[0].days: "monday" is no days (write "mon-fri", "sat, sun", or "fri-mon")',
        ),
        (
            duty("sb", "", "09:00-17:00"),
            '16: shift.roster[0].days: "" is no days (write "mon-fri", "sat, sun", or "fri-mon")',
        ),
        (
            duty("sb", "mon", "9-17"),
            '17: shift.roster[0].hours: "9-17" is not hours of a day (write "09:00-18:00", "22:00-02:00", or "" for closed)',
        ),
        (
            duty("sb", "mon", ""),
            '17: shift.roster[0].hours: "" has no hours (write "09:00-17:00", or "22:00-06:00")',
        ),
        (
            duty("sb", "mon", "09:00-17:00", until="2026-13-01"),
            '18: shift.roster[0].until: "2026-13-01" is not a date (write "2026-12-25")',
        ),
        (
            duty("sb", "mon", "09:00-17:00", **{"from": "2026-12-02", "until": "2026-12-01"}),
            '19: shift.roster[0].until: "2026-12-01" is before "2026-12-02"',
        ),
        (duty("sb", "mon", "09:00-17:00", place="Oslo"), "18: shift.roster[0].place: no such key"),
    ],
)
def test_a_mistake_is_told_with_its_line(shipped: bytes, row: str, told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        policy_of(shipped, row)
    assert caught.value.exit_code is Exit.INVALID
    (mistake,) = caught.value.mistakes
    assert mistake == f"policies.toml:{told}"
