"""What a repair does about lines that were changed and still are events: nothing vanishes, nothing is said twice."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import pytest

from socialcli.queue.archiving import archive
from socialcli.queue.findings import Finding
from socialcli.queue.journal import agrees, sealed
from socialcli.queue.repairing import Mended, repair
from socialcli.queue.verifying import verify
from tests.queue.desk import Desk, draft_data, message


def _damage(desk: Desk, event: str, old: bytes, new: bytes) -> bytes:
    """Change bytes in the last line with this event; returns the line as it was."""
    lines = desk.raw_lines()
    number = max(at for at, line in enumerate(lines) if f'"event":"{event}"'.encode() in line)
    whole = lines[number]
    assert old in whole
    lines[number] = whole.replace(old, new, 1)
    desk.journal.write_bytes(b"".join(lines))
    desk.index.unlink(missing_ok=True)
    return whole[:-1]


def _found(desk: Desk) -> list[Finding]:
    queue = desk.queue()
    try:
        return list(verify(queue))
    finally:
        queue.close()


def _repair(desk: Desk) -> tuple[list[Mended], list[Finding]]:
    queue = desk.queue()
    try:
        return repair(queue)
    finally:
        queue.close()


def _broken(found: list[Finding]) -> list[str]:
    return [one.kind.name for one in found if one.kind.broken]


def _drafts(desk: Desk) -> list[tuple[str, str, int]]:
    queue = desk.queue()
    try:
        return [(one.row.id, one.row.state, one.row.conflict) for one in queue.drafts()]
    finally:
        queue.close()


def _blocked(desk: Desk) -> bool:
    """Whether another answer finds one on its way."""
    queue = desk.queue()
    try:
        return queue.on_its_way(queue.ticket(desk.only().id).n) is not None
    finally:
        queue.close()


@pytest.fixture
def intent(desk: Desk) -> Desk:
    """One ticket, with an intent whose outcome nobody knows."""
    desk.take(message("m1"))
    own = desk.only().id
    desk.add("intended", own, draft_data("d1", own, "m1"))
    desk.add("note", own, {"text": "called back"})
    return desk


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Sorry.", b"Sorrx."),  # its words
        (b'"sum":"', b'"sun":"'),
        (b'"road":"api"', b'"road":"apj"'),  # decodes no more
        (b'"data":{', b'"data" {'),
        (b'"event":"intended"', b'"event":"intendee"'),
        (b'"event":"intended"', b'"event";"intended"'),
        (b'"draft":"d1"', b'"draft":\xff"d1'),
        (b'"data":{"draft":"d1"', b'"data":{"draf-":"d1"'),
    ],
)
def test_an_intent_is_on_its_way_whatever_was_changed_in_it(intent: Desk, old: bytes, new: bytes) -> None:
    _damage(intent, "intended", old, new)
    damaged = intent.raw_lines()[1]
    _, left = _repair(intent)
    assert _broken(left) == ["held"]
    assert "find out whether it was posted" in left[0].detail
    assert _blocked(intent)
    ((_, state, conflict),) = _drafts(intent)
    assert (state, conflict) == ("unknown", 1)
    aside = [path for path in intent.folder.glob("queue.jsonl.bad-*") if path.suffix != ".lines"]
    assert [path.read_bytes() for path in aside] == [damaged]
    assert _repair(intent)[0] == []


def test_an_intent_of_a_ticket_that_nobody_knows_is_told(intent: Desk) -> None:
    own = intent.only().id.encode()
    _damage(intent, "intended", b'"ticket":"' + own + b'","by"', b'"ticket":"' + b"a" * len(own) + b'","by"')
    line = intent.raw_lines()[1]
    intent.journal.write_bytes(intent.journal.read_bytes().replace(line, line.replace(own, b"a" * len(own))))
    _, left = _repair(intent)
    assert _broken(left) == ["held"]
    assert "its ticket is not known" in left[0].detail


def test_a_no_that_cannot_be_read_any_more_is_no_yes(desk: Desk) -> None:
    desk.take(message("m1"))
    own = desk.only().id
    desk.add("awaiting-approval", own, draft_data("d1", own, "m1"))
    desk.add("rejected", own, {"draft": "d1", "attempt": 1, "reason": "too curt"})
    _damage(desk, "rejected", b'"data":{', b'"data" {')
    assert _drafts(desk) == [("d1", "awaiting-approval", 0)]
    _, left = _repair(desk)
    assert _broken(left) == ["held"]
    assert _drafts(desk) == [("d1", "unknown", 1)]


def test_what_was_sent_stays_sent(desk: Desk) -> None:
    desk.take(message("m1"))
    own = desk.only().id
    desk.add("intended", own, draft_data("d1", own, "m1"))
    desk.add("sent", own, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    _damage(desk, "intended", b"Sorry.", b"Sorrx.")
    _, left = _repair(desk)
    assert _broken(left) == []
    assert _drafts(desk) == [("d1", "sent", 0)]


def test_a_receipt_that_is_gone_leaves_it_to_the_outbox(desk: Desk) -> None:
    """The intent is whole: its words find the post."""
    desk.take(message("m1"))
    own = desk.only().id
    desk.add("intended", own, draft_data("d1", own, "m1"))
    desk.add("sent", own, {"draft": "d1", "attempt": 1, "remote_id": "r1"})
    _damage(desk, "sent", b'"data":{', b'"data" {')
    _, left = _repair(desk)
    assert _broken(left) == []
    assert _drafts(desk) == [("d1", "intended", 0)]


def test_a_changed_line_counts_as_it_reads_now(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.add("note", desk.only().id, {"text": "called the airport"})
    _damage(desk, "note", b"airport", b"a1rport")
    size = desk.journal.stat().st_size
    mended, left = _repair(desk)
    assert ([one.finding.kind.mend for one in mended], _broken(left)) == (["keep"], [])
    kept = desk.raw_lines()[1]
    assert b"a1rport" in kept
    assert agrees(kept[:-1])
    assert desk.journal.stat().st_size == size


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_changed_id_is_put_right_by_the_lines_around_it(desk: Desk, number: int) -> None:
    desk.take(message("m1"))
    for text in ("called the airport", "they look for it"):
        desk.add("note", desk.only().id, {"text": text})
    lines = desk.raw_lines()
    whole = lines[number]
    lines[number] = whole.replace(b'"id":"00000', b'"id":"00040', 1)
    desk.journal.write_bytes(b"".join(lines))
    desk.index.unlink()
    _, left = _repair(desk)
    assert left == [one for one in left if one.kind.name == "set-aside"]
    assert desk.raw_lines()[number] == whole


def test_of_a_changed_line_and_its_copy_the_good_one_stays(desk: Desk) -> None:
    desk.take(message("m1"))
    desk.add("note", desk.only().id, {"text": "called the airport"})
    good = _damage(desk, "note", b"airport", b"a1rport")
    desk.journal.write_bytes(desk.journal.read_bytes() + good + b"\n")
    _, left = _repair(desk)
    assert _broken(left) == []
    assert b"a1rport" not in desk.journal.read_bytes()
    assert good in desk.journal.read_bytes()


# erasures


WHO = "erased-abcdefgh"


def _erased(desk: Desk) -> bytes:
    """A message that is erased; returns its line as it was."""
    desk.take(message("m1", text="@NorthlineAir my SECRETBAG is not here"))
    whole = desk.raw_lines()[0]
    name = msgspec.json.decode(whole)["id"]
    facts = {"events": [name], "messages": ["m1"], "drafts": [], "network": "file", "customer": WHO}
    desk.add("erased", desk.only().id, facts)
    _repair(desk)
    assert b"SECRETBAG" not in desk.journal.read_bytes()
    return whole


def test_a_tombstone_with_a_changed_byte_stays_in_force(desk: Desk) -> None:
    whole = _erased(desk)
    _damage(desk, "erased", b'"drafts":[]', b'"draftx":[]')
    desk.journal.write_bytes(whole + desk.journal.read_bytes())
    _repair(desk)
    assert b"SECRETBAG" not in desk.journal.read_bytes()
    assert "SECRETBAG" not in repr(desk.tickets())


def test_of_two_lines_with_one_id_the_erased_one_counts_without_its_tombstone(desk: Desk) -> None:
    whole = _erased(desk)
    blanked = desk.raw_lines()[0]
    desk.journal.write_bytes(whole + blanked)
    desk.index.unlink()
    _, left = _repair(desk)
    assert _broken(left) == []
    for path in desk.folder.rglob("*"):
        assert not path.is_file() or b"SECRETBAG" not in path.read_bytes(), path
    assert WHO in repr(desk.tickets())


# archives


def _archived(desk: Desk) -> Path:
    desk.take(message("m1"), message("m2", "cust2"))
    desk.assess("m1")
    own = desk.named("m1").id
    desk.add("resolved", own, {"outcome": "fixed"})
    desk.add("done", own, {})
    queue = desk.queue()
    made = archive(queue, desk.now.replace(year=2030), None, desk.now, dry_run=False)
    queue.close()
    assert made.file is not None
    return desk.folder / made.file


def test_an_archive_whose_event_was_changed_stays(desk: Desk) -> None:
    _archived(desk)
    before = desk.grouping()
    _damage(desk, "archived", b'"tickets":1', b'"tickets":2')
    assert "changed" in _broken(_found(desk))
    _, left = _repair(desk)
    assert _broken(left) == []
    assert desk.grouping() == before == [["m1"], ["m2"]]


def test_an_archive_whose_event_is_gone_is_named_anew(desk: Desk) -> None:
    path = _archived(desk)
    _damage(desk, "archived", b'"data":{', b'"data" {')
    (one,) = [one for one in _found(desk) if one.file.startswith("archive/")]
    assert (one.kind.name, one.kind.broken) == ("unnamed", True)
    assert "lines that stand nowhere else: its event is missing" in one.detail
    _, left = _repair(desk)
    assert _broken(left) == []
    assert desk.grouping() == [["m1"], ["m2"]]
    assert path.exists()


def test_an_archive_whose_lines_all_stand_in_the_journal_is_a_leftover(desk: Desk) -> None:
    desk.take(message("m1"))
    (desk.folder / "archive").mkdir()
    path = desk.folder / "archive" / "20261120T120000-000000.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(desk.raw_lines())))
    assert [(one.kind.name, one.kind.broken) for one in _found(desk)] == [("leftover", False)]


def test_a_damaged_archive_with_erased_words_hinders_no_repair(desk: Desk) -> None:
    path = _archived(desk)
    first, *others = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(first) + gzip.compress(b"".join(others))[:-12])
    name = msgspec.json.decode(first)["id"]
    facts = {"events": [name], "messages": ["m1"], "drafts": [], "network": "file", "customer": WHO}
    desk.add("erased", msgspec.json.decode(first)["ticket"], facts)
    desk.add("note", desk.named("m2").id, {"text": "called the airport"})
    _damage(desk, "note", b'"data":{', b'"data" {')
    before = path.read_bytes()
    mended, left = _repair(desk)
    assert [one.finding.kind.name for one in mended] == ["not-json"]
    assert "archive" in _broken(left)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


# reasons


def test_reasons_hold_no_words_of_lines(desk: Desk) -> None:
    desk.take(message("m1"))
    line = desk.raw_lines()[0].replace(b'"visibility":"public"', b'"visibility":"SECRETWORD\'s"')
    desk.journal.write_bytes(desk.journal.read_bytes() + sealed(line[:-1]) + b"\n")
    (one,) = [one for one in _found(desk) if one.kind.name == "no-event"]
    assert "SECRETWORD" not in one.detail
    assert "visibility" in one.detail
    _repair(desk)
    (listed,) = desk.folder.glob("queue.jsonl.bad-*.lines")
    assert b"SECRETWORD" not in listed.read_bytes()
