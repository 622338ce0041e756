"""Random commands, crashes and re-opens on real files, held against ``tests/queue/model.py`` after every step.

``SOCIALCLI_EXAMPLES=2000 pytest tests/queue/test_state_machine.py`` plays that many games, with other dice each time.
"""

from __future__ import annotations

import gzip
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from socialcli import durable, failpoints
from socialcli.app import App, Options
from socialcli.commands import merge, split
from socialcli.errors import ConflictError, RefusedError, StorageError, UsageError
from socialcli.forgetting import Wish, forget
from socialcli.model.message import Author, Message
from socialcli.queue.archiving import archive
from socialcli.queue.facts import decode_message
from socialcli.queue.filtering import Filter
from socialcli.queue.journal import Line, decode_line
from socialcli.queue.repairing import repair
from socialcli.queue.rows import TicketRow, ticket_id
from socialcli.queue.schema import SCHEMA_VERSION
from socialcli.queue.store import Queue
from tests.queue.desk import NOW, Desk, decision, draft_data, message, ours, rebuilt
from tests.queue.model import ORDER, Matter, Model, Sketch

GAMES = int(os.environ.get("SOCIALCLI_EXAMPLES", "0"))
PEOPLE = {"cust1": None, "cust2": "u2", "cust3": "u3"}
INBOUND = [f"m{number}" for number in range(9)]
OUTBOUND = [f"o{number}" for number in range(3)]
POSTS = [f"r{number}" for number in range(3)]
MATTERS = ("lost bag", "late flight", "Málaga refund", "late bag")
WORDS = {"bag": "bag", "flight": "flight", "malaga": "Málaga", "late": "late"}
GARBAGE = b"{garbage}\n"
POLICY = App(Options(), json=True).read_policy(
    b'[[agents]]\nid = "sb"\nname = "Sam Baker"\ninitials = "SB"\nrole = "lead"\n'
)
MOST_BACK = timedelta(hours=20)  # what is further ahead than a day is not believed by later lines
Act = Callable[[Queue], object]

numbers = st.integers(0, 30)


class QueueMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.root = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        (self.root / "desk").mkdir()
        self.desk = Desk(self.root / "desk", NOW)
        self.desks = [self.desk.queue(), self.desk.queue()]
        self.turn = 0
        self.model = Model()
        self.offered: dict[str, Message] = {}
        self.fault: tuple[str, int] | None = None
        self.copy = b""
        self.rises = True
        self.latest = NOW
        self.fresh = itertools.count()

    def teardown(self) -> None:
        for queue in self.desks:
            queue.close()
        self.stack.close()

    # how things are done

    @property
    def queue(self) -> Queue:
        """Two desks take turns."""
        self.turn += 1
        queue = self.desks[self.turn % 2]
        queue.refresh()
        return queue

    def app(self) -> App:
        """What a command would open: a third one."""
        app = App(Options(workspace=str(self.desk.folder), now=self.desk.now), json=True)
        app.__dict__["policy"] = POLICY
        return app

    def lines(self, start: int = 0) -> list[bytes]:
        """The whole lines of the journal from an offset."""
        if not self.desk.journal.exists():
            return []
        return [one for one in self.desk.raw_lines_from(start) if one.endswith(b"\n")]

    def run(self, act: Act, *, whole: bool = False) -> bool:
        """Do something that writes, with the fault that is due; the model heeds the lines that are on disk then.

        ``whole``: it is done again until it is done. Returns whether nothing broke.
        """
        fault, self.fault = self.fault, None
        start, before = self.desk.size(), self.lines()
        struck = fault is not None and fault[0] == "disk" and self.strike(act, fault[1])
        if struck and not whole:
            assert self.lines() == before
            return False
        if fault is None or fault[0] != "disk" or struck:
            act(self.queue)
        torn = fault is not None and fault[0] == "cut" and not whole
        if torn and fault is not None:
            self.cut(start, fault[1])
        for raw in self.lines(start):
            if raw.strip() and not is_bad(raw):
                self.heed(decode_line(raw))
        return not torn

    def strike(self, act: Act, step: int) -> bool:
        """Whether the disk refused a step of it."""
        durable._FAIL_POINT = f"*@{1 + step % 9}=EIO"
        failpoints._passes = itertools.count(1)
        try:
            act(self.queue)
        except StorageError:
            return True
        finally:
            durable._FAIL_POINT = ""
        return False

    def cut(self, start: int, place: int) -> None:
        """A power cut: the last append ends at some byte."""
        size = self.desk.size()
        with self.desk.journal.open("r+b") as file:
            file.truncate(start + (size - start) * place // 30)

    def heed(self, line: Line) -> None:
        """One event that was written."""
        data = msgspec.json.decode(line.data)
        model = self.model
        if line.event == "message":
            self.taken(line)
        elif line.event in ("edited", "renamed"):
            one = decode_message(line.data)
            (model.edit if line.event == "edited" else model.rename)(one)
        elif line.event == "deleted":
            model.delete(decode_message(line.data))
        elif line.event == "alias":
            assert line.ticket is not None
            model.alias(line.ticket, data["of"])
        elif line.event == "erased":
            ticket = None if line.ticket is None else model.names[line.ticket]
            model.erase(ticket, data["messages"], data["customer"])
            for name in data["messages"] if line.by is not None else ():
                model.said[name].forgotten = True
        elif line.ticket is not None:
            self.decided(line.event, model.names[line.ticket], data)
        if line.ticket is not None and line.ticket in model.names:
            ticket = model.names[line.ticket]
            ticket.touched, ticket.in_journal = max(ticket.touched, line.at), True

    def taken(self, line: Line) -> None:
        """A new message: it is where it may be."""
        one, model = decode_message(line.data), self.model
        assert not model.is_known(one), line
        may, must = model.may_join(one)
        joined = None if line.ticket is None else model.names.get(line.ticket)
        if must:
            assert joined in may, (one, [ticket.name for ticket in may], line.ticket)
        elif joined is not None:
            assert joined in may, (one, line.ticket)
        elif one.direction == "inbound" and not one.text.startswith("RT @"):
            assert line.ticket == ticket_id("file", one.id)
        else:
            assert line.ticket is None
        model.take(one, line.ticket)

    def decided(self, event: str, ticket: Matter, data: dict[str, Any]) -> None:  # noqa: C901 - one event after the other
        model = self.model
        if event == "assessed":
            model.assess(ticket, data["message_id"], data["respond"], data["priority"], data["score"])
        elif event == "override":
            ticket.override |= data["fields"]
            ticket.set_by_hand()
        elif event == "claimed":
            ticket.claim = (data["agent"], data["until"])
        elif event == "released":
            ticket.claim = None
        elif event == "labelled":
            ticket.labels = (ticket.labels | set(data["add"])) - set(data["remove"])
        elif event == "snoozed":
            ticket.snoozed = data["until"] or None
        elif event in ("done", "resolved"):
            model.finish(ticket, done=event == "done")
        elif event == "merged":
            model.merge(ticket, model.names[data["of"]])
        elif event == "split":
            self.parted(ticket, data)
        elif event in ORDER:
            self.drafted(event, ticket, data)

    def parted(self, ticket: Matter, data: dict[str, Any]) -> None:
        first = data["messages"][0]
        assert set(data["messages"]) == self.model.going(ticket, first)
        self.model.split(ticket, first)

    def drafted(self, event: str, ticket: Matter, data: dict[str, Any]) -> None:
        name = data["draft"]
        if name not in self.model.drafts:
            self.model.drafts[name] = Sketch(name, ticket, data["whole"]["target"])
        else:
            self.model.move_on(self.model.drafts[name], event, data["attempt"], data.get("remote_id"))

    def write(self, event: str, ticket: Matter, data: Any) -> None:
        """One event, under a name that the ticket has or had."""
        name = next(one for one, held in reversed(self.model.names.items()) if held is ticket)

        def act(queue: Queue) -> None:
            with queue.writing() as writing:
                writing.add(event, queue.ticket(name).id, "sb", data)

        self.run(act)

    def pick(self, number: int) -> Matter:
        names = list(self.model.names)
        return self.model.names[names[number % len(names)]]

    def tick(self, by: timedelta = timedelta(seconds=1)) -> None:
        self.desk.now += by
        self.latest = max(self.latest, self.desk.now)

    # messages

    def one(self, data: st.DataObject, name: str) -> Message:
        """The message of this id as the network has it; what it is like is drawn when it is first met."""
        if name in self.offered:
            return self.offered[name]
        handle = data.draw(st.sampled_from(sorted(PEOPLE)), "handle")
        said = data.draw(st.sampled_from(MATTERS), "matter")
        kind = data.draw(st.sampled_from(["", "", "", "", "", "RT @NorthlineAir "]), "kind")
        one = message(
            name,
            handle,
            minute=data.draw(st.integers(0, 9), "minute"),
            text=f"{kind}{said} {name}v0",
            visibility=data.draw(st.sampled_from(["public", "public", "direct"]), "visibility"),
            reply_to=data.draw(st.none() | st.sampled_from([*INBOUND, *OUTBOUND, *POSTS]), "reply_to"),
            conversation=data.draw(st.sampled_from([None, None, "c1", "c2"]), "conversation"),
        )
        self.offered[name] = msgspec.structs.replace(one, author=Author(PEOPLE[handle], handle))
        return self.offered[name]

    def answer(self, data: st.DataObject, name: str) -> Message:
        if name in self.offered:
            return self.offered[name]
        one = ours(
            name,
            data.draw(st.none() | st.sampled_from(INBOUND), "reply_to"),
            minute=data.draw(st.integers(0, 9), "minute"),
            conversation=data.draw(st.sampled_from([None, "c1", "c2"]), "conversation"),
        )
        self.offered[name] = msgspec.structs.replace(one, text=f"We are looking {name}v0")
        return self.offered[name]

    def take(self, offered: Sequence[Message], *, live: bool) -> None:
        cursor = ("support", {"n": next(self.fresh)}) if live else None
        if self.run(lambda queue: queue.take_in(offered, cursor)):
            for one in offered:
                assert self.model.is_known(one)

    @rule(
        data=st.data(),
        names=st.lists(st.sampled_from([*INBOUND, *INBOUND, *OUTBOUND]), min_size=1, max_size=4),
        live=st.booleans(),
    )
    def fetches(self, data: st.DataObject, names: list[str], live: bool) -> None:
        make = {True: self.answer, False: self.one}
        self.take([make[name in OUTBOUND](data, name) for name in names], live=live)
        self.tick()

    @precondition(lambda self: any(one.inbound for one in self.model.said.values()))
    @rule(number=numbers, how=st.sampled_from(["fetch", "watch"]))
    def author_edits(self, number: int, how: str) -> None:
        known = [one.whole for one in self.model.said.values() if one.inbound]
        old = self.offered[known[number % len(known)].id]
        versions = (*old.versions, f"{old.id}e{len(old.versions)}")
        new = msgspec.structs.replace(
            old,
            versions=versions,
            text=old.text.replace("bag", "flight").split(" m")[0] + f" {old.id}v{len(versions)}",
        )
        said = self.model.said[old.id]
        gone, held = said.gone, said.ticket is not None
        self.offered[old.id] = new
        if self.change(how, new) and held and not gone:
            assert said.whole.version == new.version

    @precondition(lambda self: any(one.inbound for one in self.model.said.values()))
    @rule(number=numbers, how=st.sampled_from(["fetch", "watch"]))
    def customer_changes_handle(self, number: int, how: str) -> None:
        known = [one.whole for one in self.model.said.values() if one.inbound and one.whole.author.id]
        if not known:
            return
        old = self.offered[known[number % len(known)].id]
        handle = old.author.handle + "x" if len(old.author.handle) < 7 else old.author.handle[:5]
        new = msgspec.structs.replace(old, author=Author(old.author.id, handle))
        self.offered[old.id] = new
        self.change(how, new)

    def change(self, how: str, new: Message) -> bool:
        if how == "fetch":
            return self.run(lambda queue: queue.take_in([new], ("support", {"n": next(self.fresh)})))
        return self.run(lambda queue: queue.note_changes([new], []))

    @precondition(lambda self: any(one.inbound for one in self.model.said.values()))
    @rule(number=numbers)
    def author_deletes(self, number: int) -> None:
        known = [one.whole for one in self.model.said.values() if one.inbound]
        name = known[number % len(known)].id
        whole = self.run(lambda queue: queue.note_changes([], [self.offered[name]]))
        said = self.model.said[name]
        assert not whole or said.gone or said.ticket is None
        self.tick()

    # decisions

    @precondition(lambda self: self.model.names)
    @rule(
        number=numbers,
        which=numbers,
        respond=st.sampled_from(["respond", "respond", "monitor", "ignore"]),
        priority=st.sampled_from(["urgent", "normal"]),
        everything=st.booleans(),
    )
    def triage(self, number: int, which: int, respond: str, priority: str, everything: bool) -> None:
        ticket = self.pick(number)
        waiting = sorted(one.whole.id for one in self.model.inbox(ticket) if not one.assessed)
        chosen = waiting if everything else waiting[which % len(waiting) :][:1] if waiting else []
        for name in chosen:
            facts = decision(name, respond=respond, priority=priority, score=which)
            self.write("assessed", ticket, facts)
        self.tick()

    @precondition(lambda self: self.model.names)
    @rule(
        number=numbers,
        what=st.sampled_from(
            [
                ("override", {"fields": {"respond": "ignore"}, "reason": "r"}),
                ("override", {"fields": {"priority": "low"}, "reason": "r"}),
                ("labelled", {"add": ["vip", "bag"], "remove": []}),
                ("labelled", {"add": ["press"], "remove": ["vip"]}),
                ("claimed", {"agent": "mo", "until": int(NOW.timestamp()) + 7200}),
                ("released", {}),
                ("snoozed", {"until": int(NOW.timestamp()) + 7200}),
                ("snoozed", {"until": 0}),
                ("note", {"text": "called them"}),
                ("done", {"url": None}),
                ("done", {"url": None}),
                ("resolved", {"outcome": "fixed"}),
            ]
        ),
    )
    def person_decides(self, number: int, what: tuple[str, dict[str, Any]]) -> None:
        self.write(what[0], self.pick(number), what[1])
        self.tick()

    # drafts

    @precondition(lambda self: self.model.said)
    @rule(number=numbers)
    def draft_is_composed(self, number: int) -> None:
        said = [one for one in self.model.said.values() if one.ticket is not None and one.inbound]
        if said:
            one = said[number % len(said)]
            ticket = one.ticket
            assert ticket is not None
            name = f"d{next(self.fresh):04}"
            self.write("composed", ticket, draft_data(name, ticket.name, one.whole.id))

    @precondition(lambda self: self.model.drafts)
    @rule(
        number=numbers, state=st.sampled_from(["intended", "sent", "sent", *ORDER[1:-1]]), again=st.booleans()
    )
    def draft_moves_on(self, number: int, state: str, again: bool) -> None:
        draft = list(self.model.drafts.values())[number % len(self.model.drafts)]
        others = [
            one for one in self.model.drafts.values() if one.ticket is draft.ticket and one is not draft
        ]
        taken = {one.remote for one in self.model.drafts.values()}
        post = next((one for one in POSTS if one not in taken), f"r1{next(self.fresh)}")
        facts: dict[str, Any] = {"draft": draft.id, "attempt": draft.attempt + again, "wall": 1.0}
        if state == "sent":
            facts["remote_id"] = post

        def act(queue: Queue) -> None:
            with queue.writing() as writing:
                stored = queue.draft(draft.id)
                assert stored.row.ticket is not None
                way = queue.on_its_way(stored.row.ticket, but=draft.id)
                assert (way is None) == all(
                    one.state
                    not in ("intended", "unknown", "by-hand", "awaiting-approval", "approved", "scheduled")
                    for one in others
                )
                if way is None:
                    writing.add(state, stored.draft.ticket, "sb", facts)

        self.run(act)
        self.tick()

    @precondition(lambda self: any(one.remote for one in self.model.drafts.values()))
    @rule(number=numbers)
    def our_post_is_read(self, number: int) -> None:
        sent = [one for one in self.model.drafts.values() if one.remote]
        draft = sent[number % len(sent)]
        name = str(draft.remote)
        if name not in self.offered:
            self.offered[name] = msgspec.structs.replace(
                ours(name, draft.target, minute=9), text=f"Sorry {name}v0"
            )
        self.take([self.offered[name]], live=True)

    # people's second thoughts

    @precondition(lambda self: len(self.model.tickets()) > 1)
    @rule(one=numbers, other=numbers)
    def merge(self, one: int, other: int) -> None:
        kept, lost = self.pick(one), self.pick(other)
        same = (
            kept.author == lost.author
            if kept.author is not None and lost.author is not None
            else kept.customer == lost.customer
        )
        busy = self.model.on_its_way(kept) or self.model.on_its_way(lost)
        refusal = (
            UsageError if kept is lost else RefusedError if not same else ConflictError if busy else None
        )
        self.run(
            _refused(lambda _: merge.run(self.app(), kept.name, lost.name, "sb", dry_run=False), refusal)
        )

    @precondition(lambda self: self.model.names)
    @rule(number=numbers, which=numbers)
    def split(self, number: int, which: int) -> None:
        ticket = self.pick(number)
        there = sorted(one.whole.id for one in self.model.inbox(ticket))
        first = there[which % len(there)]
        refusal = (
            RefusedError
            if first == ticket.opened[1]
            else ConflictError
            if self.model.on_its_way(ticket)
            else None
        )
        self.run(_refused(lambda _: split.run(self.app(), ticket.name, first, "sb", dry_run=False), refusal))
        self.tick()

    # erasure, archives, repair

    @precondition(lambda self: self.model.names)
    @rule(number=numbers, customer=st.booleans())
    def forget(self, number: int, customer: bool) -> None:
        said = [one for one in self.model.said.values() if one.inbound and one.ticket is not None]
        one = said[number % len(said)]
        ticket = one.ticket
        assert ticket is not None
        what = f"@{one.whole.author.handle}" if customer else one.whole.id
        if customer and ticket.customer.startswith("erased-"):
            return
        try:
            self.run(lambda _: forget(self.app(), Wish(what), "sb", lambda _: None), whole=True)
        except ConflictError:
            assert any(self.model.on_its_way(one) for one in self.model.tickets())
            return
        assert one.gone
        if customer:
            assert ticket.customer.startswith("erased-")
        self.words_are_in_no_file()

    def words_are_in_no_file(self) -> None:
        """After an erasure: what was erased, or deleted, stands nowhere."""
        everywhere = b""
        for path in self.desk.folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                everywhere += gzip.decompress(content) if path.suffix == ".gz" else content
        for one in self.model.said.values():
            if one.forgotten:
                assert f" {one.whole.id}v".encode() not in everywhere

    @precondition(lambda self: self.model.names)
    @rule(days=st.sampled_from([0, 0, 1]))
    def archive(self, days: int) -> None:
        self.tick(timedelta(minutes=1))
        before = self.desk.now - timedelta(days=days)
        stamp = before.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        going = self.model.archivable(stamp)
        known = self.archives()
        self.run(lambda queue: archive(queue, before, "sb", self.desk.now, dry_run=False), whole=True)
        new = [one for name, one in self.archives().items() if name not in known]
        assert sum(one["tickets"] for one in new) == len(going)
        for ticket in going:
            ticket.archived, ticket.in_journal = True, False
        self.rises &= not going

    def archives(self) -> dict[str, Any]:
        events = (decode_line(raw) for raw in self.lines() if b'"event":"archived"' in raw)
        return {one.id: msgspec.json.decode(one.data) for one in events}

    @rule()
    def repair(self) -> None:
        if self.desk.journal.exists():
            self.run(repair, whole=True)
            assert not any(is_bad(raw) for raw in self.lines())

    # what happens to files

    @rule(kind=st.sampled_from(["disk", "cut", "cut"]), place=st.integers(0, 30))
    def next_is_struck(self, kind: str, place: int) -> None:
        self.fault = (kind, place)

    @rule(hours=st.integers(1, 15), forward=st.booleans())
    def clock_moves(self, hours: int, forward: bool) -> None:
        self.desk.now = max(
            self.desk.now + timedelta(hours=hours if forward else -hours), self.latest - MOST_BACK
        )
        self.tick(timedelta())

    @rule(what=st.sampled_from([GARBAGE, b" " * 40 + b"\n", b"{torn"]))
    def editor_appends(self, what: bytes) -> None:
        with self.desk.journal.open("ab") as file:
            file.write(what)

    @rule(how=st.sampled_from(["closed", "deleted", "garbage", "version", "half"]))
    def reopened(self, how: str) -> None:
        for queue in self.desks:
            queue.close()
        path = self.desk.index
        if path.exists() and how != "closed":
            if how == "deleted":
                shutil.rmtree(path.parent)
            elif how == "version":
                with sqlite3.connect(path) as db:
                    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION % 1000 + 1}")
                db.close()
            else:
                content = path.read_bytes()
                path.write_bytes(b"no index" * 200 if how == "garbage" else content[: len(content) // 2])
        self.desks = [self.desk.queue(), self.desk.queue()]

    @rule()
    def journal_is_copied(self) -> None:
        self.copy = b"".join(self.lines())

    @precondition(lambda self: self.copy)
    @rule()
    def united_with_the_copy(self) -> None:
        """``cat copy queue.jsonl | LC_ALL=C sort -u``."""
        lines = {*self.copy.splitlines(keepends=True), *self.lines()}
        new = self.root / "new"
        new.write_bytes(b"".join(sorted(lines)))
        new.replace(self.desk.journal)
        self.rises = False
        for raw in self.copy.splitlines():
            if raw.strip() and not is_bad(raw):
                ticket = self.model.names.get(decode_line(raw).ticket or "")
                if ticket is not None:
                    self.back_from_archive(ticket)

    def back_from_archive(self, ticket: Matter) -> None:
        """Lines of it stand in the journal again: whether it counts as archived is told by its last one."""
        ticket.in_journal = True
        if ticket.archived:
            ticket.archived = self.queue.ticket(ticket.name).archived == 1

    # what always holds

    @invariant()
    def agrees(self) -> None:
        queue = self.queue
        rows = {row.id: row for row in list(queue.rows(Filter()))}
        tickets = {one.name: one for one in self.model.tickets()}
        assert rows.keys() == tickets.keys()
        for name, ticket in tickets.items():
            self.same(queue, rows[name], ticket)
        for name, ticket in self.model.names.items():
            assert queue.ticket(name).id == ticket.name
        for draft in self.model.drafts.values():
            stored = queue.draft(draft.id)
            assert (stored.draft.state, stored.draft.ticket) == (draft.state, draft.ticket.name)
            assert stored.draft.remote_id == draft.remote
        assert len(queue.bad_lines()) == sum(is_bad(raw) for raw in self.lines())
        self.words_are_found()
        self.gone_words_are_not_shown()
        self.grown_is_as_built_from_nothing()
        self.ids_rise()

    def same(self, queue: Queue, row: TicketRow, ticket: Matter) -> None:
        model = self.model
        (record,) = queue.records([row])
        said = {one.whole.id: one for one in model.inbox(ticket)}
        now = int(self.desk.now.timestamp())
        claim = ticket.claim[0] if ticket.claim is not None and ticket.claim[1] >= now else None
        assert record.status == model.status(ticket), (ticket, row)
        assert queue.unanswered(row).keys() == model.waiting(ticket), ticket
        assert row.untriaged == model.untriaged(ticket)
        assert record.respond == ticket.respond
        assert record.labels == tuple(sorted(ticket.labels))
        assert row.snoozed == ticket.snoozed
        assert record.assignee == claim
        assert (row.customer, row.author) == (ticket.customer, ticket.author)
        shown = {(one.text, one.whole.author.handle) for one in said.values()}
        assert (record.text, record.customer.handle) in shown
        if ticket.plain:
            assert record.text == max(said.values(), key=lambda one: one.at).text
        self.same_thread(queue, row, ticket, record.messages)

    def same_thread(self, queue: Queue, row: TicketRow, ticket: Matter, count: int) -> None:
        thread = queue.thread(row)
        wanted = self.model.thread(ticket)
        assert [one.id for one in thread] == [
            one.id for one in sorted(thread, key=lambda one: (one.created_at, one.id))
        ]
        assert sorted(one.id for one in thread) == sorted(wanted)
        assert count == len(wanted)
        for one in thread:
            assert wanted[one.id] in (None, one.text)

    def words_are_found(self) -> None:
        queue = self.queue
        for asked, word in WORDS.items():
            found = {queue.ticket_by_number(n).id for n in queue.find(asked)}
            assert found == {one.name for one in self.model.matches(word)}

    def gone_words_are_not_shown(self) -> None:
        tokens = {text.split()[-1] for text in self.model.gone_words if text}
        held = {one.whole.id for one in self.model.said.values() if one.gone}
        for event in self.queue.everything() if held else ():
            text = str(event.data.get("text", "")) if event.event == "message" else ""
            if event.data.get("id") in held:
                assert not tokens & set(text.split())

    def grown_is_as_built_from_nothing(self) -> None:
        if self.desk.journal.exists():
            fresh = self.root / "fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            grown, built = self.desk.dump(), rebuilt(self.desk, fresh)
            assert {name: rows for name, rows in grown.items() if rows != built[name]} == {
                name: rows for name, rows in built.items() if rows != grown[name]
            }

    def ids_rise(self) -> None:
        if self.rises:
            ids = [decode_line(raw).id for raw in self.lines() if raw.strip() and not is_bad(raw)]
            assert ids == sorted(set(ids))


def is_bad(raw: bytes) -> bool:
    """Whether a line is no event: none of a command, but of an editor, perhaps behind half of one."""
    return raw.strip() != b"" and not (raw.startswith(b'{"at"') and raw.rstrip().endswith(b'"}'))


def _refused(act: Act, refusal: type[Exception] | None) -> Act:
    if refusal is None:
        return act

    def refused(queue: Queue) -> None:
        with pytest.raises(refusal):
            act(queue)

    return refused


def test_the_queue_does_what_the_model_says() -> None:
    run_state_machine_as_test(
        QueueMachine,
        settings=settings(
            max_examples=GAMES or 20,
            stateful_step_count=30,
            derandomize=not GAMES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
