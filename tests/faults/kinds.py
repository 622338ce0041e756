"""The kinds of faults. Each is a generator: it strikes, has the command run again, and yields what was struck and what the
verdict found. ``Batch.turn`` walks them on from batch to batch, so that in the long run every step of every errand is met.
"""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from socialcli.model.times import format_time
from tests.conftest import PATIENCE, Run, collect
from tests.faults.errands import AT_ONCE, ERRANDS, ON_X
from tests.faults.errands import errand as errand_of
from tests.faults.scene import Errand, Scene
from tests.faults.tally import IDLE
from tests.faults.verdict import Finding

# The second of each pair: "+" stays so until the command ends.
DISK_ERRORS = (("ENOSPC", ""), ("EIO", ""), ("EDQUOT", ""), ("ENOSPC", "+"), ("EROFS", "+"), ("EIO", "+"))
NETWORK_FAULTS = (
    "silent", "reset", "500", "503", "not-json", "empty", "errors-only", "401", "402", "redirect", "accepted-no-answer",
    "accepted-silent", "accepted-reset", "accepted-503", "accepted-truncated", "accepted-not-json", "accepted-empty",
)  # fmt: skip
READS = ("GET mentions", "GET tweets", "GET timeline", "GET *")
READ_FAULTS = ("silent", "reset", "500", "503", "not-json", "truncated", "empty")
ALL = tuple(ERRANDS)
_KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Struck:
    """One fault: which errand, where, what came of it, and what must not be."""

    errand: str
    where: str
    found: list[Finding]
    remark: str = ""


