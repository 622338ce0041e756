"""``python -m tests.faults --faults 10000 --tally FILE``: see docs/reliability.md. A run that was stopped goes on where
it stopped. Exit 1 if anything was lost, done twice, or left open.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.faults import tally
from tests.faults.plan import KINDS, Place, Steps, calibrate, plan, play
from tests.faults.tally import Fault


def main() -> int:
    asked = _options()
    if asked.repeat:
        return _repeat(asked.repeat)
    before = tally.resume(asked.tally)
    if strange := {one.seed.split("/")[0] for one in before} - {str(asked.seed)}:
        sys.exit(f"{asked.tally} is the tally of seed {', '.join(strange)}: --seed, or another file")
    done = {one.seed for one in before}
    left = [place for place in plan(asked.faults) if f"{asked.seed}/{place.number}/{place.size}" not in done]
    faults = list(before)
    try:
        for batch in _played(left, asked.seed, asked.workers) if left else ():
            tally.add(asked.tally, batch)
            faults += batch
            _tell(faults, asked.faults)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; the same command goes on from here\n")
        return 130
    return _said(faults)


def _said(faults: list[Fault]) -> int:
    """The table, and what is bad; the exit code."""
    bad = [one.told() for one in faults if one.found]
    sys.stderr.write("".join(f"\n{one}\n" for one in bad))
    sys.stdout.write(f"{tally.table(faults)}\n")
    return int(bool(bad))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=10_000)
    parser.add_argument("--tally", type=Path, default=Path(".faults.jsonl"), help="goes on where it stops")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", metavar="SEED/BATCH/SIZE", help="one batch, as a finding names it")
    return parser.parse_args()


def _repeat(name: str) -> int:
    seed, number, size = (int(part) for part in name.split("/"))
    place = plan(max(size * len(KINDS), size * (number + 1)))[number]
    return _said(play(place, seed, _steps()))


def _steps() -> Steps:
    with tempfile.TemporaryDirectory(prefix="faults-steps-") as folder:
        return calibrate(Path(folder))


def _played(left: list[Place], seed: int, workers: int) -> Iterator[list[Fault]]:
    met = _steps()
    # Ctrl-C at the terminal reaches this process alone: the batches under way end as they would.
    with ProcessPoolExecutor(workers, initializer=os.setpgrp) as pool:
        waiting: set[Future[list[Fault]]] = {pool.submit(play, place, seed, met) for place in left}
        try:
            for future in as_completed(waiting):
                yield future.result()
        except KeyboardInterrupt:
            sys.stderr.write("\nstopping: what is under way ends first\n")
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_BEGUN = time.monotonic()


def _tell(faults: list[Fault], wanted: int) -> None:
    bad = sum(bool(one.found) for one in faults)
    sys.stderr.write(f"\r{len(faults):,} of {wanted:,} faults, {bad} bad, {time.monotonic() - _BEGUN:.0f} s ")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
