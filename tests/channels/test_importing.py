"""Files from elsewhere: JSON Lines, CSV with a map, saved pages of the X API."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialcli.app import App
from socialcli.channels.base import Rejected
from socialcli.channels.importing import guess_format, parse_map, read_file
from socialcli.channels.records import Explaining, RecordReader
from socialcli.errors import InvalidError, UsageError
from socialcli.model.message import Message

TEN = "2026-11-20T10:00:00Z"
MAP = {"id": "tweet_id", "text": "body", "created_at": "date", "author.handle": "user"}
HEADER = "id,text,created_at,author.handle\n"


class Import:
    """Reads content as a file of the given form."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "mentions"
        policy = App.read_policy(None)
        self._reader = RecordReader(policy.accounts[0], policy.our_handles, source="import")

    def rows(
        self, content: bytes | str, form: str, mapping: dict[str, str] | None = None
    ) -> list[Message | Rejected]:
        self._path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with self._path.open("rb") as stream:
            found = list(read_file(stream, "mentions", form, mapping or {}, self._reader))
        return [row for row in found if not isinstance(row, Explaining)]

    def messages(
        self, content: bytes | str, form: str, mapping: dict[str, str] | None = None
    ) -> list[Message]:
        """All rows, each of them a message."""
        rows = self.rows(content, form, mapping)
        return [row for row in rows if isinstance(row, Message) or pytest.fail(str(row))]

    def outline(self, content: bytes | str, form: str, mapping: dict[str, str] | None = None) -> list[str]:
        """Ids of messages, and the places of what is none."""
        rows = self.rows(content, form, mapping)
        return [row.id if isinstance(row, Message) else row.place for row in rows]


@pytest.fixture
def read(tmp_path: Path) -> Import:
    return Import(tmp_path)


def row(message_id: str) -> str:
    facts = {"id": message_id, "text": "Where is my bag?", "created_at": TEN, "author": {"handle": "cust1"}}
    return json.dumps(facts)


# any file


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "csv"), ("A.CSV", "csv"), ("a.json", "x"), ("a.jsonl", "jsonl"), ("a", "jsonl")],
)
def test_the_form_is_guessed_by_the_name(name: str, form: str) -> None:
    assert guess_format(name) == form


