"""A workspace with customers who write, and what must hold of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from socialcli import durable
from socialcli.model.times import format_time, parse_time
from socialcli.queue.journal import Line
from tests.conftest import Cli, Run
from tests.e2e import x_stage
from tests.faults.verdict import Finding, Post, Wanted, file_posts, findings, readable, whole_lines
from tests.samples import NOW, TWO_AGENTS, complaint
from tests.servers.x.network import XNetwork
from tests.servers.x.routes import ROUTES

FREE = '[approval]\nwhen = ["money"]\n'  # a statement waits for nobody
EARLIER = "2026-11-20T10:00:00Z"
_TRIES = 5  # runs after which an unclear outcome must be settled
_TEMPORARY = 75


class HinderedError(Exception):
    """After the faults before it a command that nothing breaks does not do its work."""


@dataclass(frozen=True)
class Errand:
    """A command, and which event of which ticket stands in the journal once it has said that it is done. ``rewrites``:
    it writes the journal anew. ``erases``: words that no file holds then.
    """

    name: str
    args: tuple[str, ...]
    event: str | None = None
    ticket: str | None = None
    rewrites: bool = False
    erases: tuple[bytes, ...] = ()


class Scene:
    """One workspace under ``folder``, over files or, with ``network``, over X. ``now`` is the ``--now`` of its commands,
    ``sent_at`` the time at which customers write.
    """

    def __init__(
        self, folder: Path, network: XNetwork | None = None, *, now: str = NOW, at: str = EARLIER
    ) -> None:
        workspace, home = folder / "workspace", folder / "home"
        workspace.mkdir(parents=True)
        home.mkdir()
        self.cli = Cli(workspace, home)
        self.network = network
        self.now = now
        self.wanted = Wanted(now=now)
        self._sent_at = at
        self.numbers = count(1)
        self._customers: dict[str, int] = {}  # message -> number of its customer
        self._free: list[str] = []  # triaged messages that nobody answered yet
        self._connect()

    def _connect(self) -> None:
        if self.network is None:
            (self.cli.workspace / "policies.toml").write_text(TWO_AGENTS + FREE, encoding="utf-8")
        else:
            x_stage.connect(self.cli, self.network, FREE)
            for route in ROUTES:
                self.network.limit(route.name, 100_000, 86_400)

    # customers

    def write(self, number: int = 1) -> None:
        """So many customers write to us."""
        rows = [self.complain() for _ in range(number)]
        if self.network is None:
            with (self.cli.workspace / "inbox.jsonl").open("a", encoding="utf-8") as inbox:
                inbox.writelines(json.dumps(row) + "\n" for row in rows)

    def complain(self) -> dict[str, Any]:
        number = next(self.numbers)
        row = complaint(number, created_at=self._sent_at)
        if self.network is not None:
            row["id"] = self.network.write(f"cust{number}", row["text"])
        self.wanted.offered.add(row["id"])
        self._customers[row["id"]] = number
        return row

    def stock(self, number: int) -> None:
        """Have so many triaged tickets that nobody has answered, by commands that are not broken."""
        while len(self._free) < number:
            self.write(number - len(self._free))
            self.do(Errand("fetch", ("fetch", "--json")))
            self.do(Errand("triage", ("triage", "--json")))
            self._learn()

    def do(self, errand: Errand) -> None:
        """Run it unbroken. Raises HinderedError where it does not do its work."""
        run = self._persistently(errand)
        if run.code:
            raise HinderedError(f"{errand.name}, which nothing broke: exit {run.code}: {run.err.strip()}")

    def _learn(self) -> None:
        """Which messages may be answered now."""
        for message, (_, status) in self.messages().items():
            if status == "assessed" and message in self._customers and message not in self._free:
                self._free.append(message)

    def messages(self) -> dict[str, tuple[str, str]]:
        """Inbound messages as the journal has them: id -> (ticket, the last that happened: message, assessed)."""
        found: dict[str, tuple[str, str]] = {}
        for line in readable("queue.jsonl", durable.lines(self.cli.workspace / "queue.jsonl")):
            if isinstance(line, Line) and line.event in ("message", "assessed"):
                data = msgspec.json.decode(line.data)
                found[data.get("message_id") or data["id"]] = (str(line.ticket), line.event)
        return found

    def take(self) -> tuple[str, int]:
        """The ticket of a message that nobody has answered, and the number of its customer."""
        self.stock(1)
        message = self._free.pop(0)
        return self.messages()[message][0], self._customers.pop(message)

    def a_ticket(self) -> str:
        """A ticket that nobody has answered."""
        self.stock(1)
        return self.messages()[self._free[-1]][0]

    def later(self, minutes: int) -> str:
        """A time after that of the commands."""
        return format_time(parse_time(self.now) + timedelta(minutes=minutes))

    # running them

    def run(self, errand: Errand, point: str = "", *, now: str | None = None) -> Run:
        """Once; ``point``: where it is broken."""
        run = self.cli(
            *errand.args,
            now=now or self.now,
            env={"SOCIALCLI_FAIL_POINT": point} if point else None,
        )
        return self.heard(errand, run)

    def heard(self, errand: Errand, run: Run) -> Run:
        """The same; what it says to be done must be there from now on."""
        self.wanted.rewritten |= errand.rewrites
        self.wanted.erased |= {*errand.erases} if run.code == 0 else set()
        if run.code == 0 and errand.event is not None and errand.ticket is not None:
            self.wanted.done.add((errand.event, errand.ticket))
        return run

    def again(self, *errands: Errand) -> Iterator[Finding]:
        """Run each again until it says how it ended; what it says if that is not well, and what the verdict finds."""
        self.wanted.unknown = set()
        for errand in errands:
            yield from self._ended(errand)
        yield from self.look()

    def _persistently(self, errand: Errand) -> Run:
        """Run it until it ends with something else than 75, or for the last time."""
        for _ in range(_TRIES - 1):
            run = self.run(errand)
            if run.code != _TEMPORARY:
                return run
        return self.run(errand)

    def _ended(self, errand: Errand) -> Iterator[Finding]:
        run = self._persistently(errand)
        if run.code == _TEMPORARY:
            listed = self.cli("outbox", "--json", now=self.now).records
            self.wanted.unknown |= {one["id"] for one in listed if one["state"] == "unknown"}
        if run.code not in (0, _TEMPORARY):
            yield Finding("unsettled", f"{errand.name}, run again: exit {run.code}: {run.err.strip()[-300:]}")

    def look(self) -> list[Finding]:
        """What is wrong now; what stands in the journal now must stand there from now on."""
        found = findings(self.cli.workspace, self.wanted, self.posts())
        self.wanted.kept = whole_lines(self.cli.workspace / "queue.jsonl")
        self.wanted.rewritten = False
        return found

    def posts(self) -> list[Post]:
        """What the witness has."""
        if self.network is None:
            return file_posts(self.cli.workspace / "outbox.jsonl")
        return [Post(post.sent, post.in_reply_to, None) for post in self.network.posts()]
