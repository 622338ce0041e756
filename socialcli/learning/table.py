"""Labelled messages from a CSV file. A row is one customer's message, unless a column names its author."""

from __future__ import annotations

import csv
import difflib
import io
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from errno import ENOENT
from pathlib import Path

from msgspec import Struct

from socialcli.errors import InvalidError, UsageError
from socialcli.learning.examples import Example, LabelIs, Material, label_is, targets_of, value_of
from socialcli.model.message import Author, Message
from socialcli.text.clean import clean
from socialcli.workspace import read_bytes, unreadable

_FIELDS = ("text", "label", "author")
_REQUIRED = ("text", "label")
_TOLD = 10  # mistakes that are listed
_MOST = 512 << 20  # bytes of a file
_CONVERT = "convert it to UTF-8 first, for example: iconv -f LATIN1 -t UTF-8 FILE"


class Row(Struct, frozen=True):
    line: int
    text: str
    label: str
    author: str


def parse_map(text: str) -> dict[str, str]:
    """``text=COLUMN,label=COLUMN`` -> {field: column}. Raises UsageError."""
    mapping: dict[str, str] = {}
    for part in text.split(","):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not (field and sign and column):
            raise UsageError(f'--map: "{part}" is not field=column', hint="--map text=COLUMN,label=COLUMN")
        if field not in _FIELDS:
            raise UsageError(f'--map: no field "{field}"', hint=f"fields: {', '.join(_FIELDS)}")
        mapping[field] = column
    return mapping


def materials(source: str, mapping: dict[str, str], said: LabelIs | None, now: datetime) -> list[Material]:
    """What the file teaches, target by target. Raises UsageError for a missing file or column and for labels that
    are none, InvalidError for what is no CSV in UTF-8.
    """
    name = "standard input" if source == "-" else source
    left_out: Counter[str] = Counter()
    columns: dict[str, str] = {}
    rows = []
    for row in _rows(_read(source), name, mapping, columns):
        empty = "no-text" if not row.text.strip() else "no-label" if not row.label.strip() else None
        if empty is None:
            rows.append(row)
        else:
            left_out[empty] += 1
    labels = label_is((row.label for row in rows), columns["label"], said)
    _require_known(rows, labels, name)
    return [
        Material(
            target,
            [Example(_message(row, now), value_of(row.label, labels, target)) for row in rows],
            left_out,
        )
        for target in targets_of(labels)
    ]


def _message(row: Row, now: datetime) -> Message:
    author = Author(None, row.author)
    return Message(str(row.line), "file", "", author, clean(row.text), now, source="import")


def _require_known(rows: list[Row], labels: LabelIs, name: str) -> None:
    """Raises UsageError with the rows whose label is none."""
    wrong = []
    for row in rows:
        try:
            value_of(row.label, labels, targets_of(labels)[0])
        except ValueError as error:
            wrong.append(f"  line {row.line}: {error}")
    if wrong:
        more = [f"  and {len(wrong) - _TOLD:,} more"] if len(wrong) > _TOLD else []
        message = "\n".join((f"{name}: labels that are none:", *wrong[:_TOLD], *more))
        raise UsageError(message, hint="mend these rows, or say what the labels are: --label-is")


def _read(source: str) -> bytes:
    if source == "-":
        content = sys.stdin.buffer.read(_MOST + 1)
        if len(content) > _MOST:
            raise UsageError(f"standard input: is larger than {_MOST >> 20} MB", hint="is it the right file?")
        return content
    found = read_bytes(Path(source), _MOST)
    if found is None:
        raise unreadable(source, FileNotFoundError(ENOENT, os.strerror(ENOENT)))
    return found


def _rows(content: bytes, name: str, mapping: dict[str, str], columns: dict[str, str]) -> Iterator[Row]:
    """The rows of a CSV; fills ``columns`` with what each field is read from."""
    csv.field_size_limit(sys.maxsize)
    table = csv.reader(
        io.StringIO(_decoded(content, name), newline=""), strict=True, delimiter=_delimiter(content)
    )
    try:
        header = [column.strip() for column in next(table, [])]
        places = _places(header, name, mapping, columns)
        for row in table:
            if row:
                cells = {field: row[at] if at < len(row) else "" for field, at in places.items()}
                yield Row(table.line_num, cells["text"], cells["label"], cells.get("author", ""))
    except csv.Error as error:
        mistake = f"line {max(table.line_num, 1)}: {error}"
        raise InvalidError(
            f"{name} is no CSV", (mistake,), hint="quotes must be closed, and doubled inside"
        ) from error


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidError(f"{name} is UTF-16, not UTF-8", hint=_CONVERT.replace("LATIN1", "UTF-16"))
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise InvalidError(
            f"{name} is no CSV", (f"line {line}: a NUL byte",), hint="name the file that holds the labels"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = enumerate(content.split(b"\n"), 1)
        wrong = [f"line {number}: not UTF-8" for number, line in lines if not _is_utf8(line)]
        raise InvalidError(f"{name} is not UTF-8", tuple(wrong[:_TOLD]), hint=_CONVERT) from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(content: bytes) -> str:
    first = content.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(",;\t", key=first.count)


def _places(header: list[str], name: str, mapping: dict[str, str], columns: dict[str, str]) -> dict[str, int]:
    """Where each field stands. Raises UsageError for a column that is not there."""
    columns |= {field: field for field in _FIELDS if field in header} | mapping
    for field, column in columns.items():
        if column not in header:
            close = difflib.get_close_matches(column, header, 1)
            hint = f"did you mean {close[0]}?" if close else f"columns: {', '.join(header)}"
            raise UsageError(f'{name} has no column "{column}" (for {field})', hint=hint)
    missing = [field for field in _REQUIRED if field not in columns]
    if missing:
        example = ",".join(f"{field}=COLUMN" for field in missing)
        raise UsageError(
            f"{name}: no column for {' and '.join(missing)}",
            hint=f"--map {example}; columns: {', '.join(header)}",
        )
    return {field: header.index(column) for field, column in columns.items()}
