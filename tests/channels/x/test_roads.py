"""Which way an answer can go, why, and what it costs: known before a word is written, asking nobody."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from socialcli.channels.base import Way
from socialcli.channels.x.channel import XChannel
from socialcli.model.message import Author, Message
from tests.channels.x.conftest import NOON, Desk


@pytest.fixture
def channel(desk: Desk) -> XChannel:
    return desk.channel()


def message(text: str = "@NorthlineAir where is my bag?", **changes: Any) -> Message:
    author = changes.pop("author", Author("7", "cust1"))
    return Message("20", changes.pop("network", "x"), "support", author, text, NOON, **changes)


@pytest.fixture(autouse=True)
def _asks_nobody(desk: Desk) -> Any:
    yield
    assert desk.network.requests() == []


@pytest.mark.parametrize(
    ("found", "road"),
    [
        (message(summons=("northlineair",)), "api"),
        (message(), "api"),
        (message("Northline lost my bag"), "hand"),
        (message("mail me at me@NorthlineAir.com"), "hand"),
        (message("@NorthlineAirways is not us"), "hand"),
        (message(summons=("cust9",)), "hand"),
        (message("thanks", summons=(), author=Author("8", "NorthlineAIR")), "api"),
        (message(visibility="direct"), "direct"),
        (message(visibility="direct", author=Author("7", "cust1", None, False)), "direct"),
        (message(network="mastodon"), "hand"),
        (msgspec.structs.replace(message(), id="m1"), "hand"),
    ],
)
def test_the_road_of_a_message(channel: XChannel, found: Message, road: str) -> None:
    assert channel.reach(found).road == road


def test_who_has_not_named_us_is_answered_by_hand_and_told_why(channel: XChannel) -> None:
    way = channel.reach(message("Northline lost my bag"))
    assert "@cust1 has not named @NorthlineAir" in way.reason
    assert way.cost == "0"


def test_an_enterprise_answers_anybody(desk: Desk) -> None:
    assert desk.channel(enterprise=True).reach(message("Northline lost my bag")).road == "api"


@pytest.mark.parametrize(("takes", "road"), [(True, "direct"), (None, "direct"), (False, "no")])
def test_a_direct_message_to_who_wrote_in_public(channel: XChannel, takes: bool | None, road: str) -> None:
    way = channel.reach(message(author=Author("7", "cust1", None, takes)), "direct")
    assert way.road == road
    assert "@cust1" in way.reason


def test_what_was_private_is_never_answered_in_public(channel: XChannel) -> None:
    assert channel.reach(message(visibility="direct"), "public").road == "no"


def test_tokens_that_can_only_read(desk: Desk) -> None:
    reader = desk.reader()
    ways = (reader.reach(message()), reader.reach(message(), "direct"), reader.reach_all())
    assert {way.road for way in ways} == {"hand"}
    assert all("only read" in way.reason for way in ways)


def test_prices(channel: XChannel) -> None:
    reply, post = channel.reach(message()), channel.reach_all()
    direct = channel.reach(message(), "direct")
    assert (reply.cost, post.cost, direct.cost, reply.currency) == ("0.010", "0.015", "0.015", "USD")
    assert "with a link 0.200" in reply.reason
    assert "0.215 USD at most" in reply.reason


@pytest.mark.parametrize(
    ("text", "way", "cost"),
    [
        ("Sorry! ^SB", Way("api", "", "0.010"), "0.010"),
        ("See https://northline.com/help ^SB", Way("api", "", "0.010"), "0.200"),
        ("See northline.com/help ^SB", Way("api", "", "0.015"), "0.200"),
        ("Sorry.We look ^SB", Way("api", "", "0.010"), "0.010"),
        ("See https://northline.com/help ^SB", Way("direct", "", "0.015"), "0.015"),
        ("See https://northline.com/help ^SB", Way("hand", "", "0"), "0"),
    ],
)
def test_a_link_costs(channel: XChannel, text: str, way: Way, cost: str) -> None:
    assert channel.cost(text, way) == cost


def test_prices_of_the_policy_hold(channel: XChannel) -> None:
    assert all(Decimal(channel.cost("a.com", Way("api", ""))) >= Decimal(one) for one in ("0.010", "0.015"))


def test_caps(channel: XChannel) -> None:
    assert [(cap.posts, cap.seconds) for cap in channel.caps("api")] == [(100, 900), (10_000, 86_400)]
    assert [(cap.posts, cap.seconds) for cap in channel.caps("direct")] == [(15, 900), (1_440, 86_400)]
    assert channel.caps("hand") == ()
