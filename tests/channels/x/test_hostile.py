"""Pages that are none, hold anything at all, or lack what may be missing."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from socialcli.channels.base import OutcomeUnknownError, Outgoing, Seen
from socialcli.errors import TemporaryError
from tests.channels.x.conftest import NOON, Desk, fetched
from tests.channels.x.pages import network_of, page, post


@pytest.mark.parametrize("data", ["text", 7, True])
def test_a_page_that_is_none_is_asked_for_again_later(desk: Desk, data: Any) -> None:
    with (
        network_of(desk, {"/mentions": {"data": data}}) as channel,
        pytest.raises(TemporaryError, match="page"),
    ):
        fetched(channel)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": None},
        {"data": []},
        {"data": None, "includes": None, "meta": None},
        {"meta": {"next_token": 7}},
    ],
)
def test_an_empty_page(desk: Desk, answer: Any) -> None:
    with network_of(desk, {"/mentions": answer}) as channel:
        assert fetched(channel).ids == []


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        {},
        {"id": None},
        {"id": []},
        post("19", author_id=[]),
        post("19", text=7),
        post("19", created_at="soon"),
        post("19", created_at=None),
        post("19", author_id=None),
        post("1\x1b[2J"),
        post("1" * 300),
        post("19", referenced_tweets=[7]),
    ],
)
def test_a_row_that_is_none_spoils_no_other_and_is_told_once(desk: Desk, bad: Any) -> None:
    with network_of(desk, {"/mentions": page(post("20"), bad)}) as channel:
        first = fetched(channel)
        assert first.ids == ["20"]
        assert len(first.rejected) == 1
        if isinstance(bad, dict) and bad.get("id") == "19":
            assert "19" in first.batches[0].rejected[0].place
            assert fetched(channel, first.cursor).rejected == []


@pytest.mark.parametrize(
    "odd", [7, "x", [], [7], {"mentions": 7, "urls": {}}, {"mentions": [{}, 7], "urls": [{"url": "h"}]}]
)
def test_optional_parts_may_be_garbage(desk: Desk, odd: Any) -> None:
    strange = post("20", entities=odd, note_tweet=odd, reply_settings=odd, in_reply_to_user_id=odd)
    with network_of(desk, {"/mentions": page(strange)}) as channel:
        (message,) = fetched(channel).messages
    assert message.text == strange["text"]


def test_a_nameless_customer(desk: Desk) -> None:
    people = {"users": [{"id": "7", "username": "cust1", "name": 7, "receives_your_dm": "yes"}]}
    with network_of(desk, {"/mentions": page(post("20"), includes=people)}) as channel:
        (message,) = fetched(channel).messages
    assert (message.author.name, message.author.takes_direct) == (None, None)


def test_only_what_is_needed(desk: Desk) -> None:
    """Neither meta, nor entities, nor conversation, nor edit history; the words say whom they name."""
    with network_of(
        desk, {"/mentions": {"data": [post("20")], "includes": {"users": [{"id": "7", "username": "cust1"}]}}}
    ) as channel:
        (message,) = fetched(channel).messages
    assert (message.id, message.conversation_id, message.summons) == ("20", None, ("NorthlineAir",))
    assert channel.reach(message).road == "api"


def test_a_name_on_the_post_itself_will_do(desk: Desk) -> None:
    with network_of(desk, {"/mentions": {"data": [post("20", username="cust1")]}}) as channel:
        (message,) = fetched(channel).messages
    assert (message.author.id, message.author.handle) == ("7", "cust1")


def test_broken_unicode(desk: Desk) -> None:
    body = json.dumps(page(post("20", text="lone \ud83d here\0"))).encode()
    with network_of(desk, {"/mentions": body}) as channel:
        (message,) = fetched(channel).messages
    assert message.text == "lone � here�"


def test_a_post_of_a_megabyte_with_a_thousand_links(desk: Desk) -> None:
    urls = [
        {"url": f"https://t.co/{n:010}", "expanded_url": f"https://northline.com/{n}"} for n in range(1000)
    ]
    text = " ".join(one["url"] for one in urls) * 40 + "https://t.co/" * 20_000 + "@" * 200_000
    began = time.perf_counter()
    with network_of(desk, {"/mentions": page(post("20", text=text, entities={"urls": urls}))}) as channel:
        (message,) = fetched(channel).messages
    assert time.perf_counter() - began < 20
    assert message.text.startswith("https://northline.com/0 https://northline.com/1 ")
    assert message.text.count("northline.com") == 1000  # each entity stands for one place


def test_a_link_never_grows_into_more_than_the_page_held(desk: Desk) -> None:
    long = "https://northline.com/" + "x" * 4000
    strange = post(
        "20", text="https://a " * 10_000, entities={"urls": [{"url": "https://a", "expanded_url": long}]}
    )
    with network_of(desk, {"/mentions": page(strange)}) as channel:
        (message,) = fetched(channel).messages
    assert len(message.text) < 110_000


def test_a_network_that_gives_the_same_page_for_ever(desk: Desk) -> None:
    endless = page(post("20"), meta={"next_token": "t"})
    with network_of(desk, {"/mentions": endless}) as channel:
        batches = channel.fetch(None, NOON)
        assert [message.id for message in next(batches).messages] == ["20"]
        with pytest.raises(TemporaryError, match="same page"):
            list(batches)


def test_a_network_that_gives_the_newest_version_for_any(desk: Desk) -> None:
    newest = post("21", text="@NorthlineAir found it", edit_history_tweet_ids=["21", "20"])
    with network_of(desk, {"/mentions": page(post("20")), "/2/tweets": page(newest)}) as channel:
        (message,) = fetched(channel).messages
        (changed,) = channel.look_up([message]).changed
    assert (changed.id, changed.version, changed.text) == ("20", "21", "@NorthlineAir found it")


def test_a_network_that_says_neither_yes_nor_no(desk: Desk) -> None:
    """What is not among the answers is not taken for deleted, and nothing is posted blindly."""
    with network_of(desk, {"/mentions": page(post("20")), "/2/tweets": {}}) as channel:
        (message,) = fetched(channel).messages
        assert channel.look_up([message]) == Seen()
        with pytest.raises(TemporaryError):
            channel.look_again(message, [message], None, NOON)


def test_an_answer_to_a_post_without_an_id_leaves_it_unknown(desk: Desk) -> None:
    odd = {"data": {"text": "Sorry! ^SB", "id": 7}}
    with network_of(desk, {"/mentions": page(post("20")), "/2/tweets": odd}) as channel:
        (message,) = fetched(channel).messages
        with pytest.raises(OutcomeUnknownError, match="under which id"):
            channel.post(Outgoing("draft1", "Sorry! ^SB", message, "public"), NOON)
        used = channel.used()
    assert used is not None
    assert used.acts["x/reply"] == 1
