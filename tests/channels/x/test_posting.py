"""Posts, and our own posts as the witness afterwards."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from socialcli.channels.base import NotPostedError, OutcomeUnknownError, Outgoing, PostRefusedError
from socialcli.errors import CredentialsError
from socialcli.model.message import Author, Message
from tests.channels.x.conftest import NOON, Desk

SORRY = "@cust1 So sorry about your bag & the wait. ^SB"


def mention(desk: Desk) -> Message:
    return desk.message(desk.network.write("cust1", "@NorthlineAir where is my bag?"))


def test_a_reply(desk: Desk) -> None:
    target = mention(desk)
    receipt = desk.channel().post(Outgoing("draft1", SORRY, target, "public"), NOON)
    (post,) = desk.network.posts()
    assert (post.id, post.sent, post.in_reply_to) == (receipt.remote_id, SORRY, target.id)
    assert receipt.url == f"https://x.com/NorthlineAir/status/{post.id}"


def test_an_edited_post_is_answered_as_it_stands_now(desk: Desk) -> None:
    bag = desk.network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:00:00Z")
    edited = desk.network.edit(bag, "@NorthlineAir where is my red bag?", at="2026-11-20T10:01:00Z")
    channel = desk.channel()
    channel.post(Outgoing("draft1", SORRY, desk.message(bag), "public"), NOON)
    assert desk.network.posts()[0].in_reply_to == edited
    (ours,) = channel.own_posts(NOON)
    assert ours.in_reply_to in {bag, edited}


def test_a_post_that_answers_nobody(desk: Desk) -> None:
    desk.channel().post(Outgoing("draft1", "We look into it. ^SB", None, "public"), NOON)
    (post,) = desk.network.posts()
    assert (post.sent, post.in_reply_to) == ("We look into it. ^SB", None)


@pytest.mark.parametrize("known", [True, False])
def test_a_direct_message(desk: Desk, known: bool) -> None:
    target = mention(desk)
    if not known:
        target = msgspec.structs.replace(target, author=Author(None, "cust1"))
    channel = desk.channel()
    receipt = channel.post(Outgoing("draft1", "We wrote to you. ^SB", target, "direct"), NOON)
    (sent,) = desk.network.directs()
    assert (sent.id, sent.sent, sent.recipient) == (
        receipt.remote_id,
        "We wrote to you. ^SB",
        target_id(desk),
    )
    assert desk.network.posts() == []
    (ours,) = channel.own_posts(NOON - timedelta(minutes=1), target, direct=True)
    assert (ours.remote_id, ours.text, ours.in_reply_to) == (sent.id, "We wrote to you. ^SB", target.id)


def target_id(desk: Desk) -> str:
    """As the server names the recipient."""
    return desk.network.directs()[0].recipient


def test_a_direct_message_to_nobody_known(desk: Desk) -> None:
    target = msgspec.structs.replace(mention(desk), author=Author(None, "nobody_here"))
    with pytest.raises(PostRefusedError, match="nobody_here"):
        desk.channel().post(Outgoing("draft1", "Hello ^SB", target, "direct"), NOON)


def test_a_private_message_is_never_answered_in_public(desk: Desk) -> None:
    target = desk.message(desk.network.direct("cust1", "NorthlineAir", "My reference: AB12"))
    with pytest.raises(PostRefusedError, match="private"):
        desk.channel().post(Outgoing("draft1", SORRY, target, "public"), NOON)
    assert desk.network.posts() == []


def test_never_under_another_name(desk: Desk) -> None:
    """The tokens are good, but somebody else's."""
    target = mention(desk)
    desk.network.user("NorthlinePress")
    (desk.folder / "x-support.json").unlink()
    channel = desk.channel(tokens=desk.tokens("NorthlinePress"))
    with pytest.raises(CredentialsError, match=r"@NorthlineAir, but .* @NorthlinePress"):
        channel.post(Outgoing("draft1", SORRY, target, "public"), NOON)
    assert desk.network.posts("NorthlinePress") == []


def test_who_we_are_could_not_be_asked(desk: Desk) -> None:
    target = mention(desk)
    (desk.folder / "x-support.json").unlink()
    desk.network.fault("GET users/me", "503", times=9)
    with pytest.raises(NotPostedError):
        desk.channel().post(Outgoing("draft1", SORRY, target, "public"), NOON)
    assert desk.network.posts() == []


def test_what_the_network_refuses_is_not_paid(desk: Desk) -> None:
    channel = desk.channel()
    stray = desk.network.write("cust1", "Northline lost my bag")
    target = Message(stray, "x", "support", Author("7", "cust1"), "Northline lost my bag", NOON)
    with pytest.raises(PostRefusedError):
        channel.post(Outgoing("draft1", SORRY, target, "public"), NOON)
    used = channel.used()
    assert used is not None
    assert used.acts == {"x/user": 1}


def test_what_may_have_arrived_is_paid_and_found(desk: Desk) -> None:
    target = mention(desk)
    channel = desk.channel()
    channel.used()
    desk.network.fault("POST tweets", "accepted-no-answer")
    with pytest.raises(OutcomeUnknownError):
        channel.post(Outgoing("draft1", f"{SORRY} northline.com/help", target, "public"), NOON)
    used = channel.used()
    assert used is not None
    assert used.acts == {"x/post-link": 1}
    (ours,) = channel.own_posts(NOON)
    assert (ours.in_reply_to, ours.key) == (target.id, None)
    assert ours.text.endswith("http://northline.com/help")


def test_our_own_posts_as_the_network_shows_them(desk: Desk) -> None:
    """Newest first, over several pages, characters as they were typed; reposts are not ours."""
    theirs = desk.network.write("cust1", "@NorthlineAir hi", at="2026-11-20T08:00:00Z")
    for number in range(130):
        at = f"2026-11-20T{9 + number // 60:02d}:{number % 60:02d}:00Z"
        desk.network.write("NorthlineAir", f"Flight {number} & more <on time>", at=at)
    desk.network.write("NorthlineAir", "RT @cust1: hi", reposts=theirs, at="2026-11-20T11:30:00Z")
    ours = list(desk.channel().own_posts(NOON - timedelta(hours=3)))
    assert [post.text for post in ours][:2] == ["Flight 129 & more <on time>", "Flight 128 & more <on time>"]
    assert len(ours) == 130
    assert {post.in_reply_to for post in ours} == {None}


def test_our_own_posts_are_read_no_further_than_asked_for(desk: Desk) -> None:
    for number in range(150):
        desk.network.write("NorthlineAir", f"Flight {number}", at=f"2026-11-20T10:{number % 60:02d}:00Z")
    desk.network.write("NorthlineAir", "Newest", at="2026-11-20T11:00:00Z")
    posts = iter(desk.channel().own_posts(NOON - timedelta(hours=3)))
    assert next(posts).text == "Newest"
    assert len(desk.network.requests("GET timeline")) == 1


def test_a_read_lag_is_admitted(desk: Desk) -> None:
    assert desk.channel().read_lag == timedelta(minutes=2)
