"""What must hold of a workspace after a fault, and after the command was run again. Reads files; runs nothing.

Each finding is of one of these sorts: ``unreadable`` (a line, or the index does not say what the journal says), ``lost``
(a message, an event, a post that should be there), ``twice`` (a message, a post), ``unsettled`` (a draft whose end is
neither known nor said), ``unsorted`` (lines that sorting would put into another order), ``remains`` (words that were
to be erased).
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from socialcli import durable
from socialcli.model.draft import Draft
from socialcli.model.times import parse_time
from socialcli.queue.filtering import Filter
from socialcli.queue.journal import Line, decode_line
from socialcli.queue.store import Queue

_ENDS = ("sent", "failed", "parked", "refused")
_SAID = "unknown"


class Finding(NamedTuple):
    """Something that must not be: its sort, and in words what and where."""

    sort: str
    what: str


class Post(NamedTuple):
    """A post as its witness shows it: the file outbox, or the network's own record. ``draft``: its key there, if any."""

    text: str
    target: str | None
    draft: str | None


@dataclass
class Wanted:
    """What the workspace must hold. ``kept``: the whole lines that stood in the journal before, which no command may
    change; where one has ``rewritten`` it, their events are still there. ``done``: (event, ticket) of commands that
    said that they were done. ``erased``: words that no file may hold.
    """

    offered: set[str] = field(default_factory=set)  # ids of messages that were there to be fetched
    texts: set[str] = field(default_factory=set)  # answers and statements that were asked for
    done: set[tuple[str, str]] = field(default_factory=set)
    kept: bytes = b""
    rewritten: bool = False
    erased: set[bytes] = field(default_factory=set)
    aside: set[bytes] = field(default_factory=set)  # bad lines that a repair sets aside
    unknown: set[str] = field(
        default_factory=set
    )  # drafts that are said to be unknown: exit 75, listed by outbox
    now: str = ""


def findings(workspace: Path, wanted: Wanted, posts: Iterable[Post]) -> list[Finding]:
    """All that is wrong in ``workspace``; nothing if all is well."""
    posts = list(posts)
    journal = workspace / "queue.jsonl"
    lines = list(readable(journal.name, durable.lines(journal)))
    recent = [one for one in lines if isinstance(one, Line)]
    events = [*_archived(workspace, recent), *recent]
    return [
        *(one for one in lines if isinstance(one, Finding)),
        *_kept(journal, events, wanted),
        *_ids(events),
        *_order(recent),
        *_messages(events, wanted.offered),
        *_done(events, wanted.done),
        *_posts(posts),
        *_folded(workspace, wanted, posts),
        *_remaining(workspace, wanted.erased),
        *_set_aside(workspace, wanted.aside),
    ]


def whole_lines(path: Path) -> bytes:
    """The content up to its last line feed."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def readable(name: str, lines: Iterable[tuple[int, bytes]]) -> Iterator[Line | Finding]:
    """The events, and what is wrong with a line that is none; ``name`` is the file's."""
    for number, (_, raw) in enumerate(lines, 1):
        if raw.strip(b" ") == b"" and raw:
            continue  # what was erased or set aside leaves a line of spaces
        try:
            yield decode_line(raw)
        except (msgspec.DecodeError, ValueError) as error:
            yield Finding("unreadable", f"line {number} of {name}: {error}")


def _archived(workspace: Path, events: list[Line]) -> Iterator[Line]:
    """The lines of the archives that count: those that the journal names."""
    for one in events:
        if one.event == "archived":
            with gzip.open(workspace / msgspec.json.decode(one.data)["file"]) as file:
                lines = enumerate(file.read().splitlines())
            yield from (line for line in readable("the archive", lines) if isinstance(line, Line))


def _kept(journal: Path, events: list[Line], wanted: Wanted) -> Iterator[Finding]:
    if not wanted.rewritten:
        if not whole_lines(journal).startswith(wanted.kept):
            yield Finding("lost", "lines that stood in the journal before stand there no more")
        return
    before = readable("", enumerate(wanted.kept.splitlines()))
    there = {one.id for one in events}
    for one in before:
        if isinstance(one, Line) and one.id not in there:
            yield Finding("lost", f"event {one.id} ({one.event}) was lost when the journal was rewritten")


def _ids(events: list[Line]) -> Iterator[Finding]:
    for name, times in Counter(one.id for one in events).items():
        if times > 1:
            yield Finding("twice", f"event {name} stands in the journal {times} times")


def _order(events: list[Line]) -> Iterator[Finding]:
    for before, after in pairwise(events):
        if after.at < before.at:
            yield Finding("unsorted", f"event {after.id} of {after.at} stands behind one of {before.at}")


