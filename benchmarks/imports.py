"""What comes in: files read into an empty workspace, beside jq on the same file, and triage of all of it.

    python -m benchmarks.imports [--messages 100000] [--rounds 3] [--keep DIR]

``fetch`` groups every message, and is on disk when it ends; jq reads the same file and writes it to nowhere. Ratios
are of the medians of wall time in interleaved rounds, with those of processor time beside them. The work is done in
TMPDIR: at a million messages some 10 minutes and 3 GB.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import END, write
from benchmarks.measure import PROGRAM, Figure, Run, Work, interleaved, prepare, report, run, took

_FETCH_MOST = 3.0  # times jq
_FETCH_MEGABYTES = 250
_SMALL = 10  # the small import has a tenth of the rows


def main() -> int:
    parser = argparse.ArgumentParser(description="Figures of fetch and triage.")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="Work here and leave the files.")
    wanted = parser.parse_args()
    prepare()
    os.environ["SOCIALCLI_NOW"] = END.isoformat()
    folder = wanted.keep or Path(tempfile.mkdtemp(prefix="socialcli-bench-"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missed = [rows(folder, wanted.messages), records(folder, wanted.messages, wanted.rounds)]
    finally:
        if wanted.keep is None:
            shutil.rmtree(folder)
    return max(missed)


def rows(folder: Path, count: int) -> int:
    """CSV at two sizes; memory must not grow with the file. The same file again changes nothing."""
    figures = []
    for name, size in (("small", count // _SMALL), ("csv", count)):
        source = _generated(folder / f"{name}.csv", size)
        one = _fetch(_workspace(folder / name), source)
        figures.append(
            Figure(f"fetch --from CSV, {size:,} rows: memory", one.megabytes, "MB", _FETCH_MEGABYTES)
        )
    figures.append(Figure("fetch --from CSV", count / one.seconds, "row/s"))
    before = _digest(folder / "csv" / "queue.jsonl")
    again = _fetch(folder / "csv", source)
    changed = float(_digest(folder / "csv" / "queue.jsonl") != before)
    figures.append(Figure("the same file again", count / again.seconds, "row/s"))
    figures.append(Figure("journals changed by that", changed, "", 0))
    shutil.rmtree(folder / "csv")
    source.unlink()
    return report("fetch --from CSV", figures)


def records(folder: Path, count: int, rounds: int) -> int:
    """JSON Lines beside jq; then triage of every ticket, once."""
    source, workspace = _generated(folder / "messages.jsonl", count), folder / "jsonl"
    works: dict[str, Work] = {
        "jq": ("jq", "-c", ".", str(source)),
        "fetch": lambda _turn: _fetch(_workspace(workspace), source),
    }
    runs = interleaved(works, rounds, warm=0)
    fetch, jq = runs["fetch"], runs["jq"]
    told = f"{took(fetch)}; of processor time {fetch.busy / jq.busy:.2f} x"
    triage = run(_command(workspace, "triage"))
    return report(
        f"fetch --from JSONL: {count:,} messages, {source.stat().st_size / 1e6:,.0f} MB, in units of jq -c . ({took(jq)})",
        [
            Figure("fetch --from JSONL, durable", fetch.seconds / jq.seconds, "x", _FETCH_MOST, told),
            Figure("fetch --from JSONL: memory", fetch.megabytes, "MB", _FETCH_MEGABYTES),
            Figure(
                "triage of all tickets", _tickets(workspace) / triage.seconds, "tkt/s", beside=took(triage)
            ),
            Figure("triage: memory", triage.megabytes, "MB"),
        ],
    )


def _generated(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        write(out, path.suffix.removeprefix("."), count)
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
