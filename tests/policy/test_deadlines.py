"""When an answer is due: by channel and tier, by the customer's own deadline, and when that is near."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.errors import InvalidError
from socialcli.model.assessment import PRIORITIES, Priority
from socialcli.model.message import Author, Message, Source, Visibility
from socialcli.model.times import format_time, parse_time
from socialcli.policy import hours
from socialcli.policy.deadlines import Due, allowed, due, own_deadline, sooner
from socialcli.policy.load import parse

TEN = parse_time("2026-11-20T10:00:00Z")  # a Friday
BY_CHANNEL = b"""
[deadlines.direct]
high = "20m"
[deadlines.public]
high = "45m"
normal = "6h"
[deadlines.search]
high = "50m"
low = "3d"
"""


def _message(source: Source = "mention", visibility: Visibility = "public", at: datetime = TEN) -> Message:
    author = Author(None, "dora")
    return Message("m1", "file", "support", author, "Where is my bag?", at, visibility, "inbound", source)


@pytest.mark.parametrize(
    ("source", "visibility", "priority", "seconds"),
    [
        ("mention", "public", "high", 45 * 60),
        ("direct", "direct", "high", 20 * 60),
        ("direct", "direct", "normal", 8 * 3600),  # not set there: as everywhere
        ("search", "public", "high", 50 * 60),  # search is more than public
        ("search", "public", "normal", 6 * 3600),  # not set for search: as for public
        ("search", "public", "low", 3 * 86_400),
        ("comment", "public", "low", 86_400),
        ("feed", "public", "urgent", 15 * 60),
    ],
)
def test_the_most_telling_of_how_a_message_came_counts(
    shipped: bytes, source: Source, visibility: Visibility, priority: Priority, seconds: int
) -> None:
    assert allowed(parse(shipped, BY_CHANNEL), priority, _message(source, visibility)) == seconds


def test_the_reason_names_the_channel_whose_deadline_it_is(shipped: bytes) -> None:
    policy = parse(shipped, BY_CHANNEL)
    assert due(policy, "high", TEN, _message("direct", "direct")).because == "20m for high (direct)"
    assert due(policy, "normal", TEN, _message("search")).because == "6h for normal (public)"
    assert due(policy, "low", TEN, _message()).because == "1d for low"


def test_where_nothing_is_known_of_the_message_the_deadline_of_all_counts(shipped: bytes) -> None:
    assert allowed(parse(shipped, BY_CHANNEL), "high") == 3600


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (
            '[deadlines.direct]\nnormal = "10m"',
            '2: deadlines.direct.normal: "10m" for normal is sooner than "1h" for high',
        ),
        (
            '[deadlines.direct]\nurgent = "2h"',
            '2: deadlines.direct.urgent: "1h" for high is sooner than "2h" for urgent',
        ),
        ('[deadlines.direct]\nhigh = "0m"', '2: deadlines.direct.high: "0m" is not between 1s and 90d'),
        ('[deadlines.direct]\nhgih = "30m"', '2: deadlines.direct.hgih: no such key (did you mean "high"?)'),
        (
            '[deadlines.driect]\nhigh = "30m"',
            '1: deadlines.driect: no such key (did you mean "direct"?)',
        ),
        ('[deadlines]\ndirect = "30m"', '2: deadlines.direct: "30m" is not a table'),
    ],
)
def test_a_mistake_in_the_deadlines_of_a_channel(shipped: bytes, own: str, told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse(shipped, own.encode())
    assert caught.value.mistakes == (f"policies.toml:{told}",)


def _due(shipped: bytes, own: str | None, *, said: str = "10:00:00", priority: Priority = "high") -> Due:
    """Of a customer who waits since 10:00, wrote at ``said``, and needs it at ``own``."""
    message = _message(at=parse_time(f"2026-11-20T{said}Z"))
    theirs = None if own is None else parse_time(f"2026-11-20T{own}Z")
    return due(parse(shipped), priority, TEN, message, own_deadline(message, theirs))


@pytest.mark.parametrize(
    ("own", "said", "at", "warn", "because"),
    [
        (None, "10:00:00", "11:00:00", "10:50:00", "1h for high"),
        ("10:40:00", "10:00:00", "10:40:00", "10:30:00", "the customer's own deadline 10:40"),
        ("11:00:00", "10:00:00", "11:00:00", "10:50:00", "1h for high"),  # the same moment: ours
        ("18:00:00", "10:00:00", "11:00:00", "10:50:00", "1h for high"),  # later than ours
        (
            "10:08:00",
            "10:00:00",
            "10:08:00",
            "10:00:00",
            "the customer's own deadline 10:08",
        ),  # warns at once
        (
            "10:01:00",
            "10:00:00",
            "10:05:00",
            "10:00:00",
            "the customer's own deadline 10:05",
        ),  # a moment away
        ("09:00:00", "10:00:00", "10:05:00", "10:00:00", "the customer's own deadline 10:05"),  # passed
        ("10:31:00", "10:30:00", "10:35:00", "10:25:00", "the customer's own deadline 10:35"),  # said later
        ("12:00:00", "11:30:00", "11:00:00", "10:50:00", "1h for high"),  # ours has passed already
    ],
)
def test_the_earlier_of_both_clocks_counts(
    shipped: bytes, own: str | None, said: str, at: str, warn: str, because: str
) -> None:
    found = _due(shipped, own, said=said)
    assert (format_time(found.at)[11:19], format_time(found.warn)[11:19]) == (at, warn)
    assert found.because == because


def test_the_customers_time_is_told_by_the_clock_of_the_brand(shipped: bytes) -> None:
    policy = parse(shipped, b'[brand]\ntime_zone = "Asia/Kolkata"\n')
    found = due(policy, "high", TEN, _message(), own_deadline(_message(), parse_time("2026-11-20T10:40:00Z")))
    assert found.because == "the customer's own deadline 16:10"


def test_of_two_deadlines_the_sooner() -> None:
    later = TEN + timedelta(hours=1)
    assert sooner(None, None) is None
    assert sooner(None, TEN) == sooner(TEN, None) == sooner(later, TEN) == sooner(TEN, later) == TEN


OFFICE = b"""
[hours]
coverage = "hours"
mon = "09:00-18:00"
tue = "09:00-18:00"
wed = "09:00-18:00"
thu = "09:00-18:00"
fri = "09:00-18:00"
sat = ""
sun = ""
"""


def test_the_warning_counts_open_time(shipped: bytes) -> None:
    policy = parse(shipped, OFFICE)
    found = due(policy, "high", parse_time("2026-11-20T17:05:00Z"))
    assert format_time(found.at) == "2026-11-23T09:05:00Z"
    assert format_time(found.warn) == "2026-11-20T17:55:00Z"  # before the weekend, while somebody is there
    assert found.because == "1h of open time for high"


def test_no_closing_time_moves_the_customers_own_deadline(shipped: bytes) -> None:
    policy = parse(shipped, OFFICE)
    saturday = parse_time("2026-11-21T12:00:00Z")
    assert due(policy, "high", TEN.replace(hour=17, minute=30), own=saturday).at == saturday


def test_what_always_runs_does_not_stop_for_the_night(shipped: bytes) -> None:
    found = due(parse(shipped, OFFICE), "urgent", parse_time("2026-11-21T03:00:00Z"))
    assert format_time(found.at) == "2026-11-21T03:15:00Z"
    assert format_time(found.warn) == "2026-11-21T03:05:00Z"
    assert found.because == "15m for urgent"


def test_a_warning_longer_than_the_wait_begins_with_it(shipped: bytes) -> None:
    policy = parse(shipped, b'[deadlines]\nwarn = "2h"\n')
    assert due(policy, "high", TEN).warn == TEN


def test_at_the_end_of_the_calendar_nothing_fails(shipped: bytes) -> None:
    policy = parse(shipped, b'[brand]\ntime_zone = "Pacific/Kiritimati"\n')  # fourteen hours ahead
    last = hours.LAST_MOMENT
    message = _message(at=last)
    assert own_deadline(message, last) == last
    assert due(policy, "low", last, message, last).at == last
    early = last - timedelta(hours=1)
    assert due(policy, "low", last - timedelta(hours=20), message, early).at == early


@settings(deadline=None)
@given(
    wait=st.integers(0, 5 * 86_400),
    own=st.one_of(st.none(), st.integers(-86_400, 5 * 86_400)),
    said=st.integers(0, 86_400),
    priority=st.sampled_from(PRIORITIES),
    policy=st.sampled_from([b"", OFFICE, BY_CHANNEL, OFFICE + b'holidays = "GB-ENG"\n']),
)
def test_never_before_the_message_never_after_the_customers_deadline(
    shipped: bytes, wait: int, own: int | None, said: int, priority: Priority, policy: bytes
) -> None:
    received = TEN + timedelta(seconds=wait)
    message = _message(at=received + timedelta(seconds=said))
    theirs = None if own is None else message.created_at + timedelta(seconds=own)
    in_force = parse(shipped, policy)
    found = due(in_force, priority, received, message, own_deadline(message, theirs))
    assert received <= found.warn <= found.at
    assert found.at <= due(in_force, priority, received, message).at
    if theirs is not None:
        assert found.at <= max(theirs, message.created_at + timedelta(minutes=5))
