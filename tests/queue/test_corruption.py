"""Journals broken in every way that files break: each finding has its line, the rest works, and a repair leaves
what the good lines alone fold to, with every byte of the bad ones beside it.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from socialcli.model.ticket import Ticket
from socialcli.queue.findings import Finding
from socialcli.queue.journal import NewEvent, agrees, encode_events, is_sealed, sealed
from socialcli.queue.judging import is_good
from socialcli.queue.repairing import Mended, repair
from socialcli.queue.verifying import verify
from tests.queue.desk import NOW, Desk, draft_data, message

MARK = b"\xef\xbb\xbf"


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Fourteen lines about three customers."""
    desk.take(*(message(f"m{number}", f"cust{number}", minute=number) for number in (1, 2, 3)))
    for number in (1, 2, 3):
        desk.assess(f"m{number}")
    own = desk.named("m1").id
    desk.add("composed", own, draft_data("d1", own, "m1"))
    desk.add("intended", own, {"draft": "d1", "attempt": 1})
    desk.add("sent", own, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    desk.take(message("m4", "cust2", minute=4, text="@NorthlineAir still nothing – und jetzt? 🧳"))
    desk.add("note", desk.named("m2").id, {"text": "called the airport"})
    desk.add("claimed", desk.named("m3").id, {"agent": "sb", "until": int(NOW.timestamp()) + 900})
    desk.add("cursor", None, {"account": "support", "cursor": {"offset": 7}})
    desk.add("released", desk.named("m3").id, {})
    assert len(desk.raw_lines()) == 14
    return desk


def _findings(desk: Desk) -> list[Finding]:
    queue = desk.queue()
    try:
        return list(verify(queue))
    finally:
        queue.close()


def _found(desk: Desk) -> list[tuple[str, int]]:
    """Kinds and lines of what is found."""
    return [(one.kind.name, one.line) for one in _findings(desk)]


def _repair(desk: Desk) -> tuple[list[Mended], list[Finding]]:
    queue = desk.queue()
    try:
        return repair(queue)
    finally:
        queue.close()


def _state(desk: Desk) -> tuple[list[Ticket], dict[str, list[str]]]:
    return desk.tickets(), desk.members()


def _good_alone(desk: Desk, good: list[bytes]) -> tuple[list[Ticket], dict[str, list[str]]]:
    """What these lines fold to."""
    return _state(desk.rewritten(desk.folder.parent / f"good-{random.random()}", good))


def _aside(desk: Desk) -> bytes:
    files = [path for path in desk.folder.glob("queue.jsonl.bad-*") if path.suffix != ".lines"]
    return b"".join(path.read_bytes() for path in sorted(files))


def _check_repair(desk: Desk, good: list[bytes], bad: list[bytes], *, left: tuple[str, ...] = ()) -> None:
    """The repair sets these lines aside and leaves those; a second one finds nothing to do."""
    size = desk.journal.stat().st_size
    wanted = _good_alone(desk, good)
    _, after = _repair(desk)
    assert tuple(one.kind.name for one in after if one.kind.broken) == left
    assert _state(desk) == wanted
    assert desk.journal.stat().st_size == size
    for line in bad:
        assert line in _aside(desk)
    before = desk.journal.read_bytes()
    mended, again = _repair(desk)
    assert mended == []
    assert again == after
    assert desk.journal.read_bytes() == before
    _goes_on(desk)


def _goes_on(desk: Desk) -> None:
    """New messages come in, and are no reason for new findings."""
    before = [one for one in _found(desk) if one[1]]
    desk.take(message("later", "cust9", minute=30))
    assert "cust9" in {ticket.customer.handle for ticket in desk.tickets()}
    assert [one for one in _found(desk) if one[1]] == before


# lines


def test_every_line_is_sealed_and_a_sound_journal_has_no_findings(busy: Desk) -> None:
    lines = [line[:-1] for line in busy.raw_lines()]
    assert all(is_sealed(line) and agrees(line) and sealed(line) == line for line in lines)
    assert re.search(rb',"sum":"[0-9a-f]{8}"\}$', lines[0])
    before = busy.journal.read_bytes()
    assert _findings(busy) == []
    assert _repair(busy) == ([], [])
    assert busy.journal.read_bytes() == before
    assert sorted(path.name for path in busy.folder.iterdir()) == [".socialcli", "queue.jsonl"]


def test_lines_of_an_older_release_have_no_sum_and_are_good(busy: Desk) -> None:
    old = [re.sub(rb',"sum":"[0-9a-f]{8}"\}$', b"}", line[:-1]) for line in busy.raw_lines()]
    assert all(is_good(line) and not is_sealed(line) for line in old)


def test_every_flip_of_a_bit_in_a_line_is_noticed(busy: Desk) -> None:
    """All bits of two lines, one with letters beyond ASCII."""
    for line in (busy.raw_lines()[9][:-1], busy.raw_lines()[8][:-1]):
        assert is_good(line)
        for place in range(len(line)):
            for bit in range(8):
                flipped = bytearray(line)
                flipped[place] ^= 1 << bit
                assert b"\n" in flipped or not is_good(bytes(flipped)), (place, bit)


@pytest.mark.parametrize("seed", range(25))
def test_a_flipped_bit_anywhere_is_named_and_set_aside(busy: Desk, seed: int) -> None:
    chance = random.Random(seed)
    lines, content = busy.raw_lines(), bytearray(busy.journal.read_bytes())
    place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(8)
    busy.journal.write_bytes(content)
    number = bytes(content[:place]).count(b"\n") + 1
    broken = [one for one in _findings(busy) if one.kind.broken]
    assert broken
    assert broken[0].line == number
    now = busy.raw_lines()
    _, after = _repair(busy)
    assert {one.kind.name for one in after if one.kind.broken} <= {"held", "missing"}
    for line in now:
        assert line in busy.raw_lines() if line in lines else line in _aside(busy)
    mended, again = _repair(busy)
    assert mended == []
    assert [one for one in after if one.kind.name != "held"] == again
    _goes_on(busy)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (b"not JSON", "not-json"),
        (b"[1,2]", "no-event"),
        (b'{"at":"2026"}', "no-event"),
        (b"\0" * 300, "nul"),
        (b'{"at":"\0"}', "nul"),
        (b'{"at":"x","id":"y","event":"note","data":{"text":"\xff"}}', "not-utf-8"),
        (b"\xff\xfe", "not-utf-8"),
        (b'{"at":"x","id":"y","event":3}', "no-event"),
        (b'{"at":"x","id":"y","event":"note","ticket":"a","data":{},"sun":"12345678"}', "changed"),
        (b'{"at":"x","id":"y","event":"note","data":' + b"[" * 100_000, "not-json"),
    ],
)
def test_a_bad_line_is_named_and_set_aside(busy: Desk, bad: bytes, kind: str) -> None:
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join((*lines[:5], bad + b"\n", *lines[5:])))
    assert _found(busy) == [(kind, 6)]
    _check_repair(busy, lines, [bad])
    assert busy.raw_lines()[5] == b" " * len(bad) + b"\n"
    (path,) = busy.folder.glob("queue.jsonl.bad-*.lines")
    (told,) = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    assert (told["line"], told["offset"]) == (6, sum(map(len, lines[:5])))
    assert told["why"]


