"""Mails from a file, a folder or a pipe, one after the other: a single mail, an mbox, a Maildir."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from socialcli.errors import UsageError
from socialcli.handing.letters import MOST
from socialcli.workspace import unreadable

_BEGIN = b"From "  # of every mail in an mbox
_LINE = 1 << 16


def mails(source: str) -> Iterator[tuple[str, bytes]]:
    """Where each stands, and its bytes; of one that is too large only the beginning, so that it is found to be.

    Raises UsageError for what cannot be read, or is neither a file nor a Maildir.
    """
    if source == "-":
        yield from _of_stream(sys.stdin.buffer, "standard input")
        return
    path = Path(source)
    try:
        if path.is_dir():
            yield from _maildir(path)
            return
        with path.open("rb") as stream:
            yield from _of_stream(stream, source)
    except OSError as error:
        raise unreadable(source, error) from error


def _maildir(path: Path) -> Iterator[tuple[str, bytes]]:
    folders = [path / name for name in ("new", "cur") if (path / name).is_dir()]
    if not folders:
        raise UsageError(
            f"{path} is no Maildir: it has neither new nor cur", hint="name a file, or a Maildir"
        )
    found = (
        one
        for folder in folders
        for one in folder.iterdir()
        if one.is_file() and not one.name.startswith(".")
    )
    for one in sorted(found, key=lambda one: one.name):
        try:
            raw = _content(one)
        except FileNotFoundError:  # read and moved by a mail program meanwhile: the next fetch finds it
            continue
        yield f"{one.parent.name}/{one.name}", raw


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST + 1)


def _of_stream(stream: BinaryIO, place: str) -> Iterator[tuple[str, bytes]]:
    first = stream.readline(_LINE)
    if not first:
        return
    if not first.startswith(_BEGIN):
        yield place, first + stream.read(MOST + 1 - len(first))
        return
    for number, raw in enumerate(_mbox(stream), 1):
        yield f"{place}: mail {number}", raw


def _mbox(stream: BinaryIO) -> Iterator[bytes]:
    """Its mails; a line that begins one stands behind an empty one. The first such line was read already."""
    lines: list[bytes] = []
    size, blank = 0, True
    while line := stream.readline(_LINE):
        if blank and line.startswith(_BEGIN):
            yield b"".join(lines)
            lines, size = [], 0
            continue
        blank = line in (b"\n", b"\r\n")
        if size <= MOST:
            lines.append(_unquoted(line))
            size += len(line)
    yield b"".join(lines)


def _unquoted(line: bytes) -> bytes:
    """Writers of mboxes put a ">" before lines that would look like a beginning."""
    return line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(_BEGIN) else line
