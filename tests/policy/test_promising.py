"""What a text of ours promises, and until when."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.model.times import format_time, parse_time
from socialcli.policy.load import parse
from socialcli.policy.promising import keeps_waiting, promises_in
from socialcli.policy.schema import Policy

FRIDAY = parse_time("2026-11-20T10:05:00Z")
SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "text" / "promises.jsonl").read_text("utf-8").splitlines()
]
OFFICE = """
[hours]
coverage = "hours"
mon = "09:00-17:00"
tue = "09:00-17:00"
wed = "09:00-17:00"
thu = "09:00-17:00"
fri = "09:00-17:00"
sat = ""
sun = ""
closed = ["2026-11-24"]
"""


def with_own(own: str) -> Policy:
    shipped = (Path(__file__).parents[2] / "policies.toml").read_bytes()
    return parse(shipped, own.encode())


POLICY = with_own("")


def untils(text: str, policy: Policy, at: datetime = FRIDAY) -> list[str]:
    return [format_time(one.until) for one in promises_in(text, policy, at)]


@pytest.mark.parametrize("line", SENTENCES, ids=lambda line: line["text"][:40])
def test_sentences_in_five_languages(line: dict[str, str | list[str]]) -> None:
    assert untils(str(line["text"]), POLICY) == line["until"]


def test_there_are_enough_of_them() -> None:
    languages = [line["language"] for line in SENTENCES]
    assert len(languages) >= 120
    assert min(languages.count(one) for one in ("en", "es", "de", "fr", "pt")) >= 30
    assert len(languages) // 3 < sum(not line["until"] for line in SENTENCES) < len(languages) // 2


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("We'll be back with news by 9:30 pm.", "20T21:30"),
        ("We'll get back to you by 9 am.", "21T09:00"),
        ("We'll get back to you by 10.05", "20T10:05"),
        ("We'll get back to you by 5 o'clock.", "20T17:00"),
        ("We'll get back to you by midnight.", "21T00:00"),
        ("We'll get back to you first thing tomorrow.", "21T10:00"),
        ("We'll call you tonight.", "20T22:00"),
        ("We'll call you on Monday.", "24T00:00"),
        ("We'll call you on Friday.", "28T00:00"),
        ("We'll call you by Monday 2 pm.", "23T14:00"),
        ("We'll call you on Monday by 2 pm.", "23T14:00"),
        ("We'll have it sorted by 24 November.", "25T00:00"),
        ("We'll write to you this week.", "21T00:00"),
        ("We'll write to you next week.", "28T00:00"),
        ("We'll have an answer by close of business.", "20T18:00"),
        ("We'll update you within half an hour.", "20T10:35"),
        ("We'll update you in a couple of hours.", "20T12:05"),
        ("We'll update you within 1-2 hours.", "20T12:05"),
        ("We'll refund you within two weeks.", "04T10:05"),
        ("Le risponderemo entro le 17.", "20T17:00"),
        ("Stiamo verificando.", "20T12:05"),
    ],
)
def test_how_people_say_when(text: str, until: str) -> None:
    month = "12" if until.startswith("04") else "11"
    assert untils(text, POLICY) == [f"2026-{month}-{until}:00Z"]


@pytest.mark.parametrize(
    "text",
    [
        "We'll have it back on the shelf by 25:00.",
        "We won't have an answer by 3 pm.",
        "We'd get back to you by 3 pm.",
        "We'll be at the gate until 16:00.",
        "We'll have it sorted by 31 February.",
        "Did we get back to you within 24 hours?",
        "Thank you! Have a safe flight. ^SB",
        "Working to improve is what we're always looking into.",
        "",
    ],
)
def test_what_promises_nothing(text: str) -> None:
    assert untils(text, POLICY) == []


def test_two_promises_in_one_text() -> None:
    text = "Sorry, Ade! We'll ring you by 3 pm, and you'll have the refund within 5 days. ^SB"
    first, second = promises_in(text, POLICY, FRIDAY)
    assert [text[one.start : one.end] for one in (first, second)] == [first.words, second.words]
    assert (first.words, second.words) == ("We'll ring you by 3 pm", "you'll have the refund within 5 days")


def test_hours_count_where_there_are_any() -> None:
    office = with_own(OFFICE)
    friday_evening = FRIDAY.replace(hour=16)
    assert untils("We're looking into it.", office, friday_evening) == ["2026-11-23T10:05:00Z"]
    assert untils("We'll reply within 24 hours.", office, friday_evening) == ["2026-11-21T16:05:00Z"]
    assert untils("I'll get back to you today.", office, friday_evening) == ["2026-11-20T17:00:00Z"]
    assert untils("I'll get back to you today.", office, FRIDAY.replace(hour=19)) == ["2026-11-21T00:00:00Z"]
    assert untils("We'll call you tomorrow.", office, FRIDAY) == ["2026-11-22T00:00:00Z"]
    # Monday, Wednesday: Tuesday is closed.
    assert untils("Refund within 2 working days.", office, FRIDAY) == ["2026-11-25T17:00:00Z"]


def test_hours_are_those_of_the_brands_clock() -> None:
    auckland = with_own('[brand]\ntime_zone = "Pacific/Auckland"')
    assert untils("We'll update you by 3 pm.", auckland) == ["2026-11-21T02:00:00Z"]
    assert untils("We'll call you tomorrow morning.", auckland) == ["2026-11-20T23:00:00Z"]
    berlin = with_own('[brand]\ntime_zone = "Europe/Berlin"')
    night = parse_time("2026-10-24T20:00:00Z")  # the clocks go back
    assert untils("We'll call you tomorrow by 9 am.", berlin, night) == ["2026-10-25T08:00:00Z"]
    assert untils("We'll reply within 24 hours.", berlin, night) == ["2026-10-25T20:00:00Z"]


def test_how_long_a_promise_without_a_time_lasts_is_set() -> None:
    policy = with_own('[promise]\nafter_holding = "30m"')
    assert untils("We're checking with the crew.", policy) == ["2026-11-20T10:35:00Z"]


def test_what_leaves_the_clock_running() -> None:
    runs_on = with_own("[promise]\nholding_stops_first_reply = false")
    holding, answer = (
        "We're looking into it, news by 4 pm. ^SB",
        "Your bag is in Oslo, you have it by 4 pm. ^SB",
    )
    assert [keeps_waiting(text, runs_on) for text in (holding, answer)] == [True, False]
    assert not keeps_waiting(holding, POLICY)


_PIECES = (
    "we'll", "get back", "to you", "by", "3 pm", "within", "24 hours", "tomorrow", ".", "?", "if you", "bis", "16:00",
    "Uhr", "\n", "’", "looking into", "we're", "mañana", "d'ici", "31", "February", "working days", "99", "next week",
)  # fmt: skip


@given(st.text(max_size=300) | st.lists(st.sampled_from(_PIECES), max_size=20).map(" ".join))
def test_any_text_is_read(text: str) -> None:
    for one in promises_in(text, POLICY, FRIDAY):
        assert text[one.start : one.end] == one.words
        assert one.words
        assert one.until >= FRIDAY


def test_the_end_of_the_calendar_is_no_place_to_fall_off() -> None:
    last = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
    text = "We'll call you tomorrow. We'll refund you within 99 weeks. We'll reply in 99 working days."
    assert all(one.until >= last for one in promises_in(text, POLICY, last))


@pytest.mark.parametrize("piece", ["we'll ", " ", "\n", "by 1", "our team ", "within 1 ", "!.", "a " * 7])
def test_a_megabyte_is_read_in_no_time(piece: str) -> None:
    start = time.process_time()
    promises_in(piece * (1_000_000 // len(piece)), POLICY, FRIDAY)
    assert time.process_time() - start < 5
