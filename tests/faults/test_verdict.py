"""The verdict can fail: each thing that must not be is planted, and named."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.errands import errand
from tests.faults.scene import Errand, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A workspace in which all is well: two messages, one of them answered."""
    scene = Scene(tmp_path)
    scene.stock(2)
    assert scene.run(errand(scene, "reply")).code == 0
    assert scene.look() == []
    return scene


def journal(scene: Scene) -> Path:
    return scene.cli.workspace / "queue.jsonl"


def sorts(scene: Scene) -> set[str]:
    return {one.sort for one in scene.look()}


def change(path: Path, how: Callable[[list[bytes]], list[bytes]]) -> None:
    """Other lines in the file, and no index that remembers the old ones."""
    path.write_bytes(b"".join(how(path.read_bytes().splitlines(keepends=True))))
    for index in (path.parent / ".socialcli").glob("index.sqlite*"):
        index.unlink()


def is_event(line: bytes, name: str) -> bool:
    return f'"event":"{name}"'.encode() in line


def test_a_message_that_was_offered_and_is_not_there(scene: Scene) -> None:
    scene.wanted.offered.add("m99")
    assert [one for one in scene.look() if one.sort == "lost" and "m99" in one.what]


def test_a_line_that_is_gone(scene: Scene) -> None:
    change(journal(scene), lambda lines: lines[:-1])
    found = scene.look()
    assert {"lost", "unsettled"} == {one.sort for one in found}
    assert "lines that stood in the journal before stand there no more" in {one.what for one in found}


def test_a_command_that_said_it_was_done_and_was_not(scene: Scene) -> None:
    scene.wanted.done.add(("claimed", "aaaaaaaaaaaa"))
    assert [one.sort for one in scene.look()] == ["lost"]


def test_a_message_twice(scene: Scene) -> None:
    """Under another id: a line that stands there twice counts once, and is found too."""
    first = journal(scene).read_bytes().splitlines(keepends=True)[0]
    change(journal(scene), lambda lines: [*lines, first])
    assert "twice" in sorts(scene)
    record = json.loads(first) | {"id": "fffffffffff00000000"}
    change(journal(scene), lambda lines: [*lines[:-1], json.dumps(record).encode() + b"\n"])
    assert "twice" in sorts(scene)


def test_a_post_twice(scene: Scene) -> None:
    outbox = scene.cli.workspace / "outbox.jsonl"
    change(outbox, lambda lines: lines * 2)
    assert sorts(scene) == {"twice"}


def test_the_same_message_answered_by_two_drafts(scene: Scene) -> None:
    outbox = scene.cli.workspace / "outbox.jsonl"
    other = json.loads(outbox.read_bytes()) | {"draft": "another", "text": "Another answer"}
    change(outbox, lambda lines: [*lines, json.dumps(other).encode() + b"\n"])
    assert sorts(scene) == {"twice", "unsettled"}


def test_a_post_that_is_gone(scene: Scene) -> None:
    change(scene.cli.workspace / "outbox.jsonl", lambda _: [])
    assert sorts(scene) == {"lost"}


def test_words_that_were_to_be_erased(scene: Scene) -> None:
    scene.wanted.erased.add(b"NL201 never")
    found = scene.look()
    assert {one.sort for one in found} == {"remains"}
    assert {one.what.rpartition(" ")[2] for one in found} >= {"inbox.jsonl", "queue.jsonl"}


def test_words_in_an_archive(scene: Scene) -> None:
    archive = scene.cli.workspace / "archive" / "20261120T100500-abcdef.jsonl.gz"
    archive.parent.mkdir()
    archive.write_bytes(gzip.compress(b"the code word is bicycle\n"))
    scene.wanted.erased.add(b"bicycle")
    assert sorts(scene) == {"remains"}


def test_an_event_that_a_rewrite_lost(scene: Scene) -> None:
    """Words may go when the journal is rewritten, and lines may change; none of them goes without an archive."""
    scene.wanted.rewritten = True
    change(journal(scene), lambda lines: [line.replace(b"Where is it", b"Where was it") for line in lines])
    assert scene.look() == []
    scene.wanted.rewritten = True
    change(journal(scene), lambda lines: [line for line in lines if not is_event(line, "cursor")])
    assert sorts(scene) == {"lost"}


def test_a_bad_line_that_was_thrown_away(scene: Scene) -> None:
    scene.wanted.aside.add(b"half a li\n")
    assert sorts(scene) == {"lost"}


def test_an_open_intent(scene: Scene) -> None:
    scene.run(errand(scene, "reply"), "post:intended")
    assert sorts(scene) == {"unsettled"}


def test_an_outcome_that_is_unknown_and_not_said(scene: Scene) -> None:
    one = errand(scene, "reply")
    scene.run(one, "post:intended")
    intended = journal(scene).read_bytes().splitlines(keepends=True)[-1]
    unknown = json.loads(intended) | {"event": "unknown", "id": "fffffffffff00000000"}
    change(journal(scene), lambda lines: [*lines, json.dumps(unknown).encode() + b"\n"])
    assert sorts(scene) == {"unsettled"}
    scene.wanted.unknown.add(unknown["data"]["draft"])
    assert scene.look() == []


def test_an_answer_that_was_never_kept(scene: Scene) -> None:
    errand(scene, "reply")  # and it is not run
    assert sorts(scene) == {"lost"}


def test_a_line_that_cannot_be_read(scene: Scene) -> None:
    with journal(scene).open("ab") as file:
        file.write(b'{"at":"2026\xff"}\n')
    assert sorts(scene) == {"unreadable"}


def test_a_line_of_spaces_says_nothing(scene: Scene) -> None:
    with journal(scene).open("ab") as file:
        file.write(b" " * 40 + b"\n")
    assert scene.look() == []


def test_lines_out_of_order(scene: Scene) -> None:
    change(
        journal(scene), lambda lines: [lines[0], *lines[2:], lines[1].replace(b'"at":"2026', b'"at":"2024')]
    )
    assert "unsorted" in sorts(scene)


def test_an_index_that_says_other_things(scene: Scene) -> None:
    """The journal is changed in place and the index does not notice: same length, same last line, same inode."""
    content = journal(scene).read_bytes()
    assert scene.look() == []  # the index has read all of it
    with journal(scene).open("r+b") as file:
        os.pwrite(file.fileno(), content.replace(b'"priority":"high"', b'"priority":"low" ', 1), 0)
    assert "unreadable" in sorts(scene)


def test_a_command_that_fails_when_it_is_run_again(scene: Scene) -> None:
    found = list(scene.again(Errand("claim", ("claim", "nothing", "--as", "sb"))))
    assert [one.sort for one in found] == ["unsettled"]
    assert "exit 5" in found[0].what