@pytest.mark.parametrize("form", ["jsonl", "csv", "x"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told(read: Import, form: str, encoding: str) -> None:
    with pytest.raises(UsageError) as caught:
        read.rows(f"{HEADER}{row('a')}\n".encode(encoding), form)
    assert caught.value.message.startswith("mentions is ")


@pytest.mark.parametrize("form", ["jsonl", "csv", "x"])
def test_a_binary_file_is_told(read: Import, form: str) -> None:
    with pytest.raises(UsageError, match="binary"):
        read.rows(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 100, form)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_empty_file_has_no_rows(read: Import, form: str) -> None:
    assert read.rows(b"", form) == []


@pytest.mark.parametrize("form", ["jsonl", "x"])
def test_a_map_is_for_csv(read: Import, form: str) -> None:
    with pytest.raises(UsageError, match="--map is for CSV"):
        read.rows(row("a"), form, MAP)


# JSON Lines


def test_json_lines_one_by_one(read: Import) -> None:
    content = f"\ufeff{row('a')}\r\n\n   \nno JSON\n{row('b')}\n[]\n{row('c')}"
    assert read.outline(content, "jsonl") == ["a", "line 4", "b", "line 6", "c"]


def test_a_half_written_last_line_is_told(read: Import) -> None:
    *whole, last = read.rows(f"{row('a')}\n{row('b')[:30]}", "jsonl")
    assert len(whole) == 1
    assert isinstance(last, Rejected)
    assert last.place == "line 2"
    assert "ends in the middle" in last.reason


def test_a_bad_line_in_the_middle_is_not_taken_for_a_half_written_one(read: Import) -> None:
    rejected = read.rows(f"{row('b')[:30]}\n{row('a')}\n", "jsonl")[0]
    assert isinstance(rejected, Rejected)
    assert "ends in the middle" not in rejected.reason


# the map


def test_a_map(read: Import) -> None:
    assert parse_map("id=tweet_id, text=body,author.handle = user") == {
        "id": "tweet_id",
        "text": "body",
        "author.handle": "user",
    }
    content = f"tweet_id,user,body,date,likes\n20,@cust1,Hello?,{TEN},3\n"
    (message,) = read.messages(content, "csv", MAP)
    assert (message.id, message.author.handle, message.text) == ("20", "cust1", "Hello?")
    assert (message.created_at, message.source) == (datetime(2026, 11, 20, 10, tzinfo=UTC), "import")


@pytest.mark.parametrize("bad", ["id", "id=", "=a", "id=a,,text=b", ""])
def test_a_map_that_is_none(bad: str) -> None:
    with pytest.raises(UsageError, match="is not field=column"):
        parse_map(bad)


def test_a_misspelt_field_or_column_is_guessed(read: Import) -> None:
    with pytest.raises(UsageError, match='no field "txt"') as field:
        parse_map("txt=body")
    assert field.value.hint == "did you mean text?"
    with pytest.raises(UsageError, match='no column "bdoy"') as column:
        read.rows("tweet_id,user,body,date\n", "csv", {**MAP, "text": "bdoy"})
    assert column.value.hint == "did you mean body?"


def test_columns_that_are_needed_are_named(read: Import) -> None:
    with pytest.raises(UsageError, match=r"no column for created_at, author\.handle") as caught:
        read.rows("id,text,who,when\n1,a,b,c\n", "csv")
    assert "columns: id, text, who, when" in caught.value.hint


# CSV


def written(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text", "created_at", "author.handle"], *rows])
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "a, b",
        'she said "no"',
        "two\nlines",
        "three\r\nlines",
        "¿Dónde? 🧳",
        " spaces ",
        "x" * 300_000,
    ],
)
def test_a_csv_says_what_was_written(read: Import, text: str) -> None:
    (message,) = read.messages(written(["a", text, TEN, "cust1"]), "csv")
    assert message.text == text


def test_a_byte_order_mark_and_spaces_in_the_header(read: Import) -> None:
    assert read.outline(f"\ufeffid , text,created_at, author.handle\na,Hi,{TEN},c\n", "csv") == ["a"]


def test_rows_too_short_too_long_and_empty(read: Import) -> None:
    content = f"{HEADER}a,Hi,{TEN},c\n\nb,Hi\nc,Hi,{TEN},c,more,and more\n"
    assert read.outline(content, "csv") == ["a", "line 4", "c"]


def test_a_line_number_counts_lines_not_rows(read: Import) -> None:
    content = f'{HEADER}a,"one\ntwo\nthree",{TEN},c\nb,Hi,never,c\n'
    assert read.outline(content, "csv") == ["a", "line 5"]


def test_a_broken_quote_ends_the_reading_and_says_so(read: Import) -> None:
    """Behind a broken quote nobody knows where a row begins."""
    rows = read.rows(f'{HEADER}a,Hi,{TEN},c\nb,"Hi"there,{TEN},c\nc,Hi,{TEN},c\n', "csv")
    assert [type(one) for one in rows] == [Message, Rejected]
    assert isinstance(rows[1], Rejected)
    assert rows[1].place == "line 3"
    assert "not read further" in rows[1].reason


def test_a_csv_that_ends_in_a_quote(read: Import) -> None:
    assert read.outline(f'{HEADER}a,Hi,{TEN},c\nb,"half a', "csv") == ["a", "line 3"]


def test_a_row_in_latin_1_is_one_bad_row(read: Import) -> None:
    rows = read.rows(f"{HEADER}a,café,{TEN},c\nb,tea,{TEN},c\n".encode("latin-1"), "csv")
    assert [type(one) for one in rows] == [Rejected, Message]
    assert isinstance(rows[0], Rejected)
    assert "not UTF-8" in rows[0].reason
    assert "iconv" in rows[0].reason


def test_bytes_of_another_encoding_in_a_column_that_nobody_reads_still_tell(read: Import) -> None:
    content = b"id,text,created_at,author.handle,place\na,Hi,2026-11-20T10:00:00Z,c,M\xfcnchen\n"
    assert read.outline(content, "csv") == ["line 2"]


@pytest.mark.parametrize(
    ("inbound", "direction"),
    [
        ("True", "inbound"),
        ("1", "inbound"),
        ("false", "outbound"),
        ("0", "outbound"),
        ("outbound", "outbound"),
    ],
)
def test_a_column_that_says_inbound(read: Import, inbound: str, direction: str) -> None:
    content = f"id,text,created_at,author.handle,inbound\na,Hi,{TEN},c,{inbound}\n"
    (message,) = read.messages(content, "csv", {"direction": "inbound"})
    assert message.direction == direction


def test_ids_as_data_frames_write_them(read: Import) -> None:
    content = f"id,text,created_at,author.handle,in_reply_to\n20.0,Hi,{TEN},c,19.0\nv1.0,Hi,{TEN},c,\n"
    first, second = read.messages(content, "csv")
    assert (first.id, first.in_reply_to) == ("20", "19")
    assert (second.id, second.in_reply_to) == ("v1.0", None)


# pages of the X API


def post(post_id: str, **changes: Any) -> dict[str, Any]:
    return {"id": post_id, "text": "Where is my bag?", "created_at": TEN, "author_id": "7", **changes}


def page(*posts: Any, **changes: Any) -> dict[str, Any]:
    users = [{"id": "7", "username": "cust1", "name": "Marta Ruiz"}, {"id": "8", "username": "NorthlineAir"}]
    return {
        "data": list(posts),
        "includes": {"users": users},
        "meta": {"result_count": len(posts)},
        **changes,
    }


def test_a_page(read: Import) -> None:
    content = json.dumps(page(post("20", conversation_id="19", lang="es")))
    (message,) = read.messages(content, "x")
    assert (message.id, message.network, message.account, message.source) == ("20", "x", "support", "import")
    assert (message.author.id, message.author.handle, message.author.name) == ("7", "cust1", "Marta Ruiz")
    assert (message.conversation_id, message.lang, message.in_reply_to) == ("19", "es", None)
    assert message.url == "https://x.com/cust1/status/20"


@pytest.mark.parametrize("indent", [None, 2])
def test_pages_may_come_as_one_a_list_or_lines(read: Import, indent: int | None) -> None:
    pages = [page(post("20"), post("21")), page(), page(post("22"))]
    assert read.outline(json.dumps(pages[0], indent=indent), "x") == ["20", "21"]
    assert read.outline(json.dumps(pages, indent=indent), "x") == ["20", "21", "22"]
    assert read.outline("\n".join(json.dumps(one) for one in pages), "x") == ["20", "21", "22"]


def test_a_page_with_a_single_post(read: Import) -> None:
    assert read.outline(json.dumps(page() | {"data": post("20")}), "x") == ["20"]


@pytest.mark.parametrize("word", ["tweet", "post"])
def test_both_spellings(read: Import, word: str) -> None:
    long = "A long story about a bag. " * 20
    facts = {
        f"note_{word}": {"text": long},
        f"referenced_{word}s": [{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "2"}],
        f"edit_history_{word}_ids": ["20", "21", "22"],
    }
    (message,) = read.messages(json.dumps(page(post("22", **facts))), "x")
    assert (message.text, message.in_reply_to, message.id) == (long, "2", "20")
    assert message.url == "https://x.com/cust1/status/20"


def test_a_quote_answers_nothing(read: Import) -> None:
    quote = post("20", referenced_tweets=[{"type": "quoted", "id": "1"}])
    (message,) = read.messages(json.dumps(page(quote)), "x")
    assert message.in_reply_to is None


def test_html_entities_are_the_characters(read: Import) -> None:
    (message,) = read.messages(json.dumps(page(post("20", text="A &amp; B &lt;3 &amp;gt;"))), "x")
    assert message.text == "A & B <3 &gt;"


def test_our_own_post_on_a_page_is_outbound(read: Import) -> None:
    ours, theirs = read.messages(json.dumps(page(post("20", author_id="8"), post("21"))), "x")
    assert (ours.direction, theirs.direction) == ("outbound", "inbound")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (None, "null"),
        ("text", "str"),
        ({}, "id is missing"),
        (post("20", text=7), "text is int"),
        (post("20", author_id="9"), "author"),
        (post("20", author_id=None), "author"),
        (post("20", created_at="soon"), "not a time"),
        (post("20", referenced_tweets="19"), "referenced_tweets"),
        (post("20", referenced_tweets=[{"type": "replied_to"}]), "id is missing"),
        (post("20", edit_history_tweet_ids=[1]), "edit_history_tweet_ids"),
    ],
)
def test_a_post_that_is_none_spoils_no_other(read: Import, bad: Any, reason: str) -> None:
    first, second = read.rows(json.dumps(page(bad, post("21"))), "x")
    assert isinstance(first, Rejected)
    assert first.place == "page 1, post 1"
    assert reason in first.reason
    assert isinstance(second, Message)


