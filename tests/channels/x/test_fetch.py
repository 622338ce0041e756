"""A fetch over HTTP: what comes, as what, in which order, and what a fault leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from socialcli.channels.base import Outgoing, PostRefusedError
from socialcli.errors import CredentialsError, NotFoundError, RefusedError, TemporaryError
from socialcli.policy.schema import Search
from tests.channels.x.conftest import NOON, Desk, fetched

BY_NAME = Search("by-name", '"northline air" -is:retweet')


def test_a_mention(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:00:00Z")
    (message,) = fetched(desk.channel()).messages
    assert (message.id, message.network, message.account, message.source) == (bag, "x", "support", "mention")
    assert (message.author.handle, message.author.takes_direct, message.direction) == (
        "cust1",
        True,
        "inbound",
    )
    assert (message.visibility, message.in_reply_to, message.conversation_id) == ("public", None, bag)
    assert message.url == f"https://x.com/cust1/status/{bag}"
    assert message.summons == ("NorthlineAir",)
    assert message.created_at == NOON - timedelta(hours=2)


@pytest.mark.parametrize("spelling", ["old", "new"])
def test_both_spellings(desk: Desk, spelling: str) -> None:
    desk.network.spelling(spelling)
    ours = desk.network.write("NorthlineAir", "Board early in Terminal 2.", at="2026-11-20T09:00:00Z")
    first = desk.network.write("cust1", f"@NorthlineAir {'where is my bag, ' * 30}", reply_to=ours)
    edited = desk.network.edit(first, f"@NorthlineAir {'where are my bags, ' * 30}")
    found = fetched(desk.channel())
    (message,) = found.messages
    assert (message.id, message.versions, message.version) == (first, (edited,), edited)
    assert message.text.count("where are my bags") == 30
    assert (message.in_reply_to, message.source) == (ours, "reply")
    assert [one.id for one in found.context] == [ours, ours]  # as its parent, and as a post of ours


def test_text_as_it_was_typed(desk: Desk) -> None:
    text = '@NorthlineAir <3 & "&amp;" https://northline.com/a?b=1&c=2, and northline.com/help.'
    desk.network.write("cust1", text)
    (message,) = fetched(desk.channel()).messages
    assert message.text == text.replace(" northline.com/help", " http://northline.com/help")


def test_long_posts_are_whole_and_their_links_too(desk: Desk) -> None:
    text = f"@NorthlineAir {'It is a long story. ' * 30}https://northline.com/story @cust9"
    desk.network.user("cust9")
    desk.network.write("cust1", text)
    (message,) = fetched(desk.channel()).messages
    assert message.text == text
    assert message.summons == ("NorthlineAir", "cust9")


def test_reposts_and_our_own_posts_are_no_messages(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:00:00Z")
    desk.network.write("cust2", "RT @cust1: @NorthlineAir where is my bag?", reposts=bag)
    desk.network.write("NorthlineAir", "Thank you, @NorthlineAir team! Northline Air rocks.")
    found = fetched(desk.channel(searches=(BY_NAME,)))
    assert found.ids == [bag]
    assert {one.direction for one in found.context} == {"outbound"}


def test_a_quote_of_ours_summons_us_unless_few_may_answer(desk: Desk) -> None:
    desk.network.user("cust2")
    ours = desk.network.write("NorthlineAir", "We fly to Porto.", at="2026-11-20T09:00:00Z")
    free = desk.network.write("cust1", "Northline Air late again", quotes=ours)
    closed = desk.network.write("cust2", "Northline Air late too", quotes=ours, reply_settings="following")
    found = {one.id: one for one in fetched(desk.channel(searches=(BY_NAME,))).messages}
    assert found[free].summons == ("NorthlineAir",)
    assert found[closed].summons == ()


def test_a_search(desk: Desk) -> None:
    """What names us is a mention, whoever finds it; one message is one message."""
    stray = desk.network.write("cust1", "Northline Air lost my bag", at="2026-11-20T10:00:00Z")
    both = desk.network.write("cust2", "@NorthlineAir Northline Air again", at="2026-11-20T10:01:00Z")
    found = fetched(desk.channel(searches=(BY_NAME,))).messages
    assert [(one.id, one.source, one.found_by) for one in found] == [
        (both, "mention", None),
        (stray, "search", "by-name"),
        (both, "mention", None),
    ]
    (asked,) = desk.network.requests("GET search")
    assert asked.query["query"] == BY_NAME.query


@pytest.mark.parametrize(
    "search",
    [
        msgspec.structs.replace(BY_NAME, own_industry=True),
        msgspec.structs.replace(BY_NAME, on=False),
        msgspec.structs.replace(BY_NAME, account="press"),
    ],
    ids=["about the trade", "off", "another account's"],
)
def test_searches_that_are_not_ours_to_ask(desk: Desk, search: Search) -> None:
    fetched(desk.channel(searches=(search,)))
    assert desk.network.requests("GET search") == []


def test_a_search_never_reaches_back_further_than_it_may(desk: Desk) -> None:
    """The times that X takes are those of the real clock."""
    desk.network.set_clock(None)
    channel = desk.channel(searches=(BY_NAME,))
    old = {"search:by-name": {"newest": "1", "newest_at": int(NOON.timestamp()) - 30 * 86_400}}
    assert fetched(channel, old).ids == []
    (asked,) = desk.network.requests("GET search")
    assert "start_time" not in asked.query
    assert asked.status == 200


def test_direct_messages_of_both_sides(desk: Desk) -> None:
    theirs = desk.network.direct("cust1", "NorthlineAir", "My reference: AB12 &co", at="2026-11-20T10:00:00Z")
    ours = desk.network.direct("NorthlineAir", "cust1", "Thank you! ^MO", at="2026-11-20T10:05:00Z")
    found = fetched(desk.channel())
    (message,) = found.messages
    assert (message.id, message.text, message.source) == (theirs, "My reference: AB12 &co", "direct")
    assert (message.visibility, message.author.handle) == ("direct", "cust1")
    answer = next(one for one in found.context if one.id == ours)
    assert (answer.direction, answer.author.handle, answer.visibility) == (
        "outbound",
        "NorthlineAir",
        "direct",
    )
    assert answer.conversation_id == message.conversation_id is not None


def test_what_explains_a_mention(desk: Desk) -> None:
    """The customer's own earlier post and ours come along; those of others do not."""
    began = desk.network.write("cust1", "My bag is gone", at="2026-11-20T09:00:00Z")
    asked = desk.network.write("cust1", "@NorthlineAir hello?", reply_to=began, at="2026-11-20T09:10:00Z")
    others = desk.network.write("cust2", "Bags, eh?", at="2026-11-20T09:20:00Z")
    joined = desk.network.write("cust3", "@NorthlineAir mine too", reply_to=others, at="2026-11-20T09:30:00Z")
    found = fetched(desk.channel())
    assert found.ids == [asked, joined]
    (parent,) = found.context
    assert (parent.id, parent.direction, parent.source, parent.found_by) == (began, "inbound", "search", None)


