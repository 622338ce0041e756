"""The thread, read once more before a post; and what became of posts that were read before."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from socialcli import clock
from socialcli.channels.base import Again, Outgoing, Seen
from socialcli.channels.x.channel import XChannel
from socialcli.errors import CredentialsError, TemporaryError
from socialcli.model.message import Author, Message
from socialcli.model.times import format_time
from tests.channels.x.conftest import NOON, Desk, fetched

BAG = "@NorthlineAir where is my bag?"


@pytest.fixture
def bag(desk: Desk) -> Message:
    return desk.message(desk.network.write("cust1", BAG, at="2026-11-20T10:00:00Z"))


def look(desk: Desk, *thread: Message, channel: XChannel | None = None) -> Again:
    """As ``reply`` does: the first message is answered."""
    return (channel or desk.channel()).look_again(thread[0], thread, None, NOON)


def test_a_quiet_thread(desk: Desk, bag: Message) -> None:
    assert look(desk, bag) == Again()


def test_the_customer_wrote_again(desk: Desk, bag: Message) -> None:
    more = desk.network.write("cust1", "and my seat?", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    loud = desk.network.write("cust1", "@NorthlineAir hello?", reply_to=more, at="2026-11-20T10:40:00Z")
    again = look(desk, bag)
    assert [one.id for one in again.newer] == [more, loud]
    assert again.newer[-1].author == bag.author


@pytest.mark.parametrize("who", ["another customer", "another matter", "a later time", "known already"])
def test_what_does_not_carry_the_thread_on(desk: Desk, bag: Message, who: str) -> None:
    thread = [bag]
    if who == "another customer":
        desk.network.write("cust2", "@NorthlineAir me too", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    elif who == "another matter":
        desk.network.write("cust1", "@NorthlineAir do you fly to Porto?", at="2026-11-20T10:30:00Z")
    elif who == "a later time":
        desk.network.write("cust1", "@NorthlineAir hello?", reply_to=bag.id, at="2026-11-20T12:00:01Z")
    else:
        more = desk.network.write("cust1", "@NorthlineAir hi?", reply_to=bag.id, at="2026-11-20T10:30:00Z")
        thread.append(desk.message(more))
    assert look(desk, *thread).newer == ()


def test_ten_at_the_most_the_oldest_first(desk: Desk, bag: Message) -> None:
    more = [
        desk.network.write("cust1", f"@NorthlineAir {n}", reply_to=bag.id, at=f"2026-11-20T10:{n:02d}:00Z")
        for n in range(10, 30)
    ]
    assert [one.id for one in look(desk, bag).newer] == more[:10]


def test_a_colleagues_answer(desk: Desk, bag: Message) -> None:
    theirs = desk.network.write("NorthlineAir", "On its way! ^MO", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    desk.network.write("NorthlineAir", "Good morning!", at="2026-11-20T10:31:00Z")
    again = look(desk, bag)
    (answer,) = again.answers
    assert (answer.remote_id, answer.text, answer.key) == (theirs, "@cust1 On its way! ^MO", None)
    ours = next(one for one in fetched(desk.channel()).context if one.id == theirs)
    assert look(desk, bag, ours).answers == ()


def test_an_answer_to_an_older_version(desk: Desk, bag: Message) -> None:
    theirs = desk.network.write("NorthlineAir", "On its way! ^MO", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    desk.network.edit(bag.id, "@NorthlineAir where is my red bag?", at="2026-11-20T10:31:00Z")
    edited = desk.message(bag.id)
    assert edited.versions
    assert [one.remote_id for one in look(desk, edited).answers] == [theirs]


def test_the_post_was_edited(desk: Desk, bag: Message) -> None:
    version = desk.network.edit(bag.id, "@NorthlineAir found my bag, thanks!", at="2026-11-20T10:30:00Z")
    (newer,) = look(desk, bag).newer
    assert (newer.id, newer.version, newer.text) == (bag.id, version, "@NorthlineAir found my bag, thanks!")
    assert newer.created_at == bag.created_at
    assert look(desk, newer).newer == ()


def test_the_post_was_deleted(desk: Desk, bag: Message) -> None:
    desk.network.delete(bag.id)
    assert look(desk, bag).gone


def test_the_author_was_suspended(desk: Desk, bag: Message) -> None:
    desk.network.suspend("cust1")
    assert look(desk, bag).gone


def test_the_author_has_another_name_now(desk: Desk, bag: Message) -> None:
    desk.network.rename("cust1", "marta_r")
    again = look(desk, bag)
    assert (again.now_called, again.gone) == ("marta_r", False)


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        *product(
            ("GET tweets", "GET mentions", "GET timeline"), ("403", "503", "429", "errors-only", "not-json")
        ),
        ("GET mentions", "404"),
        ("GET timeline", "404"),  # "GET tweets": then the post is asked for by itself
    ],
)
def test_a_thread_that_cannot_be_read_stops_the_post(
    desk: Desk, bag: Message, route: str, fault: str
) -> None:
    desk.network.fault(route, fault, times=9)
    with pytest.raises(TemporaryError):
        look(desk, bag)


def test_tokens_that_are_not_taken(desk: Desk, bag: Message) -> None:
    desk.network.fault("GET tweets", "401", times=9)
    with pytest.raises(CredentialsError):
        look(desk, bag)


# direct messages


def test_a_direct_thread(desk: Desk) -> None:
    first = desk.message(
        desk.network.direct("cust1", "NorthlineAir", "My reference: AB12", at="2026-11-20T10:00:00Z")
    )
    assert look(desk, first) == Again()
    more = desk.network.direct("cust1", "NorthlineAir", "Hello?", at="2026-11-20T10:10:00Z")
    ours = desk.network.direct("NorthlineAir", "cust1", "We look. ^MO", at="2026-11-20T10:20:00Z")
    desk.network.direct("cust2", "NorthlineAir", "Mine too", at="2026-11-20T10:30:00Z")
    again = look(desk, first)
    assert [one.id for one in again.newer] == [more]
    assert [(one.remote_id, one.in_reply_to) for one in again.answers] == [(ours, first.id)]
    assert desk.network.requests("GET tweets") == []


# what became of them


def test_what_became_of_posts(desk: Desk) -> None:
    ids = {
        what: desk.network.write(f"cust{number}", f"{BAG} {what}", at="2026-11-20T10:00:00Z")
        for number, what in enumerate(("same", "edited", "deleted", "renamed", "suspended"))
    }
    known = fetched(desk.channel()).messages
    version = desk.network.edit(ids["edited"], "@NorthlineAir found it")
    desk.network.delete(ids["deleted"])
    desk.network.rename("cust3", "marta_r")
    desk.network.suspend("cust4")
    seen = desk.channel().look_up(known)
    assert seen.gone == (ids["deleted"],)
    changed = {one.id: one for one in seen.changed}
    assert {*changed} == {ids["edited"], ids["renamed"]}
    edited, before = changed[ids["edited"]], next(one for one in known if one.id == ids["edited"])
    assert (edited.text, edited.version, edited.created_at) == (
        "@NorthlineAir found it",
        version,
        before.created_at,
    )
    assert changed[ids["renamed"]].author.handle == "marta_r"
    assert desk.channel().look_up([edited]) == Seen()


def test_an_edit_keeps_who_was_summoned_by_a_quote(desk: Desk) -> None:
    ours = desk.network.write("NorthlineAir", "We fly to Porto.", at="2026-11-20T09:00:00Z")
    quote = desk.network.write("cust1", "late again", quotes=ours, at="2026-11-20T10:00:00Z")
    known = Message(
        quote, "x", "support", desk.message(desk.network.write("cust1", BAG)).author, "late again", NOON
    )
    desk.network.edit(quote, "late again and again", at="2026-11-20T10:10:00Z")
    (changed,) = desk.channel().look_up([known]).changed
    assert changed.summons == ("NorthlineAir",)


def test_direct_messages_are_not_looked_up(desk: Desk) -> None:
    direct = desk.message(desk.network.direct("cust1", "NorthlineAir", "My reference: AB12"))
    desk.network.forget_requests()
    assert desk.channel().look_up([direct]) == Seen()
    assert desk.network.requests() == []


def test_a_hundred_in_one_request_and_paid_once_a_day(desk: Desk) -> None:
    for number in range(100):
        desk.network.write(f"cust{number % 3}", f"{BAG} {number}", at="2026-11-20T10:00:00Z")
    known = fetched(desk.channel()).messages
    costs: list[Any] = []
    for _ in range(2):
        channel = desk.channel()
        assert channel.look_up(known) == Seen()
        used = channel.used()
        costs.append(None if used is None else used.acts)
    assert costs == [{"x/read": 100, "x/user": 3}, None]
    assert len(desk.network.requests("GET tweets")) == 2


def test_reading_again_is_paid_only_for_what_is_new(desk: Desk, bag: Message) -> None:
    desk.network.write("cust2", "@NorthlineAir hi", at="2026-11-20T11:00:00Z")
    cursor = fetched(desk.channel()).cursor
    desk.network.write("cust3", "@NorthlineAir hi", at="2026-11-20T11:30:00Z")
    channel = desk.channel()
    channel.look_again(bag, [bag], cursor, NOON)
    used = channel.used()
    assert used is not None
    assert used.acts == {"x/read": 1, "x/user": 1, "x/own-read": 1}


def test_our_answer_is_seen_once_the_network_shows_it(desk: Desk, bag: Message) -> None:
    desk.network.lag(reads=1)
    channel = desk.channel()
    receipt = channel.post(Outgoing("draft1", "Sorry! ^SB", bag, "public"), NOON)
    assert list(channel.own_posts(NOON - timedelta(hours=1))) == []
    (ours,) = channel.own_posts(NOON - timedelta(hours=1))
    assert (ours.remote_id, ours.in_reply_to) == (receipt.remote_id, bag.id)


def test_messages_that_x_does_not_know_are_left_alone(desk: Desk, bag: Message) -> None:
    elsewhere = msgspec.structs.replace(bag, network="mastodon")
    imported = msgspec.structs.replace(bag, id="m1")
    desk.network.delete(bag.id)
    assert desk.channel().look_up([elsewhere, imported]) == Seen()
    assert desk.channel().look_up([imported, bag]).gone == (bag.id,)


def test_a_customer_of_whom_only_the_handle_is_known(desk: Desk, bag: Message) -> None:
    """As an import leaves it."""
    known = msgspec.structs.replace(bag, author=Author(None, "CUST1"))
    more = desk.network.write("cust1", "@NorthlineAir hello?", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    assert [one.id for one in look(desk, known).newer] == [more]


def test_an_answer_of_ours_that_was_edited_since_is_no_news(desk: Desk, bag: Message) -> None:
    receipt = desk.channel().post(Outgoing("draft1", "Sorry! ^SB", bag, "public"), NOON)
    ours = next(one for one in fetched(desk.channel()).context if one.id == receipt.remote_id)
    desk.network.edit(receipt.remote_id, "So sorry! ^SB")
    desk.network.set_clock("2026-11-20T12:05:00Z")
    assert look(desk, bag, ours).answers == ()
    (post,) = desk.channel().own_posts(NOON)
    assert (post.remote_id, post.text) == (receipt.remote_id, "@cust1 So sorry! ^SB")


# page by page


def wrote(desk: Desk, count: int, author: str = "NorthlineAir") -> None:
    """Posts that have nothing to do with it."""
    for number in range(count):
        desk.network.write(
            author, f"@NorthlineAir advert {number}", at=f"2026-11-20T11:{number % 60:02d}:00Z"
        )


@pytest.mark.parametrize(("size", "more", "empty"), [(5, 9, False), (100, 110, False), (100, 0, True)])
def test_a_colleagues_answer_is_found_however_deep_it_lies(
    desk: Desk, bag: Message, size: int, more: int, empty: bool
) -> None:
    theirs = desk.network.write("NorthlineAir", "On its way! ^MO", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    wrote(desk, more)
    desk.network.page(size, first_empty=empty)
    assert [one.remote_id for one in look(desk, bag).answers] == [theirs]


@pytest.mark.parametrize(("size", "more", "empty"), [(5, 9, False), (100, 110, False), (100, 0, True)])
def test_a_newer_message_is_found_however_deep_it_lies(
    desk: Desk, bag: Message, size: int, more: int, empty: bool
) -> None:
    newer = [
        desk.network.write("cust1", f"@NorthlineAir {n}", reply_to=bag.id, at=f"2026-11-20T10:3{n}:00Z")
        for n in range(7)
    ]
    wrote(desk, more, "cust2")
    desk.network.page(size, first_empty=empty)
    assert [one.id for one in look(desk, bag).newer] == newer


@pytest.mark.parametrize("author", ["NorthlineAir", "cust2"])
def test_a_thread_without_an_end_stops_the_post(desk: Desk, bag: Message, author: str) -> None:
    wrote(desk, 41, author)
    desk.network.page(1)
    with pytest.raises(TemporaryError, match="no end after 40 pages"):
        look(desk, bag)


def talk(desk: Desk, *lines: tuple[str, str]) -> list[str]:
    """Direct messages: who says what, a minute after the other."""
    return [
        desk.network.direct(
            who,
            "NorthlineAir" if who != "NorthlineAir" else "cust1",
            text,
            at=f"2026-11-20T11:{minute:02d}:00Z",
        )
        for minute, (who, text) in enumerate(lines)
    ]


@pytest.mark.parametrize(("size", "empty"), [(2, False), (20, True)])
def test_a_direct_thread_is_read_to_the_message_that_is_answered(desk: Desk, size: int, empty: bool) -> None:
    before = talk(desk, *[("cust1", f"Hello {n}") for n in range(6)], ("cust1", "My reference: AB12"))
    first = desk.message(before[-1])
    thread = [one for one in fetched(desk.channel()).messages if one.id in before]
    ours = desk.network.direct("NorthlineAir", "cust1", "We look. ^MO", at="2026-11-20T11:20:00Z")
    more = [
        desk.network.direct("cust1", "NorthlineAir", f"And {n}?", at=f"2026-11-20T11:3{n}:00Z")
        for n in range(4)
    ]
    desk.network.page(size, first_empty=empty)
    desk.network.forget_requests()
    again = look(desk, first, *thread)
    assert [one.id for one in again.newer] == more
    assert [one.remote_id for one in again.answers] == [ours]
    assert len(desk.network.requests("GET dm_conversation")) == (3 if not empty else 2)


# clocks


@pytest.mark.parametrize("ahead", [timedelta(seconds=60), timedelta(days=2)])
def test_what_a_clock_ahead_of_ours_shows_has_happened(desk: Desk, ahead: timedelta) -> None:
    now = clock.now().replace(microsecond=0)
    there = now + ahead
    desk.network.set_clock(format_time(there))
    early = format_time(there - timedelta(hours=1))
    public = desk.network.write("cust1", BAG, at=early)
    direct = desk.network.direct("cust2", "NorthlineAir", "Is there wifi?", at=early)
    found = fetched(desk.channel(), None, now)
    bag, wifi = (next(one for one in found.messages if one.id == key) for key in (public, direct))
    late = format_time(there)
    more = desk.network.write("cust1", "@NorthlineAir hello?", reply_to=public, at=late)
    theirs = desk.network.direct("NorthlineAir", "cust2", "Yes. ^MO", at=late)
    channel = desk.channel()
    assert [one.id for one in channel.look_again(bag, [bag], found.cursor, now).newer] == [more]
    answers = channel.look_again(wifi, [wifi], found.cursor, now).answers
    assert [one.remote_id for one in answers] == [theirs]
    assert more in fetched(desk.channel(), found.cursor, now).ids


# our own posts, looked for after a crash


@pytest.mark.parametrize(("size", "empty"), [(5, False), (100, True)])
def test_our_answer_is_found_by_what_it_answers_whatever_the_clocks_say(
    desk: Desk, bag: Message, size: int, empty: bool
) -> None:
    ours = desk.network.write("NorthlineAir", "Sorry! ^SB", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    desk.network.write("NorthlineAir", "Good morning!", at="2026-11-20T09:00:00Z")
    wrote(desk, 12)
    desk.network.page(size, first_empty=empty)
    found = [one.remote_id for one in desk.channel().own_posts(NOON + timedelta(days=9), bag)]
    assert found[-1] == ours
    assert len(found) == 13


def test_a_statement_is_looked_for_on_one_full_page_at_least(desk: Desk) -> None:
    wrote(desk, 59)
    wrote(desk, 59)
    desk.network.page(5)
    found = list(desk.channel().own_posts(NOON + timedelta(days=9)))
    assert len(found) == 100


def test_posts_of_ours_without_an_end_prove_nothing(desk: Desk, bag: Message) -> None:
    wrote(desk, 41)
    desk.network.page(1)
    with pytest.raises(TemporaryError, match="no end after 40 pages"):
        list(desk.channel().own_posts(NOON, bag))
    with pytest.raises(TemporaryError, match="no end after 40 pages"):
        list(desk.channel().own_posts(NOON))


def test_direct_messages_of_ours_are_read_to_the_one_that_is_answered(desk: Desk) -> None:
    talk(desk, *[("cust1", f"Hello {n}") for n in range(9)])
    theirs, *ours = talk(
        desk, ("cust1", "My reference?"), *[("NorthlineAir", f"We look {n}. ^SB") for n in range(3)]
    )
    target = desk.message(theirs)
    desk.network.page(1, first_empty=True)
    desk.network.forget_requests()
    posts = desk.channel().own_posts(NOON + timedelta(days=9), target, direct=True)
    assert {one.remote_id for one in posts} == {*ours}
    assert len(desk.network.requests("GET dm_conversation")) < 17


def test_who_wrote_need_not_be_said_again(desk: Desk, bag: Message) -> None:
    desk.network.unname("cust1")
    more = desk.network.write("cust1", "@NorthlineAir hello?", reply_to=bag.id, at="2026-11-20T10:30:00Z")
    again = look(desk, bag)
    assert ([one.id for one in again.newer], again.now_called) == ([more], None)
    assert desk.channel().look_up([bag]) == Seen()
