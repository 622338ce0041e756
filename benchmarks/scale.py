"""The queue at any size: a life-like journal, beside an empty queue, jq and grep on the same machine.

    python -m benchmarks.scale [--messages 100000] [--rounds 9] [--long-rounds 3] [--keep DIR]

Everything is a whole process with compiled bytecode, in interleaved rounds; ratios are of the medians of wall
time, with the ratio of processor times beside those that take long. Memory is the largest resident size.
"Now" is the hour after the last line of the journal. The work is done in TMPDIR: at a million messages about
20 minutes and 6 GB at most.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.journal import POLICY, fill
from benchmarks.measure import PROGRAM, Figure, Run, Work, interleaved, prepare, report, run, took
from socialcli.queue.journal import NewEvent, decode_line, encode_events

_COMMANDS_MOST = 1.5  # times the same on an empty queue
_INDEX_MOST, _MATCH_INDEX_MOST = 1.0, 1.5  # times jq
_INDEX_MEGABYTES = 300
_NEW_EVENTS, _NEW_EVENTS_MOST = 1000, 50  # milliseconds above a run with nothing new
_MILLION = 1_000_000
_MOST_OF_A_LINE = 1000  # bytes, on average
_WORDS = ("bag", "belt")  # both stand in many messages
_REPLY = (
    "Sorry about this. Please send us your booking reference by direct message and we will look at once. ^SB"
)


class Places(NamedTuple):
    """Workspaces: the ``large`` one; one that holds nothing but a ``ticket`` of it; an ``empty`` one."""

    large: Path
    alone: Path
    empty: Path
    ticket: str
    customer: str
    tail: list[bytes]  # the next lines of the large journal, a thousand each, not in it yet

    @property
    def journal(self) -> Path:
        return self.large / "queue.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description="Figures of a large queue.")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--long-rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="Work here and leave the files.")
    wanted = parser.parse_args()
    prepare()
    folder = wanted.keep or Path(tempfile.mkdtemp(prefix="socialcli-bench-"))
    try:
        places = set_up(folder, wanted.messages, wanted.rounds)
        missed = [
            building(places, wanted.messages, wanted.long_rounds),
            searching(places, wanted.messages, wanted.rounds),
            commands(places, wanted.rounds),
            folding(places, wanted.rounds),
            looks(places, wanted.rounds),
            bulk(places),
        ]
    finally:
        if wanted.keep is None:
            shutil.rmtree(folder)
    return max(missed)


def set_up(folder: Path, count: int, rounds: int) -> Places:
    """The three workspaces, with their indexes."""
    large, alone, empty = (folder / name for name in ("large", "alone", "empty"))
    journal = fill(large, count)
    tail = hold_back(journal, rounds + 1)
    os.environ["SOCIALCLI_NOW"] = (_end(journal) + timedelta(hours=1)).isoformat()
    for one in (alone, empty):
        one.mkdir(exist_ok=True)
        (one / "policies.toml").write_text(POLICY, encoding="utf-8")
    run(_command(empty, "list"))
    first = subprocess.run(
        _command(large, "list", "--limit", "1", "--json"), capture_output=True, check=True
    ).stdout
    record = msgspec.json.decode(first)
    ticket = record["id"]
    copy_ticket(journal, ticket, alone / "queue.jsonl")
    run(_command(alone, "list"))
    return Places(large, alone, empty, ticket, record["customer"]["handle"], tail)


def hold_back(journal: Path, chunks: int) -> list[bytes]:
    """Cut the last lines off: ``chunks`` times a thousand of them, or a tenth of the file where that is less."""
    size = journal.stat().st_size
    with journal.open("r+b") as file:
        file.seek(size - min(size // 10, chunks * _NEW_EVENTS * _MOST_OF_A_LINE))
        file.readline()
        lines = file.readlines()[-chunks * _NEW_EVENTS :]
        file.truncate(size - sum(map(len, lines)))
    each = max(1, len(lines) // chunks)
    return [b"".join(lines[start : start + each]) for start in range(0, each * chunks, each)]


def copy_ticket(journal: Path, ticket: str, into: Path) -> None:
    """A journal with nothing but the events of one ticket."""
    named, out = f'"ticket":"{ticket}"'.encode(), bytearray()
    with journal.open("rb") as file:
        for raw in file:
            if named in raw:
                line = decode_line(raw)
                event = NewEvent(line.event, line.ticket, line.by, line.data)
                out += encode_events([event], datetime.fromisoformat(line.at), len(out))
    into.write_bytes(out)


def building(places: Places, count: int, rounds: int) -> int:
    """The index from nothing, without and with the text; jq reads the same journal and prints one word a line."""

    def anew(*words: str) -> Callable[[int], Run]:
        def work(_turn: int) -> Run:
            shutil.rmtree(places.large / ".socialcli", ignore_errors=True)
            return run(_command(places.large, "list", *words))

        return work

    works: dict[str, Work] = {
        "jq": ("jq", "-c", ".event", str(places.journal)),
        "index": anew("--limit", "1"),
        "text": anew("--match", " ".join(_WORDS), "--limit", "50"),
    }
    runs = interleaved(works, rounds, warm=0)
    size, jq = places.journal.stat().st_size / 1e6, runs["jq"]
    return report(
        f"the index from nothing: {count:,} messages, {size:,.0f} MB, in units of jq -c .event ({took(jq)})",
        [
            _beside("index built from nothing", runs["index"], jq, _INDEX_MOST),
            Figure("index: memory", runs["index"].megabytes, "MB", _INDEX_MEGABYTES),
            _beside("index and first --match", runs["text"], jq, _MATCH_INDEX_MOST),
            Figure("index and first --match: memory", runs["text"].megabytes, "MB", _INDEX_MEGABYTES),
            Figure("size of .socialcli", _size(places.large / ".socialcli") / 1e6, "MB"),
        ],
    )


def searching(places: Places, count: int, rounds: int) -> int:
    """Two words in the text index, beside grep for one of them in bytes, which is the fastest way to grep. Its count
    goes to a file: where it goes to nowhere, grep stops at the first line that it finds.
    Promised of a million messages: over few, grep is done before any interpreter has started.
    """
    most = 1.0 if count >= _MILLION else None
    grep = ("env", "LC_ALL=C", "grep", "-c", _WORDS[1], str(places.journal))
    works: dict[str, Work] = {
        "match": _command(places.large, "list", "--match", " ".join(_WORDS), "--limit", "50"),
        "grep": lambda _turn: run(grep, output=places.empty / "count.txt"),
    }
    runs = interleaved(works, rounds)
    return report(
        f"searching, in units of grep -c {_WORDS[1]} ({took(runs['grep'])})",
        [
            _beside(f'list --match "{" ".join(_WORDS)}" --limit 50', runs["match"], runs["grep"], most),
            Figure("memory", runs["match"].megabytes, "MB"),
        ],
    )


def commands(places: Places, rounds: int) -> int:
    """What people wait for. ``show``, ``claim`` and ``lint`` need a ticket, which is all that the other queue
    then holds; ``claim`` renews the claim, which is written each time.
    """
    ticket = places.ticket
    words: dict[str, tuple[Path, tuple[str, ...]]] = {
        "list": (places.empty, ("list",)),
        "next": (places.empty, ("next",)),
        "show": (places.alone, ("show", ticket)),
        "claim": (places.alone, ("claim", ticket, "--as", "sb")),
        "lint": (places.empty, ("lint", "--text", _REPLY)),
        "lint --ticket": (places.alone, ("lint", "--text", _REPLY, "--agent", "sb", "--ticket", ticket)),
    }
    return _against_small("commands", places.large, words, rounds, _COMMANDS_MOST)


def folding(places: Places, rounds: int) -> int:
    """A thousand lines that somebody else appended: what the next command takes longer."""

    def after_more(turn: int) -> Run:
        with places.journal.open("ab") as file:
            file.write(places.tail[turn])
        return run(_command(places.large, "list"))

    runs = interleaved({"more": after_more, "nothing": _command(places.large, "list")}, rounds)
    more, nothing = runs["more"], runs["nothing"]
    lines = places.tail[0].count(b"\n")
    above = (more.seconds - nothing.seconds) * 1000
    busy = (more.busy - nothing.busy) * 1000
    beside = f"{took(more)}; nothing new {took(nothing)}; of processor time {busy:.0f} ms"
    figure = Figure(f"list after {lines:,} new events: above", above, "ms", _NEW_EVENTS_MOST, beside)
    return report("folding what is new", [figure])


def looks(places: Places, rounds: int) -> int:
    """Other questions to the queue, of which nothing is promised."""
    asked = (
        ("list", "--status", "open"), ("list", "--priority", "urgent"), ("list", "--kind", "complaint"),
        ("list", "--assignee", "sb"), ("list", "--account", "support"), ("list", "--label", "vip"),
        ("list", "--overdue"), ("list", "--status", "open", "--kind", "praise"),
        ("list", "--sort", "due"), ("list", "--sort", "received"), ("outbox",), ("triage",), ("doctor",),
    )  # fmt: skip
    words = {" ".join(one): (places.empty, one) for one in asked}
    words |= {f"{verb} TICKET": (places.alone, (verb, places.ticket)) for verb in ("log", "can", "why")}
    return _against_small("other looks", places.large, words, rounds, None)


def bulk(places: Places) -> int:
    """What reads or writes all of it, once each."""
    asked = (
        ("list", "--limit", "0"), ("log",), ("export",), ("doctor", "--verify"),
        ("forget", f"@{places.customer}", "--yes", "--as", "sb"),
        ("archive", "--before", "90d", "--yes", "--as", "sb"), ("list",),
    )  # fmt: skip
    figures = []
    for one in asked:
        name = " ".join(one)
        done = interleaved({name: _command(places.large, *one)}, 1, warm=0)[name]
        figures.append(Figure(name, done.seconds, "s", beside=_memory(done)))
    return report("bulk work; the last line is the first list after the archive", figures)


def _against_small(
    title: str,
    large: Path,
    words: Mapping[str, tuple[Path, tuple[str, ...]]],
    rounds: int,
    most: float | None,
) -> int:
    works: dict[str, Work] = {}
    for name, (small, one) in words.items():
        works[name] = _command(large, *one)
        works[f"{name}, small"] = _command(small, *one)
    runs = interleaved(works, rounds)
    figures = []
    for name in words:
        own, peer = runs[name], runs[f"{name}, small"]
        beside = f"{took(own)}, small {took(peer)}; processor {own.busy / peer.busy:.2f} x; {_memory(own)}"
        figures.append(Figure(name, own.seconds / peer.seconds, "x", most, beside))
    return report(f"{title}, in units of the same on a queue that is empty but for TICKET", figures)


def _beside(what: str, own: Run, peer: Run, most: float | None) -> Figure:
    told = f"{took(own)}; of processor time {own.busy / peer.busy:.2f} x"
    return Figure(what, own.seconds / peer.seconds, "x", most, told)


def _memory(one: Run) -> str:
    return "" if math.isnan(one.megabytes) else f"{one.megabytes:.0f} MB"


def _command(workspace: Path, *words: str) -> tuple[str, ...]:
    return (*PROGRAM, "--workspace", str(workspace), *words)


def _end(journal: Path) -> datetime:
    """The time of the last line."""
    with journal.open("rb") as file:
        file.seek(max(0, journal.stat().st_size - 100_000))
        return datetime.fromisoformat(decode_line(file.readlines()[-1]).at)


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


if __name__ == "__main__":
    sys.exit(main())
