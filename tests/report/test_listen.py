"""The six questions, on messages that were labelled by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.model.listening import Heard, Listen
from socialcli.model.times import parse_time
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.report.listen import listen
from tests.report.labelled import BY_WEEKDAY, FIGURES, MESSAGES, SINCE, UNTIL, voices

_PARTS = ("frustrated", "technical", "account_matters", "positive_feedback", "negative_feedback", "help_link")
_QUESTION = Heard("file\0x", "file", 1_794_000_000, "respond", "normal", "question", None, 0.0)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse((Path(__file__).parents[2] / "policies.toml").read_bytes())


def _heard() -> list[Heard]:
    """The labelled messages of the week."""
    return [
        Heard(
            f"{one.network}\0{one.handle}",
            one.network,
            int(one.message.created_at.timestamp()),
            one.respond,
            one.priority,
            one.kind,
            one.topic,
            one.sentiment,
        )
        for one in MESSAGES
        if one.message.direction == "inbound"
        and parse_time(SINCE) <= one.message.created_at < parse_time(UNTIL)
    ]


def _report(heard: Iterable[Heard], policy: Policy) -> dict[str, Any]:
    found = listen(heard, parse_time(SINCE), parse_time(UNTIL), None, policy)
    made = msgspec.json.decode(msgspec.json.encode(found))
    assert isinstance(made, dict)
    return made


def test_the_figures_are_those_counted_by_hand(policy: Policy) -> None:
    found = _report(_heard(), policy)
    assert {name: found[name] for name in FIGURES} == FIGURES
    assert tuple(sum(day) for day in found["by_weekday"]) == BY_WEEKDAY
    assert found["by_weekday"][5][12] == 1  # Saturday noon: a05
    assert (found["since"], found["until"], found["time_zone"]) == (SINCE, UNTIL, "Europe/London")


def test_the_order_of_the_messages_does_not_matter(policy: Policy) -> None:
    assert _report(reversed(_heard()), policy) == _report(_heard(), policy)


def test_a_period_without_messages_is_one_of_zeros(policy: Policy) -> None:
    found = _report([], policy)
    assert all(found[name] == voices(0, 0) for name, known in FIGURES.items() if isinstance(known, dict))
    assert found["by_hour"] == [0] * 24
    assert found["by_weekday"] == [[0] * 24] * 7


@pytest.mark.parametrize(
    ("at", "zone", "day", "hour"),
    [
        ("2026-03-29T00:59:59Z", "Europe/London", 6, 0),
        ("2026-03-29T01:00:00Z", "Europe/London", 6, 2),  # one o'clock was left out
        ("2026-10-25T00:30:00Z", "Europe/London", 6, 1),
        ("2026-10-25T01:30:00Z", "Europe/London", 6, 1),  # one o'clock came twice
        ("2026-11-20T18:29:59Z", "Asia/Kolkata", 4, 23),
        ("2026-11-20T18:30:00Z", "Asia/Kolkata", 5, 0),
        ("2026-11-20T18:14:59Z", "Asia/Kathmandu", 4, 23),
        ("2026-11-20T18:15:00Z", "Asia/Kathmandu", 5, 0),
        ("2026-10-03T15:29:59Z", "Australia/Lord_Howe", 6, 1),  # 01:59:59
        ("2026-10-03T15:30:00Z", "Australia/Lord_Howe", 6, 2),  # 02:30: half an hour was left out
    ],
)
def test_hours_are_those_of_the_brand(policy: Policy, at: str, zone: str, day: int, hour: int) -> None:
    own = msgspec.structs.replace(policy, brand=msgspec.structs.replace(policy.brand, time_zone=zone))
    one = msgspec.structs.replace(_QUESTION, at=int(parse_time(at).timestamp()))
    found = _report([one], own)
    assert (found["by_hour"][hour], found["by_weekday"][day][hour]) == (1, 1)
    assert found["time_zone"] == zone


def test_the_topics_are_those_of_the_policy(policy: Policy) -> None:
    own = msgspec.structs.replace(
        policy, report=msgspec.structs.replace(policy.report, technical=("router",), account=("contract",))
    )
    heard = [
        msgspec.structs.replace(_QUESTION, topic=name) for name in ("router", "contract", "account", None)
    ]
    found = _report(heard, own)
    assert (found["technical"], found["account_matters"]) == (voices(1, 1), voices(1, 1))
    assert found["help_link"] == voices(3, 1)


_SAID = st.builds(
    Heard,
    st.sampled_from(["file\0a", "file\0b", "x\0a", "feed\0a"]),
    st.sampled_from(["file", "x", "feed"]),
    st.integers(0, 253_402_300_799),
    st.sampled_from([None, "respond", "monitor", "ignore"]),
    st.sampled_from(["urgent", "high", "normal", "low"]),
    st.sampled_from(["question", "complaint", "request", "praise", "feedback", "mention", "spam", "abuse"]),
    st.sampled_from([None, "account", "app and website", "delay"]),
    st.floats(-1, 1),
)


@settings(deadline=None)
@given(heard=st.lists(_SAID, max_size=40))
def test_every_figure_is_a_part_of_what_was_written(policy: Policy, heard: list[Heard]) -> None:
    found: Listen = listen(heard, parse_time(SINCE), parse_time(UNTIL), None, policy)
    sorts = (found.wrote, found.untriaged, found.noise, found.news)
    assert sum(one.messages for one in sorts) == len(heard)
    assert sum(found.by_hour) == found.wrote.messages == sum(sum(day) for day in found.by_weekday)
    for name in (*_PARTS, "reply_needed", "reply_welcome"):
        part = getattr(found, name)
        assert part.customers <= part.messages <= found.wrote.messages, name
        assert part.customers <= found.wrote.customers
    assert found.reply_needed.messages + found.reply_welcome.messages <= found.wrote.messages
    assert found.help_link.messages <= found.reply_needed.messages
