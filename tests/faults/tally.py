"""The tally: a JSON Lines file, one line a fault, whole batches at a time; and the table that is made of it."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

_CUT = re.compile(r"(?P<what>[a-z ]+): byte (?P<byte>\d+) of (?P<of>\d+)")
IDLE = ("none was met", "too late")  # where a command ended before it could be struck


@dataclass(frozen=True)
class Fault:
    """One fault and its verdict. ``seed`` repeats its batch: SEED/NUMBER/SIZE."""

    seed: str
    kind: str
    errand: str
    where: str
    verdict: str  # "ok", or the sorts of what was found, with commas
    found: list[str]
    remark: str = ""

    def told(self) -> str:
        """A finding for a person: what, where, and how to have it again."""
        found = "\n".join(f"  {one}" for one in self.found)
        return f"{self.kind}, {self.errand}, {self.where}:\n{found}\n  again: python -m tests.faults --repeat {self.seed}"


def resume(path: Path) -> list[Fault]:
    """What was written before. What is left of a batch that was not written whole is cut off."""
    if not path.exists():
        return []
    lines = [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    faults = [Fault(**json.loads(line)) for line in lines]
    while faults and not _is_whole([one for one in faults if one.seed == faults[-1].seed]):
        faults.pop()
    os.truncate(path, sum(map(len, lines[: len(faults)])))
    return faults


def _is_whole(batch: list[Fault]) -> bool:
    """A batch ends with its size, or with the first finding."""
    return len(batch) == int(batch[0].seed.rpartition("/")[2]) or any(one.found for one in batch)


def add(path: Path, faults: Iterable[Fault]) -> None:
    """Append them in one piece."""
    with path.open("ab") as file:
        file.write(b"".join(json.dumps(asdict(one), ensure_ascii=False).encode() + b"\n" for one in faults))
        file.flush()
        os.fsync(file.fileno())


def table(faults: Iterable[Fault]) -> str:
    """A Markdown table by kind."""
    faults = list(faults)
    kinds = dict.fromkeys(one.kind for one in sorted(faults, key=lambda one: int(one.seed.split("/")[1])))
    rows = [_row(kind, [one for one in faults if one.kind == kind]) for kind in kinds]
    head = "| kind | faults | lost | twice | not settled | unreadable | remarks |\n|---|---:|---:|---:|---:|---:|---|"
    return "\n".join((head, *rows, _row("**all**", faults)))


def _row(kind: str, faults: list[Fault]) -> str:
    found = Counter(sort for one in faults for sort in one.verdict.split(","))
    bad = found["unreadable"] + found["unsorted"]
    cells = (kind, len(faults), found["lost"], found["twice"], found["unsettled"], bad)
    remarks = _remarks(faults) if kind == faults[0].kind else ""
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in cells)} | {remarks} |"


def _remarks(faults: list[Fault]) -> str:
    """How much of what can be struck was struck: steps, bytes; and how many faults met nothing."""
    idle = sum(one.where.endswith(IDLE) for one in faults)
    steps = {(one.errand, one.where.split()[0].rstrip("+")) for one in faults if one.where[:1].isdecimal()}
    told = (f"{len(steps):,} steps" * bool(steps), _bytes(faults), f"{idle:,} came too late" * bool(idle))
    return ", ".join(filter(None, told))


def _bytes(faults: list[Fault]) -> str:
    met: dict[str, set[int]] = {}
    length: dict[str, int] = {}
    for cut in filter(None, (_CUT.match(one.where) for one in faults)):
        met.setdefault(cut["what"], set()).add(int(cut["byte"]))
        length[cut["what"]] = max(length.get(cut["what"], 0), int(cut["of"]))
    return f"{sum(map(len, met.values())):,} of {sum(length.values()):,} bytes" if met else ""
