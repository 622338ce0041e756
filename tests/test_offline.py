"""The judgement alone: reasons, offers, preference, what is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from socialcli.channels.base import Way
from socialcli.errors import RefusedError, UsageError
from socialcli.model.message import Author, Message
from socialcli.offline import (
    Case,
    Field,
    as_channel,
    given_kinds,
    in_words,
    judge,
    parse_fields,
    public_turns,
    require_possible,
    wish_of,
    wrote_directly,
)
from socialcli.policy import load
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
OPEN = Way("direct", "a direct message")
SHUT = Way("no", "@cust1 takes no direct messages")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load.parse((Path(__file__).parents[1] / "policies.toml").read_bytes())


@pytest.fixture(scope="module")
def assessor(policy: Policy) -> Assessor:
    return Assessor(policy)


def said(number: int, text: str, **changes: Any) -> Message:
    return Message(
        id=f"m{number}",
        network="x",
        account="support",
        author=Author(None, "cust1"),
        text=text,
        created_at=START + timedelta(minutes=number),
        **changes,
    )


def ours(number: int, text: str = "We are on it. ^SB", **changes: Any) -> Message:
    return said(number, text, direction="outbound", **changes)


def case(*thread: Message, **changes: Any) -> Case:
    thread = thread or (said(1, "my bag is lost"),)
    target = [message for message in thread if message.direction == "inbound"][-1]
    return Case("k3p", thread, target, (), OPEN, **changes)


def test_what_cannot_be_used_is_not_offered(policy: Policy, assessor: Assessor) -> None:
    assert judge(case(), policy, assessor).offers == ("direct", "livechat", "email", "phone")
    shut = shut_out(case())
    assert judge(shut, policy, assessor).offers == ("livechat", "email", "phone")
    bare = replace(
        policy, brand=replace(policy.brand, livechat=""), offline=replace(policy.offline, email="")
    )
    assert judge(shut, bare, assessor).offers == ("phone",)
    fewer = replace(policy, offline=replace(policy.offline, offer=("email", "direct")))
    assert judge(case(), fewer, assessor).offers == ("email", "direct")


def shut_out(one: Case) -> Case:
    """They wrote directly once, and take no direct messages any more."""
    return replace(one, direct=SHUT, elsewhere=(said(9, "hello?", visibility="direct"),))


def test_who_never_wrote_directly_is_invited_whatever_the_network_takes_from_us(policy: Policy) -> None:
    require_possible("direct", replace(case(), direct=SHUT), policy)


def test_a_direct_message_that_the_network_does_not_take_is_refused(policy: Policy) -> None:
    with pytest.raises(RefusedError, match="takes no direct messages") as caught:
        require_possible("direct", shut_out(case()), policy)
    assert "--to livechat|email|phone" in caught.value.hint
    require_possible("direct", case(), policy)
    require_possible("livechat", shut_out(case()), policy)


def test_an_address_of_theirs_makes_ours_needless(policy: Policy) -> None:
    bare = replace(policy, offline=replace(policy.offline, email="", phone=""))
    with pytest.raises(UsageError, match=r"offline\.email is not set"):
        require_possible("email", case(), bare)
    told = case(said(1, "write to marta@example.net"), said(2, "hello?"))
    require_possible("email", told, bare)
    with pytest.raises(UsageError, match=r"offline\.phone"):
        require_possible("phone", told, bare)


def test_what_we_wrote_gives_us_nothing(policy: Policy) -> None:
    thread = (said(1, "hello?"), ours(2, "Is marta@example.net yours? ^SB"))
    assert given_kinds(case(*thread), policy) == frozenset()
    elsewhere = said(0, "ring me on +44 20 7946 0018", visibility="direct")
    assert given_kinds(replace(case(*thread), elsewhere=(elsewhere,)), policy) == {"phone"}


@pytest.mark.parametrize(
    ("thread", "turns"),
    [
        ((said(1, "help"),), 0),
        ((said(1, "help"), ours(2), ours(3)), 2),
        ((said(1, "help"), ours(2), ours(3, visibility="direct")), 1),
        ((said(1, "help"), ours(2), said(3, "thank you so much!"), ours(4)), 1),
        ((said(1, "help"), ours(2), said(3, "still no bag, where is it?"), ours(4)), 2),
        ((said(1, "help"), *(ours(number) for number in range(2, 9))), 3),
    ],
)
def test_public_answers_are_counted_since_the_last_thanks(
    thread: tuple[Message, ...], turns: int, assessor: Assessor
) -> None:
    assert public_turns(thread, assessor, 3) == turns


def test_a_direct_message_that_holds_private_data_is_no_reason(policy: Policy, assessor: Assessor) -> None:
    told = said(1, "my number is +44 20 7946 0018", visibility="direct")
    assert judge(case(told, said(2, "so?")), policy, assessor).move is False
    assert judge(case(replace(told, visibility="public")), policy, assessor).move is True
    own = said(1, "I called +44 20 7946 0321 and nobody answers")
    assert judge(case(own), policy, assessor).reasons == ()


def test_in_private_only_another_wish_is_a_reason(policy: Policy, assessor: Assessor) -> None:
    asked = (Field("order number", "reference"),)
    private = case(said(1, "my bag is lost", visibility="direct"), asked=asked)
    assert judge(private, policy, assessor).move is False
    wished = case(said(1, "please call me", visibility="direct"))
    judged = judge(wished, policy, assessor)
    assert (judged.move, judged.to, judged.offers) == (True, "phone", ("livechat", "email", "phone"))
    assert judge(case(said(1, "DM me", visibility="direct")), policy, assessor).move is False


def test_the_newer_of_wish_and_kept_preference_counts(policy: Policy, assessor: Assessor) -> None:
    thread = (said(1, "please call me"), ours(2), said(3, "hello?"))
    assert wish_of(case(*thread)) is not None
    assert judge(case(*thread, kept="email", kept_at="m3"), policy, assessor).preference == "email"
    assert judge(case(*thread, kept="email", kept_at="m1"), policy, assessor).preference == "email"
    assert judge(case(*thread, kept="email"), policy, assessor).preference == "phone"  # of another ticket
    later = (*thread, said(4, "DM me then"))
    assert judge(case(*later, kept="email", kept_at="m3"), policy, assessor).preference == "direct"
    same = judge(case(*thread, kept="phone", kept_at="m3"), policy, assessor)
    assert [reason.rule for reason in same.reasons] == ["offline/wished"]


def test_a_preference_that_cannot_be_had_gives_way(policy: Policy, assessor: Assessor) -> None:
    shut = shut_out(case(said(1, "can you DM me?")))
    judged = judge(shut, policy, assessor)
    assert (judged.preference, judged.to) == ("direct", "livechat")
    assert judge(shut, policy, assessor, "email").to == "email"


def test_who_wrote_directly() -> None:
    assert not wrote_directly(case(said(1, "help"), ours(2, visibility="direct")))
    assert wrote_directly(case(said(1, "help"), said(2, "here", visibility="direct"), said(3, "so?")))
    assert wrote_directly(replace(case(), elsewhere=(said(0, "hi", visibility="direct"),)))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("order number", "your order number"),
        ("order number,email", "your order number and e-mail address"),
        ("Your order number , e-mail,order number, seat", "your order number, e-mail address and seat"),
    ],
)
def test_what_is_asked_for_in_words(asked: str, words: str) -> None:
    assert in_words(parse_fields(asked)) == words


def test_a_name_that_is_no_channel() -> None:
    assert (as_channel("phone"), as_channel("fax"), as_channel(None)) == ("phone", None, None)
