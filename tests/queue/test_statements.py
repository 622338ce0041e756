"""Statements: drafts that belong to no ticket."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.model.statement import Said
from tests.queue.desk import NOW, Desk, draft_data, message, rebuilt

CHECK = Check(ok=True, network="file", visibility="public", length=Length(5, 280, "characters"), findings=())


def said(name: str, stage: Any = "investigating", account: str = "press", **changes: Any) -> dict[str, Any]:
    text = f"Online check-in is down. ({name})"
    whole = Draft(name, None, None, text, account, "mo", "api", "composed", CHECK)
    said = Said(stage, 1800)
    return {"draft": name, "whole": whole, "content": name, "attempt": 1, "wall": 1.0, "said": said} | changes


def send(desk: Desk, name: str, *args: Any, **changes: Any) -> None:
    desk.add("intended", None, said(name, *args, **changes))
    desk.add("sent", None, {"draft": name, "attempt": 1, "remote_id": f"p-{name}"})


def test_a_statement_is_a_draft_without_a_ticket(desk: Desk) -> None:
    desk.take(message("m1"))
    send(desk, "s1")
    queue = desk.queue()
    stored = queue.draft("s1")
    assert (stored.draft.ticket, stored.draft.target, stored.draft.state) == (None, None, "sent")
    assert [one.status for one in desk.tickets()] == ["new"], "no customer was answered"


def test_the_newest_that_went_out_promises_the_next_update(desk: Desk) -> None:
    send(desk, "s1")
    sent_at = NOW + timedelta(seconds=1)  # the second event of the desk
    (one,) = desk.queue().statements()
    assert (one.stage, one.next_update_at, one.overdue) == (
        "investigating",
        sent_at + timedelta(minutes=30),
        False,
    )
    desk.now = NOW + timedelta(minutes=31)
    assert desk.queue().statements()[0].overdue
    send(desk, "s2", "identified")
    newest, older = desk.queue().statements()
    assert (newest.draft, older.draft, older.next_update_at) == ("s2", "s1", None)
    assert not newest.overdue


def test_resolved_promises_nothing(desk: Desk) -> None:
    send(desk, "s1", "resolved")
    assert desk.queue().statements()[0].next_update_at is None


def test_what_waits_for_the_press_office_promises_nothing_yet(desk: Desk) -> None:
    desk.add("awaiting-approval", None, said("s1"))
    (one,) = desk.queue().statements()
    assert (one.state, one.next_update_at) == ("awaiting-approval", None)


def test_each_account_has_a_clock_of_its_own(desk: Desk) -> None:
    send(desk, "s1")
    send(desk, "s2", account="support")
    assert all(one.next_update_at is not None for one in desk.queue().statements())


def test_a_fact_about_a_statement_under_a_ticket_is_a_bad_line(desk: Desk) -> None:
    desk.take(message("m1"))
    ticket = desk.only().id
    send(desk, "s1")
    desk.add("failed", ticket, {"draft": "s1", "attempt": 2})
    desk.add("intended", None, draft_data("d1", ticket, "m1"))
    assert desk.queue().draft("s1").draft.state == "sent"
    assert len(desk.queue().bad_lines()) == 2


def test_posts_are_counted_by_account_road_and_time(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.add("intended", None, said("s1", wall=100.0))
    desk.add("intended", None, said("s2", wall=200.0))
    desk.add("failed", None, {"draft": "s2", "attempt": 1})
    desk.add("intended", desk.only().id, draft_data("d1", desk.only().id, "m1", wall=300.0))
    queue = desk.queue()
    assert queue.posted_since("press", ("api",), 50.0) == [100.0]
    assert queue.posted_since("press", ("api",), 150.0) == []
    assert queue.posted_since("press", ("direct",), 50.0) == []
    assert queue.posted_since("support", ("api", "direct"), 50.0) == [300.0]


def test_the_index_comes_out_the_same_when_it_is_built_again(desk: Desk, tmp_path: Path) -> None:
    send(desk, "s1")
    desk.add("awaiting-approval", None, said("s2", "identified"))
    assert rebuilt(desk, tmp_path / "other") == desk.dump()