def test_an_event_without_what_it_must_have_is_set_aside(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.add("note", busy.named("m2").id, None)
    busy.add("override", busy.named("m2").id, {"fields": {"mood": "calm"}})
    bad = busy.raw_lines()[-2:]
    assert _found(busy) == [("no-event", 15), ("no-event", 16)]
    _check_repair(busy, lines, bad)


def test_events_about_a_line_that_was_set_aside_are_kept_for_its_return(busy: Desk) -> None:
    lines, before = busy.raw_lines(), _state(busy)
    busy.journal.write_bytes(b"".join(lines).replace(b'"id":"m1","net', b'"id":"m1""net', 1))
    assert _found(busy)[0] == ("not-json", 1)
    _check_repair(busy, lines[1:], [])
    kept = [one for one in _findings(busy) if one.kind.name == "kept"]
    assert [one.line for one in kept] == [4, 7, 8, 9]
    united = busy.rewritten(busy.folder.parent / "united", sorted({*busy.raw_lines()[:-1], *lines}))
    assert _state(united) == before


def test_events_about_nothing_are_broken_where_nothing_explains_them(busy: Desk) -> None:
    busy.add("note", "aaaaaaaaaaaa", {"text": "for a ticket that was never there"})
    assert _found(busy) == [("stray", 15)]
    mended, left = _repair(busy)
    assert (mended, [one.kind.name for one in left]) == ([], ["stray"])


def test_events_of_a_newer_release_are_told_and_left_alone(busy: Desk) -> None:
    busy.add("teleported", busy.named("m2").id, {"to": "the moon"})
    before = busy.journal.read_bytes()
    assert _found(busy) == [("newer", 15)]
    assert not any(one.kind.broken for one in _findings(busy))
    _repair(busy)
    assert busy.journal.read_bytes() == before


# missing lines


@pytest.mark.parametrize(("first", "last"), [(1, 1), (2, 2), (5, 7), (13, 13), (1, 13)])
def test_missing_lines_in_the_middle_are_counted(busy: Desk, first: int, last: int) -> None:
    lines = busy.raw_lines()
    gone = lines[first - 1 : last]
    busy.journal.write_bytes(b"".join((*lines[: first - 1], *lines[last:])))
    (one,) = [one for one in _findings(busy) if one.kind.name == "missing"]
    assert one.line == first
    assert f"{sum(map(len, gone)):,} bytes" in one.detail
    assert "sort -u" in one.kind.remedy
    _check_repair(busy, [*lines[: first - 1], *lines[last:]], [], left=("missing",))


def test_the_remedy_for_missing_lines_is_one(busy: Desk) -> None:
    backup, before = busy.journal.read_bytes(), _state(busy)
    lines = busy.raw_lines()
    del lines[5]
    busy.journal.write_bytes(b"".join(lines))
    busy.add("note", busy.named("m2").id, {"text": "written after the loss"})
    assert ("missing", 6) in _found(busy)
    (busy.folder / "backup.jsonl").write_bytes(backup)
    command = "cat backup.jsonl queue.jsonl | sort -u > united.jsonl && mv united.jsonl queue.jsonl"
    subprocess.run(
        command, shell=True, cwd=busy.folder, check=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    )
    assert not any(one.kind.broken for one in _findings(busy))
    assert busy.members() == before[1]
    assert len(busy.raw_lines()) == 15


def test_two_losses_are_two_findings(busy: Desk) -> None:
    lines = busy.raw_lines()
    del lines[9]
    del lines[4]
    busy.journal.write_bytes(b"".join(lines))
    assert [one for one in _found(busy) if one[0] == "missing"] == [("missing", 5), ("missing", 9)]


def test_lines_missing_at_the_end_are_known_by_the_index(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.tickets()
    busy.journal.write_bytes(b"".join(lines[:10]))
    (one,) = _findings(busy)
    assert (one.kind.name, one.line) == ("missing", 10)
    assert f"{sum(map(len, lines[10:])):,} bytes" in one.detail
    assert _state(busy) == _good_alone(busy, lines[:10])


def test_any_command_says_that_the_journal_is_shorter_than_it_was(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.tickets()
    busy.journal.unlink()
    busy.journal.write_bytes(b"".join(lines[:10]))
    busy.notes.clear()
    assert len(busy.tickets()) == 4
    (note,) = busy.notes
    assert f"{sum(map(len, lines[10:])):,} bytes" in note


def _cut(desk: Desk, lines: int) -> None:
    """Take the last lines of the journal away, after the index has read them."""
    desk.tickets()
    desk.journal.write_bytes(b"".join(desk.raw_lines()[:-lines]))


def test_a_loss_at_the_end_is_named_whichever_command_met_it_and_until_somebody_took_note(busy: Desk) -> None:
    _cut(busy, 4)
    busy.tickets()
    busy.add("note", busy.named("m2").id, {"text": "written after the loss"})
    for _ in range(2):
        assert _found(busy) == [("missing", 10)]
    mended, left = _repair(busy)
    assert [one.finding.kind.name for one in mended] == ["missing"]
    assert left == []
    assert _found(busy) == []


def test_two_losses_at_the_end_are_both_named_after_one_came_back(busy: Desk) -> None:
    lines = busy.raw_lines()
    _cut(busy, 4)
    busy.add("note", busy.named("m2").id, {"text": "written after the loss"})
    _cut(busy, 1)
    assert _found(busy) == [("missing", 10), ("missing", 10)]
    busy.journal.write_bytes(b"".join(lines))
    assert _found(busy) == [("missing", 10)]


@pytest.mark.parametrize("cut", [1, 4, 13])
def test_a_loss_at_the_end_is_no_more_once_the_lines_are_back(busy: Desk, cut: int) -> None:
    lines = busy.raw_lines()
    _cut(busy, cut)
    busy.tickets()
    busy.add("cursor", None, {"account": "support", "cursor": {"offset": 8}})
    united = sorted({*busy.raw_lines(), *lines})
    busy.journal.write_bytes(b"".join(united))
    assert not any(one.kind.broken for one in _findings(busy))
    assert not list((busy.folder / ".socialcli").glob("journal.shorter"))


def test_a_journal_that_is_gone_is_a_loss(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.tickets()
    busy.journal.unlink()
    assert busy.tickets() == []
    assert _found(busy) == [("missing", 0)]
    busy.journal.write_bytes(b"".join(lines))
    assert _found(busy) == []


def test_a_shorter_journal_that_holds_its_last_line_lost_nothing_at_its_end(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join(line[:-1] + b"\r\n" for line in lines))
    busy.tickets()
    busy.journal.write_bytes(b"".join(lines))
    assert _found(busy) == []


def test_an_archive_whose_index_was_left_behind_is_no_loss(busy: Desk) -> None:
    """As a kill between the two leaves them."""
    busy.tickets()
    shutil.copytree(busy.folder / ".socialcli", busy.folder.parent / "before")
    _archive(busy, OF_M1)
    shutil.rmtree(busy.folder / ".socialcli")
    (busy.folder.parent / "before").rename(busy.folder / ".socialcli")
    busy.notes.clear()
    assert _found(busy) == []
    busy.tickets()
    assert busy.notes == []


@pytest.mark.parametrize("cut", [1, 2])
def test_lines_missing_at_the_end_are_known_after_an_archive_too(busy: Desk, cut: int) -> None:
    _archive(busy, OF_M1)
    for number in range(3):
        busy.add("note", busy.named("m2").id, {"text": f"number {number}"})
    before = len(busy.raw_lines())
    _cut(busy, cut)
    assert _found(busy) == [("missing", before - cut)]


# copies and unions


def test_copied_lines_count_once_and_are_set_aside(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join((*lines[:6], lines[2], *lines[6:], *lines[9:11])))
    assert _found(busy) == [("duplicate", 7), ("duplicate", 16), ("duplicate", 17)]
    assert not any(one.kind.broken for one in _findings(busy))
    _check_repair(busy, lines, [lines[2], *lines[9:11]])


def test_a_copy_that_stands_before_its_line_is_the_one_that_counts(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join((lines[9], *lines)))
    assert _found(busy) == [("duplicate", 11), ("united", 2)]
    assert not any(one.kind.broken for one in _findings(busy))


def test_a_journal_behind_itself_is_all_copies(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join(lines * 2))
    assert _found(busy) == [("duplicate", number) for number in range(15, 29)]
    _check_repair(busy, lines, lines)


def test_the_good_one_of_two_lines_with_one_id_is_kept(busy: Desk) -> None:
    lines = busy.raw_lines()
    torn = lines[10].replace(b"airport", b"a1rport")
    busy.journal.write_bytes(b"".join((*lines[:10], torn, *lines[11:], lines[10])))
    assert _found(busy) == [("changed", 11), ("united", 15)]
    _check_repair(busy, [*lines[:10], *lines[11:], lines[10]], [torn])


def test_two_good_lines_with_one_id_that_say_different_things_contradict(busy: Desk) -> None:
    lines = busy.raw_lines()
    other = sealed(lines[10].replace(b"airport", b"hotel")) + b"\n"
    busy.journal.write_bytes(b"".join((*lines, other)))
    assert _found(busy) == [("contradiction", 15)]
    _check_repair(busy, lines, [other])


def _fork(busy: Desk, skew: timedelta = timedelta()) -> tuple[Desk, Desk]:
    """Two copies that went on apart, by two clocks."""
    other = busy.rewritten(busy.folder.parent / "other", busy.raw_lines())
    other.now = busy.now + skew
    for desk, name in ((busy, "here"), (other, "there")):
        desk.take(message(f"m-{name}", f"cust-{name}", minute=10))
        desk.add("note", desk.named("m2").id, {"text": f"said {name}"})
        desk.add("note", desk.named(f"m-{name}").id, {"text": f"more from {name}, and at length"})
    return busy, other


def _united(*desks: Desk) -> Desk:
    lines = sorted({line for desk in desks for line in desk.raw_lines()})
    return desks[0].rewritten(desks[0].folder.parent / f"united-{random.random()}", lines)


@pytest.mark.parametrize("days", [0, 1, 365 * 5])
def test_two_journals_united_are_said_once_and_are_no_fault(busy: Desk, days: int) -> None:
    united = _united(*_fork(busy, timedelta(days=days, seconds=1)))
    assert [name for name, _ in _found(united)] == ["united"]
    assert not any(one.kind.broken for one in _findings(united))
    assert {"m-here", "m-there"} <= {name for names in united.members().values() for name in names}
    queue = united.queue()
    row = queue.ticket(united.named("m2").id)
    assert {one.data["text"] for one in queue.history(row) if one.event == "note"} >= {
        "said here",
        "said there",
    }
    queue.close()
    united.now = busy.now
    _check_repair(united, united.raw_lines(), [])


def test_a_journal_united_with_itself_later_is_the_later_one(busy: Desk) -> None:
    early = busy.rewritten(busy.folder.parent / "early", busy.raw_lines())
    busy.add("note", busy.named("m2").id, {"text": "later"})
    united = _united(early, busy)
    assert united.journal.read_bytes() == busy.journal.read_bytes()
    assert _found(united) == []


def test_what_was_written_by_the_clock_of_another_year_stands_in_the_same_tickets(desk: Desk) -> None:
    other = desk.rewritten(desk.folder.parent / "other", [])
    other.now = NOW - timedelta(days=365 * 7)
    for one in (desk, other):
        one.take(message("m1"), message("m2", "cust2"))
        one.assess("m1")
        own = one.named("m1").id
        one.add("composed", own, draft_data("d1", own, "m1"))
    desk.add("sent", desk.named("m1").id, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    united = _united(desk, other)
    assert [name for name, _ in _found(united)] == ["united"]
    assert united.grouping() == [["m1", "r1"], ["m2"]]
    assert united.named("m1").status == "pending"
    assert [one.draft.state for one in united.queue().drafts()] == ["sent"]


def test_after_a_union_the_journal_goes_on_without_a_gap(busy: Desk) -> None:
    united = _united(*_fork(busy))
    before = _found(united)
    for number in range(3):
        united.add("note", united.named("m1").id, {"text": f"number {number}"})
    assert _found(united) == before


# how editors and file systems spoil a file


def test_windows_line_ends_are_harmless_and_taken_off(busy: Desk) -> None:
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join(line[:-1] + b"\r\n" for line in lines))
    assert _found(busy) == [("crlf", number) for number in range(1, 15)]
    assert not any(one.kind.broken for one in _findings(busy))
    _goes_on(busy)
    _repair(busy)
    assert _found(busy) == []
    assert b"\r" not in busy.journal.read_bytes()
    assert [line.rstrip() for line in busy.raw_lines()[:14]] == [line.rstrip() for line in lines]


def test_a_byte_order_mark_hides_the_first_line_until_it_is_taken_off(busy: Desk) -> None:
    lines, whole = busy.raw_lines(), _state(busy)
    busy.journal.write_bytes(MARK + b"".join(lines))
    assert len(busy.tickets()) == 3
    assert [one for one in _found(busy) if one[0] != "kept"] == [("byte-order-mark", 1)]
    _check_repair(busy, lines, [])
    assert busy.raw_lines()[0] == lines[0][:-1] + b"   \n"
    assert _state(busy)[0][: len(whole[0])]


def test_an_unfinished_tail_is_harmless_and_set_aside(busy: Desk) -> None:
    """The write was never over: no index has read it."""
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join(lines)[:-20])
    busy.index.unlink()
    assert _found(busy) == [("tail", 14)]
    mended, left = _repair(busy)
    assert [one.finding.kind.name for one in mended] == ["tail"]
    assert [one.kind.name for one in left] == ["set-aside"]
    (torn,) = busy.folder.glob("queue.jsonl.torn-*")
    assert torn.read_bytes() == lines[-1][:-20]
    assert busy.journal.read_bytes() == b"".join(lines[:-1])


def test_a_tail_that_was_whole_when_the_index_read_it_is_a_loss(busy: Desk) -> None:
    busy.journal.write_bytes(busy.journal.read_bytes()[:-20])
    assert _found(busy) == [("missing", 13), ("tail", 14)]


@pytest.mark.parametrize("content", [b"", b"\n", b"   \n\n \n", b"\t\n"])
def test_nothing_and_white_space_are_no_fault(desk: Desk, content: bytes) -> None:
    desk.journal.write_bytes(content)
    assert _found(desk) == []
    assert desk.tickets() == []
    _repair(desk)
    assert desk.journal.read_bytes() == content
    _goes_on(desk)


def test_only_nul_bytes(desk: Desk) -> None:
    desk.journal.write_bytes(b"\0" * 4096)
    assert _found(desk) == [("tail", 1)]
    _repair(desk)
    assert desk.journal.read_bytes() == b""
    (torn,) = desk.folder.glob("queue.jsonl.torn-*")
    assert torn.read_bytes() == b"\0" * 4096
    _goes_on(desk)


# The kernel's own mark of this process: ru_maxrss begins at the size of whoever started it.
_PEAK = """
import re, resource, sys
from pathlib import Path
from tests.queue.desk import Desk
from tests.queue.test_corruption import _found, _repair
desk = Desk(Path(sys.argv[1]))
desk.tickets(), desk.members()
print(_found(desk), _repair(desk)[0])
if sys.platform == "linux":
    print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_line_of_fifty_megabytes_is_told_and_everything_works(busy: Desk) -> None:
    size = 50 << 20
    busy.take(message("big", "cust5", text="@NorthlineAir my bag " + "x" * size))
    busy.add("note", busy.named("m2").id, {"text": "behind it"})
    child = subprocess.run(
        [sys.executable, "-c", _PEAK, str(busy.folder)], capture_output=True, text=True, check=True
    )
    found, peak = child.stdout.splitlines()
    assert found == "[('long', 15)] []"
    assert int(peak) < 10 * size
    assert "big" in {name for names in busy.members().values() for name in names}


# the index


def test_an_index_of_another_release_is_told_and_built_again(busy: Desk) -> None:
    before = _state(busy)
    with closing(sqlite3.connect(busy.index)) as db:
        db.execute("PRAGMA user_version = 7")
    assert _found(busy) == [("index", 0)]
    assert _found(busy) == []
    assert _state(busy) == before


@pytest.mark.parametrize("place", [0, 4096])
def test_a_damaged_index_is_told_and_built_again(busy: Desk, place: int) -> None:
    before = _state(busy)
    with closing(sqlite3.connect(busy.index)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with busy.index.open("r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * 4096)
    assert _found(busy) == [("index", 0)]
    assert _found(busy) == []
    assert _state(busy) == before


def test_files_that_lie_about_are_named_and_left_alone(busy: Desk) -> None:
    names = ["queue.jsonl.torn-1", "queue.jsonl.bad-2", ".queue.jsonl.77.tmp"]
    for name in names:
        (busy.folder / name).write_bytes(b"x\n")
    found = _findings(busy)
    assert sorted(one.file for one in found) == sorted(names)
    assert not any(one.kind.broken for one in found)
    _repair(busy)
    assert all((busy.folder / name).read_bytes() == b"x\n" for name in names)


# erased words, archives


def _lines_about(desk: Desk, name: str) -> list[bytes]:
    """Lines with the words of a message."""
    return [line[:-1] for line in desk.raw_lines() if f'"id":"{name}"'.encode() in line]


def _erase(desk: Desk, name: str) -> None:
    """The tombstone of a message and its customer; nothing is rewritten yet."""
    for line in _lines_about(desk, name):
        _erase_line(desk, line, name)


def _erase_line(desk: Desk, line: bytes, name: str) -> None:
    facts = {"events": [msgspec.json.decode(line)["id"]], "messages": [name], "drafts": [], "customer": WHO}
    desk.add("erased", desk.named(name).id, facts)


WHO = "erased-abcdefgh"
WORDS = b"und jetzt"


def test_words_that_a_tombstone_names_are_purged_by_a_repair(busy: Desk) -> None:
    lines = busy.raw_lines()
    _erase(busy, "m4")
    assert WORDS in busy.journal.read_bytes()
    assert _found(busy) == [("erased-text", 10)]
    wanted = _state(busy)
    mended, left = _repair(busy)
    assert ([one.finding.line for one in mended], left) == ([10], [])
    assert all(WORDS not in path.read_bytes() for path in busy.folder.rglob("*") if path.is_file())
    assert [len(line) for line in busy.raw_lines()[:14]] == [len(line) for line in lines]
    assert b'"cust2"' not in busy.raw_lines()[9]
    assert _state(busy) == wanted
    assert _found(busy) == []


def test_words_that_their_author_deleted_are_no_fault_until_they_are_taken_out(busy: Desk) -> None:
    queue = busy.queue()
    queue.note_changes([], [message("m4", "cust2", minute=4)])
    queue.close()
    assert WORDS in busy.journal.read_bytes()
    assert _found(busy) == [("deleted-text", 10)]
    assert not any(one.kind.broken for one in _findings(busy))
    wanted = _state(busy)
    _repair(busy)
    assert WORDS not in busy.journal.read_bytes()
    assert _found(busy) == []
    assert _state(busy) == wanted


@pytest.mark.parametrize("days", [0, -400, 400])
def test_a_union_with_an_older_copy_brings_no_erased_words_back(busy: Desk, days: int) -> None:
    here, there = _fork(busy, timedelta(days=days))
    _erase(here, "m4")
    _repair(here)
    united = _united(here, there)
    assert WORDS in united.journal.read_bytes()
    assert WORDS.decode() not in repr(united.tickets())
    assert ("erased-text" in [name for name, _ in _found(united)]) is True
    wanted = _state(united)
    _repair(united)
    assert [name for name, line in _found(united) if line] == ["united"]
    assert all(WORDS not in path.read_bytes() for path in united.folder.rglob("*") if path.is_file())
    assert _state(united) == wanted
    assert united.journal.read_bytes().count(b'"id":"m4"') == 1


def test_erased_words_in_a_damaged_copy_are_not_set_aside(busy: Desk) -> None:
    _erase(busy, "m4")
    lines = busy.raw_lines()
    busy.journal.write_bytes(b"".join((*lines, lines[9].replace(b'"v":1', b'"v":2'), lines[9][:-30] + b"\n")))
    _repair(busy)
    assert all(WORDS not in path.read_bytes() for path in busy.folder.rglob("*") if path.is_file())
    assert not any(one.kind.broken for one in _findings(busy))


OF_M1, OF_M2, OF_M3 = [1, 4, 7, 8, 9], [2, 5, 11], [3, 6, 12, 14]


def _archive(desk: Desk, numbers: list[int], name: str = "archive/20261120T120000-abcdef.jsonl.gz") -> Path:
    """These lines (from 1), all about one ticket, move to an archive of two members, as ``archive`` moves them."""
    lines = desk.raw_lines()
    taken = [lines[number - 1] for number in numbers]
    kept = b"".join(line for number, line in enumerate(lines, 1) if number not in numbers)
    path = desk.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(b"".join(taken[:2])) + gzip.compress(b"".join(taken[2:])))
    event = NewEvent("archived", None, None, {"file": name, "lines": len(taken), "tickets": 1})
    desk.journal.write_bytes(kept + encode_events([event], desk.now, len(kept)))
    desk.index.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("numbers", [OF_M1, OF_M2, OF_M3])
def test_archived_lines_are_not_missing_and_the_journal_goes_on(busy: Desk, numbers: list[int]) -> None:
    before = busy.grouping()
    _archive(busy, numbers)
    assert _found(busy) == []
    assert busy.grouping() == before
    _goes_on(busy)
    later = len(busy.raw_lines())
    busy.add("note", busy.named("later").id, {"text": "found"})
    busy.add("note", busy.named("m4").id, {"text": "still there"})
    _archive(busy, [later, later + 1], "archive/20261121T120000-abcdee.jsonl.gz")
    assert _found(busy) == []


def test_lines_missing_beside_archived_ones_are_noticed(busy: Desk) -> None:
    _archive(busy, OF_M1)
    lines = busy.raw_lines()
    gone = lines.pop(5)
    busy.journal.write_bytes(b"".join(lines))
    busy.index.unlink(missing_ok=True)
    (one,) = [one for one in _findings(busy) if one.kind.name == "missing"]
    assert one.line == 6
    assert f"{len(gone)} bytes" in one.detail


@pytest.mark.parametrize("line", [1, 2, 4, 7])
def test_a_damaged_line_beside_archived_ones_is_one_fault_and_is_mended(busy: Desk, line: int) -> None:
    _archive(busy, OF_M1)
    lines = busy.raw_lines()
    bad = lines[line - 1].replace(b'"v":1', b'"v":3')
    busy.journal.write_bytes(b"".join((*lines[: line - 1], bad, *lines[line:])))
    busy.index.unlink(missing_ok=True)
    assert [(one.kind.name, one.line) for one in _findings(busy) if one.kind.broken] == [("changed", line)]
    _, left = _repair(busy)
    assert [one for one in left if one.kind.broken] == []
    assert bad in _aside(busy)


def test_a_damaged_archive_is_named_as_it_is_called_and_without_the_words_of_a_library(busy: Desk) -> None:
    path = _archive(busy, OF_M1)
    whole = path.read_bytes()
    path.write_bytes(whole[:30] + bytes((whole[30] ^ 255,)) + whole[31:])
    (one,) = [one for one in _findings(busy) if one.kind.name == "archive"]
    assert one.detail.endswith("20261120T120000-abcdef.jsonl.gz is damaged behind byte 0")
    path.unlink()
    (one,) = [one for one in _findings(busy) if one.kind.name == "archive"]
    assert one.detail.endswith("20261120T120000-abcdef.jsonl.gz: no such file or directory")


def test_an_archive_that_is_gone_or_damaged_is_named(busy: Desk) -> None:
    path = _archive(busy, OF_M1)
    whole = path.read_bytes()
    path.unlink()
    assert ("archive", 0) in _found(busy)
    path.write_bytes(whole[:-40])
    assert ("archive", 0) in _found(busy)
    path.write_bytes(whole[:-8] + bytes((whole[-8] ^ 4,)) + whole[-7:])  # in what sums it up: never harmless
    assert ("archive", 0) in _found(busy)
    (one,) = [one for one in _repair(busy)[1] if one.kind.name == "archive"]
    assert one.file == "archive/20261120T120000-abcdef.jsonl.gz"
    path.write_bytes(whole)
    assert _found(busy) == []


def test_a_line_of_an_archive_that_was_changed_is_named(busy: Desk) -> None:
    path = _archive(busy, OF_M1)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    lines[3] = lines[3].replace(b"intended", b"unknowns")
    path.write_bytes(gzip.compress(b"".join(lines)))
    assert [
        (one.kind.name, one.line)
        for one in _findings(busy)
        if one.file == path.relative_to(busy.folder).as_posix()
    ] == [("archive", 4)]


def test_erased_words_in_an_archive_are_purged(busy: Desk) -> None:
    before = busy.raw_lines()
    path = _archive(busy, OF_M2)
    _erase_line(busy, before[10], "m2")
    assert b"airport" in gzip.decompress(path.read_bytes())
    # A customer's tombstone means the other lines of the ticket too, though it names one.
    assert _found(busy) == [("erased-text", 1), ("erased-text", 3)]
    mended, left = _repair(busy)
    assert ({one.finding.file for one in mended}, left) == ({path.relative_to(busy.folder).as_posix()}, [])
    assert b"airport" not in gzip.decompress(path.read_bytes())
    assert len(gzip.decompress(path.read_bytes())) == sum(len(before[number - 1]) for number in OF_M2)
    assert _found(busy) == []


def test_an_archive_that_nothing_names_and_nobody_can_read_is_broken(busy: Desk) -> None:
    (busy.folder / "archive").mkdir()
    (busy.folder / "archive" / "20261120T120000-000000.jsonl.gz").write_bytes(b"half")
    (one,) = _findings(busy)
    assert (one.kind.name, one.kind.broken) == ("archive", True)
    assert "no line of the journal names it" in one.detail


# crashes


_REPAIR = """
import sys
from pathlib import Path
from tests.queue.desk import Desk
from tests.queue.test_corruption import _repair
_repair(Desk(Path(sys.argv[1])))
"""


def _steps(folder: Path, point: str) -> tuple[int, list[str]]:
    child = subprocess.run(
        [sys.executable, "-c", _REPAIR, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOCIALCLI_FAIL_POINT": point},
    )
    return child.returncode, re.findall(r"^fail point (\S+)", child.stderr, re.MULTILINE)


def test_a_repair_that_is_killed_at_any_step_loses_nothing_and_is_finished_by_the_next(busy: Desk) -> None:
    lines = busy.raw_lines()
    bad = lines[10].replace(b'"text":', b'"text" ')
    spoiled = MARK + b"".join((*lines[:10], bad, *lines[11:], lines[3])) + b"half a line"
    wanted = _good_alone(busy, [*lines[:10], *lines[11:]])
    first = _spoiled(busy, "first", spoiled)
    _, steps = _steps(first.folder, "count")
    assert len(steps) > 12
    for number in range(1, len(steps) + 1):
        desk = _spoiled(busy, f"killed-{number}", spoiled)
        code, struck = _steps(desk.folder, f"*@{number}")
        assert (code, struck) == (-signal.SIGKILL, [steps[number - 1]])
        _repair(desk)
        assert _state(desk) == wanted, struck
        assert not any(one.kind.broken for one in _findings(desk))
        assert bad in _aside(desk)
        assert lines[3] in _aside(desk)
        torn = b"".join(path.read_bytes() for path in desk.folder.glob("queue.jsonl.torn-*"))
        assert b"half a line" in torn


def _spoiled(busy: Desk, name: str, content: bytes) -> Desk:
    desk = busy.rewritten(busy.folder.parent / name, [content])
    desk.tickets()
    return desk


# everything at once


def _spoil(chance: random.Random, lines: list[bytes]) -> list[bytes]:
    """One more thing that happens to a file, at random."""
    number = chance.randrange(len(lines))
    before, line, after = lines[:number], lines[number], lines[number + 1 :]
    noise = chance.randbytes(40).replace(b"\n", b"") + b"\n"
    spoilt: list[list[bytes]] = [
        [*before, *after],
        [*before, line, line, *after],
        [*lines, line],
        [*before, line[: chance.randrange(len(line))] + b"\n", *after],
        [*before, b"\0" * chance.randrange(9) + line, *after],
        [*before, noise, line, *after],
        [*before, line[:-1] + b"\r\n", *after],
        [*before, MARK + line, *after],
        sorted(lines),
        [line, *after, *before],
    ]
    return chance.choice(spoilt)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_the_good_lines_are_what_is_left(busy: Desk, seed: int) -> None:
    chance = random.Random(seed)
    lines = original = busy.raw_lines()
    for _ in range(chance.randrange(1, 6)):
        lines = _spoil(chance, lines)
    busy.journal.write_bytes(b"".join(lines))
    plain = [line.removeprefix(MARK).rstrip() + b"\n" for line in busy.raw_lines()]
    good = [line for line in dict.fromkeys(plain) if line in original]
    wanted, size = _good_alone(busy, good), busy.journal.stat().st_size
    _repair(busy)
    assert _state(busy) == wanted
    assert busy.journal.stat().st_size >= size  # more where a draft is in doubt since
    assert {one.kind.name for one in _findings(busy) if one.kind.broken} <= {"missing", "stray"}
    assert _repair(busy)[0] == []