@dataclass
class Batch:
    """``size`` faults in one workspace; ``turn`` counts the batches of this kind; ``steps`` of each errand."""

    scene: Scene
    chance: random.Random
    turn: int
    size: int
    steps: dict[str, list[str]]

    def walk(self, names: tuple[str, ...], *, disk: bool = False) -> Iterator[tuple[str, int]]:
        """An errand and the number of a step of it, in turn; with ``disk`` of those that the disk may refuse."""
        for place in range(self.size):
            name = names[place % len(names)]
            rounds = max(1, self.size // len(names))
            met = [step for step in self.steps[name] if step.endswith("(disk)") or not disk]
            yield name, (self.turn * rounds + place // len(names)) % len(met) + 1


def _struck_at(run: Run) -> str:
    told = [line for line in run.err.splitlines() if line.startswith("fail point ")]
    return told[-1].removeprefix("fail point ").removesuffix(" (disk)") if told else IDLE[0]


def killed_at_steps(batch: Batch, names: tuple[str, ...] = ALL) -> Iterator[Struck]:
    """kill -9 at each step."""
    for name, step in batch.walk(names):
        errand = errand_of(batch.scene, name)
        run = batch.scene.run(errand, f"*@{step}")
        yield Struck(name, f"{step} {_struck_at(run)}", list(batch.scene.again(errand)))


def struck_twice(batch: Batch) -> Iterator[Struck]:
    """kill -9 at a step, often in the middle of a line; then the command that goes on is killed, or the disk says no."""
    scene = batch.scene
    for place in range(batch.size):
        name = ALL[place % len(ALL)]
        errand = errand_of(scene, name)
        halves = [step.partition(" ")[0] for step in batch.steps[name] if ":half" in step]
        first = scene.run(errand, batch.chance.choice((f"*@{_any(batch, name)}", *halves)))
        error = batch.chance.choice(("", "", "=EIO", "=ENOSPC"))
        then = scene.run(errand, f"*@{_any(batch, name)}{error}")
        where = f"{_struck_at(first)}, then {error.removeprefix('=')} {_struck_at(then)}"
        yield Struck(name, where, list(scene.again(errand)))


def _any(batch: Batch, name: str) -> int:
    """The number of a step of this errand; going on may take some more than a run that nothing breaks."""
    return batch.chance.randint(1, len(batch.steps[name]) + 4)


def killed_at_random(batch: Batch, names: tuple[str, ...] = ALL) -> Iterator[Struck]:
    """kill -9 from outside, a random moment after a random step."""
    for place in range(batch.size):
        name = names[place % len(names)]
        errand = errand_of(batch.scene, name)
        after = batch.chance.randrange(-1, len(batch.steps[name]))
        code = _kill_from_outside(batch, errand, after)
        where = f"after step {after + 1}" if code == _KILLED else IDLE[1]
        yield Struck(name, where, list(batch.scene.again(errand)))


def _kill_from_outside(batch: Batch, errand: Errand, after: int) -> int:
    """Kill it behind its step number ``after`` (-1: at any moment from its start); its exit code."""
    scene = batch.scene
    process = scene.cli.start(*errand.args, now=scene.now, env={"SOCIALCLI_FAIL_POINT": "count"})
    assert process.stderr is not None
    met = -1
    while met < after and (line := process.stderr.readline()):
        met += line.startswith(b"fail point ")
    time.sleep(batch.chance.uniform(0, 0.003 if after >= 0 else 0.15))
    process.kill()
    return scene.heard(errand, collect(process)).code


def disk_errors(batch: Batch) -> Iterator[Struck]:
    """The disk refuses a step, or everything from that step on."""
    for place, (name, step) in enumerate(batch.walk(ALL, disk=True)):
        error, lasting = DISK_ERRORS[(batch.turn + place) % len(DISK_ERRORS)]
        errand = errand_of(batch.scene, name)
        run = batch.scene.run(errand, f"*@{step}{lasting}={error}")
        where = f"{step}{lasting} {error} {_struck_at(run)}"
        yield Struck(name, where, list(batch.scene.again(errand)), f"exit {run.code}")


def small_files(batch: Batch) -> Iterator[Struck]:
    """The kernel itself refuses: no file may grow beyond a size (RLIMIT_FSIZE)."""
    scene = batch.scene
    for place in range(batch.size):
        name = ALL[place % len(ALL)]
        errand = errand_of(scene, name)
        files = [
            scene.cli.workspace / one for one in ("queue.jsonl", "outbox.jsonl", ".socialcli/index.sqlite")
        ]
        chosen = batch.chance.choice(files)
        size = chosen.stat().st_size if chosen.exists() else 0
        most = max(0, size + batch.chance.randrange(-50, 1500))
        run = scene.heard(errand, _limited(scene, errand, most))
        yield Struck(name, f"{chosen.name} {most - size:+}", list(scene.again(errand)), f"exit {run.code}")


def _limited(scene: Scene, errand: Errand, most: int) -> Run:
    done = subprocess.run(
        scene.cli.arguments(*errand.args, now=scene.now),
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most)),
        env=scene.cli.env,
        cwd=scene.cli.workspace,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def clock_jumps(batch: Batch) -> Iterator[Struck]:
    """From one command to the next the clock goes back, by minutes or by years."""
    scene, base = batch.scene, datetime.fromisoformat(batch.scene.now)
    for place in range(batch.size):
        scene.now = scene.wanted.now = format_time(base + timedelta(minutes=place))
        name = ALL[place % len(ALL)]
        errand = errand_of(scene, name)
        back = batch.chance.choice((60, 3600, 86_400, 366 * 86_400)) * batch.chance.randint(1, 12)
        run = scene.run(errand, now=format_time(base - timedelta(seconds=back)))
        yield Struck(
            name, f"back by {timedelta(seconds=back)}", list(scene.again(errand)), f"exit {run.code}"
        )


def at_once(batch: Batch, number: int) -> Iterator[Struck]:
    """So many processes at once, half of them killed; each that was killed is a fault."""
    return islice(_rounds(batch, number), batch.size)


def _rounds(batch: Batch, number: int) -> Iterator[Struck]:
    scene = batch.scene
    while True:
        scene.stock(number)
        errands = [errand_of(scene, batch.chance.choice(AT_ONCE)) for _ in range(number - 1)]
        errands.append(batch.chance.choice(errands))  # somebody does the same
        doomed = [place for place in range(number) if batch.chance.random() < 0.5] or [0]
        points = [f"*@{batch.chance.randint(1, len(batch.steps[one.name]))}" for one in errands]
        runs = _together(scene, errands, [point if n in doomed else "" for n, point in enumerate(points)])
        later = [errand for errand, run in zip(errands, runs, strict=True) if run.code]
        found = list(scene.again(*later))
        for place in doomed:
            yield Struck(errands[place].name, f"{points[place]} {_struck_at(runs[place])}", found)
            found = []


def _together(scene: Scene, errands: list[Errand], points: list[str]) -> list[Run]:
    processes = [
        scene.cli.start(*errand.args, now=scene.now, env={"SOCIALCLI_FAIL_POINT": point})
        for errand, point in zip(errands, points, strict=True)
    ]
    return [scene.heard(errand, collect(one)) for errand, one in zip(errands, processes, strict=True)]


def network_faults(batch: Batch) -> Iterator[Struck]:
    """No answer, a cut connection, an error after the post was taken; and the same while reading."""
    scene = batch.scene
    assert scene.network is not None
    for place in range(batch.size):
        name = ON_X[place % 2]
        kinds = READ_FAULTS if name == "fetch" else NETWORK_FAULTS
        kind = kinds[(batch.turn * batch.size + place) // 2 % len(kinds)]
        route = batch.chance.choice(READS) if name == "fetch" else "POST tweets"
        errand = errand_of(scene, name)
        scene.network.fault(route, kind, times=1 if name == "reply" else 4)
        run = scene.run(errand)
        scene.network.calm()
        yield Struck(name, f"{route} {kind}", list(scene.again(errand)), f"exit {run.code}")


Kind = Callable[[Batch], Iterator[Struck]]