def test_a_null_is_as_good_as_nothing(read: Import) -> None:
    nulls = dict.fromkeys(("note_tweet", "referenced_tweets", "edit_history_tweet_ids", "lang"))
    assert read.outline(json.dumps(page(post("20", **nulls))), "x") == ["20"]


@pytest.mark.parametrize("includes", [None, [], {}, {"users": None}, {"users": [None, {"id": "7"}, 3]}])
def test_a_page_whose_authors_are_missing(read: Import, includes: Any) -> None:
    (rejected,) = read.rows(json.dumps(page(post("20"), includes=includes)), "x")
    assert isinstance(rejected, Rejected)
    assert 'author "7"' in rejected.reason


def test_what_is_no_page_is_told(read: Import) -> None:
    refusal = {"title": "Unauthorized", "status": 401}
    assert read.outline(json.dumps([refusal, page(post("20")), 7]), "x") == ["page 1", "20", "page 3"]
    half = json.dumps(page(post("21")))[:50]
    assert read.outline(f"{json.dumps(page(post('20')))}\n{half}", "x") == ["20", "line 2"]


@pytest.mark.parametrize("content", ["", "[]", "{half", "[" * 100_000, b"\xff"])
def test_a_file_without_any_page(read: Import, content: str | bytes) -> None:
    with pytest.raises(InvalidError, match="mentions"):
        read.rows(content, "x")


def test_broken_unicode_on_a_page_is_mended(read: Import) -> None:
    content = json.dumps(page(post("20", text="lone \ud83d here")))
    assert r"\ud83d" in content
    (message,) = read.messages(content, "x")
    assert message.text == "lone � here"
