"""Whole processes, measured from outside: wall time and the most memory they held."""

from __future__ import annotations

import compileall
import math
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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


class FailedError(Exception):
    """A command that is measured ended with another exit code; its last words are the message."""


_FAILED = Run(math.nan, math.nan, math.nan)
Work = Sequence[str] | Callable[[int], Run]  # a command, or what is to be done in this round


# The most memory that a process is told to have held begins with that of whoever started it: so a small one does.
_LAUNCHER = """
import os, sys, time
started = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
told = time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, status
os.write(3, " ".join(map(str, told)).encode())
"""


def run(command: Sequence[str], *, output: Path | None = None) -> Run:
    """Run to the end; stdout goes to ``output`` or nowhere. Raises FailedError if it does not end with 0."""
    with (
        (output or Path(os.devnull)).open("wb") as out,
        tempfile.TemporaryFile() as words,
        tempfile.TemporaryFile() as told,
    ):
        launcher = (sys.executable, "-I", "-S", "-c", f"import os; os.dup2({told.fileno()}, 3){_LAUNCHER}")
        subprocess.run(
            (*launcher, *command), stdout=out, stderr=words, pass_fds=(told.fileno(),), check=False
        )
        said, figures = (_from_start(file) for file in (words, told))
    if not figures:
        raise FailedError(f"{shlex.join(command)}: it cannot be started: {said.splitlines()[-1]}")
    seconds, busy, most, status = (float(one) for one in figures.split())
    code = os.waitstatus_to_exitcode(int(status))
    if code != 0:
        raise FailedError(f"{shlex.join(command)}: exit {code}: {said}")
    kilobytes = most / 1024 if sys.platform == "darwin" else most
    return Run(seconds, busy, kilobytes / 1024)


def _from_start(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()


def interleaved(works: Mapping[str, Work], rounds: int, *, warm: int = 1) -> dict[str, Run]:
    """The median times and the largest memory of each; each round runs all, so that a noisy moment of the machine
    meets all of them. ``warm`` rounds before fill the caches and are not counted. Work that fails is told of,
    left out, and has no figures (NaN).
    """
    runs: dict[str, list[Run]] = {name: [] for name in works}
    failed = set()
    for turn in range(warm + rounds):
        for name, work in works.items():
            if name in failed:
                continue
            try:
                one = work(turn) if callable(work) else run(work)
            except FailedError as error:
                failed.add(name)
                print(f"FAILED {name}: {error}", file=sys.stderr)
            else:
                runs[name].append(one)
    return {name: _FAILED if name in failed else _median(many[warm:]) for name, many in runs.items()}


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        statistics.median(one.seconds for one in runs),
        statistics.median(one.busy for one in runs),
        max(one.megabytes for one in runs),
    )


def took(one: Run) -> str:
    """Wall time in words."""
    if math.isnan(one.seconds):
        return "failed"
    return f"{one.seconds:.2f} s" if one.seconds >= 1 else f"{one.seconds * 1000:.0f} ms"


@dataclass(frozen=True)
class Figure:
    """One line of a table: a ratio or a size, and the most it may be (None: nothing is promised). What failed is
    NaN, which reaches nothing.
    """

    what: str
    value: float
    unit: str
    most: float | None = None
    beside: str = ""

    @property
    def reached(self) -> bool:
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        value = "failed" if math.isnan(self.value) else f"{self.value:,.2f}"
        target = "" if self.most is None else f"at most {self.most:g}"
        verdict = "" if self.most is None else ("ok" if self.reached else "MISSED")
        return f"{self.what:44} {value:>10} {self.unit:<5} {target:>13} {verdict:6} {self.beside}".rstrip()


def report(title: str, figures: Sequence[Figure]) -> int:
    """Print a table; 1 if a figure was missed, else 0."""
    print(f"\n{title}")
    for figure in figures:
        print(f"  {figure}")
    return int(not all(figure.reached for figure in figures))
