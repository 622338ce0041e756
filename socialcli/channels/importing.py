"""Messages from files: JSON Lines, CSV with a column map, saved pages of the X API v2.

Read as a stream; memory does not grow with the file (but one saved page is held whole).
"""

from __future__ import annotations

import csv
import difflib
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from socialcli.channels.base import Rejected
from socialcli.channels.records import Explaining, RecordReader
from socialcli.channels.x_pages import read_pages
from socialcli.errors import UsageError
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
_IDS = frozenset(("id", "in_reply_to", "conversation_id"))
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
) -> Iterator[Message | Explaining | Rejected]:
    """Every row of ``stream`` as a message, or why it is none; with what explains them, where the file holds
    it. Raises UsageError for a file that is not of the format at all.
    """
    buffered = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
    head = buffered.peek(_SNIFF)[:_SNIFF] if isinstance(buffered, io.BufferedReader) else b""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{name} is UTF-16, not UTF-8", hint=_CONVERT.replace("LATIN1", "UTF-16"))
    if b"\0" in head:
        raise UsageError(f"{name} is a binary file, not {form}", hint="name the file that holds the messages")
    if form == "csv":
        return _csv_rows(buffered, name, _delimiter(head), mapping, reader)
    if mapping:
        raise UsageError(f"--map is for CSV, and {name} is read as {form}", hint="add --format csv")
    return _jsonl_rows(buffered, reader) if form == "jsonl" else read_pages(buffered, name, reader)


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


def _delimiter(head: bytes) -> str:
    """What separates the columns of the first line: a comma, a semicolon, or a tab."""
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(",;\t", key=first.count)


def _csv_rows(
    stream: BinaryIO, name: str, delimiter: str, mapping: dict[str, str], reader: RecordReader
) -> Iterator[Message | Rejected]:
    csv.field_size_limit(sys.maxsize)
    # Bytes that are not UTF-8 come through as surrogates, so that one bad row stays one bad row.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    rows = csv.reader(text, strict=True, delimiter=delimiter)
    try:
        header = [column.strip() for column in next(rows, [])]
        yield from _mapped_rows(rows, _columns(header, name, mapping) if header else {}, reader)
    except csv.Error as error:
        raise UsageError(f"{name}: line 1: {error}") from error
    finally:
        text.detach()  # the stream is its owner's to close


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
    for field in _IDS & values.keys():
        if values[field].endswith(".0") and values[field][:-2].isdigit():  # data frames write 20 as 20.0
            values[field] = values[field][:-2]
    kept = {field: value for field, value in values.items() if value != "" or field in REQUIRED}
    kept.pop("author.handle", None)
    return {**kept, "author": author}
