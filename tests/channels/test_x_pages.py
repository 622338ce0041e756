"""Saved pages of the X API: the same messages as live, with what explains them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialcli.channels.base import Rejected
from socialcli.channels.records import Explaining, RecordReader
from socialcli.channels.x_pages import read_pages
from socialcli.model.message import Message
from tests.channels.x.conftest import Desk, fetched
from tests.servers.x.network import XNetwork


@pytest.fixture
def desk(x_network: XNetwork, tmp_path: Path) -> Desk:
    return Desk(x_network, tmp_path / "momentary")


def rows(desk: Desk, *pages: Any) -> list[Message | Explaining | Rejected]:
    policy = desk.policy()
    reader = RecordReader(policy.accounts[0], policy.our_handles, source="import")
    return list(read_pages(io.BytesIO(json.dumps(pages).encode()), "saved.json", reader))


def saved(desk: Desk) -> list[Any]:
    """The very answers of the network, as somebody might have kept them."""
    place = desk.channel()._place
    mentions = place.client.read(
        "mentions", "get_users_mentions", place.us.id, max_results=100, **place.post_params
    )
    fields = ["id", "text", "event_type", "created_at", "sender_id", "dm_conversation_id"]
    directs = place.client.read(
        "direct-read", "get_direct_message_events", dm_event_fields=fields, expansions="sender_id"
    )
    return [mentions, directs]


def busy(network: XNetwork) -> None:
    ours = network.write("NorthlineAir", "We fly to Porto & Faro.", at="2026-11-20T08:00:00Z")
    began = network.write("cust1", "My bag is gone", at="2026-11-20T09:00:00Z")
    bag = network.write("cust1", "@NorthlineAir hello? northline.com/x", reply_to=began)
    network.edit(bag, f"@NorthlineAir {'a long story, ' * 40}")
    network.write("cust2", "@NorthlineAir <3 & thanks", reply_to=ours, lang="pt")
    network.write("cust3", "@NorthlineAir really?", quotes=ours)
    network.write("cust4", "RT @cust1: My bag is gone", reposts=began)
    network.direct("cust1", "NorthlineAir", "My reference: AB12 & more")
    network.direct("NorthlineAir", "cust1", "Thank you! ^MO", at="2026-11-20T10:05:00Z")


@pytest.mark.parametrize("spelling", ["old", "new"])
def test_saved_pages_give_what_the_live_ones_give(desk: Desk, spelling: str) -> None:
    desk.network.spelling(spelling)
    busy(desk.network)
    live = fetched(desk.channel())
    found = rows(desk, *saved(desk))
    assert not [row for row in found if isinstance(row, Rejected)]

    def plain(message: Message) -> Message:
        return msgspec.structs.replace(message, source="import", found_by=None)

    imported = {row.id: row for row in found if isinstance(row, Message)}
    explaining = {row.message.id: row.message for row in found if isinstance(row, Explaining)}
    assert {one.id for one in live.messages} <= {*imported}
    assert all(imported[one.id] == plain(one) for one in live.messages)
    context = {one.id: plain(one) for one in live.context}
    assert {key: one for key, one in {**explaining, **imported}.items() if key in context} == context


def test_what_explains_comes_first_and_is_marked(desk: Desk) -> None:
    busy(desk.network)
    found = rows(desk, saved(desk)[0])
    kinds = [type(row).__name__ for row in found]
    assert kinds.count("Message") == 3
    assert "Explaining" in kinds
    parents = {row.message.id for row in found if isinstance(row, Explaining)}
    answered = {row.in_reply_to for row in found if isinstance(row, Message) and row.in_reply_to}
    assert answered <= parents


def test_people_who_join_are_no_messages(desk: Desk) -> None:
    joined = {"id": "5", "event_type": "ParticipantsJoin", "created_at": "2026-11-20T10:00:00Z"}
    assert rows(desk, {"data": [joined]}) == []


def test_a_direct_message_without_its_sender(desk: Desk) -> None:
    direct = {
        "id": "5",
        "event_type": "MessageCreate",
        "text": "Hello",
        "created_at": "2026-11-20T10:00:00Z",
        "sender_id": "7",
    }
    (bad,) = rows(desk, {"data": [direct]})
    assert isinstance(bad, Rejected)
    assert 'its sender "7"' in bad.reason
