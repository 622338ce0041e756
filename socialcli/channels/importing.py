"""Messages from files: JSON Lines, CSV with a column map, saved pages of the X API v2.

Read as a stream; memory does not grow with the file (but one saved page is held whole).
"""

from __future__ import annotations

import csv
import difflib
import html
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from socialcli.channels.base import Rejected
from socialcli.channels.records import RecordReader
from socialcli.errors import InvalidError, UsageError
from socialcli.model.message import Message

FIELDS = (
    "id",
    "text",
    "created_at",
    "author.handle",
    "author.id",
    "author.name",
    "network",
    "visibility",
    "direction",
    "source",
    "in_reply_to",
    "conversation_id",
    "url",
    "lang",
)
REQUIRED = ("id", "text", "created_at", "author.handle")
_SNIFF = 8192
_CONVERT = "convert it to UTF-8 first, for example: iconv -f LATIN1 -t UTF-8 FILE"
_DIRECTIONS = {"true": "inbound", "1": "inbound", "false": "outbound", "0": "outbound"}


def parse_map(text: str) -> dict[str, str]:
    """``field=column,field=column`` -> {field: column}. Raises UsageError."""
    mapping: dict[str, str] = {}
    for part in text.split(","):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not (field and sign and column):
            raise UsageError(f'--map: "{part}" is not field=column')
        if field not in FIELDS:
            close = difflib.get_close_matches(field, FIELDS, 1)
            hint = f"did you mean {close[0]}?" if close else f"fields: {', '.join(FIELDS)}"
            raise UsageError(f'--map: no field "{field}"', hint=hint)
        mapping[field] = column
    return mapping


def guess_format(name: str) -> str:
    """By the ending of the file's name."""
    return {".csv": "csv", ".json": "x"}.get(Path(name).suffix.lower(), "jsonl")


def read_file(
    stream: BinaryIO, name: str, form: str, mapping: dict[str, str], reader: RecordReader
) -> Iterator[Message | Rejected]:
    """Every row of ``stream`` as a message, or why it is none. Raises UsageError for a file that is not of
    the format at all.
    """
    buffered = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
    head = buffered.peek(_SNIFF)[:_SNIFF] if isinstance(buffered, io.BufferedReader) else b""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{name} is UTF-16, not UTF-8", hint=_CONVERT.replace("LATIN1", "UTF-16"))
    if b"\0" in head:
        raise UsageError(f"{name} is a binary file, not {form}", hint="name the file that holds the messages")
    if form == "csv":
        return _csv_rows(buffered, name, mapping, reader)
    if mapping:
        raise UsageError(f"--map is for CSV, and {name} is read as {form}", hint="add --format csv")
    return _jsonl_rows(buffered, reader) if form == "jsonl" else _x_rows(buffered, name, reader)


def _jsonl_rows(stream: Iterable[bytes], reader: RecordReader) -> Iterator[Message | Rejected]:
    for number, line in enumerate(stream, 1):
        row = line.strip()
        if not row:
            continue
        try:
            yield reader.from_json(row)
        except ValueError as error:
            unfinished = "" if line.endswith(b"\n") else " (the file ends in the middle of this line?)"
            yield Rejected(f"line {number}", f"{error}{unfinished if 'JSON' in str(error) else ''}")


# CSV


def _csv_rows(
    stream: BinaryIO, name: str, mapping: dict[str, str], reader: RecordReader
) -> Iterator[Message | Rejected]:
    csv.field_size_limit(sys.maxsize)
    # Bytes that are not UTF-8 come through as surrogates, so that one bad row stays one bad row.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    rows = csv.reader(text, strict=True)
    try:
        header = [column.strip() for column in next(rows, [])]
    except csv.Error as error:
        raise UsageError(f"{name}: line 1: {error}") from error
    columns = _columns(header, name, mapping) if header else {}
    return _mapped_rows(rows, columns, reader)


