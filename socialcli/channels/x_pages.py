"""Saved pages of the X API v2, of posts and of direct messages: read as the live ones are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from socialcli.channels.base import Rejected
from socialcli.channels.records import Explaining, RecordReader, from_broken_json, mended
from socialcli.channels.x.direct import DirectPage, is_direct
from socialcli.channels.x.posts import Page
from socialcli.channels.x.raw import rows_of
from socialcli.errors import InvalidError
from socialcli.model.message import Message


def read_pages(
    stream: BinaryIO, name: str, reader: RecordReader
) -> Iterator[Message | Explaining | Rejected]:
    """Every post as a message, what explains it before it, or why it is none; bare reposts are left out.

    Raises InvalidError where nothing is JSON.
    """
    found = 0
    for place, page in _pages(stream.read(), name):
        found += 1
        if isinstance(page, Rejected):
            yield page
        else:
            yield from _rows(place, page, reader)
    if not found:
        raise InvalidError(f"{name}: no page of the X API v2 in it")


def _rows(place: str, page: Any, reader: RecordReader) -> Iterator[Message | Explaining | Rejected]:
    try:
        page = mended(page)
        rows = rows_of(page)
    except ValueError as error:
        yield Rejected(place, str(error))
        return
    if "data" not in page and "meta" not in page:
        yield Rejected(place, "not a page of the X API (no data)")
        return
    posts, directs = Page(page, reader), DirectPage(page, reader)
    for number, row in enumerate(rows, 1):
        try:
            yield from _messages(row, posts, directs)
        except ValueError as error:
            yield Rejected(f"{place}, post {number}", str(error))


def _messages(row: Any, posts: Page, directs: DirectPage) -> Iterator[Message | Explaining]:
    if is_direct(row):
        message = directs.read(row, source=None)
    else:
        post = posts.read(row)
        yield from (Explaining(one) for one in post.context)
        message = post.message
    if message is not None:
        yield message


def _pages(content: bytes, name: str) -> Iterator[tuple[str, Any]]:
    """One page, a list of pages, or a page a line; what is no JSON is a Rejected in its place."""
    try:
        whole = _json(content)
    except ValueError as error:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004
            raise InvalidError(f"{name}: {error}") from error
        for number, line in enumerate(lines, 1):
            place = f"line {number}"
            try:
                yield place, _json(line)
            except ValueError as broken:
                yield place, Rejected(place, str(broken))
        return
    for number, page in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield f"page {number}", page


def _json(content: bytes) -> Any:
    """Raises ValueError with the reason."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return from_broken_json(content, error, object)
