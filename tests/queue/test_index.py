"""Whatever happened to the index or the journal: what commands see equals an index built from nothing."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from socialcli.model.message import Message
from socialcli.queue import run as run_module
from socialcli.queue.facts import MessageLine, read_line
from socialcli.queue.journal import Line
from tests.queue.desk import NOW, Desk, decision, message, ours, rebuilt


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with some of everything, folded command by command."""
    desk.take(message("m1", minute=1, conversation="c1"), message("m2", "cust2", minute=2))
    desk.take(ours("o9", "m9", minute=9))
    desk.assess("m1")
    desk.add("claimed", desk.named("m2").id, {"agent": "sb", "until": int(NOW.timestamp()) + 600})
    desk.take(message("m0", minute=0, conversation="c1"), message("m9", "cust9", minute=8))
    desk.add("override", desk.named("m1").id, {"fields": {"priority": "urgent"}, "reason": "VIP"})
    desk.add("from-the-future", None, {})
    return desk


def _append(desk: Desk, *lines: bytes) -> None:
    with desk.journal.open("ab") as file:
        file.writelines(lines)


def _delete(desk: Desk) -> None:
    desk.index.unlink()


def _delete_all(desk: Desk) -> None:
    for path in desk.index.parent.iterdir():
        path.unlink()
    desk.index.parent.rmdir()


def _other_version(desk: Desk) -> None:
    with sqlite3.connect(desk.index) as db:
        db.execute("PRAGMA user_version = 77")
        db.execute("DELETE FROM tickets")
    db.close()


def _fewer_tables(desk: Desk) -> None:
    with sqlite3.connect(desk.index) as db:
        db.execute("DROP TABLE tickets")
    db.close()


def _garbage(desk: Desk) -> None:
    desk.index.write_bytes(b"this is no database " * 1000)


def _damaged_inside(desk: Desk) -> None:
    content = bytearray(desk.index.read_bytes())
    content[200:] = os.urandom(len(content) - 200)
    desk.index.write_bytes(content)


def _cut_short(desk: Desk) -> None:
    with desk.index.open("r+b") as file:
        file.truncate(desk.index.stat().st_size // 2)


def _empty_file(desk: Desk) -> None:
    desk.index.write_bytes(b"")


def _journal_cut(desk: Desk) -> None:
    """The index is ahead of the journal."""
    lines = desk.raw_lines()
    os.truncate(desk.journal, sum(map(len, lines[:3])))


def _journal_emptied(desk: Desk) -> None:
    os.truncate(desk.journal, 0)


def _journal_gone(desk: Desk) -> None:
    desk.journal.unlink()
    desk.journal.touch()


def _journal_replaced(desk: Desk) -> None:
    lines = desk.raw_lines()
    new = desk.journal.with_suffix(".new")
    new.write_bytes(b"".join(lines[1:]) + b'{"at":"2026-11-20T13:00:00.000000Z","id":"z","event":"x"}\n')
    new.replace(desk.journal)


def _journal_rewritten_in_place_to_the_same_size(desk: Desk) -> None:
    """Same inode, same size, other content."""
    lines = desk.raw_lines()
    with desk.journal.open("r+b") as file:
        file.write(b"".join(reversed(lines)))


def _journal_cut_and_grown(desk: Desk) -> None:
    lines = desk.raw_lines()
    os.truncate(desk.journal, sum(map(len, lines[:2])))
    _append(desk, *lines[3:], *lines[3:])


MISHAPS: tuple[Callable[[Desk], None], ...] = (
    _delete, _delete_all, _other_version, _fewer_tables, _garbage, _damaged_inside, _cut_short, _empty_file,
    _journal_cut, _journal_emptied, _journal_gone, _journal_replaced,
    _journal_rewritten_in_place_to_the_same_size, _journal_cut_and_grown,
)  # fmt: skip


def test_folding_bit_by_bit_equals_folding_from_nothing(busy: Desk, tmp_path: Path) -> None:
    found = busy.dump()
    assert found == rebuilt(busy, tmp_path / "fresh")
    assert len(found["tickets"]) == 3
    assert len(found["aliases"]) == 1


@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda mishap: mishap.__name__.strip("_"))
def test_after_a_mishap_the_index_agrees_with_the_journal(
    busy: Desk, tmp_path: Path, mishap: Callable[[Desk], None]
) -> None:
    busy.dump()
    mishap(busy)
    assert len(busy.tickets()) == len(busy.members())
    assert busy.dump() == rebuilt(busy, tmp_path / "fresh")
    busy.take(message("later", "cust7"))
    assert busy.dump() == rebuilt(busy, tmp_path / "later")
    assert "cust7" in {ticket.customer.handle for ticket in busy.tickets()}


