"""Rows from strangers: what is taken, how it is mended, and what is said of a row that is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.app import App
from socialcli.channels.records import RecordReader
from socialcli.model.message import Author, Message

TEN = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MISSING = object()


def make_reader(**options: Any) -> RecordReader:
    policy = App.read_policy(None)
    return RecordReader(policy.accounts[0], policy.our_handles, **{"source": "mention", **options})


@pytest.fixture(scope="module")
def reader() -> RecordReader:
    return make_reader()


def row(**changes: Any) -> dict[str, Any]:
    facts = {
        "id": "a",
        "text": "@NorthlineAir where is my bag?",
        "created_at": "2026-11-20T10:00:00Z",
        "author": {"handle": "cust1"},
        **changes,
    }
    return {name: value for name, value in facts.items() if value is not MISSING}


def line(**changes: Any) -> bytes:
    return json.dumps(row(**changes)).encode()


def test_the_four_fields_that_are_needed(reader: RecordReader) -> None:
    assert reader.from_json(line()) == Message(
        "a", "file", "support", Author(None, "cust1"), "@NorthlineAir where is my bag?", TEN
    )


def test_all_fields(reader: RecordReader) -> None:
    facts = {
        "id": 1860000000000000001,
        "network": "x",
        "author": {"id": 77, "handle": "cust1", "name": "Marta Ruiz"},
        "visibility": "direct",
        "direction": "outbound",
        "source": "comment",
        "in_reply_to": 12,
        "conversation_id": 13,
        "url": "https://x.com/cust1/status/1",
        "lang": "es",
        "account": "somebody else's",
        "a field of a newer release": [1, {"b": None}],
    }
    assert reader.from_json(line(**facts)) == Message(
        id="1860000000000000001",
        network="x",
        account="support",
        author=Author("77", "cust1", "Marta Ruiz"),
        text="@NorthlineAir where is my bag?",
        created_at=TEN,
        visibility="direct",
        direction="outbound",
        source="comment",
        in_reply_to="12",
        conversation_id="13",
        url="https://x.com/cust1/status/1",
        lang="es",
    )


def test_named_values_are_read_alike(reader: RecordReader) -> None:
    assert reader.from_fields(row()) == reader.from_json(line())


# Unicode


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (rb"\ud83e\uddf3 gone", "🧳 gone"),
        (rb"lone \ud83d here", "lone � here"),
        (rb"wrong way \udc00\ud800 round", "wrong way �� round"),
        (rb"zero \u0000 byte", "zero � byte"),
        (rb"\u202eright to left\u001b[31m {{ x }}", "\u202eright to left\x1b[31m {{ x }}"),
        ("é as it was".encode(), "é as it was"),
    ],
)
def test_broken_unicode_is_mended_and_all_else_kept(
    reader: RecordReader, written: bytes, stored: str
) -> None:
    message = reader.from_json(line(text="TEXT").replace(b"TEXT", written))
    assert message.text == stored
    assert msgspec.json.decode(msgspec.json.encode(message), type=Message) == message


def test_names_and_ids_are_mended_too(reader: RecordReader) -> None:
    raw = line(id="ID", author={"handle": "cust1", "name": "NAME"})
    message = reader.from_json(raw.replace(b"ID", rb"a\ud83d").replace(b"NAME", rb"A\udc00\u0000B"))
    assert (message.id, message.author.name) == ("a�", "A��B")


def test_a_byte_order_mark_is_passed_over(reader: RecordReader) -> None:
    assert reader.from_json(b"\xef\xbb\xbf" + line()).id == "a"


# handles


@pytest.mark.parametrize("written", ["cust1", "@cust1", " @cust1 ", "@@cust1"])
def test_handles_are_stored_without_the_at(reader: RecordReader, written: str) -> None:
    assert reader.from_json(line(author={"handle": written})).author.handle == "cust1"


@pytest.mark.parametrize("handle", ["NorthlineAir", "@northlineair", "NORTHLINEAIR"])
@pytest.mark.parametrize("direction", ["inbound", "outbound", None])
def test_our_own_handle_is_outbound_whatever_the_row_says(
    reader: RecordReader, handle: str, direction: str | None
) -> None:
    message = reader.from_json(line(author={"handle": handle}, direction=direction))
    assert message.direction == "outbound"


def test_a_colleagues_post_may_be_marked_outbound(reader: RecordReader) -> None:
    assert reader.from_json(line(direction="outbound")).direction == "outbound"
    assert reader.from_json(line(direction=None)).direction == "inbound"


def test_where_a_row_is_from() -> None:
    imported = make_reader(source="import")
    assert imported.from_json(line()).source == "import"
    assert imported.from_json(line(source="search")).source == "search"


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_what_is_empty_is_not_there(reader: RecordReader, empty: str | None) -> None:
    message = reader.from_json(
        line(in_reply_to=empty, conversation_id=empty, author={"handle": "c", "id": empty})
    )
    assert (message.in_reply_to, message.conversation_id, message.author.id) == (None, None, None)


# times


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T10:00:00Z",
        "2026-11-20T11:00:00.999+01:00",
        "2026-11-20 05:00:00 -0500",
        "Fri Nov 20 10:00:00 +0000 2026",
        1795168800,
        1795168800000,
        "1795168800",
        1795168800.5,
    ],
)
def test_forms_of_a_time(reader: RecordReader, written: str | float) -> None:
    assert reader.from_json(line(created_at=written)).created_at == TEN


def test_a_naive_time_needs_a_zone(reader: RecordReader) -> None:
    naive = line(created_at="2026-11-20 11:00:00")
    with pytest.raises(ValueError, match="no time zone"):
        reader.from_json(naive)
    assert make_reader(zone=ZoneInfo("Europe/Berlin")).from_json(naive).created_at == TEN


# rows that are none


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line(id=MISSING), "id is missing"),
        (line(text=MISSING), "text is missing"),
        (line(created_at=MISSING), "created_at is missing"),
        (line(author=MISSING), "author is missing"),
        (line(author={}), "author.handle is missing"),
        (line(id=" "), "id is empty"),
        (line(id=None), "id is null, not int | str"),
        (line(id=True), "id is bool, not int | str"),
        (line(id=1.5), "id is float, not int | str"),
        (line(id="a\nb"), "id holds control characters"),
        (line(id="a" * 257), "id is longer than 256 characters"),
        (line(text=None), "text is null, not str"),
        (line(text=["hello"]), "text is array, not str"),
        (line(author="cust1"), "author is str, not object"),
        (line(author={"handle": "@"}), "author.handle is empty"),
        (line(author={"handle": 7}), "author.handle is int, not str"),
        (line(network="a\nb"), "network holds control characters"),
        (line(visibility="secret"), "visibility: Invalid enum value 'secret'"),
        (line(created_at="yesterday"), '"yesterday" is not a time'),
        (line(created_at="2026-02-30T10:00:00Z"), "is not a time"),
        (line(created_at=-5), "outside the years 1970 to 9999"),
        (line(created_at="T").replace(b'"T"', b"NaN"), "is not a time"),
        (line(created_at="T").replace(b'"T"', b"1e999"), "out of range"),
        (line()[:-10], "not JSON"),
        (line(text="X").replace(b"X", b"caf\xe9"), "not UTF-8"),
        (b"", "not JSON"),
        (b"null", "the row is null, not object"),
        (b"[1]", "the row is array, not object"),
        (b'"a"', "the row is str, not object"),
        (b"\x00\x01\x02", "not JSON"),
        (b"[" * 100_000, "the row is array, not object"),
        (line(x="X").replace(b'"X"', b"[" * 100_000 + b"]" * 100_000), "nested too deeply"),
        (line(x="X").replace(b'"X"', b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "nested too deeply"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_row(reader: RecordReader, bad: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        reader.from_json(bad)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_megabyte_of_text_is_taken(reader: RecordReader) -> None:
    text = "🧳 gone! " * 120_000
    assert reader.from_json(line(text=text)).text == text


@given(st.binary(max_size=200))
def test_bytes_are_a_message_or_a_reason(raw: bytes) -> None:
    require_message_or_reason(raw)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ("id", "text", "created_at", "author", "direction", "network", "in_reply_to", "url", "other")


@given(st.dictionaries(st.sampled_from(FIELDS), anything), st.text(st.characters()))
def test_values_of_any_kind_are_a_message_or_a_reason(values: dict[str, Any], handle: str) -> None:
    require_message_or_reason(json.dumps({**row(author={"handle": handle}), **values}).encode())


READER = make_reader()


def require_message_or_reason(raw: bytes) -> None:
    try:
        message = READER.from_json(raw)
    except ValueError:
        return
    assert msgspec.json.decode(msgspec.json.encode(message), type=Message) == message
    assert message.author.handle
    assert not message.author.handle.startswith("@")
    assert "\0" not in message.text
