"""A power cut: what was appended last, and was not synced yet, is on disk up to some byte, or as zeros from there on; the
index is as it was, or gone, or cut too. In one workspace, which is put back in place (the same inodes) after each cut.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.faults.errands import errand as errand_of
from tests.faults.kinds import Batch, Struck
from tests.faults.scene import Errand, Scene
from tests.faults.verdict import Finding

_JOURNAL, _OUTBOX = "queue.jsonl", "outbox.jsonl"


class Append(NamedTuple):
    """``what`` is appended to ``file``: by which errand, where it stops; and how many turns of 40 cuts meet all of it."""

    what: str
    errand: str
    stop: str
    file: str
    turns: int


APPENDS = (
    Append("message and cursor", "fetch", "", _JOURNAL, 22),
    Append("intent", "reply", "post:intended", _JOURNAL, 19),
    Append("post", "reply", "outbox:synced", _OUTBOX, 13),
    Append("assessment", "triage", "", _JOURNAL, 10),
    Append("receipt", "reply", "", _JOURNAL, 6),
    Append("claim", "claim", "", _JOURNAL, 5),
    Append("note", "note", "", _JOURNAL, 5),
)
_TURNS = [(one, turn) for turn in range(APPENDS[0].turns) for one in APPENDS if one.turns > turn]


def power_cuts(batch: Batch) -> Iterator[Struck]:
    """Cut at every byte of one append, ``batch.size`` of them a turn."""
    append, turn = _TURNS[batch.turn % len(_TURNS)]
    scene = batch.scene
    scene.stock(3)
    errand = errand_of(scene, append.errand)
    path = scene.cli.workspace / append.file
    before = path.stat().st_size if path.exists() else 0
    scene.run(errand, append.stop)
    start, end = _last_append(path, before, append.errand), path.stat().st_size
    image = _Image(scene.cli.workspace)
    done = scene.wanted.done - {(errand.event or "", errand.ticket or "")}
    for place in range(batch.size):
        at = (turn * batch.size + place) % (end - start)
        image.put_back()
        scene.wanted.done = set(done)
        how = _cut(path, start + at, batch.chance)
        found = list(_after(scene, errand, path))
        yield Struck(append.errand, f"{append.what}: byte {at} of {end - start}, {how}", found)


def _last_append(path: Path, before: int, name: str) -> int:
    """Where the last piece begins that was written at once: a fetch writes its messages and its cursor together."""
    if name == "fetch":
        return before
    content = path.read_bytes()
    return content.rfind(b"\n", 0, -1) + 1


def _cut(path: Path, at: int, chance: random.Random) -> str:
    """Cut the file, and perhaps the index, which is never synced; says how."""
    zeros = chance.random() < 0.25
    size = path.stat().st_size
    os.truncate(path, at)
    if zeros:
        os.truncate(path, size)
    index = path.parent / ".socialcli" / "index.sqlite"
    fate = chance.choice(("kept", "kept", "gone", "cut"))
    if fate == "gone":
        shutil.rmtree(index.parent)
    elif fate == "cut":
        os.truncate(index, chance.randrange(index.stat().st_size))
    return f"{'then zeros, ' if zeros else ''}index {fate}"


def _after(scene: Scene, errand: Errand, path: Path) -> Iterator[Finding]:
    """What is wrong once the command was run again; what was half there stands aside, byte for byte."""
    content = path.read_bytes()
    tail = content[content.rfind(b"\n") + 1 :]
    scene.wanted.kept = b""
    yield from scene.again(errand)
    aside = [one.read_bytes() for one in path.parent.glob(f"{path.name}.torn-*")]
    if tail and path.read_bytes() != content and tail not in aside:
        yield Finding("lost", f"the torn tail of {path.name} was not set aside")


class _Image:
    """The workspace as it is now."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._files = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}

    def put_back(self) -> None:
        """Every file in place, so that the index goes on to know its journal; what is new goes."""
        for path in [one for one in self._workspace.rglob("*") if one.is_file()]:
            if path not in self._files:
                path.unlink()
        for path, content in self._files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
