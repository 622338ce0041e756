"""Which messages stand together in a ticket."""

from __future__ import annotations

import msgspec
import pytest

from socialcli.model.message import Message
from socialcli.queue.rows import ticket_id
from tests.queue.desk import Desk, message, ours


@pytest.fixture(params=["one batch", "one by one"])
def take(request: pytest.FixtureRequest, desk: Desk) -> object:
    """Takes messages in, together or each by itself: it must make no difference."""

    def together(*messages: Message) -> None:
        desk.take(*messages)

    def apart(*messages: Message) -> None:
        for one in messages:
            desk.take(one)

    return together if request.param == "one batch" else apart


class Takes:
    def __call__(self, *messages: Message) -> None: ...


def test_a_ticket_is_named_after_its_opening_message(desk: Desk) -> None:
    desk.take(message("m1"))
    assert desk.only().id == ticket_id("file", "m1")
    assert len(desk.only().id) == 12


def test_strangers_have_tickets_of_their_own(desk: Desk, take: Takes) -> None:
    take(message("m1"), message("m2", "cust2"), message("m3", minute=5))
    assert desk.grouping() == [["m1"], ["m2"], ["m3"]]


def test_a_reply_chain_of_one_customer_is_one_ticket(desk: Desk, take: Takes) -> None:
    take(
        message("m1", minute=1),
        message("m2", minute=2, reply_to="m1"),
        ours("o3", "m2", minute=3),
        message("m4", "CUST1", minute=4, reply_to="o3"),
    )
    assert desk.grouping() == [["m1", "m2", "o3", "m4"]]


def test_one_conversation_is_one_ticket_for_each_customer(desk: Desk, take: Takes) -> None:
    take(
        message("m1", minute=1, conversation="c"),
        message("m2", "cust2", minute=2, conversation="c", reply_to="m1"),
        message("m3", minute=3, conversation="c", reply_to="m2"),
        message("m4", "cust2", minute=4, conversation="c"),
        message("m5", minute=5, conversation="d"),
    )
    assert desk.grouping() == [["m1", "m3"], ["m2", "m4"], ["m5"]]


def test_a_direct_message_joins_the_ticket_that_is_open(desk: Desk, take: Takes) -> None:
    take(
        message("m1", minute=1),
        message("m2", "cust2", minute=2),
        message("d3", minute=3, visibility="direct"),
    )
    assert desk.grouping() == [["m1", "d3"], ["m2"]]


def test_a_direct_message_after_the_ticket_was_solved_opens_one(desk: Desk) -> None:
    desk.take(message("m1", minute=1))
    desk.add("resolved", desk.only().id, {"outcome": "fixed"})
    desk.take(message("d2", minute=2, visibility="direct"))
    assert desk.grouping() == [["d2"], ["m1"]]


def test_own_posts_and_bare_reposts_open_no_ticket(desk: Desk, take: Takes) -> None:
    take(
        ours("o1", None),
        message("r2", "cust2", text="RT @NorthlineAir Winter timetable is out"),
        message("m3"),
    )
    assert desk.grouping() == [["m3"]]
    assert desk.queue().totals() == (1, 3)


def test_a_quoted_repost_in_the_middle_of_a_text_is_a_message(desk: Desk) -> None:
    desk.take(message("m1", text="Really? RT @NorthlineAir All flights are on time"))
    assert desk.grouping() == [["m1"]]


def test_a_root_that_is_found_later_names_the_ticket_and_both_names_resolve(desk: Desk, take: Takes) -> None:
    take(
        message("m2", minute=2, reply_to="m1"),
        message("m3", minute=3, reply_to="m2"),
        message("m1", minute=1),
    )
    assert desk.grouping() == [["m1", "m2", "m3"]]
    assert desk.only().id == ticket_id("file", "m1")
    queue = desk.queue()
    assert queue.ticket(ticket_id("file", "m2")).n == queue.ticket(ticket_id("file", "m1")).n


def test_every_name_a_ticket_ever_had_resolves_and_takes_events(desk: Desk) -> None:
    for number in (3, 2, 1):
        desk.take(message(f"m{number}", minute=number, conversation="c"))
    names = [ticket_id("file", f"m{number}") for number in (1, 2, 3)]
    assert desk.only().id == names[0]
    queue = desk.queue()
    assert {queue.ticket(name).id for name in names} == {names[0]}
    assert queue.ticket(names[2][:6]).id == names[0]
    desk.add("override", names[2], {"fields": {"priority": "low"}, "reason": "a joke"})
    assert desk.only().priority == "low"
    assert desk.members() == {names[0]: ["m1", "m2", "m3"]}


def test_of_two_messages_of_one_moment_the_smaller_id_names_the_ticket(desk: Desk, take: Takes) -> None:
    take(message("b", conversation="c"), message("a", conversation="c"))
    assert desk.only().id == ticket_id("file", "a")


def test_answers_that_were_read_before_the_message_they_answer_join_it(desk: Desk, take: Takes) -> None:
    take(ours("o3", "m1", minute=3), ours("o2", "m1", minute=2), message("m1", minute=1))
    assert desk.grouping() == [["m1", "o2", "o3"]]
    assert (desk.only().status, desk.only().messages) == ("pending", 3)