def _columns(header: list[str], name: str, mapping: dict[str, str]) -> dict[str, int]:
    wanted = {field: field for field in FIELDS if field in header} | mapping
    for field, column in wanted.items():
        if column not in header:
            close = difflib.get_close_matches(column, header, 1)
            hint = f"did you mean {close[0]}?" if close else f"columns: {', '.join(header)}"
            raise UsageError(f'{name} has no column "{column}" (for {field})', hint=hint)
    missing = [field for field in REQUIRED if field not in wanted]
    if missing:
        example = ",".join(f"{field}=COLUMN" for field in missing)
        raise UsageError(
            f"{name}: no column for {', '.join(missing)}",
            hint=f"--map {example}; columns: {', '.join(header)}",
        )
    return {field: header.index(column) for field, column in wanted.items()}


def _mapped_rows(rows: Any, columns: dict[str, int], reader: RecordReader) -> Iterator[Message | Rejected]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(f"line {rows.line_num}", f"{error}; the file is not read further")
            return
        if not row:
            continue
        place = f"line {rows.line_num}"
        try:
            yield reader.from_fields(_fields(row, columns))
        except ValueError as error:
            yield Rejected(place, str(error))


def _fields(row: list[str], columns: dict[str, int]) -> dict[str, Any]:
    if any("\udc80" <= character <= "\udcff" for value in row if not value.isascii() for character in value):
        raise ValueError(f"not UTF-8; {_CONVERT}")
    values = {field: row[place] for field, place in columns.items() if place < len(row)}
    author = {
        field.removeprefix("author."): values.pop(field)
        for field in ("author.id", "author.handle", "author.name")
        if values.get(field)
    }
    direction = values.get("direction", "").strip().lower()
    if direction in _DIRECTIONS:
        values["direction"] = _DIRECTIONS[direction]
    kept = {field: value for field, value in values.items() if value != "" or field in REQUIRED}
    kept.pop("author.handle", None)
    return {**kept, "author": author}


# Saved pages of the X API v2. The names changed in August 2026; both are read.


def _x_rows(stream: BinaryIO, name: str, reader: RecordReader) -> Iterator[Message | Rejected]:
    found = 0
    for place, page in _pages(stream.read(), name):
        found += 1
        if not isinstance(page, dict) or not ("data" in page or "meta" in page):
            yield Rejected(place, "not a page of the X API (no data)")
            continue
        users = {user.get("id"): user for user in page.get("includes", {}).get("users", ())}
        data = page.get("data", [])
        for number, post in enumerate(data if isinstance(data, list) else [data], 1):
            try:
                yield reader.from_fields(_x_fields(post, users))
            except (ValueError, AttributeError, TypeError) as error:
                yield Rejected(f"{place}, post {number}", str(error))
    if not found:
        raise InvalidError(f"{name}: no page of the X API v2 in it")


def _pages(content: bytes, name: str) -> Iterator[tuple[str, Any]]:
    """One page, a list of pages, or a page a line."""
    try:
        whole = msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError) as error:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004
            raise InvalidError(f"{name}: not JSON: {error}") from error
        for number, line in enumerate(lines, 1):
            try:
                yield f"line {number}", msgspec.json.decode(line)
            except (msgspec.DecodeError, ValueError) as broken:
                yield f"line {number}", str(broken)
        return
    for number, page in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield f"page {number}", page


def _x_fields(post: dict[str, Any], users: dict[str, dict[str, Any]]) -> dict[str, Any]:
    long = post.get("note_tweet") or post.get("note_post") or {}
    references = post.get("referenced_tweets") or post.get("referenced_posts") or ()
    parents = [one["id"] for one in references if one.get("type") == "replied_to"]
    user = users.get(str(post.get("author_id")), {})
    handle = user.get("username", "")
    # An edit is a new id of the same message: the first of the chain names it.
    first = (post.get("edit_history_tweet_ids") or post.get("edit_history_post_ids") or [post["id"]])[0]
    return {
        "id": first,
        "text": html.unescape(long.get("text") or post["text"]),
        "created_at": post["created_at"],
        "author": {"id": post.get("author_id"), "handle": handle, "name": user.get("name")},
        "network": "x",
        "in_reply_to": parents[0] if parents else None,
        "conversation_id": post.get("conversation_id"),
        "url": f"https://x.com/{handle}/status/{first}" if handle else None,
        "lang": post.get("lang"),
    }
