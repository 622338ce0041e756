"""``doctor --repair``: what is bad is set aside, never thrown away; what is only odd is made plain.

Lines keep their length, so that places and ids agree as before: a line that is set aside leaves a line of spaces.
Its bytes stand in ``queue.jsonl.bad-<time>``, and in ``queue.jsonl.bad-<time>.lines`` which line of the journal
each of them was, where it began, and what was wrong; both are on disk before the journal is rewritten. Erased words
are not set aside: they are gone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from socialcli import durable
from socialcli.queue import archives
from socialcli.queue.findings import Finding
from socialcli.queue.judging import plain
from socialcli.queue.reads import Reads
from socialcli.queue.rewriting import ErasedLines, erased_lines, locked, rewrite, without_erased
from socialcli.queue.verifying import verify

_MOST_ROUNDS = 5  # two are needed where an erased text stood twice


class Mended(NamedTuple):
    """A finding, and the file its line was set aside in, if it was."""

    finding: Finding
    aside: Path | None


def repair(queue: Reads) -> tuple[list[Mended], list[Finding]]:
    """Mend what can be mended; returns that, and what is found in the queue afterwards.

    Raises LockHeldError, StorageError; nothing is lost then, and the same command goes on.
    """
    mended: list[Mended] = []
    with locked(queue):
        for _ in range(_MOST_ROUNDS):
            found = list(verify(queue))
            wanted = [one for one in found if one.kind.mend]
            if not wanted:
                return mended, found
            mended += _round(queue, wanted)
        return mended, list(verify(queue))


def _round(queue: Reads, wanted: Sequence[Finding]) -> list[Mended]:
    here = [one for one in wanted if one.file == queue.journal.path.name]
    bad = {one.offset: one for one in here if one.kind.mend == "aside"}
    aside = _set_aside(queue, sorted(bad.values(), key=lambda one: one.offset)) if bad else None
    for name in sorted({one.file for one in wanted} - {queue.journal.path.name}):
        _purge(queue, archives.locate(queue.journal.path.parent, name))

    def change(offset: int, raw: bytes) -> bytes:
        return b" " * len(raw) if offset in bad else plain(raw)

    torn = rewrite(queue, change)
    places = {"aside": aside, "tail": torn}
    return [Mended(one, places.get(one.kind.mend)) for one in wanted]


def _purge(queue: Reads, archive: Path) -> None:
    """Take erased words out of an archive."""
    erased = erased_lines(queue)
    blanked = (
        b"\n".join(without_erased(raw, erased) for raw in content.split(b"\n"))
        for _, _, _, content in archives.members(archive)
    )
    archives.rewrite(archive, blanked)


def _set_aside(queue: Reads, bad: Sequence[Finding]) -> Path:
    journal = queue.journal.path
    aside = journal.with_name(f"{journal.name}.bad-{time.time_ns()}")
    durable.replace(aside.with_name(f"{aside.name}.lines"), _list(bad), point="aside-lines")
    durable.replace(aside, _lines(journal, bad, erased_lines(queue)), point="aside")
    return aside


def _list(bad: Sequence[Finding]) -> Iterator[bytes]:
    for one in bad:
        yield msgspec.json.encode({"line": one.line, "offset": one.offset, "why": one.detail}) + b"\n"


def _lines(journal: Path, bad: Sequence[Finding], erased: ErasedLines) -> Iterator[bytes]:
    with journal.open("rb") as file:
        for one in bad:
            file.seek(one.offset)
            yield without_erased(file.readline().removesuffix(b"\n"), erased) + b"\n"
