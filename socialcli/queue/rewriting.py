"""Rewriting the journal as a whole: what ``forget``, ``archive`` and ``doctor --repair`` have in common.

The new journal stands in the place of the old one at once and for good, or not at all. Words that a tombstone
erased and a merge brought back are blanked on the way. The index is deleted: the next command builds it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

import msgspec

from socialcli import durable
from socialcli.queue import index
from socialcli.queue.journal import event_id
from socialcli.queue.reads import Reads

Change = Callable[[int, bytes], bytes | None]
ErasedLines = Mapping[str, str | None]  # ids of lines, and what their customer is called since
_BLOCK = 1 << 20


@contextmanager
def locked(queue: Reads) -> Iterator[None]:
    """Nobody else writes meanwhile. Raises LockHeldError, StorageError."""
    with durable.lock(queue.momentary / "queue.lock", "the queue"):
        yield


def rewrite(queue: Reads, change: Change, ending: Callable[[int], bytes] | None = None) -> Path | None:
    """Write every line anew; the caller holds the lock.

    ``change`` gets the offset of each whole line and the line without its line feed; it returns what stands in
    its place, without a line feed, or None for nothing (only ``archive`` takes lines out). ``ending`` gets the
    offset behind the last line and returns whole lines to stand there. Returns where a torn tail was set aside,
    if there was one. Raises StorageError; the journal is then as it was.
    """
    path = queue.journal.path.resolve()
    _, torn = durable.append(path, b"", point="rewrite-tail")
    erased = erased_lines(queue)
    mode = S_IMODE(path.stat().st_mode)
    durable.replace(path, _blocks(queue, change, erased, ending), mode=mode, point="rewrite")
    forget_index(queue)
    return torn


def erased_lines(queue: Reads) -> ErasedLines:
    """The lines that tombstones name, those in archives too."""
    queue.refresh()
    return dict(queue.index.db.execute("SELECT id, customer FROM erased").fetchall())


def forget_index(queue: Reads) -> None:
    """Delete the index: offsets, and words that stood in the old journal."""
    queue.index.close()
    path = queue.momentary / "index.sqlite"
    durable.step("rewrite-index:before")
    try:
        index.delete(path)
    except OSError as error:
        raise durable.storage_error(error, path) from error


def without_erased(raw: bytes, erased: ErasedLines) -> bytes:
    """The line, without its words if a tombstone names it; as long as before. Nothing of a damaged one stays."""
    name = event_id(raw) if erased else None
    if name is None or name not in erased:
        return raw
    from socialcli.queue.erasing import blank

    try:
        return blank(raw, erased[name])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return b" " * len(raw)


def _blocks(
    queue: Reads, change: Change, erased: ErasedLines, ending: Callable[[int], bytes] | None
) -> Iterator[bytes]:
    out, written = bytearray(), 0
    for offset, raw in queue.journal.lines():
        line = change(offset, raw)
        if line is None:
            continue
        out += without_erased(line, erased) + b"\n"
        if len(out) >= _BLOCK:
            yield bytes(out)
            written += len(out)
            out.clear()
    if ending is not None:
        out += ending(written + len(out))
    yield bytes(out)