def test_an_early_answer_does_not_answer_what_came_after_it(desk: Desk, take: Takes) -> None:
    take(ours("o2", "m1", minute=2), message("m1", minute=1), message("m3", minute=3, reply_to="o2"))
    assert desk.grouping() == [["m1", "o2", "m3"]]
    assert desk.only().status == "new"
    queue = desk.queue()
    assert [*queue.unanswered(queue.ticket(desk.only().id))] == ["m3"]


def test_a_thread_that_is_read_newest_first_is_one_ticket(desk: Desk, take: Takes) -> None:
    take(
        message("m5", minute=5, reply_to="o4"),
        ours("o4", "m3", minute=4),
        message("m3", minute=3, reply_to="o2"),
        ours("o2", "m1", minute=2),
        message("m1", minute=1),
    )
    assert desk.grouping() == [["m1", "o2", "m3", "o4", "m5"]]
    assert desk.only().id == ticket_id("file", "m1")


def test_our_answer_to_two_customers_who_both_wrote_on_ties_them_not_together(
    desk: Desk, take: Takes
) -> None:
    take(
        message("m3", minute=3, reply_to="o1"),
        message("m2", "cust2", minute=2, reply_to="o1"),
        ours("o1", "m0", minute=1),
        message("m0", "cust3", minute=0),
    )
    assert desk.grouping() == [["m0", "o1"], ["m2"], ["m3"]]


def test_our_direct_message_joins_the_only_ticket_of_its_conversation(desk: Desk, take: Takes) -> None:
    take(
        message("d1", minute=1, visibility="direct", conversation="c"),
        ours("o2", None, minute=2, conversation="c"),
    )
    assert desk.grouping() == [["d1", "o2"]]
    assert desk.only().status == "pending"


def test_our_post_to_a_conversation_of_two_customers_belongs_to_neither(desk: Desk, take: Takes) -> None:
    take(
        message("m1", conversation="c"),
        message("m2", "cust2", conversation="c"),
        ours("o3", None, minute=3, conversation="c"),
    )
    assert desk.grouping() == [["m1"], ["m2"]]


def test_networks_do_not_mix(desk: Desk) -> None:
    one = message("m1", conversation="c")
    other = Message("m1", "x", "support", one.author, one.text, one.created_at, conversation_id="c")
    assert desk.take(one, other) == 2
    assert desk.grouping() == [["m1"], ["m1"]]


def test_two_of_our_accounts_see_one_message(desk: Desk) -> None:
    one = message("m1")
    other = Message("m1", "file", "press", one.author, one.text, one.created_at)
    assert desk.take(one) == 1
    assert desk.take(other) == 0


def test_counting_what_is_known_writes_nothing(desk: Desk) -> None:
    desk.take(message("m1"))
    before = desk.journal.read_bytes()
    assert desk.queue().count_known([message("m1"), message("m2"), message("m2"), message("m3")]) == 2
    assert desk.journal.read_bytes() == before


@pytest.mark.parametrize(("one", "other"), [(("a", "b:1"), ("a:b", "1")), (("a", "b|1"), ("a|b", "1"))])
def test_names_that_read_alike_when_joined_stay_apart(
    desk: Desk, take: Takes, one: tuple[str, str], other: tuple[str, str]
) -> None:
    take(*(msgspec.structs.replace(message(name), network=network) for network, name in (one, other)))
    assert desk.queue().totals() == (2, 2)


def test_a_conversation_and_a_handle_that_read_alike_when_joined_stay_apart(desk: Desk, take: Takes) -> None:
    take(message("m1", "z|y", conversation="k"), message("m2", "y", minute=1, conversation="k|z"))
    assert desk.grouping() == [["m1"], ["m2"]]


def test_an_early_answer_finds_its_message_whatever_stands_in_the_names(desk: Desk, take: Takes) -> None:
    first, answer = message("b:1|c", minute=1), ours("o:2|d", "b:1|c", minute=2)
    take(*(msgspec.structs.replace(one, network="a:b|e") for one in (answer, first)))
    assert desk.grouping() == [["b:1|c", "o:2|d"]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Straße", "STRASSE", False),
        ("Straße", "straße", True),
        ("Jos\u00e9", "jose\u0301", True),
        ("JOSE\u0301", "jos\u00e9", True),
        ("jose", "jos\u00e9", False),
    ],
)
def test_who_is_the_same_customer(desk: Desk, take: Takes, one: str, other: str, same: bool) -> None:
    take(message("m1", one, conversation="c"), message("m2", other, minute=1, conversation="c"))
    assert desk.grouping() == ([["m1", "m2"]] if same else [["m1"], ["m2"]])


def test_our_post_joins_the_only_customer_of_a_conversation_whatever_the_handle(desk: Desk) -> None:
    desk.take(message("m1", "\U0001f6eb", conversation="c"))
    desk.take(ours("o2", None, minute=2, conversation="c"))
    assert desk.grouping() == [["m1", "o2"]]
