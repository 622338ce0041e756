"""Entries out of a CSV file: all rows that are any, and what is wrong with the others."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

from msgspec import Struct

from socialcli.errors import InvalidError, UsageError
from socialcli.knowledge.file import entry
from socialcli.model.knowledge import Entry

FIELDS = ("question", "answer", "link", "topic", "language")
_REQUIRED = ("question", "answer")


class Table(Struct, frozen=True):
    """``entries`` in the order of the rows; ``mistakes`` name the lines of rows that are none."""

    entries: tuple[Entry, ...]
    mistakes: tuple[str, ...]


def parse_map(text: str | None) -> dict[str, str]:
    """``question=COLUMN,answer=COLUMN`` -> {field: column}. Raises UsageError."""
    mapping: dict[str, str] = {}
    for part in text.split(",") if text else ():
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not (field and sign and column):
            raise UsageError(
                f'--map: "{part}" is not field=column', hint="--map question=COLUMN,answer=COLUMN"
            )
        if field not in FIELDS:
            raise UsageError(f'--map: no field "{field}"', hint=f"fields: {', '.join(FIELDS)}")
        mapping[field] = column
    return mapping


def entries_in(content: bytes, name: str, mapping: dict[str, str]) -> Table:
    """Raises UsageError for a column that is not there, InvalidError for what is no CSV in UTF-8."""
    entries, mistakes = [], []
    for line, cells in _rows(content, name, mapping):
        try:
            entries.append(entry(**cells))
        except ValueError as error:
            mistakes.append(f"{name}:{line}: {error}")
    return Table(tuple(entries), tuple(mistakes))


def _rows(content: bytes, name: str, mapping: dict[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's line and its cells by field."""
    csv.field_size_limit(sys.maxsize)
    text = _decoded(content, name)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        places = _places([column.strip() for column in next(table, [])], name, mapping)
        for row in table:
            if any(cell.strip() for cell in row):
                yield (
                    table.line_num,
                    {field: row[at] if at < len(row) else "" for field, at in places.items()},
                )
    except csv.Error as error:
        mistake = f"line {max(table.line_num, 1)}: {error}"
        raise InvalidError(
            f"{name} is no CSV", (mistake,), hint="quotes must be closed, and doubled inside"
        ) from error


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidError(
            f"{name} is not UTF-8", (f"line {line}",), hint="convert it first: iconv -f LATIN1 -t UTF-8 FILE"
        ) from error


def _places(header: list[str], name: str, mapping: dict[str, str]) -> dict[str, int]:
    """Where each field stands. Raises UsageError for a column that is not there."""
    columns = {field: field for field in FIELDS if field in header} | mapping
    for field, column in columns.items():
        if column not in header:
            raise UsageError(
                f'{name} has no column "{column}" (for {field})', hint=f"columns: {', '.join(header)}"
            )
    missing = [field for field in _REQUIRED if field not in columns]
    if missing:
        example = ",".join(f"{field}=COLUMN" for field in missing)
        raise UsageError(
            f"{name}: no column for {' and '.join(missing)}",
            hint=f"--map {example}; columns: {', '.join(header)}",
        )
    return {field: header.index(column) for field, column in columns.items()}
