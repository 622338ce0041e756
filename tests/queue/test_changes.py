"""Edits, deletions, new handles: the message stays the same message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialcli.model.message import Author, Message
from socialcli.model.ticket import Ticket
from tests.queue.desk import Desk, message, ours, rebuilt


def by(author: str, handle: str, name: str, **facts: Any) -> Message:
    return msgspec.structs.replace(message(name, **facts), author=Author(author, handle))


def edited(text: str, *versions: str, name: str = "m1") -> Message:
    return msgspec.structs.replace(message(name, text=text), versions=versions)


def change(desk: Desk, *changed: Message, gone: tuple[Message, ...] = ()) -> int:
    queue = desk.queue()
    try:
        return queue.note_changes(changed, gone)
    finally:
        queue.close()


def history(desk: Desk) -> list[str]:
    return [event["event"] for event in desk.events()]


# edits


def test_an_edit_is_the_same_message_in_new_words(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.assess("m1")
    assert desk.take(edited("@NorthlineAir my bag came back broken", "m9")) == 0
    assert desk.only().text == "@NorthlineAir my bag came back broken"
    assert desk.grouping() == [["m1"]]
    queue = desk.queue()
    row = queue.ticket(desk.only().id)
    assert queue.waiting(row) == ["m1"], "triage has not seen these words"
    assert [one.version for one in queue.thread(row)] == ["m9"]


def test_an_edit_is_taken_in_once_and_an_older_version_never(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.take(edited("third", "m2", "m3"))
    desk.take(edited("third", "m2", "m3"))
    desk.take(edited("second", "m2"))
    desk.take(message("m1"))
    assert desk.only().text == "third"
    assert history(desk).count("edited") == 1


def test_a_message_first_seen_after_its_edit_is_known_by_every_version(desk: Desk) -> None:
    assert desk.take(edited("second", "m2")) == 1
    assert desk.take(edited("second", "m2")) == 0
    assert desk.take(edited("third", "m2", "m3")) == 0
    assert desk.only().text == "third"


def test_an_edit_after_our_answer_is_owed_another_look(desk: Desk) -> None:
    desk.take(
        message("m1", text="@NorthlineAir thanks for the nice flight", minute=1), ours("o2", "m1", minute=2)
    )
    desk.assess("m1", kind="praise", due=1)
    desk.take(edited("@NorthlineAir but where is my bag?? It never arrived", "m9"))
    assert (desk.only().status, desk.only().text) == (
        "open",
        "@NorthlineAir but where is my bag?? It never arrived",
    )
    queue = desk.queue()
    row = queue.ticket(desk.only().id)
    assert (queue.waiting(row), row.due) == (["m1"], None)


def test_an_edit_in_the_batch_that_brings_the_message(desk: Desk) -> None:
    assert desk.take(message("m1"), edited("second", "m2")) == 1
    assert desk.only().text == "second"


# deletions


def test_what_its_author_deleted_is_owed_no_answer(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.assess("m1")
    assert change(desk, gone=(message("m1"),)) == 1
    assert (desk.only().status, desk.only().text, desk.only().received_at) == ("closed", "", None)
    assert change(desk, gone=(message("m1"),)) == 0


def test_the_rest_of_the_ticket_still_waits(desk: Desk) -> None:
    desk.take(message("m1", minute=1), message("m2", minute=2, reply_to="m1"))
    change(desk, gone=(message("m1", minute=1),))
    assert desk.only().status == "new"
    queue = desk.queue()
    assert list(queue.unanswered(queue.ticket(desk.only().id))) == ["m2"]


def test_a_deleted_message_stays_deleted(desk: Desk) -> None:
    desk.take(message("m1"))
    change(desk, gone=(message("m1"),))
    desk.take(message("m1"), edited("once more", "m2"))
    change(desk, edited("and again", "m3"))
    assert desk.only().text == ""


def test_a_new_message_opens_what_a_deletion_closed(desk: Desk) -> None:
    desk.take(message("m1", conversation="c"))
    desk.assess("m1")
    change(desk, gone=(message("m1", conversation="c"),))
    desk.take(message("m2", minute=5, conversation="c"))
    assert desk.only().status == "open"


def test_a_deleted_follow_up_leaves_what_came_before(desk: Desk) -> None:
    desk.take(message("m1", text="my bag is lost", minute=1), message("m2", minute=2, reply_to="m1"))
    change(desk, gone=(message("m2", minute=2, reply_to="m1"),))
    assert (desk.only().text, desk.only().status) == ("my bag is lost", "new")
    queue = desk.queue()
    assert queue.ticket(desk.only().id).text_id == "m1"


def test_a_later_version_that_was_imported_by_itself_is_the_same_message(desk: Desk) -> None:
    desk.take(message("m9", text="second"))
    assert desk.take(edited("second", "m9")) == 0
    assert desk.grouping() == [["m9"]]


# handles


def test_a_new_handle_is_the_same_customer(desk: Desk) -> None:
    desk.take(by("77", "ana", "m1", conversation="c"))
    desk.take(by("77", "ana_lopez", "m2", minute=5, conversation="c"))
    assert desk.grouping() == [["m1", "m2"]]
    assert desk.only().customer.handle == "ana_lopez"


def test_a_new_handle_finds_the_ticket_by_reply_and_by_direct_message(desk: Desk) -> None:
    desk.take(by("77", "ana", "m1"), by("77", "ana_lopez", "m2", minute=5, reply_to="m1"))
    desk.take(by("77", "lopez", "m3", minute=6, visibility="direct"))
    assert desk.grouping() == [["m1", "m2", "m3"]]


def test_who_takes_over_a_handle_is_somebody_else(desk: Desk) -> None:
    desk.take(by("77", "ana", "m1", conversation="c"))
    desk.take(by("88", "ana", "m2", minute=5, conversation="c"))
    desk.take(by("88", "ana", "m3", minute=6, visibility="direct"))
    assert desk.grouping() == [["m1"], ["m2", "m3"]]


def test_an_import_without_ids_and_a_network_with_them_meet(desk: Desk) -> None:
    desk.take(message("m1", "ana", conversation="c"))
    desk.take(by("77", "ana", "m2", minute=5, conversation="c"))
    desk.take(by("77", "lopez", "m3", minute=6, conversation="c"))
    assert desk.grouping() == [["m1", "m2", "m3"]]


def test_a_rename_alone_is_noted(desk: Desk) -> None:
    desk.take(by("77", "ana", "m1"))
    desk.assess("m1")
    assert change(desk, by("77", "ana_lopez", "m1")) == 1
    assert (desk.only().customer.handle, desk.only().status) == ("ana_lopez", "open")
    assert history(desk)[-1] == "renamed"
    queue = desk.queue()
    assert queue.waiting(queue.ticket(desk.only().id)) == []
    assert [row.id for row in queue.tickets_of("file", "ANA_LOPEZ")] == [desk.only().id]
    assert [row.id for row in queue.tickets_of("file", "ana")] == [desk.only().id]


def test_all_tickets_of_a_customer_are_found_under_any_of_their_names(desk: Desk) -> None:
    desk.take(by("77", "ana", "m1"), by("77", "lopez", "m2", minute=9), message("m3", "zoe"))
    queue = desk.queue()
    for handle in ("ana", "lopez"):
        assert [row.opened_id for row in queue.tickets_of("file", handle)] == ["m2", "m1"]
    assert queue.tickets_of("file", "ana", "88") == [], "somebody else of the same name"
    assert queue.tickets_of("x", "ana") == []


@pytest.mark.parametrize("event", ["edited", "deleted", "renamed"])
def test_a_change_of_an_unknown_message_is_a_bad_line(desk: Desk, event: str) -> None:
    desk.take(message("m1"))
    before: Ticket = desk.only()
    desk.add(event, before.id, message("m7"))
    assert desk.only() == before
    assert len(desk.queue().bad_lines()) == 1


def test_the_index_comes_out_the_same_when_it_is_built_again(desk: Desk, tmp_path: Path) -> None:
    desk.take(by("77", "ana", "m1"), message("m2", "zoe"))
    desk.assess("m1")
    desk.take(msgspec.structs.replace(by("77", "lopez", "m1", text="second"), versions=("m5",)))
    change(desk, gone=(message("m2", "zoe"),))
    assert rebuilt(desk, tmp_path / "other") == desk.dump()


def test_context_is_taken_in_and_not_counted(desk: Desk) -> None:
    queue = desk.queue()
    assert queue.take_in([message("m1")], context=[ours("o2", "m1", minute=3)]) == 1
    assert queue.take_in([message("m1")], context=[ours("o2", "m1", minute=3)]) == 0
    queue.close()
    assert desk.grouping() == [["m1", "o2"]]
    assert desk.only().status == "pending"


def test_watched_are_the_public_messages_that_wait(desk: Desk) -> None:
    desk.take(
        message("m1"), message("m2", "zoe", visibility="direct"), message("m3", "eva", minute=1), ours("o4", "m3", minute=4),
    )  # fmt: skip
    assert [one.id for one in desk.queue().watched("support")] == ["m1"]
    assert desk.queue().watched("press") == []


def test_a_known_message_read_again_under_another_handle_is_a_rename(desk: Desk) -> None:
    desk.take(by("77", "ana", "m1"))
    queue = desk.queue()
    cursor = ("support", {"seen": 1})
    for _ in range(2):
        assert queue.take_in([by("77", "ana_lopez", "m1")], cursor) == 0
    assert queue.take_in([by("77", "ana", "m1")]) == 0, "an import may be old"
    queue.close()
    assert desk.only().customer.handle == "ana_lopez"
    assert history(desk).count("renamed") == 1
