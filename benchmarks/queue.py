"""The queue at any size, beside ``--version`` and beside jq on the same bytes.

    python -m benchmarks.queue [--messages 100000] [--rounds 9] [--keep DIR]

Everything is measured as a whole process with compiled bytecode: wall time, and peak resident memory. Reading
commands are ratios to ``--version`` in interleaved runs; bulk work is a ratio of processor times to jq, which
reads the same file in the same run. A million messages take a few minutes and 2 GB of disk (``--messages 1000000``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import END, write
from benchmarks.measure import PROGRAM, Figure, Run, interleaved, prepare, report, run

_READING_MOST = 2.0  # times --version
_READING_MEGABYTES = 80
_FETCH_MEGABYTES = 250
_SMALL = 10  # the small import has a tenth of the rows


def main() -> int:
    parser = argparse.ArgumentParser(description="Figures of the queue.")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keep", type=Path, help="Work here and leave the files.")
    wanted = parser.parse_args()
    prepare()
    os.environ["SOCIALCLI_NOW"] = END.isoformat()
    folder = wanted.keep or Path(tempfile.mkdtemp(prefix="socialcli-bench-"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missed = [imports(folder, wanted.messages), bulk(folder, wanted.messages)]
        missed.append(reading(folder / "jsonl", wanted.messages, wanted.rounds))
    finally:
        if wanted.keep is None:
            shutil.rmtree(folder)
    return max(missed)


def imports(folder: Path, count: int) -> int:
    """CSV into an empty workspace, at two sizes; memory must not grow with the file."""
    figures = []
    for name, rows in (("small", count // _SMALL), ("csv", count)):
        source = _generated(folder / f"{name}.csv", rows)
        one = _fetch(_workspace(folder / name), source)
        figures.append(
            Figure(f"fetch --from CSV, {rows:,} rows: memory", one.megabytes, "MB", _FETCH_MEGABYTES)
        )
    figures.append(Figure("fetch --from CSV", rows / one.seconds, "row/s"))
    before = _digest(folder / "csv" / "queue.jsonl")
    again = _fetch(folder / "csv", source)
    changed = float(_digest(folder / "csv" / "queue.jsonl") != before)
    figures.append(Figure("the same file again", rows / again.seconds, "row/s"))
    figures.append(Figure("journals changed by that", changed, "", 0))
    return report("imports", figures)


def bulk(folder: Path, count: int) -> int:
    """Beside jq, which reads the same file and does nothing with it."""
    source = _generated(folder / "messages.jsonl", count)
    workspace = _workspace(folder / "jsonl")
    fetched = _fetch(workspace, source)
    journal = workspace / "queue.jsonl"
    index = workspace / ".socialcli"
    shutil.rmtree(index)
    built = run(_command(workspace, "list", "--limit", "1"))
    triaged = run(_command(workspace, "triage"))
    return report(
        f"bulk, {count:,} messages",
        [
            Figure("fetch --from JSONL: memory", fetched.megabytes, "MB", _FETCH_MEGABYTES),
            _beside_jq("fetch --from JSONL, durable", fetched, ".", source),
            _beside_jq("index built from nothing", built, ".event", journal),
            Figure("index built from nothing: memory", built.megabytes, "MB"),
            Figure(
                "triage of all tickets", _tickets(workspace) / triaged.seconds, "tkt/s", None, _took(triaged)
            ),
            Figure("triage: memory", triaged.megabytes, "MB"),
        ],
    )


def reading(workspace: Path, count: int, rounds: int) -> int:
    """The commands that people wait for."""
    first = subprocess.run(
        _command(workspace, "list", "--limit", "1", "--json"), capture_output=True, check=True
    )
    ticket = json.loads(first.stdout)["id"]
    commands = {
        "list": ("list",),
        "list --priority urgent": ("list", "--priority", "urgent"),
        "next": ("next",),
        "show": ("show", ticket),
    }
    runs = interleaved(
        {"--version": (*PROGRAM, "--version")}
        | {name: _command(workspace, *words) for name, words in commands.items()},
        rounds,
    )
    version = runs["--version"].seconds
    figures = []
    for name in commands:
        one = runs[name]
        figures.append(Figure(name, one.seconds / version, "x", _READING_MOST, _took(one)))
        figures.append(Figure(f"{name}: memory", one.megabytes, "MB", _READING_MEGABYTES))
    return report(f"reading {count:,} messages, in units of --version ({version * 1000:.0f} ms)", figures)


def _beside_jq(what: str, own: Run, expression: str, source: Path) -> Figure:
    jq = shutil.which("jq")
    if jq is None:
        return Figure(what, own.seconds, "s", None, "no jq here to compare with")
    peer = run((jq, "-c", expression, str(source)))
    # Long single runs, so processor time: it does not see who else uses the machine.
    return Figure(what, own.busy / peer.busy, "x jq", None, f"{own.busy:.1f} s; jq {peer.busy:.1f} s")


def _took(one: Run) -> str:
    return f"{one.seconds:.2f} s" if one.seconds >= 1 else f"{one.seconds * 1000:.0f} ms"


def _generated(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        write(out, path.suffix.removeprefix("."), rows)
    return path


def _workspace(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _command(workspace: Path, *words: str) -> tuple[str, ...]:
    return (*PROGRAM, "--workspace", str(workspace), *words)


def _fetch(workspace: Path, source: Path) -> Run:
    return run(_command(workspace, "fetch", "--from", str(source)))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _tickets(workspace: Path) -> int:
    listed = subprocess.run(_command(workspace, "list", "--limit", "0"), capture_output=True, check=True)
    return listed.stdout.count(b"\n")


if __name__ == "__main__":
    sys.exit(main())