def _messages(events: list[Line], offered: set[str]) -> Iterator[Finding]:
    taken = Counter(
        str(data["id"])
        for one in events
        if one.event == "message" and (data := msgspec.json.decode(one.data))["direction"] == "inbound"
    )
    for name in sorted(offered - taken.keys()):
        yield Finding("lost", f"message {name} was offered and does not stand in the journal")
    for name in sorted(name for name, times in taken.items() if times > 1):
        yield Finding("twice", f"message {name} stands in the journal {taken[name]} times")


def _done(events: list[Line], done: set[tuple[str, str]]) -> Iterator[Finding]:
    there = {(one.event, one.ticket) for one in events}
    for event, ticket in sorted(done - there):
        yield Finding(
            "lost", f"{event} of ticket {ticket} was said to be done and does not stand in the journal"
        )


def _posts(posts: list[Post]) -> Iterator[Finding]:
    keys = Counter(post.draft for post in posts if post.draft is not None)
    texts = Counter((post.target, post.text) for post in posts)
    targets = Counter(post.target for post in posts if post.target is not None)
    for what, counted in (("draft", keys), ("text", texts), ("message", targets)):
        for name, times in counted.items():
            if times > 1:
                yield Finding("twice", f"{what} {name}: posted or answered {times} times")


def _folded(workspace: Path, wanted: Wanted, posts: list[Post]) -> list[Finding]:
    """What the fold makes of the journal from nothing, against the index as the commands left it, and the posts."""
    try:
        with tempfile.TemporaryDirectory(dir=workspace.parent) as shadow:
            for path in workspace.glob("[qa][ur]*"):  # queue.jsonl and archive, and no index
                (Path(shadow) / path.name).symlink_to(path)
            anew = _state(Path(shadow), wanted.now)
        kept = _state(workspace, wanted.now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the journal does not fold
        return [Finding("unreadable", f"the journal does not fold: {type(error).__name__}: {error}")]
    found = [Finding("unreadable", f"line {number}: {reason}") for number, reason in anew.bad_lines]
    if anew.records != kept.records:
        found.append(Finding("unreadable", "the index says other things than the journal"))
    return [*found, *_drafts(anew.drafts, wanted, posts)]


class _State(NamedTuple):
    records: list[bytes]
    drafts: list[Draft]
    bad_lines: list[tuple[int, str]]


def _state(workspace: Path, now: str) -> _State:
    at = parse_time(now)
    with closing(Queue(workspace, lambda: at, _no_note)) as queue:
        queue.refresh()
        drafts = [stored.draft for stored in queue.drafts()]
        tickets = queue.records(queue.rows(Filter()))
        records = sorted(msgspec.json.encode(one) for one in (*tickets, *drafts))
        return _State(records, drafts, queue.bad_lines())


def _no_note(_text: str) -> None:
    """What it says of a torn line is looked at in the files."""


def _drafts(drafts: list[Draft], wanted: Wanted, posts: list[Post]) -> Iterator[Finding]:
    names = {post.draft or post.text for post in posts}  # a witness that knows no drafts shows their words
    posted = {draft.id for draft in drafts if {draft.id, draft.text} & names}
    for draft in drafts:
        if draft.state not in _ENDS and not (draft.state == _SAID and draft.id in wanted.unknown):
            yield Finding("unsettled", f"draft {draft.id} ends as {draft.state}")
        if draft.state == "sent" and draft.id not in posted:
            yield Finding("lost", f"draft {draft.id} counts as sent, and its post is not there")
        if draft.state not in ("sent", _SAID) and draft.id in posted:
            yield Finding("unsettled", f"draft {draft.id} was posted and ends as {draft.state}")
    for name in sorted(names - {draft.id for draft in drafts} - {draft.text for draft in drafts}):
        yield Finding("unsettled", f'"{name}" was posted and no draft says so')
    for text in sorted(wanted.texts - {draft.text for draft in drafts}):
        yield Finding("lost", f'the answer "{text}" is not kept')


def _set_aside(workspace: Path, bad: set[bytes]) -> Iterator[Finding]:
    there = b"".join(path.read_bytes() for path in workspace.glob("queue.jsonl.bad-*") if bad)
    for line in sorted(line for line in bad if line not in there):
        yield Finding("lost", f"the bad line {line!r} was not set aside")


def _remaining(workspace: Path, erased: set[bytes]) -> Iterator[Finding]:
    for path in workspace.rglob("*") if erased else ():
        if not path.is_file():
            continue
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for words in sorted(erased):
            if words in content:
                yield Finding("remains", f"{words.decode()} stands in {path.relative_to(workspace)}")


def file_posts(outbox: Path) -> list[Post]:
    """The lines of a file outbox, the witness of what was posted."""
    if not outbox.exists():
        return []
    rows: list[dict[str, Any]] = [json.loads(line) for line in outbox.read_bytes().splitlines() if line]
    return [Post(row["text"], row.get("in_reply_to"), row.get("draft")) for row in rows]
