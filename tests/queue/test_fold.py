"""From events to the state of a ticket."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from socialcli.queue.store import Filter
from tests.queue.desk import NOW, Desk, draft_data, message, ours


@pytest.fixture
def ticket(desk: Desk) -> str:
    desk.take(message("m1", minute=1))
    return desk.only().id


def _drafted(desk: Desk, ticket: str, *states: str, target: str = "m1", attempt: int = 1) -> None:
    for place, state in enumerate(states):
        whole = draft_data("d1", ticket, target, attempt=attempt)
        data = whole if place == 0 else {"draft": "d1", "attempt": attempt, "remote_id": "r1"}
        desk.add(state, ticket, data)


def test_a_ticket_is_new_until_triage_has_spoken(desk: Desk, ticket: str) -> None:
    assert (desk.only().status, desk.only().priority, desk.only().due_at) == ("new", None, None)
    assert desk.only().received_at == message("m1", minute=1).created_at
    desk.assess("m1")
    assert (desk.only().status, desk.only().priority, desk.only().due_at) == ("open", "high", NOW)
    assert ticket == desk.only().id


@pytest.mark.parametrize(
    ("respond", "status"), [("respond", "open"), ("monitor", "open"), ("ignore", "closed")]
)
def test_status_follows_from_what_triage_says(desk: Desk, ticket: str, respond: str, status: str) -> None:
    desk.assess("m1", respond=respond)
    assert (desk.only().id, desk.only().status) == (ticket, status)
    assert (desk.only().due_at is None) == (respond != "respond")


@pytest.mark.parametrize(
    ("events", "status"),
    [
        (("composed",), "open"),
        (("composed", "awaiting-approval"), "on-hold"),
        (("composed", "awaiting-approval", "approved"), "on-hold"),
        (("composed", "awaiting-approval", "rejected"), "open"),
        (("composed", "intended"), "open"),
        (("composed", "intended", "unknown"), "open"),
        (("composed", "intended", "failed"), "open"),
        (("composed", "intended", "parked"), "open"),
        (("composed", "intended", "sent"), "pending"),
        (("composed", "awaiting-approval", "approved", "intended", "sent"), "pending"),
    ],
)
def test_status_follows_from_the_draft(desk: Desk, ticket: str, events: tuple[str, ...], status: str) -> None:
    desk.assess("m1")
    _drafted(desk, ticket, *events)
    assert desk.only().status == status
    (stored,) = desk.queue().drafts()
    assert stored.draft.state == events[-1]


@pytest.mark.parametrize(("event", "data"), [("done", {"url": "u"}), ("resolved", {"outcome": "fixed"})])
def test_done_and_resolved_solve(desk: Desk, ticket: str, event: str, data: dict[str, str]) -> None:
    desk.assess("m1")
    desk.add("composed", ticket, draft_data("d1", ticket, "m1"))
    if event == "resolved":
        desk.add("sent", ticket, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    desk.add(event, ticket, data)
    assert (desk.only().status, desk.only().overdue) == ("solved", False)


def test_a_new_inbound_message_reopens_and_its_clock_begins_with_it(desk: Desk, ticket: str) -> None:
    desk.assess("m1")
    desk.add("done", ticket, {"url": "u"})
    desk.take(message("m2", minute=30, reply_to="m1"))
    assert desk.only().status == "open"
    assert desk.only().received_at == message("m2", minute=30).created_at
    assert desk.only().due_at is None  # of the message before
    assert [desk.queue().ticket_by_number(n).id for n in desk.queue().untriaged()] == [desk.only().id]
    desk.assess("m2", priority="low")
    assert (desk.only().status, desk.only().priority) == ("open", "low")
    assert desk.queue().untriaged() == []


def test_the_wait_begins_with_the_oldest_message_nobody_answered(desk: Desk, ticket: str) -> None:
    desk.take(message("m3", minute=9, reply_to="m1"), message("m2", minute=5, reply_to="m1"))
    assert desk.only().received_at == message("m1", minute=1).created_at
    assert desk.only().text == "@NorthlineAir my bag is not here"
    queue = desk.queue()
    assert [*queue.unanswered(queue.ticket(ticket))] == ["m1", "m3", "m2"]


def test_a_message_that_came_between_intent_and_receipt_is_not_answered_by_it(
    desk: Desk, ticket: str
) -> None:
    desk.assess("m1")
    _drafted(desk, ticket, "composed", "intended")
    desk.take(message("m2", minute=9, reply_to="m1"))
    desk.add("sent", ticket, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    queue = desk.queue()
    assert [*queue.unanswered(queue.ticket(ticket))] == ["m2"]
    assert desk.only().status == "open"


def test_our_own_post_read_back_is_not_a_second_message_of_the_thread(desk: Desk, ticket: str) -> None:
    _drafted(desk, ticket, "composed", "intended", "sent")
    assert desk.members() == {ticket: ["m1", "r1"]}
    desk.take(ours("r1", "m1", minute=3))
    assert desk.members() == {ticket: ["m1", "r1"]}


def test_a_colleagues_answer_elsewhere_answers_what_came_before_it(desk: Desk, ticket: str) -> None:
    desk.assess("m1")
    desk.take(ours("o2", "m1", minute=5), message("m3", minute=4, reply_to="m1"))
    assert desk.only().status == "pending"
    desk.take(message("m4", minute=6, reply_to="o2"))
    assert desk.only().status == "open"
    queue = desk.queue()
    assert [*queue.unanswered(queue.ticket(ticket))] == ["m4"]


def test_an_override_wins_for_ever(desk: Desk, ticket: str) -> None:
    desk.add("override", ticket, {"fields": {"priority": "urgent", "kind": "complaint"}, "reason": "VIP"})
    desk.assess("m1", priority="low", kind="praise", topic="crew")
    assert (desk.only().priority, desk.only().kind, desk.only().topic) == ("urgent", "complaint", "crew")
    desk.add("override", ticket, {"fields": {"priority": "normal"}, "reason": "calmed down"})
    desk.take(message("m2", minute=9, reply_to="m1"))
    desk.assess("m2", priority="low", kind="praise")
    assert (desk.only().priority, desk.only().kind) == ("normal", "complaint")


@pytest.mark.parametrize("later", ["failed", "unknown", "intended", "composed", "rejected", "parked"])
def test_sent_is_the_last_word(desk: Desk, ticket: str, later: str) -> None:
    _drafted(desk, ticket, "composed", "intended", "sent")
    desk.add(later, ticket, draft_data("d1", ticket, "m1", attempt=7))
    (stored,) = desk.queue().drafts()
    assert (stored.draft.state, stored.draft.remote_id) == ("sent", "r1")
    assert desk.only().status == "pending"


def test_within_one_attempt_the_higher_rank_stands_whatever_the_order(desk: Desk, ticket: str) -> None:
    _drafted(desk, ticket, "composed", "failed", "unknown", "intended")
    assert desk.queue().drafts()[0].draft.state == "failed"
    desk.add("intended", ticket, {"draft": "d1", "attempt": 2})
    assert desk.queue().drafts()[0].draft.state == "intended"


def test_what_is_on_its_way(desk: Desk, ticket: str) -> None:
    _drafted(desk, ticket, "composed")
    queue = desk.queue()
    number = queue.ticket(ticket).n
    assert queue.on_its_way(number) is None
    desk.add("intended", ticket, {"draft": "d1", "attempt": 1})
    queue.refresh()
    found = queue.on_its_way(number)
    assert found is not None
    assert found.row.id == "d1"
    assert queue.on_its_way(number, but="d1") is None


def test_release_gives_back(desk: Desk, ticket: str) -> None:
    desk.add("claimed", ticket, {"agent": "sb", "until": int(NOW.timestamp()) + 60})
    assert desk.only().assignee == "sb"
    desk.add("released", ticket, {})
    assert desk.only().assignee is None


def test_history_is_all_of_it_in_order(desk: Desk, ticket: str) -> None:
    desk.add("note", ticket, {"text": "rang the airport"})
    desk.assess("m1")
    queue = desk.queue()
    events = list(queue.history(queue.ticket(ticket)))
    assert [event.event for event in events] == ["message", "note", "assessed"]
    assert events[1].data == {"text": "rang the airport"}
    assert events[1].by == "sb"


# lines that stand twice, journals that are united


def _story(desk: Desk) -> None:
    """A bit of everything, in the order of the clock."""
    desk.take(message("m1", minute=1, conversation="c"), message("m2", "cust2", minute=2))
    ticket = desk.named("m1").id
    desk.now += timedelta(seconds=1)
    desk.add("claimed", ticket, {"agent": "sb", "until": int(NOW.timestamp()) + 900})
    desk.assess("m1")
    _drafted(desk, ticket, "composed", "intended", "unknown")
    desk.add("looked-up", ticket, {"draft": "d1"})
    desk.add("released", ticket, {})
    desk.take(message("m0", minute=0, conversation="c"))
    desk.now += timedelta(seconds=1)


def _state(desk: Desk) -> dict[str, object]:
    """What people see: names, states and threads, without places in the file."""
    queue = desk.queue()
    rows = list(queue.rows(Filter()))
    return {
        "tickets": list(queue.records(rows)),
        "threads": {row.id: [one.id for one in queue.thread(row)] for row in rows},
        "history": {row.id: [event.id for event in queue.history(row)] for row in rows},
        "drafts": [(one.draft, one.row.empty, one.row.attempt) for one in queue.drafts()],
        "aliases": sorted(name for (name,) in queue.index.db.execute("SELECT id FROM aliases")),
    }


@pytest.mark.parametrize("order", ["behind", "each twice", "before"])
def test_lines_that_stand_twice_count_once(desk: Desk, tmp_path: Path, order: str) -> None:
    _story(desk)
    lines = desk.raw_lines()
    doubled = {
        "behind": lines + lines,
        "each twice": [line for line in lines for _ in range(2)],
        "before": [*lines[:4], *lines],
    }[order]
    assert _state(desk.rewritten(tmp_path / "doubled", doubled)) == _state(desk)


def test_copies_that_come_later_count_once_too(desk: Desk) -> None:
    _story(desk)
    before = _state(desk)
    lines = desk.raw_lines()
    for line in lines:
        with desk.journal.open("ab") as file:
            file.write(line)
        assert _state(desk) == before


def test_an_event_in_the_middle_missing_does_not_let_its_copy_count_twice(desk: Desk, tmp_path: Path) -> None:
    _story(desk)
    lines = desk.raw_lines()
    moved = desk.rewritten(tmp_path / "moved", lines[1:] + lines[1:])
    once = desk.rewritten(tmp_path / "once", lines[1:])
    assert _state(moved) == _state(once)


def _sorted_union(*files: Path) -> bytes:
    done = subprocess.run(
        ["sort", "-u", *map(str, files)], env={"LC_ALL": "C"}, capture_output=True, check=True
    )
    return done.stdout


def test_two_journals_united_with_sort_fold_as_if_it_had_been_one(desk: Desk, tmp_path: Path) -> None:
    _story(desk)
    common = desk.raw_lines()
    one = desk.rewritten(tmp_path / "one", common)
    two = desk.rewritten(tmp_path / "two", common)
    one.now = two.now = desk.now
    whole = desk
    for place in range(4):
        active = (one, two)[place % 2]
        start = active.journal.stat().st_size
        ticket = active.named("m1").id
        active.add("note", ticket, {"text": f"note {place}"})
        active.assess("m2", score=place)
        with whole.journal.open("ab") as file:
            file.write(active.journal.read_bytes()[start:])
        one.now = two.now = active.now
    united = whole.rewritten(tmp_path / "united", [_sorted_union(one.journal, two.journal)])
    assert len(united.raw_lines()) == len(common) + 8
    assert _state(united) == _state(whole)
    again = whole.rewritten(tmp_path / "again", [_sorted_union(united.journal, one.journal)])
    assert _state(again) == _state(united)


def test_a_message_that_two_journals_took_in_apart_is_one_and_both_tickets_resolve(
    desk: Desk, tmp_path: Path
) -> None:
    """One saw the root of the thread, the other only the reply."""
    one = desk.rewritten(tmp_path / "one", [])
    two = desk.rewritten(tmp_path / "two", [])
    one.take(message("m1", minute=1), message("m2", minute=2, reply_to="m1"))
    two.now += timedelta(seconds=1)
    two.take(message("m2", minute=2, reply_to="m1"))
    name = two.only().id
    two.now += timedelta(seconds=1)
    two.assess("m2", topic="refund")
    united = desk.rewritten(tmp_path / "united", [_sorted_union(one.journal, two.journal)])
    assert united.grouping() == [["m1", "m2"]]
    assert united.queue().ticket(name).id == one.only().id
    assert united.only().topic == "refund"
    assert united.queue().bad_lines() == []
