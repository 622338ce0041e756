"""``init``: a workspace, without a word too many."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import done


def test_the_policy_that_is_made_is_the_shipped_one(cli: Cli) -> None:
    done(cli("init", "w"))
    policy = (cli.workspace / "w" / "policies.toml").read_text(encoding="utf-8")
    assert "[brand]" in policy
    assert policy.count("\n#") > 50  # every key is explained
    assert done(cli("-w", str(cli.workspace / "w"), "list")).out == ""


def test_here_is_the_default(cli: Cli) -> None:
    done(cli("init"))
    assert (cli.workspace / "policies.toml").is_file()


def test_what_comes_next_is_said_beside_the_answer(cli: Cli) -> None:
    run = done(cli("init", "w"))
    assert "next:" in run.err
    assert "doctor" in run.err
    assert all(line.startswith("made") for line in run.out.splitlines())
