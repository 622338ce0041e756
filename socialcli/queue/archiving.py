"""Archiving: the lines of finished tickets leave the journal for a compressed file, byte for byte.

The journal is then rewritten without them, its last line the ``archived`` event, which is the moment from which the
file counts. A crash before leaves a file that nobody reads; the next run deletes it once it is sure that all its
lines stand elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from socialcli import durable
from socialcli.model.retention import Archiving
from socialcli.queue import archives
from socialcli.queue.facts import (
    ON_ITS_WAY,
    decode_archived,
    decode_cursor,
    decode_lifted,
    decode_restriction,
    decode_split,
    restriction_key,
)
from socialcli.queue.journal import NewEvent, decode_line, encode_events, is_event, stamp
from socialcli.queue.rewriting import erased_lines, locked, rewrite, without_erased
from socialcli.queue.store import Queue

# Fixed fields at the beginning of a line, as they are written.
_HEAD = re.compile(rb'\{"at":"([^"]{27})","id":"[^"]*","event":"([^"]*)","ticket":(?:"([^"]*)"|null)')
_FINISHED = (
    "SELECT n, id FROM tickets WHERE status IN ('solved', 'closed', 'pending') AND untriaged = 0 AND approvals = 0"
    " AND coalesce(snoozed, 0) <= ? AND NOT EXISTS (SELECT 1 FROM drafts WHERE drafts.ticket = tickets.n"
    f" AND drafts.state IN ({','.join(repr(state) for state in ON_ITS_WAY)}))"
)
_NO_EVENT = (msgspec.DecodeError, ValueError)


class Wanted(msgspec.Struct):
    """What goes. ``names``: all names of the tickets that go -> a number of theirs."""

    names: dict[bytes, int]
    going: set[int]
    before: bytes  # the ``at`` of a line: what is older may go
    newest: dict[str, int] = {}  # account -> place of its newest cursor
    quiet: dict[int, bytes] = {}  # finished tickets with a line in the journal -> ``at`` of their latest
    ids: dict[int, str] = {}  # what they are called
    lines: int = 0
    size: int = 0
    spaces: int = 0

    def means(self, place: int, raw: bytes) -> bool:
        """Whether a line goes into the archive."""
        head = _HEAD.match(raw)
        if head is None:
            return False
        if head[3] is not None:
            return self.names.get(head[3]) in self.going
        return head[2] == b"cursor" and head[1] < self.before and place not in self.newest.values()


def archive(queue: Queue, before: datetime, by: str | None, now: datetime, *, dry_run: bool) -> Archiving:
    """Move what was finished before ``before``, or with ``dry_run`` only count it.

    Raises LockHeldError, StorageError; nothing has gone then.
    """
    with locked(queue):
        if not dry_run:
            _clear(queue)
        wanted = _wanted(queue, before, now)
        if not wanted.going:
            return _plan(wanted, before, "nothing")
        _count(queue, wanted)
        plan = _plan(wanted, before, "planned")
        if dry_run:
            return plan
        name = archives.new_name(now)
        archives.write(queue.journal.path.parent, name, _lines(queue, wanted))
        _take_out(queue, wanted, name, by, now)
        return msgspec.structs.replace(plan, file=name, state="archived")


def _plan(wanted: Wanted, before: datetime, state: Literal["planned", "nothing"]) -> Archiving:
    oldest = min(wanted.quiet.values(), default=None)
    return Archiving(
        file=None,
        tickets=len(wanted.going),
        ids=sorted(wanted.ids[n] for n in wanted.going),
        lines=wanted.lines,
        bytes=wanted.size,
        before=before,
        finished=len(wanted.quiet),
        quiet_since=None if oldest is None else datetime.fromisoformat(f"{oldest[:19].decode()}Z"),
        state=state,
    )


def leftovers(queue: Queue) -> list[str]:
    """Names of the files among the archives that no event names."""
    named = set()
    for _, raw in queue.journal.lines():
        if is_event(raw, b"archived"):
            try:
                named.add(decode_archived(decode_line(raw).data).file)
            except _NO_EVENT:
                continue  # doctor names it
    folder = queue.journal.path.parent / archives.FOLDER
    there = (f"{archives.FOLDER}/{path.name}" for path in sorted(folder.glob("*.jsonl.gz")))
    return [name for name in there if name not in named]


def _clear(queue: Queue) -> None:
    """Delete what an interrupted run left: half files, and archives whose lines all stand in the journal still."""
    workspace = queue.journal.path.parent
    for path in (workspace / archives.FOLDER).glob(".*.tmp"):
        durable.remove(path, point="archive-leftover")
    for name in leftovers(queue):
        path = archives.locate(workspace, name)
        try:
            alone = archives.held_alone(path, (raw for _, raw in queue.journal.lines()))
        except (ValueError, OSError):
            continue  # doctor names it
        if not alone:
            durable.remove(path, point="archive-leftover")


def _wanted(queue: Queue, before: datetime, now: datetime) -> Wanted:
    """The finished tickets of which no line is as young as ``before``, and that hang together with no other."""
    db = queue.index.refresh()
    ids = dict(db.execute(_FINISHED, (int(now.timestamp()),)).fetchall())
    names = {name.encode(): n for n, name in ids.items()}
    going = set(ids)
    for name, n in db.execute("SELECT id, n FROM aliases"):
        if n in going:
            names[name.encode()] = n
    wanted = Wanted(names, going, stamp(before).encode(), ids=ids)
    together = _Together()
    for place, raw in queue.journal.lines():
        head = _HEAD.match(raw)
        if head is None:
            continue
        if head[2] == b"cursor":
            _note_cursor(wanted, place, raw)
        elif head[3] is not None:
            _look(queue, wanted, head, raw, together)
    together.keep(wanted)
    wanted.going &= wanted.quiet.keys()
    return wanted


def _note_cursor(wanted: Wanted, place: int, raw: bytes) -> None:
    try:
        wanted.newest[decode_cursor(decode_line(raw).data).account] = place
    except _NO_EVENT:
        return


def _look(queue: Queue, wanted: Wanted, head: re.Match[bytes], raw: bytes, together: _Together) -> None:
    """What a line of a ticket says against archiving it."""
    ticket, event = head[3], head[2]
    if event == b"split":
        together.add(ticket, _parted(raw))
    n = wanted.names.get(ticket)
    if n is None:
        return
    wanted.quiet[n] = max(head[1], wanted.quiet.get(n, b""))
    if head[1] >= wanted.before or (event in (b"restricted", b"lifted") and _stands(queue, raw, event)):
        wanted.going.discard(n)


def _parted(raw: bytes) -> bytes:
    """The name of the ticket that a split made; b"" for a line that cannot be read, with which nothing goes."""
    try:
        return decode_split(decode_line(raw).data).name.encode()
    except _NO_EVENT:
        return b""


def _stands(queue: Queue, raw: bytes, event: bytes) -> bool:
    """Whether a restriction is in force: whether it was lifted is told by what comes last in the journal."""
    try:
        data = decode_line(raw).data
        one = decode_restriction(data) if event == b"restricted" else decode_lifted(data)
    except _NO_EVENT:
        return True  # what cannot be read is not moved about
    wanted = "SELECT 1 FROM restrictions WHERE key = ?"
    return queue.index.db.execute(wanted, (restriction_key(one),)).fetchone() is not None


class _Together:
    """Tickets that were parted: messages of one stand under the name of the other, so both go, or none."""

    def __init__(self) -> None:
        self._pairs: list[tuple[bytes, bytes]] = []

    def add(self, one: bytes, other: bytes) -> None:
        self._pairs.append((one, other))

    def keep(self, wanted: Wanted) -> None:
        """Whoever hangs together with a ticket that stays, stays."""
        changed = True
        while changed:
            changed = False
            for pair in self._pairs:
                numbers = [wanted.names.get(one) for one in pair]
                going = [n for n in numbers if n in wanted.going]
                if going and len(going) < len(pair):
                    wanted.going.difference_update(going)
                    changed = True


def _lines(queue: Queue, wanted: Wanted) -> Iterator[bytes]:
    """What goes, without words that were erased and that a merge brought back."""
    erased = erased_lines(queue)
    for place, raw in queue.journal.lines():
        if wanted.means(place, raw):
            yield without_erased(raw, erased)


def _count(queue: Queue, wanted: Wanted) -> None:
    for place, raw in queue.journal.lines():
        if wanted.means(place, raw):
            wanted.lines += 1
            wanted.size += len(raw) + 1
        elif not raw.strip():
            wanted.spaces += len(raw) + 1


def _take_out(queue: Queue, wanted: Wanted, name: str, by: str | None, now: datetime) -> None:
    # Later than all that stands there: the offsets in the ids begin anew behind it, and sorted lines keep their order.
    at = queue.journal.never_back(now, queue.journal.end()) + timedelta(microseconds=1)
    data = {"file": name, "lines": wanted.lines, "tickets": len(wanted.going), "spaces": wanted.spaces}

    def change(place: int, raw: bytes) -> bytes | None:
        return None if wanted.means(place, raw) or not raw.strip() else raw

    def ending(place: int) -> bytes:
        return encode_events([NewEvent("archived", None, by, data, name)], at, place)

    rewrite(queue, change, ending)
