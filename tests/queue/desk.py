"""A queue in a folder with a clock that is set by hand, and the events that tests put into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.model.message import Author, Direction, Message, Visibility
from socialcli.model.promise import Promised
from socialcli.model.ticket import Ticket
from socialcli.queue.filtering import Filter
from socialcli.queue.store import Queue

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
US = "NorthlineAir"
TABLES = (
    "tickets", "aliases", "messages", "threads", "anchors", "early_answers", "seen", "drafts", "cursors", "bad_lines",
    "meta", "spend", "held", "restrictions", "merged", "labels", "erased", "archives", "members", "stale",
    "rhythm", "lately", "incidents", "turns", "early_turns", "mass", "met",
)  # fmt: skip


def message(
    name: str,
    handle: str = "cust1",
    *,
    minute: int = 0,
    text: str = "@NorthlineAir my bag is not here",
    direction: Direction = "inbound",
    visibility: Visibility = "public",
    reply_to: str | None = None,
    conversation: str | None = None,
) -> Message:
    """A message ``minute`` minutes after ten."""
    return Message(
        id=name,
        network="file",
        account="support",
        author=Author(None, handle),
        text=text,
        created_at=NOW.replace(hour=10) + timedelta(minutes=minute),
        visibility=visibility,
        direction=direction,
        in_reply_to=reply_to,
        conversation_id=conversation,
    )


def ours(name: str, reply_to: str | None, *, minute: int = 0, conversation: str | None = None) -> Message:
    """A post of the brand that did not come from here."""
    text = "@cust1 We are looking into it. ^MO"
    return message(
        name, US, minute=minute, text=text, direction="outbound", reply_to=reply_to, conversation=conversation
    )


def decision(message_id: str, **changes: Any) -> dict[str, Any]:
    """What triage writes of one message."""
    decided = {
        "message_id": message_id,
        "respond": "respond",
        "priority": "high",
        "score": 70,
        "kind": "complaint",
        "topic": "baggage",
        "sentiment": -0.4,
        "register": "neutral",
        "language": "en",
        "due": int(NOW.timestamp()),
        "head_start": 70 * 3600,
        "policy": "p1",
    }
    return decided | changes


def draft_data(name: str, ticket: str, target: str, **changes: Any) -> dict[str, Any]:
    """The first event of a draft carries the whole of it."""
    check = Check(
        ok=True, network="file", visibility="public", length=Length(5, 280, "characters"), findings=()
    )
    whole = Draft(name, ticket, target, "@cust1 Sorry. ^SB", "support", "sb", "api", "composed", check)
    return {"draft": name, "whole": whole, "content": "c", "attempt": 1, "wall": 1.0} | changes


def promised(minutes: int = 60, words: str = "back to you by 1 pm") -> Promised:
    """A promise in the words of a draft, until so many minutes after noon."""
    return Promised(words, 0, len(words), NOW + timedelta(minutes=minutes))


def raised(name: str, **changes: Any) -> dict[str, Any]:
    """An incident that the spread check suspects, or somebody opens."""
    opened = int(NOW.timestamp())
    begun = {
        "topic": "outage",
        "words": ["app", "down"],
        "reason": "5 customers in 10 min",
        "account": "support",
    }
    return {"incident": name, **begun, "opened": opened, "since": opened - 600, "examples": []} | changes


@dataclass
class Desk:
    """``queue()`` is what a new process would open. Notes to the user are collected."""

    folder: Path
    now: datetime = NOW
    notes: list[str] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        return self.folder / "queue.jsonl"

    @property
    def index(self) -> Path:
        return self.folder / ".socialcli" / "index.sqlite"

    def queue(self) -> Queue:
        return Queue(self.folder, lambda: self.now, self.notes.append)

    def take(self, *messages: Message) -> int:
        queue = self.queue()
        try:
            return queue.take_in(messages)
        finally:
            queue.close()

    def add(self, event: str, ticket: str | None, data: Any, *, by: str | None = "sb", key: str = "") -> None:
        """One event; the clock moves on by a second, as clocks do."""
        queue = self.queue()
        try:
            with queue.writing() as writing:
                writing.add(event, ticket, by, data, key=key)
        finally:
            queue.close()
        self.now += timedelta(seconds=1)

    def assess(self, message_id: str, **changes: Any) -> None:
        self.add("assessed", self.named(message_id).id, decision(message_id, **changes), by=None)

    def tickets(self, **wanted: Any) -> list[Ticket]:
        queue = self.queue()
        try:
            return list(queue.records(queue.rows(Filter(**wanted))))
        finally:
            queue.close()

    def only(self) -> Ticket:
        (ticket,) = self.tickets()
        return ticket

    def named(self, message_id: str) -> Ticket:
        """The ticket that holds a message."""
        (found,) = [ticket for ticket in self.tickets() if message_id in self.members()[ticket.id]]
        return found

    def members(self) -> dict[str, list[str]]:
        """Ticket -> ids of its messages, oldest first."""
        queue = self.queue()
        try:
            return {row.id: [one.id for one in queue.thread(row)] for row in list(queue.rows(Filter()))}
        finally:
            queue.close()

    def grouping(self) -> list[list[str]]:
        """Which messages stand together, whatever the tickets are called."""
        return sorted(self.members().values())

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that the index knows."""
        queue = self.queue()
        try:
            db = queue.index.refresh()
            return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
        finally:
            queue.close()

    def raw_lines(self) -> list[bytes]:
        return self.journal.read_bytes().splitlines(keepends=True)

    def raw_lines_from(self, start: int) -> list[bytes]:
        with self.journal.open("rb") as file:
            file.seek(start)
            return file.readlines()

    def size(self) -> int:
        """Offset behind the last whole line of the journal."""
        return (
            sum(len(one) for one in self.raw_lines() if one.endswith(b"\n")) if self.journal.exists() else 0
        )

    def events(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self.raw_lines()]

    def rewritten(self, folder: Path, lines: list[bytes]) -> Desk:
        """Another desk whose journal is made of these lines."""
        folder.mkdir()
        (folder / "queue.jsonl").write_bytes(b"".join(lines))
        return Desk(folder, self.now)


def rebuilt(desk: Desk, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What a first look at the same journal file finds."""
    folder.mkdir()
    (folder / "queue.jsonl").hardlink_to(desk.journal)
    if (desk.folder / "archive").exists():
        (folder / "archive").symlink_to(desk.folder / "archive")
    return Desk(folder).dump()
