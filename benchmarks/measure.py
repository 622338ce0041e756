"""Whole processes, measured from outside: wall time and the most memory they held."""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

import socialcli

PROGRAM = (str(Path(sys.executable).with_name("socialcli")),)
PEER = (sys.executable, "-c", "import click")
CLICK = "python -c 'import click'"


@dataclass(frozen=True)
class Run:
    """``seconds`` of wall time, of them ``busy`` on a processor, ``megabytes`` of resident memory at its peak."""

    seconds: float
    busy: float
    megabytes: float


def prepare() -> None:
    """Compile what is measured: an installed program is compiled too."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for module in (socialcli, click):
        compileall.compile_dir(str(Path(str(module.__file__)).parent), quiet=2)


def run(command: Sequence[str], *, output: Path | None = None) -> Run:
    """Run to the end; stdout goes to ``output`` or nowhere. Raises CalledProcessError if it fails."""
    with (output or Path(os.devnull)).open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Run(seconds, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Run]:
    """The median time and the largest memory of each command; each round runs all, so that a noisy moment of
    the machine meets all of them. One round before warms the caches and is not counted.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            one = run(command)
            if turn > 0:
                runs[name].append(one)
    return {
        name: Run(
            statistics.median(one.seconds for one in many),
            statistics.median(one.busy for one in many),
            max(one.megabytes for one in many),
        )
        for name, many in runs.items()
    }


@dataclass(frozen=True)
class Figure:
    """One line of a table: a ratio or a size, and the most it may be (None: nothing is promised)."""

    what: str
    value: float
    unit: str
    most: float | None = None
    beside: str = ""

    @property
    def reached(self) -> bool:
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        target = "" if self.most is None else f"at most {self.most:g}"
        verdict = "" if self.most is None else ("ok" if self.reached else "MISSED")
        return f"{self.what:44} {self.value:>10,.2f} {self.unit:<5} {target:>13} {verdict:6} {self.beside}".rstrip()


def report(title: str, figures: Sequence[Figure]) -> int:
    """Print a table; 1 if a figure was missed, else 0."""
    print(f"\n{title}")
    for figure in figures:
        print(f"  {figure}")
    return int(not all(figure.reached for figure in figures))
