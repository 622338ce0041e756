"""Merges and splits in the journal: however it is read, united or built anew, the same tickets come of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from socialcli.queue.facts import Split
from socialcli.queue.splitting import plan_split
from tests.queue.desk import Desk, decision, draft_data, message, ours, rebuilt


@pytest.fixture
def two(desk: Desk) -> Desk:
    """One customer with two tickets: m1 with our answer o1 and m2, and m5."""
    desk.take(message("m1", minute=1, conversation="c1"), message("m5", minute=5))
    desk.take(ours("o1", "m1", minute=2, conversation="c1"))
    desk.take(message("m2", minute=3, reply_to="m1", conversation="c1", text="and my seat"))
    return desk


def merge(desk: Desk, keep: str, other: str) -> None:
    desk.add("merged", desk.named(keep).id, {"of": desk.named(other).id})


def planned(desk: Desk, ticket: str, name: str) -> Split:
    queue = desk.queue()
    try:
        row = queue.ticket(ticket)
        thread = queue.thread(row)
        (first,) = [one for one in thread if one.id == name]
        return plan_split(row, thread, queue.drafts(row.n), first)
    finally:
        queue.close()


def split(desk: Desk, name: str) -> None:
    ticket = desk.named(name).id
    desk.add("split", ticket, planned(desk, ticket, name))


def united(one: Desk, other: Desk, folder: Path) -> Desk:
    """As ``sort -u`` makes one journal of two."""
    return one.rewritten(folder, sorted({*one.raw_lines(), *other.raw_lines()}))


def copied(desk: Desk, folder: Path) -> Desk:
    return desk.rewritten(folder, desk.raw_lines())


def bad_lines(desk: Desk) -> list[tuple[int, str]]:
    queue = desk.queue()
    try:
        queue.refresh()
        return queue.bad_lines()
    finally:
        queue.close()


def test_the_facts_of_both_in_one(two: Desk, tmp_path: Path) -> None:
    two.assess("m1", priority="normal", score=20, due=1)
    two.assess("m5", priority="urgent", score=90, kind="complaint", topic="refund")
    two.add("labelled", two.named("m1").id, {"add": ["a", "b"]})
    two.add("labelled", two.named("m5").id, {"add": ["b", "c"]})
    two.add("claimed", two.named("m5").id, {"agent": "mo", "until": 4_000_000_000})
    two.add("override", two.named("m5").id, {"fields": {"kind": "praise"}, "reason": "r"})
    merge(two, "m1", "m5")
    kept = two.only()
    assert (kept.messages, kept.labels, kept.assignee) == (4, ("a", "b", "c"), "mo")
    assert (kept.priority, kept.score, kept.topic, kept.kind) == ("urgent", 90, "refund", "praise")
    assert two.members() == {kept.id: ["m1", "o1", "m2", "m5"]}
    assert two.dump() == rebuilt(two, tmp_path / "fresh")


def test_deadlines_of_what_is_answered_do_not_count(two: Desk) -> None:
    two.take(ours("o2", "m2", minute=9))
    two.assess("m1", priority="low", score=1, due=1)
    two.assess("m5", priority="low", score=1, due=2_000_000_000)
    merge(two, "m1", "m5")
    due = two.only().due_at
    assert due is not None
    assert due.timestamp() == 2_000_000_000


def test_a_chain_of_merges_leads_to_the_last(desk: Desk, tmp_path: Path) -> None:
    desk.take(*(message(f"m{n}", minute=n) for n in range(6)))
    names = [desk.named(f"m{n}").id for n in range(6)]
    for keep, other in ((5, 4), (3, 5), (1, 0), (1, 3), (2, 1)):
        desk.add("merged", names[keep], {"of": names[other]})
    desk.take(*(message(f"r{n}", minute=10 + n, reply_to=f"m{n}") for n in range(6)))
    assert len(desk.tickets()) == 1
    queue = desk.queue()
    assert {queue.ticket(name).id for name in names} == {names[0]}
    queue.close()
    assert desk.dump() == rebuilt(desk, tmp_path / "fresh")


def test_the_number_of_a_ticket_that_is_gone_is_never_given_again(desk: Desk, tmp_path: Path) -> None:
    desk.take(message("m1", minute=1), message("m2", minute=2))
    merge(desk, "m1", "m2")
    desk.take(message("m3", "cust3", minute=3))
    assert desk.grouping() == [["m1", "m2"], ["m3"]]
    assert desk.dump() == rebuilt(desk, tmp_path / "fresh")


def test_a_customer_who_was_called_otherwise_is_found_by_both_names(desk: Desk) -> None:
    desk.take(
        message("m1", "cust1", minute=1, conversation="c1"),
        message("m2", "was1", minute=2, conversation="c2"),
    )
    merge(desk, "m1", "m2")
    desk.take(message("m3", "cust1", minute=3, conversation="c2"))
    assert desk.grouping() == [["m1", "m2", "m3"]]


def test_an_older_message_read_later_names_the_merged_ticket(two: Desk) -> None:
    merge(two, "m5", "m1")
    before = two.only().id
    two.take(message("m0", minute=0, conversation="c1"))
    kept = two.only()
    assert kept.id != before
    queue = two.queue()
    assert queue.ticket(before).id == kept.id
    queue.close()


def test_a_split_takes_edits_and_deletions_along(desk: Desk, tmp_path: Path) -> None:
    desk.take(
        message("m1", minute=1),
        message("m2", minute=2, reply_to="m1"),
        message("m3", minute=3, reply_to="m2"),
    )
    changed = message("m2", minute=2, reply_to="m1", text="my seat, I meant")
    queue = desk.queue()
    queue.note_changes([replace(changed, versions=("m2b",))], [message("m3", minute=3, reply_to="m2")])
    queue.close()
    split(desk, "m2")
    assert desk.members() == {desk.named("m1").id: ["m1"], desk.named("m2").id: ["m2", "m3"]}
    assert desk.named("m2").text == "my seat, I meant"
    assert desk.dump() == rebuilt(desk, tmp_path / "fresh")


def test_a_message_under_another_handle_shows_in_one_ticket_only(desk: Desk) -> None:
    desk.take(message("m1", minute=1), message("m2", minute=2, reply_to="m1"))
    queue = desk.queue()
    queue.note_changes([message("m2", "cust1_new", minute=2, reply_to="m1")], [])
    queue.close()
    split(desk, "m2")
    assert desk.grouping() == [["m1"], ["m2"]]


def test_two_desks_that_did_the_same_apart_unite(two: Desk, tmp_path: Path) -> None:
    other = copied(two, tmp_path / "other")
    other.now = two.now = two.now.replace(hour=13)
    merge(two, "m1", "m5")
    split(other, "m2")
    other.now = two.now.replace(hour=14)
    merge(other, "m5", "m2")
    both = united(two, other, tmp_path / "both")
    assert bad_lines(both) == []
    assert sorted(name for names in both.grouping() for name in names) == ["m1", "m2", "m5", "o1"]
    assert both.dump() == rebuilt(both, tmp_path / "fresh")


def test_a_draft_that_another_desk_tried_while_its_ticket_was_split_is_no_bad_line(
    two: Desk, tmp_path: Path
) -> None:
    ticket = two.named("m2").id
    two.add("composed", ticket, draft_data("d1", ticket, "m2"))
    two.add("parked", ticket, {"draft": "d1", "attempt": 1})
    other = copied(two, tmp_path / "other")
    two.now = two.now.replace(hour=13)
    split(two, "m2")
    other.now = two.now.replace(hour=14)
    other.add("intended", ticket, draft_data("d1", ticket, "m2", attempt=2))
    other.add("looked-up", ticket, {"draft": "d1"})
    other.add("sent", ticket, {"draft": "d1", "attempt": 2, "remote_id": "r1"})
    both = united(two, other, tmp_path / "both")
    assert bad_lines(both) == []
    assert both.members()[both.named("m2").id] == ["m2", "r1"]
    assert both.dump() == rebuilt(both, tmp_path / "fresh")


def test_a_merge_told_before_the_other_ticket_was_opened(desk: Desk, tmp_path: Path) -> None:
    desk.take(message("m1", minute=1))
    desk.take(message("m2", minute=2))
    merge(desk, "m1", "m2")
    first, second, told = desk.raw_lines()
    skewed = desk.rewritten(tmp_path / "skewed", [first, told, second])
    assert bad_lines(skewed) == []
    assert skewed.grouping() == [["m1", "m2"]]


def test_an_assessment_of_a_ticket_that_was_merged_meanwhile_counts(two: Desk) -> None:
    name = two.named("m5").id
    merge(two, "m1", "m5")
    two.add("assessed", name, decision("m5", topic="lounge"))
    assert two.only().topic == "lounge"
    assert bad_lines(two) == []


def test_a_merge_across_networks_is_a_bad_line_and_changes_nothing(desk: Desk) -> None:
    desk.take(message("m1", minute=1), replace(message("m2", minute=2), network="x"))
    merge(desk, "m1", "m2")
    assert len(bad_lines(desk)) == 1
    assert desk.grouping() == [["m1"], ["m2"]]
