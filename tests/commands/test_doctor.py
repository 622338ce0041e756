"""``doctor``: what works, what is missing, and the next step."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import done, journal, policy, queued


def test_every_missing_thing_has_a_next_step(cli: Cli) -> None:
    records = done(cli("doctor", "--json")).records
    missing = [one for one in records if one["state"] == "missing"]
    assert missing
    assert all(one["next"] for one in missing)
    assert {one["state"] for one in records} <= {"ok", "missing", "broken"}


def test_it_names_what_is_broken_and_goes_on(cli: Cli) -> None:
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "odd.j2").write_text("{% if %}", encoding="utf-8")
    run = cli("doctor", "--json")
    assert (run.code, run.error["code"]) == (7, 7)
    (broken,) = [one for one in run.records if one["state"] == "broken"]
    assert "odd.j2:1" in broken["detail"]
    assert run.records[-1]["what"] == "queue"


def test_a_broken_policy_is_one_finding(cli: Cli) -> None:
    policy(cli, "[brand]\nnmae = 'x'\n")
    run = cli("doctor", "--json")
    assert run.code == 7
    assert any("policies.toml:2" in one["detail"] for one in run.records)


def test_it_counts_and_changes_nothing(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    out = done(cli("doctor")).out
    assert "1 ticket" in out
    assert "1 message" in out
    assert journal(cli) == before


def test_it_reads_what_was_changed_behind_its_back(cli: Cli) -> None:
    """The index has read the first lines already, and looks at them no more; doctor does."""
    queued(cli)
    path = cli.workspace / "queue.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    assert done(cli("doctor")).code == 0
    path.write_bytes(lines[0] + b"x" * (len(lines[1]) - 1) + b"\n" + b"".join(lines[2:]))
    run = cli("doctor", "--json")
    assert run.code == 7
    (broken,) = [one for one in run.records if one["state"] == "broken"]
    assert "queue.jsonl:2" in broken["detail"]


def test_an_inbox_that_is_no_file_is_broken(cli: Cli) -> None:
    (cli.workspace / "inbox.jsonl").mkdir()
    run = cli("doctor", "--json")
    assert run.code == 7
    (broken,) = [one for one in run.records if one["state"] == "broken"]
    assert "not a regular file" in broken["detail"]
