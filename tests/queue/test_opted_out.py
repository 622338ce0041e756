"""Who wants no messages, and who met abuse, in the journal: however it is read, the same comes of it."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcli.policy.schema import Relief, Seconds
from tests.queue.desk import NOW, Desk, draft_data, message, rebuilt

SINCE = int(NOW.replace(hour=10, minute=3).timestamp())
RELIEF = Relief(after=1, within=Seconds(7200), fold=True)


@pytest.fixture
def ticket(desk: Desk) -> str:
    desk.take(message("m1", minute=1))
    return desk.only().id


def opted_out(desk: Desk, name: str = "m1") -> bool:
    with closing(desk.queue()) as queue:
        return queue.opted_out(queue.ticket(desk.named(name).id)) is not None


def spared(desk: Desk, agent: str = "sb") -> datetime | None:
    with closing(desk.queue()) as queue:
        return queue.relieved_until(agent, RELIEF)


def abusive(desk: Desk) -> int:
    """How many tickets with abuse wait."""
    with closing(desk.queue()) as queue:
        return len(queue.abusive_waiting())


def test_the_newest_word_counts(desk: Desk, ticket: str) -> None:
    assert not opted_out(desk)
    for _ in range(2):
        desk.add("opted-out", ticket, {"since": SINCE, "message": "m1"})
        assert opted_out(desk)
        desk.now += timedelta(seconds=1)
        desk.add("opt-out-lifted", ticket, {"reason": "rang us"}, by="mo")
        assert not opted_out(desk)
        desk.now += timedelta(seconds=1)


def test_it_is_of_all_their_tickets_and_of_nobody_elses(desk: Desk, ticket: str) -> None:
    desk.take(message("m2", minute=2), message("m3", "cust2", minute=3))
    desk.add("opted-out", ticket, {"since": SINCE})
    assert [opted_out(desk, name) for name in ("m1", "m2", "m3")] == [True, True, False]


def test_lines_in_whatever_order_and_twice_say_the_same(desk: Desk, ticket: str, tmp_path: Path) -> None:
    desk.add("opted-out", ticket, {"since": SINCE})
    desk.now += timedelta(seconds=1)
    desk.add("opt-out-lifted", ticket, {"reason": "a mistake"})
    first, *rest = desk.raw_lines()
    for seed in range(3):
        random.Random(seed).shuffle(rest)
        again = desk.rewritten(tmp_path / f"order{seed}", [first, *rest, *rest])
        assert not opted_out(again)


def test_a_merge_keeps_it(desk: Desk, ticket: str, tmp_path: Path) -> None:
    desk.take(message("m2", minute=2))
    other = desk.named("m2").id
    desk.add("opted-out", other, {"since": SINCE, "message": "m2"})
    desk.add("merged", ticket, {"of": other})
    assert opted_out(desk)
    assert desk.dump() == rebuilt(desk, tmp_path / "fresh")


@pytest.mark.parametrize("data", [{}, {"since": -1}, {"since": "now"}, {"since": 2**60}])
def test_what_is_no_such_event_is_passed_over(desk: Desk, ticket: str, data: dict[str, Any]) -> None:
    desk.add("opted-out", ticket, data)
    assert not opted_out(desk)


def assessed(abusive: bool) -> dict[str, Any]:
    return {
        "message_id": "m1", "respond": "respond", "priority": "high", "score": 50, "kind": "complaint", "topic": None,
        "sentiment": -0.5, "register": "neutral", "language": "en", "due": None, "head_start": 0, "policy": "p",
        "abusive": abusive,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("claimed", {"agent": "sb", "until": SINCE}),
        ("assigned", {"agent": "sb", "why": "hand"}),
        ("intended", None),
    ],
)
def test_who_has_to_do_with_abuse_met_it(
    desk: Desk, ticket: str, event: str, data: dict[str, Any] | None, tmp_path: Path
) -> None:
    desk.add("assessed", ticket, assessed(abusive=True))
    assert spared(desk) is None
    desk.add(event, ticket, data or draft_data("d1", ticket, "m1"))
    assert spared(desk) == desk.now + timedelta(hours=2, seconds=-1)
    assert spared(desk, "mo") is None
    assert abusive(desk) == 1
    assert desk.dump() == rebuilt(desk, tmp_path / "fresh")
    desk.now += timedelta(hours=2)
    assert spared(desk) is None


def test_a_decent_message_is_none(desk: Desk, ticket: str) -> None:
    desk.add("assessed", ticket, assessed(abusive=False))
    desk.add("claimed", ticket, {"agent": "sb", "until": SINCE})
    assert spared(desk) is None
    assert abusive(desk) == 0
