"""Mass mode in the queue: who is held is one answer, asked as SQL over all tickets or of a single row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec import Struct

from socialcli.model.mass import Mode
from socialcli.queue.filtering import Filter
from socialcli.queue.store import Queue
from tests.queue.desk import NOW, Desk, message, raised

END = int((NOW + timedelta(hours=2)).timestamp())


class Rule(Struct, frozen=True):
    mode: Mode = "tiered"
    hourly_cap: int = 2


# Whose message tells of what, and what triage said of it.
_TOLD: dict[str, dict[str, Any]] = {
    "others": {"priority": "high"},
    "down": {"priority": "urgent"},  # because something is down for many
    "first": {"priority": "urgent", "presses": True},
    "praise": {"priority": "urgent", "presses": True, "kind": "praise"},
    "personal": {"priority": "high", "harm": "personal"},
    "danger": {"priority": "low", "harm": "danger"},
}


@pytest.fixture
def many(desk: Desk) -> Desk:
    """A ticket of each weight, one that triage has not read, and one outside, in an incident in mass mode."""
    names = (*_TOLD, "unread", "outside")
    desk.take(*(message(name, name, minute=n, text="the app is down") for n, name in enumerate(names)))
    desk.add("incident-opened", None, raised("i1"))
    for name in names:
        if name != "outside":
            desk.add("incident-joined", desk.named(name).id, {"incident": "i1"})
        if name != "unread":
            desk.assess(name, **_TOLD.get(name, {}))
    desk.add("incident-mass", None, {"incident": "i1", "until": END, "turn": 0})
    return desk


def queue(desk: Desk, mode: Mode = "tiered", cap: int = 2) -> Queue:
    opened = desk.queue()
    opened.mass_rule = lambda: Rule(mode, cap)
    return opened


@pytest.mark.parametrize(
    ("mode", "cap", "held"),
    [
        ("tiered", 2, {"others": "mode", "down": "mode", "praise": "mode"}),
        (
            "tiered",
            0,
            {"others": "mode", "down": "mode", "praise": "mode", "first": "cap", "personal": "cap"},
        ),
        ("status_only", 2, dict.fromkeys(("others", "down", "praise", "first", "personal"), "mode")),
        ("both", 0, {}),
    ],
)
def test_one_answer_in_every_way_it_is_asked(many: Desk, mode: Mode, cap: int, held: dict[str, str]) -> None:
    opened = queue(many, mode, cap)
    try:
        everybody = list(opened.records(opened.rows(Filter())))
        asked = list(opened.records(opened.rows(Filter(held=True))))
        single = {row.customer: opened.why_held(row) for row in opened.rows(Filter())}
        counted = [opened.count_held(gate) for gate in opened.gates()]
        count = opened.count(Filter(held=True))
    finally:
        opened.close()
    assert {one.customer.handle: one.held for one in everybody if one.held} == held
    assert {one.customer.handle for one in asked} == held.keys()
    assert {name: why for name, why in single.items() if why} == held
    told = list(held.values())
    assert (counted, count) == ([(told.count("mode"), told.count("cap"))], len(held))
    assert [bool(one.held) for one in everybody] == sorted(bool(one.held) for one in everybody)


@pytest.mark.parametrize("state", ["incident-closed", "incident-dismissed"])
def test_an_incident_that_is_over_has_no_gate(many: Desk, state: str) -> None:
    many.add(state, None, {"incident": "i1", "was": "open"})
    opened = queue(many)
    assert opened.gates() == []
    opened.close()


def test_a_queue_without_a_policy_holds_nobody(many: Desk) -> None:
    assert [one.id for one in many.tickets(held=True)] == []


def test_what_is_told_before_the_incident_began_counts(desk: Desk) -> None:
    desk.add("incident-mass", None, {"incident": "i1", "until": END, "turn": 0})
    desk.add("incident-opened", None, raised("i1"))
    opened = queue(desk)
    assert [one.incident for one in opened.gates()] == ["i1"]
    opened.close()


def test_what_a_newer_release_says_beside_it_is_passed_over(desk: Desk) -> None:
    desk.add("incident-opened", None, raised("i1"))
    desk.add("incident-mass", None, {"incident": "i1", "until": END, "turn": 0, "colour": "red"})
    desk.add("incident-mass", None, {"incident": "i1", "until": "soon"})  # no event: it changes nothing
    opened = queue(desk)
    assert [one.until for one in opened.gates()] == [END]
    opened.close()
