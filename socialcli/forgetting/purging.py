"""The files of a workspace that may hold words which were erased, and how each of them loses them.

Archives, the journal and its outbox are replaced as a whole. An inbox is overwritten in place, since other programs
append to it without a lock of ours: what they write meanwhile would be lost with the old file. The index is
deleted. All lines keep their length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from stat import S_IMODE

from socialcli import durable
from socialcli.errors import PartlyError
from socialcli.forgetting.doomed import Doomed
from socialcli.queue import archives
from socialcli.queue.rewriting import forget_index, rewrite
from socialcli.queue.store import Queue

Change = Callable[[bytes], bytes]
_BLOCK = 1 << 20


class Purge:
    """Counts, for each file (by its name in the workspace), the lines that lose words; with ``act`` takes them out."""

    def __init__(self, workspace: Path, doomed: Doomed, *, act: bool) -> None:
        self._workspace = workspace
        self._doomed = doomed
        self._act = act
        self.counts: dict[str, int] = {}
        self._failed: list[str] = []

    def queue(self, queue: Queue) -> None:
        """Archives, journal, index, and what was set aside of the journal; the caller holds the queue's lock."""
        for path in sorted((self._workspace / archives.FOLDER).glob("*.jsonl.gz")):
            self._archive(path)
        if queue.journal.size():
            self._journal(queue)
        if self._act:
            forget_index(queue)
        self._set_aside(queue.journal.path)

    def outbox(self, path: Path, network: str) -> None:
        """The posts of a file account; the caller holds the lock of its outbox."""
        count = self._count(durable.lines(path), lambda raw: self._doomed.row(raw, network))
        if self._note(path, count) and self._act:
            self._replace(path, lambda raw: self._doomed.row(raw, network), "erase-outbox")
        self._set_aside(path)

    def inbox(self, path: Path, network: str) -> bool:
        """The messages of a file account; returns whether they were overwritten."""
        lines = durable.lines(path)
        changed = [(offset, new) for offset, raw in lines if (new := self._doomed.row(raw, network)) != raw]
        if self._note(path, len(changed)) and self._act:
            durable.overwrite(path.resolve(), changed, point="erase-inbox")
            return True
        return False

    def raise_failures(self) -> None:
        """Raises PartlyError for the files that could not be read."""
        if self._failed:
            raise PartlyError(
                "\n".join(("these files could not be read, and may still hold the words:", *self._failed)),
                hint="mend or delete them, then run the same command again",
            )

    def _archive(self, path: Path) -> None:
        try:
            count = sum(
                self._doomed.line(raw) != raw
                for _, _, _, content in archives.members(path)
                for raw in content.split(b"\n")
            )
            if self._note(path, count) and self._act:
                contents = (
                    b"\n".join(map(self._doomed.line, content.split(b"\n")))
                    for _, _, _, content in archives.members(path)
                )
                archives.rewrite(path, contents)
        except ValueError as error:
            self._failed.append(f"  {path.parent.name}/{error}")

    def _journal(self, queue: Queue) -> None:
        count = self._count(queue.journal.lines(), self._doomed.line)
        if self._note(queue.journal.path, count) and self._act:
            rewrite(queue, lambda _, raw: self._doomed.line(raw))

    def _set_aside(self, path: Path) -> None:
        """Torn and bad lines of a file, and half a file that a killed process left; the lock of the file is held."""
        for piece in sorted(
            (*path.parent.glob(f"{path.name}.torn-*"), *path.parent.glob(f"{path.name}.bad-*"))
        ):
            count = self._count(_all_lines(piece), self._doomed.piece)
            if self._note(piece, count) and self._act:
                self._replace(piece, self._doomed.piece, "erase-aside")
        if self._act:
            for left in (
                *path.parent.glob(f".{path.name}*.tmp"),
                *(self._workspace / archives.FOLDER).glob(".*.tmp"),
            ):
                durable.remove(left, point="erase-leftover")

    def _count(self, lines: Iterable[tuple[int, bytes]], change: Change) -> int:
        return sum(change(raw) != raw for _, raw in lines)

    def _note(self, path: Path, count: int) -> int:
        if count:
            name = path.relative_to(self._workspace) if path.is_relative_to(self._workspace) else path
            self.counts[str(name)] = self.counts.get(str(name), 0) + count
        return count

    def _replace(self, path: Path, change: Change, point: str) -> None:
        path = path.resolve()
        mode = S_IMODE(path.stat().st_mode)
        durable.replace(path, _changed(path, change), mode=mode, point=point)


def _changed(path: Path, change: Change) -> Iterator[bytes]:
    size, read = path.stat().st_size, 0
    for _, raw in _all_lines(path):
        read += len(raw) + 1
        yield change(raw) + (b"\n" if read <= size else b"")


def _all_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Also the last one, whose line feed may be missing."""
    offset = 0
    with path.open("rb", buffering=_BLOCK) as file:
        for line in file:
            yield offset, line.removesuffix(b"\n")
            offset += len(line)
