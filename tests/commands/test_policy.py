"""``policy simulate``: a journal played again, by two policies, without a word written."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import NOW, SORRY, done, journal, message, queued

MILD = '[triage.weights]\n"time/deadline-today" = 5\n'
FIGURES = {
    "respond", "monitor", "ignore", "urgent", "high", "normal", "low", "met", "missed", "waiting",
    "incidents",
}  # fmt: skip
SIMULATION = {"type", "journal", "since", "until", "tickets", "messages", "moved", "before", "after"}


def other_policy(cli: Cli, text: str = MILD) -> str:
    path = cli.workspace / "other.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def answered(cli: Cli, at: str) -> str:
    """One complaint that boards in 40 minutes, answered at that time."""
    ticket = queued(cli)
    done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", now=at))
    return ticket


def simulate(cli: Cli, *arguments: str) -> list[Any]:
    return done(cli("policy", "simulate", "--on", str(cli.workspace), *arguments, "--json")).records


def test_both_policies_side_by_side_and_who_moves(cli: Cli) -> None:
    ticket = answered(cli, "2026-11-20T10:20:00Z")
    moved, figures = simulate(cli, other_policy(cli))
    assert (moved["type"], moved["ticket"], moved["message_id"]) == ("what-if", ticket, "m1")
    assert (moved["before"]["priority"], moved["after"]["priority"]) == ("urgent", "high")
    assert set(figures) == SIMULATION
    assert set(figures["before"]) == set(figures["after"]) == FIGURES
    assert (figures["tickets"], figures["messages"], figures["moved"]) == (1, 1, 1)
    assert {name: count for name, count in figures["before"].items() if count} == {
        "respond": 1, "urgent": 1, "missed": 1,
    }  # fmt: skip
    assert {name: count for name, count in figures["after"].items() if count} == {
        "respond": 1, "high": 1, "met": 1,
    }  # fmt: skip


def test_one_policy_alone_has_figures_and_no_moves(cli: Cli) -> None:
    answered(cli, "2026-11-20T10:10:00Z")
    (figures,) = simulate(cli)
    assert figures["after"] is None
    assert figures["before"]["met"] == 1


def test_the_same_twice_and_nothing_is_written_beside_the_journal(cli: Cli, tmp_path: Path) -> None:
    answered(cli, "2026-11-20T10:20:00Z")
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "queue.jsonl").write_bytes(journal(cli))
    os.utime(alone / "queue.jsonl", (1, 1))
    runs = [
        done(cli("policy", "simulate", "--on", alone, other_policy(cli), "--json", now=at))
        for at in (NOW, "2027-01-01T00:00:00Z")
    ]
    assert runs[0].out == runs[1].out
    assert [path.name for path in alone.iterdir()] == ["queue.jsonl"]
    assert (alone / "queue.jsonl").read_bytes() == journal(cli)
    assert (alone / "queue.jsonl").stat().st_mtime == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_nobody_may_write_to(cli: Cli) -> None:
    answered(cli, "2026-11-20T10:20:00Z")
    name = other_policy(cli)
    cli.workspace.chmod(0o500)
    try:
        assert simulate(cli, name)[-1]["messages"] == 1
    finally:
        cli.workspace.chmod(0o700)


def test_each_message_is_weighed_with_what_stood_before_it(cli: Cli) -> None:
    queued(
        cli,
        message("m1", "@NorthlineAir my suitcase is lost", conversation_id="c"),
        message("m2", "hello, anybody?", created_at="2026-11-20T10:04:00Z", conversation_id="c"),
    )
    (figures,) = simulate(cli)
    assert (figures["messages"], figures["before"]["high"]) == (2, 2)
    # One wait: it counts from the first message, to the end of the journal.
    assert (figures["before"]["waiting"], figures["before"]["missed"]) == (1, 0)


def test_what_was_never_answered_is_too_late_once_its_deadline_is_over(cli: Cli) -> None:
    queued(cli, message(), message("m2", "@NorthlineAir do you fly to Faro?", "cust2", created_at=NOW))
    (figures,) = simulate(cli)
    assert (figures["before"]["waiting"], figures["before"]["missed"]) == (2, 0)
    cli.write(
        "inbox.jsonl", message("m3", "@NorthlineAir lovely crew", "cust3", created_at="2026-11-20T11:00:00Z")
    )
    done(cli("fetch", now="2026-11-20T11:00:00Z"))
    (figures,) = simulate(cli)
    assert (figures["before"]["waiting"], figures["before"]["missed"]) == (2, 1)


def test_an_answer_by_hand_counts(cli: Cli) -> None:
    ticket = queued(cli)
    done(
        cli("done", ticket, "--url", "https://northline.example/1", "--as", "sb", now="2026-11-20T10:14:00Z")
    )
    (figures,) = simulate(cli)
    assert (figures["before"]["met"], figures["before"]["missed"]) == (1, 0)


def test_since_is_the_end_of_the_journal_not_of_today(cli: Cli) -> None:
    queued(cli, message(), message("m2", "@NorthlineAir do you fly to Faro?", "cust2", created_at=NOW))
    (figures,) = simulate(cli, "--since", "2m")
    assert (figures["since"], figures["until"], figures["messages"]) == (NOW, NOW, 1)


def test_what_a_person_set_wins_by_both(cli: Cli) -> None:
    ticket = queued(cli)
    settings = ("--set", "priority=low", "--set", "kind=question", "--reason", "calm")
    done(cli("triage", ticket, *settings, now=NOW))
    (figures,) = simulate(cli, other_policy(cli))
    assert figures["moved"] == 0
    assert figures["before"] == figures["after"]
    assert figures["before"]["low"] == 1


def test_the_archive_of_a_workspace_is_played_too(cli: Cli) -> None:
    ticket = answered(cli, "2026-11-20T10:10:00Z")
    done(cli("resolve", ticket, "--outcome", "fixed", "--as", "sb", now="2026-11-20T10:11:00Z"))
    before = simulate(cli)
    done(cli("archive", "--before", "1d", "--as", "sb", "--yes", now="2027-03-01T10:00:00Z"))
    (packed,) = (cli.workspace / "archive").iterdir()
    assert b"boards in 40 min" in gzip.decompress(packed.read_bytes())
    assert simulate(cli) == before


def test_as_text(cli: Cli) -> None:
    answered(cli, "2026-11-20T10:20:00Z")
    run = done(cli("policy", "simulate", "--on", ".", other_policy(cli)))
    lines = run.out.splitlines()
    assert 'time/deadline-today "in 40 min" 50 -> 5' in lines[0]
    assert lines[1] == ".: 1 message of 1 ticket, 2026-11-20T10:00:00Z to 2026-11-20T10:00:00Z"
    assert lines[2] == "FIGURE\tNOW\tTHEN"
    assert "answered in time\t0\t1" in lines
    assert run.err == "1 of 1 ticket moves: 1 down to high\n"


def _refused(run: Run, code: int) -> str:
    assert run.code == run.error["code"] == code
    return str(run.error["message"])


def test_what_cannot_be_read(cli: Cli) -> None:
    queued(cli)
    (cli.workspace / "notes.txt").write_text("no event\n" * 3, encoding="utf-8")
    simulating = ("policy", "simulate", "--json", "--on")
    assert "nowhere" in _refused(cli(*simulating, "nowhere"), 2)
    assert "no journal" in _refused(cli(*simulating, "notes.txt"), 7)
    assert "nowhere.toml" in _refused(cli(*simulating, ".", "nowhere.toml"), 2)
    bad = other_policy(cli, "[triagex]\nx = 1\n")
    assert f"{bad}:1: triagex" in _refused(cli(*simulating, ".", bad), 7)
    assert cli("policy", "simulate", "--json").code == 2


def test_an_empty_journal_has_empty_figures(cli: Cli) -> None:
    (cli.workspace / "queue.jsonl").touch()
    (figures,) = simulate(cli, other_policy(cli))
    assert (figures["since"], figures["until"], figures["messages"], figures["moved"]) == (None, None, 0, 0)


def test_incidents_are_counted_where_they_are_asked_for(cli: Cli) -> None:
    quiet = [
        message(
            f"q{day}",
            f"@NorthlineAir lovely day {day} on board",
            f"quiet{day}",
            created_at=f"2026-11-{day}T10:00:00Z",
        )
        for day in range(10, 20)
    ]
    down = [
        message(f"d{number}", text, f"cust{number}", created_at=f"2026-11-20T10:0{number}:00Z")
        for number, text in enumerate(
            (
                "@NorthlineAir the app is down, I cannot check in",
                "@NorthlineAir your app is down again and the site too",
                "app down @NorthlineAir, boarding pass is gone",
                "@NorthlineAir is the app down? It says error 500",
                "@NorthlineAir app is down for me, cannot log in",
                "@NorthlineAir the app is down and nobody answers",
            )
        )
    ]
    cli.write("inbox.jsonl", *quiet, *down)
    done(cli("fetch", now="2026-11-20T10:06:00Z"))
    (figures,) = simulate(cli, "--incidents")
    assert figures["before"]["incidents"] == 1
    moved = simulate(cli, "--incidents", other_policy(cli, "[incident]\nmin_authors = 50\n"))
    assert (moved[-1]["before"]["incidents"], moved[-1]["after"]["incidents"]) == (1, 0)
    assert "incidents\t1\n" in done(cli("policy", "simulate", "--on", ".", "--incidents")).out
    assert simulate(cli)[0]["before"]["incidents"] is None
