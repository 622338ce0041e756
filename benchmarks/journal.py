"""Life-like journals of any size: months of a working team, with its messages, decisions, drafts and mistakes.

    python -m benchmarks.journal --messages 1000000 > queue.jsonl
    python -m benchmarks.journal --messages 1000000 --into DIR

``--into`` makes a workspace: the journal, and a policy with the two agents who act in it. Lines are written by the
program's own encoder, so ids, offsets and sums are right. The same number and seed give the same file, also
the part of an id that else ends by chance. Memory stays flat; a million messages take a minute or two, make about
250,000 tickets, and 1.2 GB.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from benchmarks.generate import messages
from benchmarks.team import Team
from socialcli.queue.journal import encode_events

_BLOCK = 1 << 20
POLICY = """\
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"

[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
"""


def write(out: BinaryIO, count: int, seed: int = 1) -> int:
    """A journal with ``count`` messages; returns how many bytes it has."""
    team = Team(seed)
    with _chance_of(seed):
        out.writelines(_blocks(team, count, seed))
    return team.read


def _blocks(team: Team, count: int, seed: int) -> Iterator[bytes]:
    held = bytearray()
    for at, events in team.events(messages(count, seed)):
        # Commands take a moment, and never the same one: microseconds as they come.
        lines = encode_events(events, at + timedelta(microseconds=team.read % 999_983), team.read)
        team.read += len(lines)
        held += lines
        if len(held) > _BLOCK:
            yield bytes(held)
            held.clear()
    yield bytes(held)


@contextmanager
def _chance_of(seed: int) -> Iterator[None]:
    """Inside, the part of an id that ends by chance comes from the seed."""
    kept, os.urandom = os.urandom, random.Random(seed).randbytes
    try:
        yield
    finally:
        os.urandom = kept


def fill(workspace: Path, count: int, seed: int = 1) -> Path:
    """Make ``workspace`` with a journal and a policy; returns the journal."""
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / "policies.toml").write_text(POLICY, encoding="utf-8")
    journal = workspace / "queue.jsonl"
    with journal.open("wb") as out:
        write(out, count, seed)
    return journal


def main() -> None:
    parser = argparse.ArgumentParser(description="An invented journal, to try and to measure with.")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, metavar="DIR", help="Make a workspace of it.")
    wanted = parser.parse_args()
    if wanted.into is None:
        write(sys.stdout.buffer, wanted.messages, wanted.seed)
    else:
        fill(wanted.into, wanted.messages, wanted.seed)


if __name__ == "__main__":
    main()