def test_what_explains_a_mention_is_no_newer_than_its_words(desk: Desk) -> None:
    """X includes the version that was answered, though it lists all of them."""
    began = desk.network.write("cust1", "My bag is gone", at="2026-11-20T09:00:00Z")
    desk.network.write("cust1", "@NorthlineAir hello?", reply_to=began, at="2026-11-20T09:10:00Z")
    desk.network.edit(began, "My red bag is gone", at="2026-11-20T09:20:00Z")
    (parent,) = fetched(desk.channel()).context
    assert (parent.id, parent.text, parent.versions) == (began, "My bag is gone", ())


def test_answers_made_elsewhere_are_known(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:00:00Z")
    edited = desk.network.edit(bag, "@NorthlineAir where are my bags?", at="2026-11-20T10:01:00Z")
    answer = desk.network.write("NorthlineAir", "On its way! ^MO", reply_to=edited, at="2026-11-20T10:02:00Z")
    found = fetched(desk.channel())
    (ours,) = found.context
    assert (ours.id, ours.direction, ours.source) == (answer, "outbound", "reply")
    assert ours.in_reply_to == bag  # the message's own name, though another version was answered


def test_an_edit_is_the_same_message(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:00:00Z")
    first = fetched(desk.channel())
    edited = desk.network.edit(bag, "@NorthlineAir where is my red bag?", at="2026-11-20T10:10:00Z")
    (message,) = fetched(desk.channel(), first.cursor).messages
    assert (message.id, message.version, message.text) == (bag, edited, "@NorthlineAir where is my red bag?")


# what comes when


def test_a_late_post_below_the_newest_is_read(desk: Desk) -> None:
    late = desk.network.write("cust1", "@NorthlineAir hello?", at="2026-11-20T11:00:00Z", late=True)
    newer = desk.network.write("cust2", "@NorthlineAir hi", at="2026-11-20T11:30:00Z")
    first = fetched(desk.channel())
    assert first.ids == [newer]
    desk.network.reveal(late)
    assert late in fetched(desk.channel(), first.cursor).ids


def burst(desk: Desk, count: int) -> list[str]:
    return [
        desk.network.write(f"cust{n % 7}", f"@NorthlineAir flight {n}?", at=f"2026-11-20T09:{n % 60:02d}:00Z")
        for n in range(count)
    ]


def test_a_burst_over_several_pages_with_a_crash_behind_each(desk: Desk) -> None:
    everything = burst(desk, 250)
    cursor: Any = None
    read: list[str] = []
    for _ in range(3):
        # One page reaches the disk, then the process dies.
        batch = next(iter(desk.channel().fetch(cursor, NOON)))
        read += [message.id for message in batch.messages]
        cursor = batch.cursor
    assert len(read) == len({*read}) == 250
    assert {*read} == {*everything}
    assert fetched(desk.channel(), cursor).rejected == []


def test_within_a_page_the_oldest_comes_first(desk: Desk) -> None:
    everything = burst(desk, 5)
    assert fetched(desk.channel()).ids == sorted(everything, key=int)


def test_a_limit_in_the_middle_keeps_what_was_read(desk: Desk) -> None:
    everything = burst(desk, 250)
    desk.network.direct("cust1", "NorthlineAir", "hello?", at="2026-11-20T10:00:00Z")
    desk.network.limit("GET mentions", 2)
    channel = desk.channel()
    read: list[str] = []
    cursor: Any = None
    batches = channel.fetch(None, NOON)
    for _ in range(4):
        batch = next(batches)
        read += [message.id for message in batch.messages]
        cursor = batch.cursor
    with pytest.raises(TemporaryError, match="takes no more"):
        next(batches)
    assert len(read) == 201  # two pages, and the direct message: the other streams had their turn
    used = channel.used()
    assert used is not None
    assert used.held["mentions"] > 0
    # Asked again at once, X is left alone.
    before = len(desk.network.requests("GET mentions"))
    with pytest.raises(TemporaryError):
        list(desk.channel(held=used.held).fetch(cursor, NOON))
    assert len(desk.network.requests("GET mentions")) == before
    desk.network.limit("GET mentions", 100)
    rest = fetched(desk.channel(), cursor)
    assert {*read, *rest.ids} >= {*everything}
    resumed = desk.network.requests("GET mentions")[before]
    assert resumed.query["until_id"] == cursor["mentions"]["walk"]["until"]


def test_direct_messages_go_on_by_token_and_without_it(desk: Desk) -> None:
    for number in range(150):
        desk.network.direct("cust1", "NorthlineAir", f"hello {number}", at="2026-11-20T10:00:00Z")
    batches = desk.channel().fetch(None, NOON)
    found = next(batch for batch in batches if batch.messages)
    cursor = found.cursor
    assert cursor is not None
    token = cursor["direct"]["walk"]["token"]
    rest = fetched(desk.channel(), cursor)
    assert len({message.text for message in [*found.messages, *rest.messages]}) == 150
    assert desk.network.requests("GET dm_events")[1].query["pagination_token"] == token
    # A token that X has forgotten: from the top.
    cursor["direct"]["walk"]["token"] = "a" * 20
    again = fetched(desk.channel(), cursor)
    assert len({message.text for message in [*found.messages, *again.messages]}) == 150


def test_what_is_of_a_later_time_is_counted_and_left(desk: Desk) -> None:
    now = desk.network.write("cust1", "@NorthlineAir one", at="2026-11-20T10:00:00Z")
    later = desk.network.write("cust2", "@NorthlineAir two", at="2026-11-20T11:00:00Z")
    first = fetched(desk.channel(), None, NOON - timedelta(minutes=90))
    assert (first.ids, first.batches[0].later) == ([now], 1)
    assert later in fetched(desk.channel(), first.cursor, NOON).ids


def test_an_idle_account_does_not_pay_again(desk: Desk) -> None:
    for day in range(10, 20):
        desk.network.write("cust1", f"@NorthlineAir day {day}", at=f"2026-11-{day}T10:00:00Z")
    first = fetched(desk.channel())
    assert len(first.ids) == 10
    channel = desk.channel()
    assert len(fetched(channel, first.cursor).ids) == 2
    assert channel.used() is None  # read before on the same day


# what goes wrong


def test_direct_messages_that_the_app_may_not_read_are_told(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?")
    desk.network.fault("GET dm_events", "403", times=9)
    assert fetched(desk.channel()).ids == [bag]
    (note,) = desk.notes
    assert note.startswith("direct messages: not read:")


def test_refused_mentions_are_an_error_after_the_rest_was_read(desk: Desk) -> None:
    desk.network.direct("cust1", "NorthlineAir", "hello?", at="2026-11-20T10:00:00Z")
    desk.network.fault("GET mentions", "403", times=9)
    batches = desk.channel().fetch(None, NOON)
    assert [len(next(batches).messages), len(next(batches).messages)] == [1, 0]
    with pytest.raises(RefusedError):
        next(batches)


def test_tokens_that_are_not_taken(desk: Desk) -> None:
    desk.network.fault("GET *", "401", times=99)
    with pytest.raises(CredentialsError):
        fetched(desk.channel())


def test_a_bearer_token_alone_reads_what_is_public(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?")
    desk.network.direct("cust1", "NorthlineAir", "hello?")
    (message,) = fetched(desk.reader()).messages
    assert (message.id, message.author.takes_direct) == (bag, None)
    assert "direct messages" in desk.notes[0]
    assert "socialcli login support" in desk.notes[0]
    assert not [one for one in desk.network.requests() if one.auth != "bearer"]


# money


def test_a_fetch_stops_at_its_price_and_goes_on_there(desk: Desk) -> None:
    everything = burst(desk, 120)
    read: set[str] = set()
    cursor: Any = None
    for _ in range(5):
        channel = desk.channel(max_cost="0.25")
        found = fetched(channel, cursor)
        cursor = found.cursor or cursor
        read |= {*found.ids}
        used = channel.used()
        assert used is None or float(used.cost) <= 0.26  # who we are is asked once beside it
    assert read == {*everything}
    assert any("0.25 USD at most" in note for note in desk.notes)


def test_a_price_below_the_smallest_page_reads_nothing_and_says_so(desk: Desk) -> None:
    burst(desk, 3)
    channel = desk.channel()
    channel.max_cost = "0.001"
    assert fetched(channel).batches == []
    assert len(desk.notes) == 3
    assert desk.network.requests("GET mentions") == []


def test_the_meter(desk: Desk) -> None:
    for customer in ("cust1", "cust2", "cust1"):
        desk.network.write(customer, f"@NorthlineAir hello from {customer}")
    desk.network.direct("cust1", "NorthlineAir", "hello?")
    channel = desk.channel()
    fetched(channel)
    used = channel.used()
    assert used is not None
    # Ourselves, and two customers; each is billed once a day.
    assert used.acts == {"x/user": 3, "x/own-read": 3, "x/direct-read": 1}
    assert (used.cost, used.currency) == ("0.043", "USD")
    assert channel.used() is None


# what X leaves out


@pytest.mark.parametrize("where", ["expanded", "everywhere"])
def test_who_wrote_is_asked_for_where_it_is_missing_and_nothing_is_lost(desk: Desk, where: str) -> None:
    refund = desk.network.write("cust9", "@NorthlineAir where is my refund?", at="2026-11-20T10:00:00Z")
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:01:00Z")
    wifi = desk.network.direct("cust8", "NorthlineAir", "Is there wifi?", at="2026-11-20T10:02:00Z")
    known = {handle: desk.network.user(handle).id for handle in ("cust1", "cust8", "cust9")}
    for handle in ("cust8", "cust9"):
        desk.network.unname(handle, where=where)
    channel = desk.channel()
    found = fetched(channel)
    assert (found.ids, found.rejected) == ([refund, bag, wifi], [])
    called = {one.id: (one.author.id, one.author.handle, one.author.name) for one in found.messages}
    unnamed = where == "everywhere"
    for message, handle in ((refund, "cust9"), (wifi, "cust8")):
        user = known[handle]
        assert called[message] == ((user, f"id-{user}", None) if unnamed else (user, handle, handle))
    assert called[bag] == (known["cust1"], "cust1", "cust1")
    asked = desk.network.requests("GET users")
    assert [one.query["ids"] for one in asked] == [known["cust9"], known["cust8"]]
    assert len(desk.notes) == (2 if unnamed else 0)
    used = channel.used()
    assert used is not None
    assert used.acts["x/user"] == 1 + (1 if unnamed else 3)
    desk.notes.clear()
    assert fetched(desk.channel(), found.cursor).rejected == []
    assert desk.notes == []  # told once


def test_the_address_of_a_post_by_somebody_without_a_name(desk: Desk) -> None:
    desk.network.user("cust9")
    desk.network.unname("cust9")
    refund = desk.network.write("cust9", "@NorthlineAir where is my refund?", at="2026-11-20T10:00:00Z")
    message = desk.message(refund)
    assert message.url == f"https://x.com/i/status/{refund}"
    assert desk.channel().reach(message).road == "api"


def test_a_question_that_fails_loses_nothing_either(desk: Desk) -> None:
    refund = desk.network.write("cust9", "@NorthlineAir where is my refund?", at="2026-11-20T10:00:00Z")
    desk.network.unname("cust9", where="expanded")
    desk.network.fault("GET users", "403")
    (message,) = fetched(desk.channel()).messages
    assert (message.id, message.author.handle[:3]) == (refund, "id-")


def test_a_picture_without_words(desk: Desk) -> None:
    picture = desk.network.direct("cust1", "NorthlineAir", "", at="2026-11-20T10:00:00Z")
    (message,) = fetched(desk.channel()).messages
    assert (message.id, message.text) == (picture, "[attachment]")


def test_a_group_is_answered_in_the_app(desk: Desk) -> None:
    for where in ("1799999999999999999", None):
        desk.network.direct("cust1", "NorthlineAir", "Hello all", at="2026-11-20T10:00:00Z", group=where)
    channel = desk.channel()
    several, two = fetched(channel).messages
    way = channel.reach(several)
    assert (way.road, way.cost, channel.reach(two).road) == ("hand", "0", "direct")
    assert "group" in way.reason
    with pytest.raises(PostRefusedError, match="group"):
        channel.post(Outgoing("draft1", "Hello. ^SB", several, "direct"), NOON)
    assert desk.network.directs() == []


# pages


def test_an_empty_first_page_of_ours_is_followed(desk: Desk) -> None:
    ours = desk.network.write("NorthlineAir", "Board early in Terminal 2.", at="2026-11-20T09:00:00Z")
    desk.network.page(first_empty=True)
    assert [one.id for one in fetched(desk.channel()).context] == [ours]
    assert len(desk.network.requests("GET timeline")) == 2


def test_all_pages_of_a_descent_are_of_one_query(desk: Desk) -> None:
    everything = burst(desk, 250)
    first = next(iter(desk.channel().fetch(None, NOON)))
    desk.network.page(60)
    desk.network.forget_requests()
    rest = fetched(desk.channel(), first.cursor)
    assert {*everything} == {message.id for message in first.messages} | {*rest.ids}
    asked = [one.query for one in desk.network.requests("GET mentions")]
    resumed = asked[:3]  # 150 posts, 60 at once
    assert first.cursor is not None
    assert {one["until_id"] for one in resumed} == {first.cursor["mentions"]["walk"]["until"]}
    assert ["pagination_token" in one for one in resumed] == [False, True, True]
    assert "until_id" not in asked[3]
    assert {one.status for one in desk.network.requests("GET mentions")} == {200}


def test_few_direct_messages_are_read_again(desk: Desk) -> None:
    for number in range(60):
        desk.network.direct("cust1", "NorthlineAir", f"hello {number}", at=f"2026-11-20T05:{number:02d}:00Z")
    cursor = fetched(desk.channel()).cursor
    sizes = []
    for new in (0, 1, 40):
        for number in range(new):
            desk.network.direct(
                "cust1", "NorthlineAir", f"new {number}", at=f"2026-11-20T11:{new + number // 2:02d}:00Z"
            )
        desk.network.forget_requests()
        found = fetched(desk.channel(), cursor)
        cursor = found.cursor
        assert sum("new" in message.text for message in found.messages) >= new
        sizes.append([int(one.query["max_results"]) for one in desk.network.requests("GET dm_events")])
    assert [one[0] for one in sizes] == [10, 10, 10]
    assert sizes[2] == [10, 20, 40]


def test_a_price_below_the_smallest_page_names_the_least_that_would_do(desk: Desk) -> None:
    burst(desk, 3)
    fetched(desk.channel(max_cost="0.05"))
    assert "mentions of @NorthlineAir: not read, since" in desk.notes[0]
    assert "needs at least 0.130 USD" in desk.notes[0]
    assert len(fetched(desk.channel(max_cost="0.130"), None).ids) == 3


def test_what_is_not_there_is_told_in_one_line(desk: Desk) -> None:
    desk.network.fault("GET mentions", "404", times=9)
    with pytest.raises(NotFoundError) as raised:
        fetched(desk.channel())
    assert raised.value.message.startswith(
        'account "support": reading mentions: there is no such thing on X (404)'
    )
    assert "base_url" in raised.value.hint
