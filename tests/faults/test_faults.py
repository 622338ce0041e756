"""A hundred faults of all kinds, and the harness itself: its steps are all of the program's, its tally goes on."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

import socialcli
from tests.conftest import PATIENCE
from tests.faults import tally
from tests.faults.plan import KINDS, Place, Steps, calibrate, plan, play
from tests.servers.x.network import PROJECT

FAULTS = 120  # ten of each kind
NOT_OF_THE_QUEUE = {"export"}  # a file that the next run writes again
FOR_LEFTOVERS = {"archive-leftover", "erase-leftover"}  # of what was torn or killed before: struck by chance
OF_LEARNING = {"learned", "learned-end", "erase-learned"}  # struck in tests/commands/test_learn.py
# Of the guided reply, which asks a person: in tests/guided/test_never_lost.py.
OF_WRITING = {"writing", "writing-out", "writing-back", "writing-over", "erase-writing"}
OF_KNOWLEDGE = {"kb", "kb-anew"}  # in tests/commands/test_kb.py
OF_PLANS = {"plan"}  # in tests/commands/test_apply.py
OF_A_CUT_JOURNAL = {"shorter"}  # each step is struck in tests/e2e/test_bad_input.py
ONLY_AFTER_A_FAULT = {"aside", "cut"}  # steps that no run comes to that nothing breaks


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    return calibrate(tmp_path_factory.mktemp("steps"))


@pytest.mark.parametrize("place", plan(FAULTS), ids=lambda place: place.kind)
def test_nothing_is_lost_and_nothing_done_twice(met: Steps, place: Place, tmp_path: Path) -> None:
    faults = play(place, 1, met, tmp_path)
    assert [one.found for one in faults] == [[]] * place.size


def test_every_step_of_the_program_is_walked(met: Steps) -> None:
    """What the source names as a step is met by an errand, but for those that only a fault leads to."""
    source = "".join(path.read_text() for path in Path(socialcli.__file__).parent.rglob("*.py"))
    named = set(re.findall(r"""\bstep\(f?["']([^"']+)["']""", source))
    walked = {
        step.removesuffix(" (disk)") for over in met.values() for steps in over.values() for step in steps
    }
    moments = {step.rpartition(":")[2] for step in walked} | ONLY_AFTER_A_FAULT
    assert {name for name in named if "{" not in name} <= walked
    assert {name.removeprefix("{point}:") for name in named if "{" in name} <= moments
    points = set(re.findall(r"""point(?:: str)? ?= ?["']([\w-]+)["']""", source))
    assert (
        points - {step.partition(":")[0] for step in walked}
        == NOT_OF_THE_QUEUE
        | FOR_LEFTOVERS
        | OF_LEARNING
        | OF_WRITING
        | OF_KNOWLEDGE
        | OF_PLANS
        | OF_A_CUT_JOURNAL
    )


def test_every_kind_is_in_the_plan_and_a_longer_plan_begins_alike() -> None:
    assert {place.kind for place in plan(FAULTS)} == {place.kind for place in plan(10_000)} == set(KINDS)
    assert plan(10_000)[:30] == plan(1_200)
    assert sum(place.size for place in plan(10_000)) == 10_000


def harness(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.faults", *args]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_the_harness_goes_on_where_it_stopped_and_fails_for_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "tally.jsonl"
    command = ("--faults", "1", "--seed", "3", "--tally", str(file))
    first = harness(*command)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1].startswith("| **all** | 4 | 0 | 0 | 0 | 0 |")
    (before, _, after) = file.read_bytes().partition(b"\n")
    file.write_bytes(before + b"\n" + after[:-20])  # stopped in the middle of a line
    again = harness(*command)
    assert (again.returncode, again.stdout) == (0, first.stdout)
    bad = dataclasses.replace(tally.resume(file)[0], verdict="lost", found=["lost: message m1"])
    tally.add(file, [bad])
    failed = harness(*command)
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[-1].startswith("| **all** | 5 | 1 | 0 | 0 | 0 |")
    assert "python -m tests.faults --repeat 3/0/4" in failed.stderr
