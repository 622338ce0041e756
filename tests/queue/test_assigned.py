"""Whose a ticket is, in the journal: assigned, claimed, handed over; however it is read, the same comes of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.queue.desk import NOW, Desk, draft_data, message, rebuilt

SOON = int(NOW.timestamp()) + 600


@pytest.fixture
def ticket(desk: Desk) -> str:
    desk.take(message("m1", minute=1))
    return desk.only().id


def whose(desk: Desk) -> tuple[str | None, str | None, bool]:
    """Who has it, to whom it is assigned, whether it is claimed."""
    found = desk.only()
    return found.assignee, found.assigned, found.claimed_until is not None


def test_assigning_starts_no_lease_and_outlasts_every_claim(desk: Desk, ticket: str) -> None:
    desk.add("assigned", ticket, {"agent": "mo", "why": "hand"})
    assert whose(desk) == ("mo", "mo", False)
    desk.add("claimed", ticket, {"agent": "sb", "until": SOON})
    assert whose(desk) == ("sb", "mo", True)
    desk.now += timedelta(seconds=601)
    assert whose(desk) == ("mo", "mo", False)


def test_who_gives_back_what_is_assigned_to_them_has_it_no_longer(desk: Desk, ticket: str) -> None:
    desk.add("assigned", ticket, {"agent": "mo", "why": "hand"})
    desk.add("claimed", ticket, {"agent": "sb", "until": SOON})
    desk.add("released", ticket, {}, by="sb")
    assert whose(desk) == ("mo", "mo", False)
    desk.add("released", ticket, {}, by="mo")
    assert whose(desk) == (None, None, False)


def test_who_assigns_to_another_what_they_claimed_has_it_no_longer(desk: Desk, ticket: str) -> None:
    desk.add("claimed", ticket, {"agent": "sb", "until": SOON})
    desk.add("assigned", ticket, {"agent": "sb", "why": "hand"}, by="sb")
    assert whose(desk) == ("sb", "sb", True)
    desk.add("assigned", ticket, {"agent": "mo", "why": "hand"}, by="sb")
    assert whose(desk) == ("mo", "mo", False)


def test_a_hand_over_stands_until_somebody_answers(desk: Desk, ticket: str) -> None:
    desk.add("claimed", ticket, {"agent": "sb", "until": SOON})
    desk.add("released", ticket, {"note": "She is at gate 7.", "to": "mo"})
    found = desk.only().handover
    assert found is not None
    assert (found.by, found.to, found.note) == ("sb", "mo", "She is at gate 7.")
    assert whose(desk) == ("mo", "mo", False)
    desk.add("claimed", ticket, {"agent": "mo", "until": SOON})
    assert desk.only().handover == found
    desk.add("sent", ticket, draft_data("d1", ticket, "m1", remote_id="r1"))
    assert desk.only().handover is None


@pytest.mark.parametrize(
    ("event", "data"), [("done", {"url": "https://x.example/1"}), ("resolved", {"outcome": "fixed"})]
)
def test_it_is_history_where_the_matter_ended_otherwise(
    desk: Desk, ticket: str, event: str, data: dict[str, str]
) -> None:
    desk.add("released", ticket, {"note": "n"})
    desk.add(event, ticket, data)
    assert desk.only().handover is None


def test_the_newest_note_counts_and_a_release_without_one_leaves_it(desk: Desk, ticket: str) -> None:
    for note in ("first", "second"):
        desk.add("released", ticket, {"note": note})
    desk.add("claimed", ticket, {"agent": "mo", "until": SOON})
    desk.add("released", ticket, {}, by="mo")
    found = desk.only().handover
    assert found is not None
    assert (found.note, found.to) == ("second", None)


def test_a_merge_keeps_whose_it_is_and_what_was_left(desk: Desk, ticket: str, tmp_path: Path) -> None:
    desk.take(message("m5", minute=5))
    other = desk.named("m5").id
    desk.add("assigned", other, {"agent": "mo", "why": "round"})
    desk.add("released", other, {"note": "rang twice"})
    desk.add("merged", ticket, {"of": other})
    assert whose(desk) == ("mo", "mo", False)
    assert desk.only().handover is not None
    assert desk.dump() == rebuilt(desk, tmp_path / "fresh")


def test_lines_that_came_twice_say_it_once(desk: Desk, ticket: str, tmp_path: Path) -> None:
    desk.add("assigned", ticket, {"agent": "sb", "why": "round"})
    desk.add("released", ticket, {"note": "n", "to": "mo"})
    twice = desk.rewritten(tmp_path / "twice", [*desk.raw_lines(), *desk.raw_lines()])
    assert whose(twice) == ("mo", "mo", False)
    assert twice.only().handover == desk.only().handover


def test_how_much_everybody_has(desk: Desk, ticket: str) -> None:
    desk.take(message("m2", "cust2", minute=2), message("m3", "cust3", minute=3))
    second, third = (desk.named(name).id for name in ("m2", "m3"))
    desk.add("assigned", ticket, {"agent": "sb", "why": "round"})
    desk.add("assigned", second, {"agent": "mo", "why": "round"})
    desk.add("claimed", third, {"agent": "mo", "until": SOON})
    queue = desk.queue()
    load = queue.load()
    queue.close()
    assert {who: count for who, (count, _) in load.items()} == {"sb": 1, "mo": 2}
    assert load["mo"][1] > load["sb"][1]
    desk.now += timedelta(seconds=601)
    queue = desk.queue()
    assert {who: count for who, (count, _) in queue.load().items()} == {"sb": 1, "mo": 1}
    queue.close()


@pytest.mark.parametrize("data", [{}, {"agent": 4}, {"agent": None}])
def test_a_line_that_assigns_nobody_is_no_event(desk: Desk, ticket: str, data: dict[str, object]) -> None:
    desk.add("assigned", ticket, data)
    queue = desk.queue()
    assert len(queue.bad_lines()) == 1
    queue.close()
    assert whose(desk) == (None, None, False)
