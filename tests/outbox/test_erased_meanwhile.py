"""A customer is erased while an answer to them is on its way to be written: its words are written nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialcli.channels.base import Again
from tests.conftest import Cli
from tests.e2e.staging import TWO_AGENTS, done, policy
from tests.outbox.conftest import SORRY, Stage


def erase(stage: Stage, home: Path) -> None:
    cli = Cli(stage.workspace, home)
    policy(cli, TWO_AGENTS)
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now="2026-11-20T12:00:00Z"))


def words(stage: Stage) -> list[str]:
    """The files that hold words of the answer or of what it answers."""
    files = (path for path in stage.workspace.rglob("*") if path.is_file())
    return [path.name for path in files if b"your bag" in (raw := path.read_bytes()) or b"my bag" in raw]


@pytest.mark.parametrize("again", [False, True])
def test_it_is_parked_without_its_words(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    draft = stage.draft()

    def meanwhile(*_: object) -> Again:
        erase(stage, tmp_path)
        return Again(())

    monkeypatch.setattr(stage.channel, "look_again", meanwhile)
    outcome = stage.send(draft, again=again)
    assert (outcome.draft.state, outcome.draft.text, stage.posted) == ("parked", "", [])
    assert words(stage) == []


def test_one_that_is_refused_likewise(stage: Stage, tmp_path: Path) -> None:
    draft = stage.draft()
    erase(stage, tmp_path)
    outcome = stage.outbox.keep(stage.request(draft), "refused", f"it says: {SORRY}")
    assert (outcome.draft.state, outcome.draft.text, outcome.draft.reason) == ("refused", "", None)
    assert words(stage) == []


def test_where_nobody_is_erased_they_stay(stage: Stage) -> None:
    draft = stage.draft()
    outcome = stage.outbox.keep(stage.request(draft), "refused", "too long")
    assert outcome.draft.text == SORRY
