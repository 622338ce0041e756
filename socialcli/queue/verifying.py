"""``doctor --verify``: the journal and its archives read from the first byte to the last, and all that is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from socialcli.queue import archives, findings, shorter
from socialcli.queue.continuity import Continuity, Covered
from socialcli.queue.copies import Copies, is_erased_form, place_of
from socialcli.queue.findings import NO_ARCHIVE, Finding, Kind
from socialcli.queue.journal import Line
from socialcli.queue.judging import Fault, Judge, bare, is_good
from socialcli.queue.reads import Reads
from socialcli.queue.rewriting import ErasedLines, erased_lines, without_erased
from socialcli.queue.schema import SCHEMA_VERSION
from socialcli.text.counted import counted


class Archived(msgspec.Struct):
    """An ``archived`` event; ``spaces`` is how many bytes of lines of spaces were left out of the journal then."""

    file: str
    lines: int = 0
    spaces: int = 0


_decode_archived = msgspec.json.Decoder(Archived).decode


def verify(queue: Reads) -> Iterator[Finding]:
    """Read everything, and build the index again on the way. Nothing else is changed.

    Findings in the order of the lines; then what is missing, archives, and files that lie about.
    """
    yield from _index(queue)
    index = queue.index
    index.refresh(anew=True)
    newer = frozenset(index.unknown_events)
    losses = shorter.standing(queue.momentary, index.lines())
    index.lost, index.new_bad_lines = 0, 0  # each is named here
    index.unknown_events.clear()
    index.missing_archives.clear()
    refused = dict(index.db.execute("SELECT offset, reason FROM bad_lines"))
    erased = erased_lines(queue)
    yield from _Reading(queue, Judge(refused, newer, erased), erased).all(losses)
    yield from _lying_about(queue.journal.path)


def set_aside(journal: Path) -> list[Path]:
    """The files in which lines of this journal were set aside."""
    return sorted(journal.parent.glob(f"{journal.name}.bad-*"))


def _index(queue: Reads) -> Iterator[Finding]:
    """An index of another release, or a damaged one; before anybody opens it, since that builds it again."""
    path = queue.momentary / "index.sqlite"
    if not path.exists() or path.stat().st_size == 0:
        return
    detail = ""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                detail = "it was made by another release"
            elif db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                detail = "it was damaged"
    except sqlite3.OperationalError:
        return  # it cannot be opened: doctor says so
    except sqlite3.DatabaseError as error:
        detail = f"it was damaged: {error}"
    if detail:
        yield Finding(findings.INDEX, detail, f"{path.parent.name}/{path.name}")


class _Reading:
    """One reading of the journal."""

    def __init__(self, queue: Reads, judge: Judge, erased: ErasedLines) -> None:
        self._journal = queue.journal
        self._db = queue.index.db
        self._judge = judge
        self._continuity = Continuity()
        self._archives: dict[str, tuple[Archived, int]] = {}  # by file, with the line that names it
        self._erased = erased
        self._lines = 0
        # Where lines are known to be gone or damaged it is no wonder that an event misses what it is about.
        self._some_gone = bool(set_aside(queue.journal.path))

    def all(self, losses: list[shorter.Loss]) -> Iterator[Finding]:
        if self._journal.size() == 0:
            yield from self._at_the_end(losses)
            return
        with Copies(self._journal.path, is_good) as copies:
            for number, (offset, raw) in enumerate(self._journal.lines(), 1):
                self._lines = number
                for kind, detail in self._line(number, offset, raw, copies):
                    yield self._finding(kind, detail, number, offset)
        covered = Covered()
        archived = list(self._in_archives(covered))
        yield from self._in_the_middle(covered, whole=not any(one.kind is NO_ARCHIVE for one in archived))
        yield from self._at_the_end(losses)
        yield from archived

    def _finding(self, kind: Kind, detail: str, line: int, offset: int = -1) -> Finding:
        return Finding(kind, detail, self._journal.path.name, line, offset)

    def _line(self, number: int, offset: int, raw: bytes, copies: Copies) -> list[Fault]:
        """What is wrong with a line, in itself and beside the lines before it."""
        line = bare(raw)
        event, faults = self._judge.judge(raw, offset) if line else (None, [])
        earlier = None if event is None else copies.before(event.id, offset)
        if earlier is not None:
            faults.append(self._copy(line, earlier))
        if event is None or earlier is not None:
            self._continuity.fill(len(raw) + 1)
        else:
            self._place(number, offset, raw, event)
        # A line that does not begin as it should was passed over, whatever is behind its beginning.
        self._some_gone |= event is None or bool(self._continuity.gaps) or not raw.startswith(b"{")
        return [self._explained(fault) for fault in faults]

    def _explained(self, fault: Fault) -> Fault:
        kind, detail = fault
        return (findings.KEPT, detail) if kind is findings.STRAY and self._some_gone else fault

    def _place(self, number: int, offset: int, raw: bytes, event: Line) -> None:
        place = place_of(event.id)
        if place is None:
            self._continuity.fill(len(raw) + 1)
            return
        length = len(bare(raw))
        archived = event.event == "archived"
        self._continuity.take(number, offset, place, length, fresh=archived)
        self._continuity.fill(len(raw) + 1 - length)
        if archived:
            try:
                facts = _decode_archived(event.data)
            except (msgspec.DecodeError, ValueError):
                return  # the fold said so
            self._archives.setdefault(facts.file, (facts, number))

    def _copy(self, line: bytes, earlier: bytes) -> Fault:
        old, new = bare(without_erased(bare(earlier), self._erased)), bare(without_erased(line, self._erased))
        if old == new:
            return findings.DUPLICATE, "a copy of an earlier line: the event counts once"
        if is_erased_form(new, old) or is_erased_form(old, new):
            return findings.CONTRADICTION, "a line with the same id has its words, which were erased"
        return findings.CONTRADICTION, "an earlier line with the same id says something else: that one counts"

    def _in_the_middle(self, covered: Covered, *, whole: bool) -> Iterator[Finding]:
        """Gaps; nothing is known of them where journals were united or an archive cannot be read."""
        if self._continuity.united:
            detail = "two journals were united here, or lines changed places: they fold into one queue"
            yield self._finding(findings.UNITED, detail, self._continuity.united)
            return
        left = covered.left_of(self._continuity.gaps) if whole else []
        spaces = sum(facts.spaces for facts, _ in self._archives.values())
        if sum(missing for _, missing in left) <= spaces:
            return
        for gap, missing in left:
            where = (
                f"between lines {gap.after} and {gap.before}" if gap.after else f"before line {gap.before}"
            )
            yield self._finding(
                findings.MISSING, f"{missing:,} bytes of lines are missing {where}", gap.before
            )

    def _at_the_end(self, losses: list[shorter.Loss]) -> Iterator[Finding]:
        """``losses``: what the index saw there once, and what is not there any more."""
        end = self._journal.end()
        torn = self._journal.size() - end
        for one in losses:
            line = sum(1 for _ in self._journal.lines(end=min(one.size - one.bytes, end)))
            where = f"behind line {line:,}" if line else "of the journal"
            detail = f"{counted(one.bytes, 'byte')} of lines are missing {where}: found on {one.at}"
            yield self._finding(findings.SHORTER, detail, line)
        if torn:
            detail = f"the last {torn:,} bytes are no whole line: they do not count"
            yield self._finding(findings.TAIL, detail, self._lines + 1, end)

    # archives

    def _in_archives(self, covered: Covered) -> Iterator[Finding]:
        workspace = self._journal.path.parent
        numbers = dict(self._db.execute("SELECT file, number FROM archives"))
        for name, (facts, line) in self._archives.items():
            count = 0
            try:
                for _, _, offset, content in archives.members(archives.locate(workspace, name)):
                    first = archives.place_of(numbers.get(name, 0), offset)
                    yield from self._member(name, count, first, content, covered)
                    count += content.count(b"\n")
            except (OSError, ValueError) as error:
                reason = archives.in_words(error)
                detail = f"line {line} of {self._journal.path.name} names it: {reason}"
                yield Finding(NO_ARCHIVE, detail, name)
                continue
            if count != facts.lines:
                detail = f"it has {count:,} lines where {facts.lines:,} were archived"
                yield Finding(NO_ARCHIVE, detail, name)
        yield from self._unnamed(workspace, numbers)

    def _member(
        self, name: str, count: int, place: int, content: bytes, covered: Covered
    ) -> Iterator[Finding]:
        for number, raw in enumerate(content.split(b"\n")[:-1], count + 1):
            event, faults = self._judge.judge(raw, place) if bare(raw) else (None, [])
            start = None if event is None else place_of(event.id)
            if start is not None:
                covered.add(start, start + len(raw) + 1)
            for kind, detail in map(self._explained, faults):
                yield Finding(_in_archive(kind), detail, name, number)
            place += len(raw) + 1

    def _unnamed(self, workspace: Path, read: Container[str]) -> Iterator[Finding]:
        """``read``: the archives that the fold has read: a damaged line may name one."""
        for path in sorted((workspace / archives.FOLDER).glob("*")):
            name = f"{archives.FOLDER}/{path.name}"
            if name not in self._archives and name not in read:
                yield Finding(*self._not_named(path), name)

    def _not_named(self, path: Path) -> Fault:
        if path.suffix == ".tmp":
            return findings.LEFTOVER, "half a file"
        if not path.name.endswith(".jsonl.gz"):
            return findings.ASIDE, "it is no archive"
        try:
            alone = archives.held_alone(path, (raw for _, raw in self._journal.lines()))
        except (OSError, ValueError) as error:
            return NO_ARCHIVE, f"no line of the journal names it, and {archives.in_words(error)}"
        if alone:
            detail = f"holds {counted(alone, 'line')} that stand nowhere else: its event is missing"
            return findings.UNNAMED, detail
        return findings.LEFTOVER, "no line of the journal names it, and all its lines stand there"


def _in_archive(kind: Kind) -> Kind:
    """A damaged archive is put back from a backup; erased words are purged from it; nothing else is touched."""
    if kind in (findings.ERASED_TEXT, findings.DELETED_TEXT, findings.STRAY):
        return kind
    return NO_ARCHIVE if kind.broken else msgspec.structs.replace(kind, remedy="", mend="")


def _lying_about(journal: Path) -> Iterator[Finding]:
    for path in sorted(journal.parent.glob(f"{journal.name}.torn-*")):
        yield Finding(
            findings.ASIDE, f"an unfinished line of {path.stat().st_size:,} bytes was set aside", path.name
        )
    for path in set_aside(journal):
        if path.suffix != ".lines":
            yield Finding(findings.ASIDE, f"lines of {path.stat().st_size:,} bytes were set aside", path.name)
    for path in sorted(journal.parent.glob(f".{journal.name}*.tmp")):
        yield Finding(findings.LEFTOVER, "half a file", path.name)
