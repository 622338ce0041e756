from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest

from socialcli import durable
from tests.queue.desk import NOW, Desk, message


def test_the_keys_of_a_line_stand_in_this_order(desk: Desk) -> None:
    desk.take(message("m1"))
    (line,) = desk.raw_lines()
    assert re.match(
        rb'\{"at":"2026-11-20T12:00:00\.000000Z","id":"0{11}[0-9a-f]{8}","event":"message",'
        rb'"ticket":"[a-z2-7]{12}","by":null,"v":1,"data":\{"type":"message","id":"m1",',
        line,
    )


def test_sorting_the_lines_keeps_their_order_within_one_moment_and_over_time(desk: Desk) -> None:
    desk.take(*(message(f"m{number}", f"cust{number}") for number in range(30)))
    for number in range(5):
        desk.add("note", desk.named(f"m{number}").id, {"text": "called the airport"})
    lines = desk.raw_lines()
    assert lines == sorted(lines)
    assert len({event["id"] for event in desk.events()}) == 35


def test_the_same_moment_in_two_journals_gives_two_ids(desk: Desk) -> None:
    desk.take(message("m1"))
    other = desk.rewritten(desk.folder.parent / "other", [])
    other.take(message("m2"))
    assert desk.events()[0]["id"] != other.events()[0]["id"]


def test_different_notes_of_one_moment_and_place_in_two_copies_have_two_ids(desk: Desk) -> None:
    desk.take(message("m1"))
    ticket = desk.only().id
    other = desk.rewritten(desk.folder.parent / "other", desk.raw_lines())
    desk.add("note", ticket, {"text": "called the airport"})
    other.add("note", ticket, {"text": "called the hotel"})
    ids = [one.events()[1]["id"] for one in (desk, other)]
    assert ids[0][:11] == ids[1][:11] == f"{len(desk.raw_lines()[0]):011x}"
    assert ids[0] != ids[1]
    united = desk.rewritten(desk.folder.parent / "united", sorted({*desk.raw_lines(), *other.raw_lines()}))
    queue = united.queue()
    notes = [event.data["text"] for event in queue.history(queue.ticket(ticket)) if event.event == "note"]
    assert sorted(notes) == ["called the airport", "called the hotel"]


def test_a_clock_that_goes_back_does_not_take_the_journal_with_it(desk: Desk) -> None:
    desk.take(message("m1"))
    ticket = desk.only().id
    desk.now = NOW - timedelta(days=3)
    desk.add("note", ticket, {"text": "written with a clock of the past"})
    desk.now = NOW + timedelta(hours=1)
    desk.add("note", ticket, {"text": "and of today"})
    days = [event["at"] for event in desk.events()]
    assert days == [f"2026-11-20T{hour}:00:00.000000Z" for hour in ("12", "12", "13")]
    lines = desk.raw_lines()
    assert sorted(lines) == lines
    united = desk.rewritten(desk.folder.parent / "united", sorted({*lines}))
    assert united.queue().bad_lines() == []
    assert len(list(united.queue().history(united.queue().ticket(ticket)))) == 3


@pytest.mark.parametrize("last", [b"   \n", b"{}\n", b"no event\n   \n"])
def test_nor_where_the_last_line_is_no_event(desk: Desk, last: bytes) -> None:
    """A line that was set aside leaves spaces behind."""
    desk.take(message("m1"))
    with (desk.folder / "queue.jsonl").open("ab") as journal:
        journal.write(last)
    desk.now = NOW - timedelta(days=3)
    desk.add("note", desk.only().id, {"text": "written with a clock of the past"})
    events = [line for line in desk.raw_lines() if b'"at"' in line]
    assert [msgspec.json.decode(line)["at"] for line in events] == ["2026-11-20T12:00:00.000000Z"] * 2


@pytest.mark.parametrize(
    "last",
    [
        b"no event",
        b"",
        b"[1]",
        b'{"at":"tomorrow","id":"z","event":"x"}',
        b'{"at":"9998-01-01T00:00:00.000000Z","id":"z","event":"x"}',
        b'{"at":"9999-12-31T23:59:59.999999Z","id":"z","event":"x"}',
        b'{"at":"0001-01-01T00:00:00.000000Z","id":"z","event":"x"}',
    ],
)
def test_a_last_line_that_cannot_be_believed_sets_no_clock(desk: Desk, last: bytes) -> None:
    desk.journal.write_bytes(last + b"\n")
    desk.take(message("m1"))
    assert msgspec.json.decode(desk.raw_lines()[-1])["at"] == "2026-11-20T12:00:00.000000Z"


def test_an_unterminated_tail_is_not_read(desk: Desk) -> None:
    desk.take(message("m1"), message("m2", "cust2"))
    whole = desk.journal.read_bytes()
    desk.journal.write_bytes(whole[:-1])
    assert [ticket.customer.handle for ticket in desk.tickets()] == ["cust1"]
    assert desk.journal.read_bytes() == whole[:-1]


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_the_next_writer_sets_a_torn_tail_aside_and_says_so(desk: Desk, kept: int) -> None:
    desk.take(message("m1"))
    first = desk.journal.read_bytes()
    desk.take(message("m2", "cust2"))
    second = desk.journal.read_bytes()[len(first) :]
    torn = second[:kept]
    desk.journal.write_bytes(first + torn)
    assert desk.take(message("m3", "cust3")) == 1
    (aside,) = desk.folder.glob("queue.jsonl.torn-*")
    assert aside.read_bytes() == torn
    assert any(aside.name in note for note in desk.notes)
    assert desk.journal.read_bytes().startswith(first)
    assert [event["data"]["id"] for event in desk.events()] == ["m1", "m3"]


