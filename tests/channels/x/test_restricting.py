"""Mute, block, hide: what X lets a program do, and what stays for a person."""

from __future__ import annotations

import pytest

from socialcli.errors import NotFoundError, UsageError
from socialcli.model.message import Author, Message
from tests.channels.x.conftest import Desk


def mention(desk: Desk) -> Message:
    return desk.message(desk.network.write("cust1", "@NorthlineAir you thieves"))


def test_mute(desk: Desk) -> None:
    message, channel = mention(desk), desk.channel()
    way = channel.can_restrict("mute", message)
    assert (way.road, way.cost) == ("api", "0.015")
    for _ in range(2):
        channel.restrict("mute", message.author, None)
        assert desk.network.mutes() == ["cust1"]
    channel.lift("mute", Author(None, "cust1"), None)
    assert desk.network.mutes() == []
    used = channel.used()
    assert used is not None
    assert used.acts == {"x/mute": 3, "x/user": 1}


def test_block(desk: Desk) -> None:
    """Direct messages only; where the rest is done is said."""
    message, channel = mention(desk), desk.channel()
    way = channel.can_restrict("block", message)
    assert way.road == "api"
    assert "direct messages only" in way.reason
    assert "https://x.com/cust1" in way.reason
    channel.restrict("block", message.author, None)
    assert desk.network.dm_blocks() == ["cust1"]
    channel.lift("block", message.author, None)
    assert desk.network.dm_blocks() == []


def test_hide_a_reply_under_a_post_of_ours(desk: Desk) -> None:
    ours = desk.network.write("NorthlineAir", "We fly to Porto.", at="2026-11-20T09:00:00Z")
    message = desk.message(desk.network.write("cust1", "@NorthlineAir thieves", reply_to=ours))
    channel = desk.channel()
    way = channel.can_restrict("hide", message)
    assert (way.road, way.cost) == ("api", "0.005")
    channel.restrict("hide", message.author, message)
    assert desk.network.hidden() == [message.id]
    channel.lift("hide", message.author, message)
    assert desk.network.hidden() == []


def test_what_cannot_be_hidden(desk: Desk) -> None:
    others = desk.network.write("cust2", "Bags, eh?", at="2026-11-20T09:00:00Z")
    reply = desk.message(desk.network.write("cust1", "@NorthlineAir thieves", reply_to=others))
    direct = desk.message(desk.network.direct("cust1", "NorthlineAir", "thieves"))
    channel = desk.channel()
    for message in (mention(desk), reply, direct, None):
        way = channel.can_restrict("hide", message)
        assert way.road == "no"
        assert way.reason
    with pytest.raises(UsageError):
        channel.restrict("hide", reply.author, None)


def test_watching_asks_nobody(desk: Desk) -> None:
    assert desk.channel().can_restrict("monitor", None).road == "no"
    assert desk.network.requests() == []


def test_tokens_that_can_only_read(desk: Desk) -> None:
    way = desk.reader().can_restrict("mute", mention(desk))
    assert way.road == "hand"
    assert "https://x.com/cust1" in way.reason


def test_somebody_whom_x_does_not_know(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="nobody_here"):
        desk.channel().restrict("mute", Author(None, "nobody_here"), None)