def test_small_chunks_fold_the_same(busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rebuilt(busy, tmp_path / "whole")
    for chunk in (1, 700, 2000):
        monkeypatch.setattr(run_module, "CHUNK", chunk)
        assert rebuilt(busy, tmp_path / f"by-{chunk}") == whole


def test_a_second_look_reads_nothing_again(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.dump()
    monkeypatch.setattr(run_module, "read_line", None)  # folding anything would fail
    assert len(busy.tickets()) == 3


def test_only_what_is_new_is_folded(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.dump()
    new = busy.raw_lines()[0].replace(b'"id":"m1"', b'"id":"m5"').replace(b"cust1", b"cust5")
    _append(busy, new)
    folded: list[bytes] = []

    def read(raw: bytes) -> tuple[Line | MessageLine, Message | None]:
        folded.append(raw)
        return read_line(raw)

    monkeypatch.setattr(run_module, "read_line", read)
    busy.dump()
    assert folded == [new[:-1]]


def test_a_journal_that_is_not_there_yet_is_an_empty_queue(desk: Desk) -> None:
    assert desk.tickets() == []
    desk.take(message("m1"))
    assert len(desk.tickets()) == 1


def test_where_there_can_be_no_index_the_queue_is_folded_in_memory(busy: Desk, tmp_path: Path) -> None:
    expected = rebuilt(busy, tmp_path / "fresh")
    _delete_all(busy)
    busy.index.parent.write_text("a file where the folder should be")
    assert busy.dump() == expected
    assert len(busy.tickets()) == 3
    assert busy.index.parent.read_text() == "a file where the folder should be"


def test_an_index_that_cannot_be_opened_is_replaced_by_memory(busy: Desk, tmp_path: Path) -> None:
    expected = rebuilt(busy, tmp_path / "fresh")
    _delete_all(busy)
    busy.index.mkdir(parents=True)
    assert busy.dump() == expected


_READ = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from socialcli.queue.store import Filter, Queue
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
queue = Queue(Path(sys.argv[1]), lambda: datetime.now(UTC), print)
print(*sorted(one.customer.handle for one in queue.records(queue.rows(Filter()))), queue.index.in_memory)
"""


@pytest.fixture
def open_folder(desk: Desk) -> Desk:
    """Reachable for a user without rights: pytest's own folders are not."""
    for folder in (desk.folder, *desk.folder.parents):
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o755)
    return desk


@pytest.mark.parametrize("mishap", [lambda _: None, _garbage, _other_version, _delete])
def test_a_read_only_workspace_can_be_read(open_folder: Desk, mishap: Callable[[Desk], None]) -> None:
    desk = open_folder
    desk.take(message("m1"))
    desk.take(message("m2", "cust2"))
    behind = desk.index.read_bytes()
    desk.take(message("m3", "cust3"))
    desk.index.write_bytes(behind)
    mishap(desk)
    if desk.index.exists():
        desk.index.chmod(0o444)
    kept = desk.index.read_bytes() if desk.index.exists() else b""
    desk.journal.chmod(0o444)
    desk.index.parent.chmod(0o555)
    desk.folder.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _READ, str(desk.folder)], capture_output=True, text=True, check=False
        )
    finally:
        desk.folder.chmod(0o755)
        desk.index.parent.chmod(0o755)
    assert (done.stdout.strip(), done.stderr) == ("cust1 cust2 cust3 True", "")
    assert (desk.index.read_bytes() if desk.index.exists() else b"") == kept


def _look(folder: Path, barrier: object, answers: multiprocessing.Queue[object]) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    answers.put(Desk(folder).dump())


def test_two_processes_that_fold_at_once_see_the_same(desk: Desk, tmp_path: Path) -> None:
    messages = [message(f"m{number}", f"cust{number}") for number in range(3000)]
    desk.take(*messages)
    _delete_all(desk)
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    processes = [context.Process(target=_look, args=(desk.folder, barrier, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    one, two = answers.get(timeout=60), answers.get(timeout=60)
    for process in processes:
        process.join()
    assert one == two == rebuilt(desk, tmp_path / "fresh")


def test_a_process_sees_what_another_has_written_meanwhile(desk: Desk) -> None:
    first, second = desk.queue(), desk.queue()
    first.take_in([message("m1")])
    second.take_in([message("m2", "cust2")])
    with first.writing() as writing:
        ticket = first.ticket(desk.named("m2").id)
        writing.add("assessed", ticket.id, None, decision("m2"))
    second.refresh()
    assert second.ticket(ticket.id).priority == "high"
    first.close()
    second.close()


def test_what_another_process_folded_is_known_to_one_that_made_the_index(desk: Desk) -> None:
    first = desk.queue()
    assert first.take_in([message("m1")]) == 1
    desk.take(message("m2", "cust2"))  # another process
    first.refresh()
    assert first.take_in([message("m2", "cust2"), message("m3", "cust3")]) == 1
    first.close()
    assert [event["data"]["id"] for event in desk.events()] == ["m1", "m2", "m3"]
