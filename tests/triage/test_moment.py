"""The customer's own deadline: which moment the words mean, by the clock of the brand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from socialcli.model.message import Author, Message
from socialcli.model.times import format_time, parse_time
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor

SENT = "2026-11-20T10:00:00Z"  # a Friday


def deadline(policy: Policy, text: str, sent: str = SENT, zone: str = "Europe/London") -> str | None:
    there = replace(policy, brand=replace(policy.brand, time_zone=zone))
    found = Assessor(there).assess(_message(text, parse_time(sent))).deadline
    return None if found is None else format_time(found)


def _message(text: str, sent: datetime) -> Message:
    return Message("m1", "file", "support", Author(None, "dora"), f"@NorthlineAir {text}", sent)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("My bag never arrived, flight boards in 40 min", "2026-11-20T10:40:00Z"),
        ("I need to know in two hours", "2026-11-20T12:00:00Z"),
        ("I need an answer within the hour", "2026-11-20T11:00:00Z"),
        ("We board in half an hour", "2026-11-20T10:30:00Z"),
        ("My bag is lost and I need it by 5pm", "2026-11-20T17:00:00Z"),
        ("I need my bag before 17:30", "2026-11-20T17:30:00Z"),
        ("My train boards at 2 pm", "2026-11-20T14:00:00Z"),
        ("Boards at 11:15, where is my bag?", "2026-11-20T11:15:00Z"),
        ("My flight leaves at 5:30, no staff", "2026-11-20T17:30:00Z"),  # the next one
        ("My flight is at 12:05 and the desk is shut", "2026-11-20T12:05:00Z"),
        ("The store closes at noon and my bag never arrived", "2026-11-20T12:00:00Z"),
        ("By midnight please, I need my refund", "2026-11-21T00:00:00Z"),
        ("I fly tonight and my bag never came", "2026-11-21T00:00:00Z"),
        ("I need it by 5pm tomorrow, it never came", "2026-11-21T17:00:00Z"),
        ("It closes at noon tomorrow and my bag never came", "2026-11-21T12:00:00Z"),
        ("Flug geht in 40 Minuten", "2026-11-20T10:40:00Z"),
        ("Mi vuelo sale a las 12:30", "2026-11-20T12:30:00Z"),
        ("Ferry at 14:20, ticket not in the app", "2026-11-20T14:20:00Z"),
        ("Exam at 2 and my laptop is bricked", "2026-11-20T14:00:00Z"),
        ("Kickoff in 25 and the stream is buffering", "2026-11-20T10:25:00Z"),
        ("My shift starts 3pm and the bus never came", "2026-11-20T15:00:00Z"),
        ("Funeral's at 1 and the suit never arrived", "2026-11-20T13:00:00Z"),
        ("Checkout is 11 and nobody at the desk since 9", "2026-11-20T11:00:00Z"),
        ("Le bus part à 13h20, mon billet ne marche pas", "2026-11-20T13:20:00Z"),
        ("I land at 3, my bag is lost", "2026-11-20T15:00:00Z"),
        ("The bakery closes at 2", "2026-11-20T14:00:00Z"),
        ("The clinic shuts at 4", "2026-11-20T16:00:00Z"),
        ("I was told it comes. I need it by 5pm, it never came", "2026-11-20T17:00:00Z"),
    ],
)
def test_a_deadline_in_the_text(policy: Policy, text: str, at: str) -> None:
    assert deadline(policy, text) == at


@pytest.mark.parametrize(
    "text",
    [
        "Where is my bag?",
        "I have been waiting for 40 minutes",
        "I fly tomorrow and the app is broken",  # nobody knows when
        "It was due by 9am and never came",  # passed
        "Three agents, 2 hours, 40 minutes, nothing",
        "My seat is 17:30, or so says the machine",
        "My voucher was due by 4pm",
        "You promised the parcel by 6pm yesterday",
        "Back in 10 minutes they said",
        "I was told by midnight and nothing came",
        "Do you deliver on the same day if I order by 3pm?",
        "Are you open until 8pm tonight?",
        "What time does the desk close today",
        "Any deals today only?",
        "Is there a ferry at 1?",
        "Interview in 3 weeks and no reply",
        "The bus at 2 was great",
        "Train at 12:40 every day and always late",
        "Concert at 7 airports was slow",
    ],
)
def test_no_deadline(policy: Policy, text: str) -> None:
    assert deadline(policy, text) is None


@pytest.mark.parametrize(
    ("zone", "sent", "text", "at"),
    [
        ("America/New_York", "2026-11-20T15:00:00Z", "I need my bag by 5pm", "2026-11-20T22:00:00Z"),
        ("Asia/Kolkata", "2026-11-20T10:00:00Z", "I fly tonight, my bag never came", "2026-11-20T18:30:00Z"),
        # In the night the clocks change: noon is noon, and so many minutes are so many minutes.
        ("Europe/London", "2026-03-28T23:30:00Z", "I need my bag in 2 hours", "2026-03-29T01:30:00Z"),
        (
            "Europe/London",
            "2026-03-29T00:30:00Z",
            "It closes at noon, bag never came",
            "2026-03-29T11:00:00Z",
        ),
        (
            "Europe/London",
            "2026-10-24T23:30:00Z",
            "It closes at noon, bag never came",
            "2026-10-25T12:00:00Z",
        ),
        ("Europe/London", "2028-02-28T10:00:00Z", "I fly tonight, bag never came", "2028-02-29T00:00:00Z"),
        ("Europe/London", "2026-12-31T23:50:00Z", "We board in 40 min, no bag", "2027-01-01T00:30:00Z"),
    ],
)
def test_the_clock_is_that_of_the_brand(policy: Policy, zone: str, sent: str, text: str, at: str) -> None:
    assert deadline(policy, text, sent, zone) == at


def test_a_rule_that_is_switched_off_sets_no_deadline(policy: Policy) -> None:
    weights = {**policy.triage.weights, "time/deadline-today": 0.0}
    off = replace(policy, triage=replace(policy.triage, weights=weights))
    assert deadline(off, "My bag never arrived, flight boards in 40 min") is None


def test_on_the_last_day_of_the_calendar_there_is_none(policy: Policy) -> None:
    last = "9999-12-31T23:59:00Z"
    assert deadline(policy, "My bag never arrived, flight boards in 40 min", last) is None
    assert deadline(policy, "I fly tonight, my bag never came", last, "Pacific/Kiritimati") is None


_WORDS = ("by", "before", "in", "at", "5pm", "17:30", "5:30", "40", "min", "hours", "noon", "midnight", "tonight",
          "tomorrow", "boards", "closes", "flight", "half an", "hour", "25:99", "0 am", "13 pm", "I need", ".")  # fmt: skip


_ZONES = ("Europe/London", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati")


@pytest.fixture(scope="module")
def assessors(policy: Policy) -> dict[str, Assessor]:
    """One for each zone: its word lists are compiled once."""
    return {zone: Assessor(replace(policy, brand=replace(policy.brand, time_zone=zone))) for zone in _ZONES}


@settings(deadline=None)
@given(
    words=st.lists(st.sampled_from(_WORDS), max_size=12),
    sent=st.integers(0, 253_402_300_799),
    zone=st.sampled_from(_ZONES),
)
def test_it_lies_ahead_and_within_two_days(
    assessors: dict[str, Assessor], words: list[str], sent: int, zone: str
) -> None:
    moment = datetime.fromtimestamp(sent, UTC)
    found = assessors[zone].assess(_message(" ".join(words), moment)).deadline
    if found is not None:
        assert found.tzinfo is UTC
        assert -60 <= (found - moment).total_seconds() <= 49 * 3600


@pytest.mark.parametrize(
    "text",
    ["What time is checkout tomorrow?", "How late are you open tonight", "Coming tonight, is there parking?"],
)
def test_a_question_about_opening_hours_does_not_press(policy: Policy, text: str) -> None:
    found = Assessor(policy).assess(_message(text, parse_time(SENT)))
    assert (found.respond, found.priority) == ("respond", "normal")
