"""Whatever JSON a page holds, it is a message or a reason; nothing else escapes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.app import App
from socialcli.channels.records import RecordReader
from socialcli.channels.x.direct import DirectPage
from socialcli.channels.x.posts import Page
from socialcli.channels.x.prices import Meter
from socialcli.model.message import Message

POLICY = App.read_policy(None)
READER = RecordReader(POLICY.accounts[0], POLICY.our_handles, source="mention")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["7", "20", "8", "quoted", "replied_to"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
IDS = st.sampled_from(["7", "8", "20", "21"])
USER = (
    st.fixed_dictionaries({"id": IDS, "username": st.sampled_from(["cust1", "NorthlineAir"]) | JSON}) | JSON
)
REFERENCE = st.fixed_dictionaries(
    {"type": st.sampled_from(["quoted", "replied_to", "retweeted"]), "id": IDS | JSON}
)
ENTITIES = st.fixed_dictionaries(
    {},
    optional={
        "urls": st.lists(
            st.dictionaries(st.sampled_from(["url", "expanded_url"]), JSON | st.just("https://a.b")),
            max_size=2,
        ),
        "mentions": st.lists(st.fixed_dictionaries({"username": JSON}) | JSON, max_size=2),
    },
)
POST = st.fixed_dictionaries(
    {
        "id": IDS | JSON,
        "text": st.text(max_size=20) | JSON,
        "created_at": st.just("2026-11-20T10:00:00Z") | JSON,
    },
    optional={
        "author_id": IDS | JSON,
        "sender_id": IDS | JSON,
        "in_reply_to_user_id": IDS | JSON,
        "referenced_tweets": st.lists(REFERENCE, max_size=2) | JSON,
        "referenced_posts": st.lists(REFERENCE, max_size=2) | JSON,
        "edit_history_tweet_ids": st.lists(IDS, max_size=2) | JSON,
        "entities": ENTITIES | JSON,
        "note_tweet": st.fixed_dictionaries({"text": JSON}, optional={"entities": ENTITIES | JSON}) | JSON,
        "reply_settings": JSON,
        "conversation_id": IDS | JSON,
        "event_type": st.just("MessageCreate") | JSON,
    },
)
ANSWER = st.fixed_dictionaries(
    {"data": st.lists(POST | JSON, max_size=3)},
    optional={
        "includes": st.fixed_dictionaries(
            {}, optional={"users": st.lists(USER, max_size=2), "tweets": st.lists(POST, max_size=2)}
        )
        | JSON
    },
)


def message_of(page: Page | DirectPage, row: Any) -> Message | None:
    with suppress(ValueError):
        return page.read(row, "mention").message if isinstance(page, Page) else page.read(row)
    return None


@settings(max_examples=500, deadline=None)
@given(ANSWER)
def test_a_message_or_a_reason(answer: dict[str, Any]) -> None:
    posts, directs = Page(answer, READER, our_id="8"), DirectPage(answer, READER)
    for row in answer["data"]:
        for message in (message_of(posts, row), message_of(directs, row)):
            assert message is None or isinstance(message, Message)
            msgspec.json.encode(message)
    Meter(POLICY.prices).count_page(answer, "x/read", {"7", "20"}, "8")
