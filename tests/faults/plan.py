"""Which batches there are, and how one is played: a workspace of its own, from a seed that repeats it."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from socialcli import clock
from socialcli.model.times import format_time
from tests.faults import kinds
from tests.faults.errands import ERRANDS, ON_X, steps
from tests.faults.kinds import Batch, Kind, Struck
from tests.faults.power import power_cuts
from tests.faults.scene import HinderedError, Scene
from tests.faults.tally import Fault
from tests.faults.verdict import Finding
from tests.servers.x.network import XNetwork


class Play(NamedTuple):
    """A kind of faults: how it strikes, and its share of 25 batches."""

    strike: Kind
    share: int
    on_x: bool = False


KINDS = {
    "killed at each step": Play(kinds.killed_at_steps, 3),
    "killed, and struck again while it goes on": Play(kinds.struck_twice, 2),
    "killed at random moments": Play(kinds.killed_at_random, 2),
    "power cut at each byte": Play(power_cuts, 8),
    "disk full, read-only, broken": Play(kinds.disk_errors, 3),
    "files may not grow (kernel)": Play(kinds.small_files, 1),
    "clock goes back": Play(kinds.clock_jumps, 1),
    "two processes, some killed": Play(partial(kinds.at_once, number=2), 1),
    "eight processes, some killed": Play(partial(kinds.at_once, number=8), 1),
    "X: killed at each step": Play(partial(kinds.killed_at_steps, names=ON_X), 1, on_x=True),
    "X: killed at random moments": Play(partial(kinds.killed_at_random, names=ON_X), 1, on_x=True),
    "X: network faults": Play(kinds.network_faults, 1, on_x=True),
}
_MOST = 40  # faults in one workspace, so that its journal stays small
_FEWEST = 4
Steps = dict[bool, dict[str, list[str]]]  # on X -> errand -> its steps


class Place(NamedTuple):
    """A batch in the plan."""

    number: int
    kind: str
    turn: int
    size: int


def plan(faults: int) -> list[Place]:
    """Batches of ``faults`` faults or a few more: each kind once, then by their shares."""
    size = max(_FEWEST, min(_MOST, -(-faults // len(KINDS))))
    most = max(play.share for play in KINDS.values())
    shares = [kind for turn in range(most) for kind, play in KINDS.items() if play.share > turn]
    turns = dict.fromkeys(KINDS, -1)
    places = []
    for number in range(-(-faults // size)):
        kind = shares[number % len(shares)]
        turns[kind] += 1
        places.append(Place(number, kind, turns[kind], size))
    return places


def calibrate(folder: Path) -> Steps:
    """The steps of each errand, over files and over X."""
    with XNetwork() as network:
        on_x = steps(Scene(folder / "x", network), ON_X)
    return {False: steps(Scene(folder / "file"), ERRANDS), True: on_x}


def play(place: Place, seed: int, met: Steps, under: Path | None = None) -> list[Fault]:
    """One batch, in a new folder (``under``: where). It ends at the first finding, and its workspace is kept then."""
    name = f"{seed}/{place.number}/{place.size}"
    kind = KINDS[place.kind]
    folder = Path(tempfile.mkdtemp(prefix=f"faults-{name.replace('/', '-')}-", dir=under))
    faults: list[Fault] = []
    with _scene(folder, place.kind, on_x=kind.on_x) as scene:
        batch = Batch(scene, random.Random(name), place.turn, place.size, met[kind.on_x])
        for struck in _until_hindered(kind.strike(batch)):
            faults.append(_fault(struck, place, name))
            if struck.found:
                sys.stderr.write(f"\n{faults[-1].told()}\n  workspace: {scene.cli.workspace}\n")
                return faults
    shutil.rmtree(folder)
    return faults


def _until_hindered(faults: Iterator[Struck]) -> Iterator[Struck]:
    """The faults, and as the last one what kept the next from being made."""
    try:
        yield from faults
    except HinderedError as error:
        yield Struck("the next", "between two faults", [Finding("unsettled", str(error))])


@contextmanager
def _scene(folder: Path, kind: str, *, on_x: bool) -> Iterator[Scene]:
    if on_x:
        with XNetwork() as network:
            yield Scene(folder, network)
    elif KINDS[kind].strike is kinds.clock_jumps:
        # A time that is believed: a journal from the future does not hold back the clock.
        now = clock.now() - timedelta(hours=1)
        yield Scene(folder, now=format_time(now), at=format_time(now - timedelta(hours=1)))
    else:
        yield Scene(folder)


def _fault(struck: Struck, place: Place, seed: str) -> Fault:
    verdict = ",".join(dict.fromkeys(one.sort for one in struck.found)) or "ok"
    found = [f"{one.sort}: {one.what}" for one in struck.found]
    return Fault(seed, place.kind, struck.errand, struck.where, verdict, found, struck.remark)
