"""What was promised, in the queue: open once it is sent, kept by the next thing we say, the same however it is read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from socialcli.model.promise import Promise
from socialcli.queue.splitting import plan_split
from tests.queue.desk import NOW, Desk, decision, draft_data, message, ours, promised, rebuilt


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """One customer who waits for an answer to m1."""
    desk.take(message("m1"))
    desk.add("assessed", desk.named("m1").id, decision("m1"))
    return desk


def send(desk: Desk, name: str = "d1", target: str = "m1", **facts: Any) -> None:
    """A draft on its way, and there."""
    ticket = desk.named(target).id
    desk.add("intended", ticket, draft_data(name, ticket, target, **facts), key=name)
    desk.add("sent", ticket, {"draft": name, "attempt": 1, "remote_id": f"r-{name}"}, key=name)


def promises(desk: Desk, *, kept: bool = False) -> list[Promise]:
    queue = desk.queue()
    try:
        return queue.promises(kept=kept)
    finally:
        queue.close()


def states(desk: Desk) -> list[tuple[str, str]]:
    return [(one.words, one.state) for one in promises(desk, kept=True)]


def test_a_promise_is_open_once_its_draft_is_sent(asked: Desk) -> None:
    ticket = asked.named("m1").id
    data = draft_data("d1", ticket, "m1", promised=[promised()])
    asked.add("intended", ticket, data, key="d1")
    assert promises(asked, kept=True) == []
    asked.add("sent", ticket, {"draft": "d1", "attempt": 1}, key="d1")
    (one,) = promises(asked)
    assert (one.ticket, one.by, one.words, one.until) == (
        ticket,
        "sb",
        "back to you by 1 pm",
        NOW.replace(hour=13),
    )
    assert one.promised_at == asked.now - timedelta(seconds=1)
    assert (one.state, one.kept_at) == ("open", None)


def test_what_is_past_is_broken(asked: Desk) -> None:
    send(asked, promised=[promised()])
    asked.now = NOW.replace(hour=13)
    assert promises(asked)[0].state == "open"
    asked.now += timedelta(seconds=1)
    assert promises(asked)[0].state == "broken"


def test_the_soonest_stands_first(asked: Desk) -> None:
    asked.take(message("m2", "cust2"))
    send(asked, promised=[promised(90, "later"), promised(30, "soon")])
    send(asked, "d2", "m2", promised=[promised(60, "between")])
    assert [one.words for one in promises(asked)] == ["soon", "between", "later"]


@pytest.mark.parametrize(("hour", "state"), [(12, "kept"), (14, "kept-late")])
def test_the_next_answer_closes_it_in_time_or_late(asked: Desk, hour: int, state: str) -> None:
    send(asked, promised=[promised(60, "the first")])
    asked.now = NOW.replace(hour=hour, minute=30)
    send(asked, "d2", again=True, promised=[promised(240, "the second")])
    assert states(asked) == [("the first", state), ("the second", "open")]
    assert promises(asked, kept=True)[0].kept_at == asked.now - timedelta(seconds=1)


@pytest.mark.parametrize("event", ["done", "resolved"])
def test_so_do_an_answer_by_hand_and_the_end(asked: Desk, event: str) -> None:
    send(asked, promised=[promised()])
    asked.add(event, asked.named("m1").id, {})
    assert states(asked) == [("back to you by 1 pm", "kept")]


def test_a_draft_that_was_posted_by_hand_promises_too(asked: Desk) -> None:
    ticket = asked.named("m1").id
    asked.add("by-hand", ticket, draft_data("d1", ticket, "m1", promised=[promised()]), key="d1")
    assert states(asked) == []
    queue = asked.queue()
    with queue.writing() as writing:
        writing.add("sent", ticket, "sb", {"draft": "d1", "attempt": 1}, key="d1")
        writing.add("done", ticket, "sb", {"url": "https://x.example/1"})
    queue.close()
    assert states(asked) == [("back to you by 1 pm", "open")]
    asked.now += timedelta(minutes=1)
    asked.add("done", ticket, {"url": "https://x.example/2"})
    assert states(asked) == [("back to you by 1 pm", "kept")]


def test_so_does_a_later_answer_of_a_colleague_but_no_earlier_one(asked: Desk) -> None:
    send(asked, promised=[promised()])
    asked.take(ours("o1", "m1", minute=5))  # 10:05, read after noon
    assert states(asked) == [("back to you by 1 pm", "open")]
    asked.take(ours("o2", "m1", minute=150))
    assert states(asked) == [("back to you by 1 pm", "kept")]


@pytest.mark.parametrize(
    ("event", "data"),
    [("note", {"text": "n"}), ("claimed", {"agent": "mo", "until": 1}), ("labelled", {"add": ["x"]})],
)
def test_nothing_else_does(asked: Desk, event: str, data: dict[str, Any]) -> None:
    send(asked, promised=[promised()])
    asked.take(message("m3", minute=130, reply_to="m1", text="and?"))
    asked.add(event, asked.named("m1").id, data)
    assert states(asked) == [("back to you by 1 pm", "open")]


def test_a_holding_reply_may_leave_the_clock_of_the_first_answer_running(asked: Desk) -> None:
    due = asked.only().due_at
    send(asked, promised=[promised()], holding=True)
    ticket = asked.only()
    assert (ticket.status, ticket.due_at, ticket.received_at) == ("open", due, NOW.replace(hour=10))
    send(asked, "d2")
    assert (asked.only().status, asked.only().received_at) == ("pending", None)


def test_a_merge_and_a_split_take_the_promise_along(asked: Desk, tmp_path: Path) -> None:
    asked.take(message("m5", minute=5))
    send(asked, target="m5", promised=[promised()])
    asked.add("merged", asked.named("m1").id, {"of": asked.named("m5").id})
    assert promises(asked)[0].ticket == asked.only().id
    queue = asked.queue()
    row = queue.ticket(asked.only().id)
    thread = queue.thread(row)
    parted = plan_split(row, thread, queue.drafts(row.n), next(one for one in thread if one.id == "m5"))
    queue.close()
    asked.add("split", row.id, parted)
    send(asked, "d2")
    assert promises(asked)[0].ticket == asked.named("m5").id
    send(asked, "d3", "m5")
    assert states(asked) == [("back to you by 1 pm", "kept")]
    assert rebuilt(asked, tmp_path / "anew") == asked.dump()


def test_an_index_built_anew_knows_the_same(asked: Desk, tmp_path: Path) -> None:
    asked.take(message("m2", "cust2"))
    send(asked, promised=[promised()])
    send(asked, "d2", "m2", promised=[promised()])
    asked.take(ours("o2", "m2", minute=150))
    assert rebuilt(asked, tmp_path / "anew") == asked.dump()


def test_the_words_go_with_the_customer(asked: Desk, tmp_path: Path) -> None:
    send(asked, promised=[promised(words="Rosa, we call you by 1 pm")])
    assert promises(asked)
    lines = [line["id"] for line in asked.events() if line["event"] in ("message", "intended", "sent")]
    facts = {"events": lines, "messages": ["m1"], "drafts": ["d1"], "network": "file", "customer": "erased-1"}
    asked.add("erased", asked.only().id, facts)
    assert promises(asked, kept=True) == []
    dump, anew = asked.dump(), rebuilt(asked, tmp_path / "anew")
    assert (anew["tickets"], anew["drafts"]) == (dump["tickets"], dump["drafts"])
    assert b"Rosa" not in b"".join(repr(rows).encode() for rows in dump.values())


def test_a_promise_without_a_zone_is_a_bad_line(asked: Desk) -> None:
    ticket = asked.named("m1").id
    data = draft_data("d1", ticket, "m1", promised=[replace(promised(), until=NOW.replace(tzinfo=None))])
    asked.add("intended", ticket, data, key="d1")
    queue = asked.queue()
    queue.refresh()
    assert [reason for _, reason in queue.bad_lines()]
    queue.close()
