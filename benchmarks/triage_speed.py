"""How fast `triage -` reads messages, beside VADER, which only weighs words.

    python -m benchmarks.triage_speed [--rounds 5]

SOCIALCLI_EVAL_AIRLINE: CSV with text. Without it, or without vaderSentiment, nothing is measured. Whole processes
are compared, in turns, by the processor time they take: `socialcli triage - --json`, which reads message records
and writes assessments, with everything on; and a Python program that imports VADER and scores the same texts.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import msgspec

from benchmarks.labelled import Row, outside, rows_of
from benchmarks.measure import PROGRAM, interleaved, prepare

_OURS, _PEER = "triage -", "VADER"
_SCORE = """
import json, sys
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
score = SentimentIntensityAnalyzer().polarity_scores
for line in sys.stdin:
    score(json.loads(line)["text"])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of `triage -` beside that of VADER.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    path = outside("SOCIALCLI_EVAL_AIRLINE")
    if path is None:
        return 0
    if find_spec("vaderSentiment") is None:
        print("  skipped: install vaderSentiment")
        return 0
    rows = rows_of(path)
    ours, peer = compared(rows, rounds)
    print(f"triage - on one core: {len(rows) / ours:,.0f} messages/s, {peer / ours:.2f} x VADER")
    return 0


def compared(rows: list[Row], rounds: int) -> tuple[float, float]:
    """Seconds of processor time that a process of each takes for all rows, start-up included."""
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "messages.jsonl"
        records.write_bytes(b"".join(record(place, row) for place, row in enumerate(rows)))
        works = {
            _OURS: (*PROGRAM, "--workspace", folder, "triage", "-", "--json"),
            _PEER: (sys.executable, "-c", _SCORE),
        }
        runs = interleaved({name: reading(records, command) for name, command in works.items()}, rounds)
    return runs[_OURS].busy, runs[_PEER].busy


def reading(records: Path, command: tuple[str, ...]) -> tuple[str, ...]:
    """The command with the records on its standard input."""
    return "sh", "-c", f"exec {shlex.join(command)} < {shlex.quote(str(records))}"


def record(place: int, row: Row) -> bytes:
    """A message by itself, of a customer of its own, whose language nobody tells."""
    message = {
        "id": str(place),
        "text": row["text"],
        "created_at": "2026-11-20T10:00:00Z",
        "author": {"handle": f"customer{place}"},
    }
    return msgspec.json.encode(message) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