@pytest.mark.parametrize(
    "bad",
    [
        b"not JSON",
        b"[1,2]",
        b'{"at":"2026"}',
        b"\x00\x00\x00\x00",
        b"\xff\xfe",
        b'{"at":"x","id":"y","event":3}',
    ],
)
def test_a_bad_line_is_passed_over_and_named_with_its_number(desk: Desk, bad: bytes) -> None:
    desk.take(message("m1"), message("m2", "cust2"))
    first, second = desk.raw_lines()
    desk.journal.write_bytes(first + bad + b"\n" + second)
    assert {ticket.customer.handle for ticket in desk.tickets()} == {"cust1", "cust2"}
    assert any("1 line passed over" in note for note in desk.notes)
    ((number, reason),) = desk.queue().bad_lines()
    assert number == 2
    assert reason


def test_a_known_event_with_wrong_data_is_a_bad_line_too(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.add("claimed", desk.only().id, {"agent": "sb"})
    desk.take(message("m2", "cust2"))
    assert [number for number, _ in desk.queue().bad_lines()] == [2]
    assert {ticket.assignee for ticket in desk.tickets()} == {None}


def test_empty_lines_and_windows_line_ends_are_no_fault(desk: Desk) -> None:
    desk.take(message("m1"), message("m2", "cust2"))
    desk.journal.write_bytes(b"\n" + b"\r\n\n".join(line[:-1] for line in desk.raw_lines()) + b"\n")
    assert len(desk.tickets()) == 2
    assert desk.queue().bad_lines() == []


def test_events_of_a_newer_release_are_kept_and_passed_over_with_a_note(desk: Desk) -> None:
    desk.take(message("m1"))
    before = desk.only()
    desk.add("teleported", before.id, {"to": "the moon"})
    desk.add("weather", None, {"rain": True})
    assert desk.only() == before
    for name in ("teleported", "weather"):
        assert any("newer release" in note and name in note for note in desk.notes)
    assert [event["event"] for event in desk.events()] == ["message", "teleported", "weather"]
    queue = desk.queue()
    assert "teleported" in [event.event for event in queue.everything()]
    assert queue.bad_lines() == []


def test_unknown_fields_of_an_event_are_passed_over(desk: Desk) -> None:
    desk.take(message("m1"))
    (line,) = desk.raw_lines()
    desk.journal.write_bytes(line.replace(b'"v":1,"data":{', b'"v":9,"mood":"calm","data":{"weather":"fog",'))
    assert desk.only().customer.handle == "cust1"
    assert desk.queue().bad_lines() == []


def test_an_event_of_a_ticket_that_is_not_there_is_named_and_no_reason_to_stop(desk: Desk) -> None:
    desk.add("note", "aaaaaaaaaaaa", {"text": "for a ticket that was never there"})
    desk.take(message("m1"))
    assert desk.only().messages == 1
    assert desk.queue().bad_lines() == [(1, "note: no ticket aaaaaaaaaaaa")]
    assert not any("newer release" in note for note in desk.notes)


def _half_done(desk: Desk) -> None:
    with desk.queue().writing() as writing:
        writing.add("note", desk.only().id, "sb", {"text": "half of it"})
        raise ZeroDivisionError


def test_nothing_is_written_when_the_block_fails(desk: Desk) -> None:
    desk.take(message("m1"))
    before = desk.journal.read_bytes()
    with pytest.raises(ZeroDivisionError):
        _half_done(desk)
    assert desk.journal.read_bytes() == before


def test_a_held_lock_is_a_conflict_that_names_its_holder(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = durable.lock
    monkeypatch.setattr(durable, "lock", lambda path, name: real(path, name, wait=0.0))
    queue = desk.queue()
    with queue.writing(), pytest.raises(durable.LockHeldError, match="the queue is locked by process"):
        desk.take(message("m1"))


def test_taking_the_same_messages_again_leaves_the_journal_byte_identical(desk: Desk) -> None:
    messages = [
        message(f"m{number}", f"cust{number % 3}", conversation=f"c{number % 4}") for number in range(20)
    ]
    assert desk.take(*messages) == 20
    before = desk.journal.read_bytes()
    desk.now += timedelta(hours=1)
    assert desk.take(*messages) == 0
    assert desk.take(*reversed(messages)) == 0
    assert desk.journal.read_bytes() == before


def test_a_message_twice_in_one_batch_is_taken_once(desk: Desk) -> None:
    assert desk.take(message("m1"), message("m1"), message("m2", "cust2")) == 2
    assert len(desk.raw_lines()) == 2


def test_the_cursor_is_written_only_when_it_moves(desk: Desk) -> None:
    queue = desk.queue()
    assert queue.cursor("support") is None
    queue.take_in([message("m1")], ("support", {"offset": 10}))
    queue.take_in([message("m1")], ("support", {"offset": 10}))
    queue.take_in([], ("support", {"offset": 12}))
    assert [event["event"] for event in desk.events()] == ["message", "cursor", "cursor"]
    assert desk.queue().cursor("support") == {"offset": 12}
