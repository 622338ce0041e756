"""Lines that are JSON and still no events: each is named with its number, and everything else works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from socialcli.errors import InvalidError
from socialcli.queue.filtering import Filter
from socialcli.queue.store import Queue
from socialcli.queue.verifying import verify
from tests.queue.desk import NOW, Desk, decision, draft_data, message, ours

HUGE = 2**70


def _everything_works(desk: Desk) -> None:
    """What commands ask for: lists, pages, histories, drafts, and taking in more."""
    queue = desk.queue()
    try:
        for row in list(queue.rows(Filter())):
            queue.record(row)
            queue.thread(row)
            msgspec.json.encode(list(queue.history(row)))
            queue.drafts(row.n)
        queue.next_row("sb")
        msgspec.json.encode(list(queue.everything()))
    finally:
        queue.close()
    desk.take(message("later", "cust7"))
    assert "cust7" in {ticket.customer.handle for ticket in desk.tickets()}


def _bad_numbers(queue: Queue) -> list[int]:
    try:
        return [number for number, _ in queue.bad_lines()]
    finally:
        queue.close()


def _plain(data: Any) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(data)
    return plain


def _whole_with(own: str, **changes: Any) -> dict[str, Any]:
    data = _plain(draft_data("d9", own, "m1"))
    return data | {"whole": data["whole"] | changes}


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("override", {"fields": {"mood": "calm"}}),
        ("override", {"fields": {"inbox": "[]"}}),
        ("override", {"fields": {"n": 7}}),
        ("override", {"fields": {"priority": 3}}),
        ("override", {"fields": {"priority": "soonish"}}),
        ("override", {"fields": {"score": "70"}}),
        ("override", {"fields": {"head_start": HUGE}}),
        ("override", {"fields": {"due": 10**17}}),
        ("override", {"fields": None}),
        ("claimed", {"agent": "sb", "until": HUGE}),
        ("claimed", {"agent": "sb", "until": -1}),
        ("assessed", decision("m1", score=HUGE)),
        ("assessed", decision("m1", score=-1)),
        ("assessed", decision("m1", due=10**17)),
        ("assessed", decision("m1", head_start=2**53)),
        ("assessed", decision("m1", respond="perhaps")),
        ("note", [1]),
        ("note", None),
        ("note", {"text": 5}),
        ("done", [1]),
        ("resolved", "fixed"),
        ("released", None),
        ("looked-up", {"draft": "d9"}),
        ("sent", {"draft": "d9", "attempt": 1, "remote_id": "r1"}),
        ("approved", {"draft": "d9", "hash": "h"}),
    ],
)
def test_wrong_data_is_a_bad_line_and_changes_nothing(desk: Desk, event: str, data: Any) -> None:
    desk.take(message("m1"))
    before = desk.only()
    desk.add(event, before.id, data)
    assert desk.only() == before
    assert _bad_numbers(desk.queue()) == [2]
    queue = desk.queue()
    assert [one.event for one in queue.history(queue.ticket(before.id))] == ["message"]
    _everything_works(desk)


@pytest.mark.parametrize(
    "data_of",
    [
        lambda ticket: _whole_with(ticket, check={}),
        lambda ticket: _whole_with(ticket, text=None),
        lambda ticket: _whole_with(ticket, road="pigeon"),
        lambda ticket: _whole_with(ticket, ticket="aaaaaaaaaaaa"),
        lambda ticket: _plain(draft_data("d9", ticket, "m1", attempt=HUGE)),
        lambda ticket: _plain(draft_data("d9", ticket, "m1", wall=1e300)),
        lambda ticket: _plain(draft_data("d9", ticket, "m1", upto=HUGE)),
    ],
)
def test_a_wrong_draft_is_a_bad_line_and_so_is_what_follows_it(
    desk: Desk, data_of: Callable[[str], dict[str, Any]]
) -> None:
    desk.take(message("m1"))
    ticket = desk.only().id
    desk.add("composed", ticket, data_of(ticket))
    desk.add("intended", ticket, {"draft": "d9", "attempt": 1})
    assert _bad_numbers(desk.queue()) == [2, 3]
    assert desk.queue().drafts() == []
    _everything_works(desk)


@pytest.mark.parametrize("event", ["intended", "looked-up"])
def test_a_draft_event_under_another_ticket_is_a_bad_line(desk: Desk, event: str) -> None:
    desk.take(message("m1"), message("m2", "cust2"))
    own, other = desk.named("m1").id, desk.named("m2").id
    desk.add("composed", own, draft_data("d1", own, "m1"))
    before = desk.tickets()
    desk.add(event, other, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    assert _bad_numbers(desk.queue()) == [4]
    assert desk.tickets() == before
    (stored,) = desk.queue().drafts()
    assert (stored.draft.state, stored.row.empty) == ("composed", 0)


def test_what_was_sent_stays_sent_under_whatever_ticket_it_is_told(desk: Desk) -> None:
    desk.take(message("m1"), message("m2", "cust2"))
    own, other = desk.named("m1").id, desk.named("m2").id
    desk.add("composed", own, draft_data("d1", own, "m1"))
    desk.add("sent", other, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    assert _bad_numbers(desk.queue()) == []
    (stored,) = desk.queue().drafts()
    assert (stored.draft.state, stored.draft.ticket, stored.draft.remote_id) == ("sent", own, "r1")
    assert [desk.named(name).status for name in ("m1", "m2")] == ["pending", "new"]


def test_a_draft_event_at_no_moment_is_a_bad_line(desk: Desk) -> None:
    desk.take(message("m1"))
    ticket = desk.only().id
    desk.add("sent", ticket, draft_data("d1", ticket, "m1"))
    first, second = desk.raw_lines()
    desk.journal.write_bytes(first + second.replace(b'"at":"2026-11-20T12:00:00.000000Z"', b'"at":"noon"'))
    assert _bad_numbers(desk.queue()) == [2]
    _everything_works(desk)


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "rumour"},
        {"visibility": "whispered"},
        {"text": None},
        {"text": ...},
        {"author": {"handle": "cust2"}},
        {"created_at": "0001-01-01T00:00:00Z"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"created_at": "1969-12-31T23:59:59Z"},
        {"created_at": "9999-12-31T23:59:59-14:00"},
        {"created_at": "10000-01-01T00:00:00Z"},
        {"created_at": "2026-11-20T10:00:00"},
        {"id": "m\0002"},
        {"network": "fi\0le"},
    ],
)
def test_a_wrong_message_is_a_bad_line(desk: Desk, changes: dict[str, Any]) -> None:
    desk.take(message("m1"))
    data = {**_plain(message("m2", "cust2")), **changes}
    desk.add("message", "bbbbbbbbbbbb", {key: value for key, value in data.items() if value is not ...})
    assert desk.grouping() == [["m1"]]
    assert _bad_numbers(desk.queue()) == [2]
    _everything_works(desk)


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_the_last_moment_are_good(desk: Desk, moment: str) -> None:
    desk.add("message", "bbbbbbbbbbbb", _plain(message("m1")) | {"created_at": moment})
    assert _bad_numbers(desk.queue()) == []
    assert desk.grouping() == [["m1"]]
    _everything_works(desk)


def test_our_post_under_a_ticket_that_nobody_opened_is_a_bad_line(desk: Desk) -> None:
    desk.add("message", "bbbbbbbbbbbb", ours("o1", "m1"))
    assert _bad_numbers(desk.queue()) == [1]
    _everything_works(desk)


def test_what_a_person_may_set_by_hand_is_taken(desk: Desk) -> None:
    desk.take(message("m1"))
    fields = {
        "respond": "respond", "priority": "urgent", "kind": "request", "register": "formal",
        "topic": "baggage", "language": "de", "score": 85, "head_start": 3600, "due": int(NOW.timestamp()),
    }  # fmt: skip
    desk.add("override", desk.only().id, {"fields": fields, "reason": "VIP"})
    found = desk.only()
    assert {name: getattr(found, name) for name in fields if name not in ("head_start", "due")} == {
        name: value for name, value in fields.items() if name not in ("head_start", "due")
    }
    assert found.due_at == NOW
    assert _bad_numbers(desk.queue()) == []


# bytes changed where nobody looks again


def _damage(desk: Desk, old: bytes, new: bytes) -> None:
    assert len(old) == len(new)
    content = desk.journal.read_bytes()
    assert content.count(old) == 1
    with desk.journal.open("r+b") as file:
        file.seek(content.index(old))
        file.write(new)


@pytest.fixture
def changed(desk: Desk) -> Desk:
    """Folded, and then changed in place on line 2."""
    desk.take(message("m1"), message("m2", "cust2", text="@NorthlineAir seat 4A?"), message("m3", "cust3"))
    assert len(desk.tickets()) == 3
    _damage(desk, b'"@NorthlineAir seat 4A?"', b'!@NorthlineAir seat 4A?"')
    return desk


def test_a_line_changed_in_place_is_named_once_and_then_passed_over(changed: Desk) -> None:
    with pytest.raises(InvalidError, match=r"queue\.jsonl:2: the line was changed") as caught:
        changed.tickets()
    assert caught.value.exit_code == 7
    assert changed.grouping() == [["m1"], ["m3"]]
    assert _bad_numbers(changed.queue()) == [2]
    _everything_works(changed)


@pytest.mark.parametrize("ask", [Queue.thread, Queue.history])
def test_a_thread_and_a_history_notice_it_too(changed: Desk, ask: Callable[..., Any]) -> None:
    queue = changed.queue()
    (row,) = [row for row in queue.rows(Filter()) if row.customer == "cust2"]
    with pytest.raises(InvalidError, match=r"queue\.jsonl:2: "):
        list(ask(queue, row))
    queue.close()
    assert changed.grouping() == [["m1"], ["m3"]]


def test_a_draft_changed_in_place_is_noticed(desk: Desk) -> None:
    desk.take(message("m1"))
    ticket = desk.only().id
    desk.add("composed", ticket, draft_data("d1", ticket, "m1"))
    desk.take(message("m2", "cust2"))
    assert len(desk.queue().drafts()) == 1
    _damage(desk, b'"road":"api"', b'"road":"apj"')
    with pytest.raises(InvalidError, match=r"queue\.jsonl:2: "):
        desk.queue().drafts()
    assert desk.queue().drafts() == []


def test_verify_finds_what_was_changed_before_anybody_asks_for_it(changed: Desk) -> None:
    queue = changed.queue()
    assert queue.bad_lines() == []
    (found,) = verify(queue)
    assert (found.kind.name, found.line) == ("not-json", 2)
    assert [number for number, _ in queue.bad_lines()] == [2]
    queue.close()
    assert changed.grouping() == [["m1"], ["m3"]]


def test_verify_of_a_sound_journal_changes_nothing(desk: Desk) -> None:
    desk.take(message("m1"), message("m2", "cust2"))
    before = desk.dump()
    queue = desk.queue()
    assert list(verify(queue)) == []
    queue.close()
    assert desk.dump() == before
    assert desk.notes == []


@pytest.mark.parametrize("event", ["note", "assessed", "labelled"])
def test_an_event_about_a_ticket_that_names_none_is_a_bad_line(desk: Desk, event: str) -> None:
    desk.add(event, None, {"text": "about nothing"})
    assert _bad_numbers(desk.queue()) == [1]
    assert not any("newer release" in note for note in desk.notes)
    _everything_works(desk)


def test_a_line_that_is_nested_without_an_end_is_a_bad_line(desk: Desk) -> None:
    desk.take(message("m1"))
    line = desk.raw_lines()[0].replace(b'"data":{', b'"data":' + b"[" * 200_000 + b"{")
    desk.journal.write_bytes(line)
    assert _bad_numbers(desk.queue()) == [1]
    _everything_works(desk)
