"""The files of a workspace that may hold words which were erased, and how each of them loses them.

Archives, the journal and its outbox are replaced as a whole. An inbox is overwritten in place, since other programs
append to it without a lock of ours: what they write meanwhile would be lost with the old file. The index is
deleted. All lines keep their length.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from glob import escape
from pathlib import Path
from stat import S_IMODE

import msgspec

from socialcli import durable
from socialcli.errors import InvalidError, PartlyError
from socialcli.forgetting.doomed import Doomed
from socialcli.forgetting.handed import Handed, file_of
from socialcli.outbox.writing import FOLDER
from socialcli.queue import archives
from socialcli.queue.facts import decode_archived
from socialcli.queue.journal import decode_line, is_event
from socialcli.queue.rewriting import forget_index, rewrite
from socialcli.queue.store import Queue
from socialcli.triage.taught import FROM_QUEUE, decode, encode

Change = Callable[[bytes], bytes]
_BLOCK = 1 << 20


class Purge:
    """Counts, for each file (by its name in the workspace), the lines that lose words; with ``act`` takes them out."""

    def __init__(self, workspace: Path, doomed: Doomed, *, act: bool) -> None:
        self._workspace = workspace
        self._doomed = doomed
        self._act = act
        self.counts: dict[str, int] = {}
        self.failures: list[str] = []  # files that cannot be read

    def queue(self, queue: Queue) -> None:
        """Archives, journal, index, and what was set aside of the journal; the caller holds the queue's lock."""
        there = sorted((self._workspace / archives.FOLDER).glob("*.jsonl.gz"))
        for path in there:
            self._archive(path)
        missing = {*_named(queue)} - {f"{archives.FOLDER}/{path.name}" for path in there if path.exists()}
        self.failures += [f"{name} is missing" for name in sorted(missing)]
        if queue.journal.size():
            self._journal(queue)
        if self._act:
            forget_index(queue)
        self._set_aside(queue.journal.path)

    def outbox(self, path: Path, network: str) -> None:
        """The posts of a file account; the caller holds the lock of its outbox."""
        count = self._count(_all_lines(path), lambda raw: self._doomed.row(raw, network))
        if self._note(path, count) and self._act:
            self._replace(path, lambda raw: self._doomed.row(raw, network), "erase-outbox")
        self._set_aside(path)

    def inbox(self, path: Path, network: str) -> bool:
        """The messages of a file account; returns whether they were overwritten."""
        lines = _all_lines(path)
        changed = [(offset, new) for offset, raw in lines if (new := self._doomed.row(raw, network)) != raw]
        if self._note(path, len(changed)) and self._act:
            durable.overwrite(path.resolve(), changed, point="erase-inbox")
            return True
        return False

    def learned(self, path: Path) -> None:
        """What was learned from the queue: words that others said too, but no more without its consent; each word
        counts as a line. What was learned from files stays; nobody of the queue is in it.
        """
        content = path.read_bytes() if path.is_file() else b""
        if not content:
            return
        try:
            models = decode(content, path.name)
        except InvalidError:
            self.failures.append(f"{path.name}: damaged (socialcli learn --forget removes it)")
            return
        gone = [model for model in models if model.source == FROM_QUEUE]
        words = sum(len(line.words) for model in gone for line in model.lines.values())
        if self._note(path, words) and self._act:
            kept = [model for model in models if model not in gone]
            if kept:
                durable.replace(path, [encode(kept)], point="erase-learned")
            else:
                durable.remove(path, point="erase-learned")

    def writing(self, folder: Path) -> None:
        """What agents are writing to a customer, or to a message: the whole file goes, and what lies beside it."""
        for path in sorted(folder.glob("*.json")):
            if self._note(path, self._count(_all_lines(path), self._doomed.piece)) and self._act:
                durable.remove(path.with_suffix(".txt"), point="erase-writing")
                durable.remove(path, point="erase-writing")

    def handed(self, doomed: Iterable[Handed]) -> None:
        """Documents in folders of the workspace: the whole file goes, and half of one that a killed process left."""
        paths = {path for one in doomed if (path := file_of(self._workspace, one)) is not None}
        for path in sorted(paths):
            found = [path, *path.parent.glob(f".{escape(path.name)}.*.tmp")]
            for one in found:
                if self._note(one, sum(1 for _ in _all_lines(one))) and self._act:
                    durable.remove(one, point="erase-handed")

    def raise_failures(self) -> None:
        """Raises PartlyError for the files that could not be read."""
        if self.failures:
            listed = (f"  {one}" for one in self.failures)
            raise PartlyError(
                "\n".join(("these files could not be read, and may still hold the words:", *listed)),
                hint="mend, put back or delete them, then run the same command again",
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
            self.failures.append(f"{path.parent.name}/{error}")
        except OSError as error:
            self.failures.append(f"{path.parent.name}/{path.name}: {(error.strerror or str(error)).lower()}")

    def _journal(self, queue: Queue) -> None:
        count = self._count(queue.journal.lines(), self._doomed.line)
        if self._note(queue.journal.path, count) and self._act:
            rewrite(queue, lambda _, raw: self._doomed.line(raw))

    def _set_aside(self, path: Path) -> None:
        """Torn and bad lines of a file, and half a file that a killed process left; the lock of the file is held.
        Where ``path`` is a link they lie beside it or beside the file itself.
        """
        both = {path, path.resolve()}
        pieces = (piece for one in both for piece in _beside(one, ".torn-*", ".bad-*"))
        for piece in sorted(pieces):
            count = self._count(_all_lines(piece), self._doomed.piece)
            if self._note(piece, count) and self._act:
                self._replace(piece, self._doomed.piece, "erase-aside")
        if self._act:
            names = [(one.parent, f".{escape(one.name)}*.tmp") for one in both]
            for folder, name in (*names, (self._workspace / archives.FOLDER, ".*.tmp")):
                for left in folder.glob(name):
                    durable.remove(left, point="erase-leftover")

    def leftovers(self) -> None:
        """Half files of commands that were killed: of replacements, and of exports."""
        folder = self._workspace / archives.FOLDER
        files = (self._workspace / "queue.jsonl", *folder.glob("*.jsonl.gz"))
        writing = self._workspace / ".socialcli" / FOLDER
        folders = {self._workspace, folder, writing, *(path.resolve().parent for path in files)}
        for path in sorted(path for one in folders for path in one.glob(".*.tmp") if _is_left(path)):
            self._note(path, sum(1 for _ in _all_lines(path)) or 1)
            if self._act:
                durable.remove(path, point="erase-leftover")

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


def _named(queue: Queue) -> Iterator[str]:
    """The archives that the journal names."""
    for _, raw in queue.journal.lines():
        if is_event(raw, b"archived"):
            with suppress(msgspec.DecodeError, ValueError):
                yield decode_archived(decode_line(raw).data).file


def _beside(path: Path, *endings: str) -> Iterator[Path]:
    for ending in endings:
        yield from path.parent.glob(escape(path.name) + ending)


def _is_left(path: Path) -> bool:
    """Whether the process that wrote half a file, as its name says, is gone."""
    number = path.name.removesuffix(".tmp").rpartition(".")[2]
    if not (number.isascii() and number.isdigit() and path.is_file()):
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _all_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Also the last one, whose line feed may be missing. A missing file has none."""
    offset = 0
    try:
        file = path.open("rb", buffering=_BLOCK)
    except FileNotFoundError:
        return
    with file:
        for line in file:
            yield offset, line.removesuffix(b"\n")
            offset += len(line)
