"""The invented journals: the program reads them without a complaint, and the same wish gives the same file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from benchmarks import scale
from benchmarks.journal import write
from benchmarks.measure import FailedError, Figure, Run, interleaved, run
from tests.conftest import Cli

MESSAGES = 1500
NOW = "2026-01-02T12:00:00Z"
_ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def journal() -> bytes:
    out = BytesIO()
    write(out, MESSAGES)
    return out.getvalue()


@pytest.fixture
def filled(cli: Cli) -> Cli:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.journal", "--messages", "2500", "--into", cli.workspace],
        cwd=_ROOT,
        capture_output=True,
        check=True,
    )
    assert not done.stdout
    return cli


def events(journal: bytes) -> list[Any]:
    return [json.loads(line) for line in journal.splitlines()]


def test_a_journal_holds_the_wanted_messages_and_what_a_team_does(journal: bytes) -> None:
    counted = Counter(event["event"] for event in events(journal))

    assert counted["message"] == MESSAGES
    assert counted.keys() >= {
        "assessed", "claimed", "released", "intended", "sent", "awaiting-approval", "approved", "by-hand", "done",
        "resolved", "note", "cursor", "used", "labelled", "snoozed", "override", "prefers", "edited", "composed",
    }  # fmt: skip
    tickets = {event["ticket"] for event in events(journal)} - {None}
    assert MESSAGES / 5 < len(tickets) < MESSAGES / 3


def test_ids_name_the_places_of_their_lines_and_times_never_go_back(journal: bytes) -> None:
    place, before = 0, ""
    for line in journal.splitlines(keepends=True):
        event = json.loads(line)
        assert int(event["id"][:11], 16) == place
        assert event["at"] >= before
        place, before = place + len(line), event["at"]


def test_the_same_seed_gives_the_same_journal(journal: bytes) -> None:
    again, other = BytesIO(), BytesIO()
    write(again, MESSAGES)
    write(other, MESSAGES, seed=2)

    assert again.getvalue() == journal
    assert other.getvalue() != journal


def test_an_answer_is_there_before_it_is_read_back(journal: bytes) -> None:
    sent: dict[str, str] = {}
    for event in events(journal):
        if event["event"] == "sent" and event["data"].get("remote_id"):
            sent[event["data"]["remote_id"]] = event["at"]
        if event["event"] == "message" and event["data"]["id"] in sent:
            assert event["at"] > sent.pop(event["data"]["id"])
    assert not {name for name in sent if not name.startswith("s")}  # statements are not read back


def test_the_program_finds_nothing_broken_in_it(filled: Cli) -> None:
    done = filled("doctor", "--json", now=NOW)

    (queue,) = (one for one in done.records if one["what"] == "queue")
    assert (queue["state"], done.err) == ("ok", "")
    assert done.code == 0


def test_a_person_could_work_on_it(filled: Cli) -> None:
    tickets = filled("list", "--json", now=NOW).records
    statuses = {one["status"] for one in tickets}

    assert statuses >= {"open", "pending", "solved"}
    (ticket,) = filled("next", "--json", now=NOW).records
    claimed = filled("claim", ticket["id"], "--as", "mo", "--json", now=NOW)
    assert claimed.record["assignee"] == "mo"


# what measures


def test_lines_that_were_held_back_continue_the_journal(tmp_path: Path, journal: bytes) -> None:
    path = tmp_path / "queue.jsonl"
    path.write_bytes(journal)

    chunks = scale.hold_back(path, 3)

    assert len({chunk.count(b"\n") for chunk in chunks}) == 1
    assert path.read_bytes() + b"".join(chunks) == journal[: path.stat().st_size + sum(map(len, chunks))]
    assert path.read_bytes().endswith(b"\n")


def test_a_queue_with_one_ticket_shows_it_as_the_whole_queue_does(filled: Cli, tmp_path: Path) -> None:
    (ticket,) = filled("next", "--json", now=NOW).records
    alone = Cli(tmp_path / "alone", filled.home)
    alone.workspace.mkdir()
    scale.copy_ticket(filled.workspace / "queue.jsonl", ticket["id"], alone.workspace / "queue.jsonl")

    def shown(cli: Cli) -> list[Any]:
        """Without the card, which tells of the customer's other tickets."""
        return [one for one in cli("show", ticket["id"], "--json", now=NOW).records if one["type"] != "card"]

    assert shown(alone) == shown(filled)
    assert [one["id"] for one in alone("list", "--json", now=NOW).records] == [ticket["id"]]


def test_work_that_fails_is_told_of_and_misses_its_figure(capsys: pytest.CaptureFixture[str]) -> None:
    failing = (sys.executable, "-c", "raise SystemExit('no such option')")
    with pytest.raises(FailedError, match="exit 1: no such option"):
        run(failing)

    runs = interleaved({"bad": failing, "good": lambda turn: Run(float(turn), 0.0, 1.0)}, 3)

    assert runs["good"].seconds == 2.0  # the round that warms, 0, does not count
    assert "FAILED bad: " in capsys.readouterr().err
    figure = Figure("bad", runs["bad"].seconds, "s", 1.0)
    assert not figure.reached
    assert "failed" in str(figure)


def test_what_a_command_held_is_not_what_its_caller_holds() -> None:
    held = b"1" * 200_000_000

    done = run((sys.executable, "-c", "print()"))

    assert 1 < done.megabytes < len(held) / 1e6
    with pytest.raises(FailedError, match="no-such-program: it cannot be started"):
        run(("no-such-program",))


def test_now_is_the_hour_after_the_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALCLI_NOW", NOW)  # put back at the end

    places = scale.set_up(tmp_path, 300, 1)

    last = datetime.fromisoformat(events(places.journal.read_bytes())[-1]["at"])
    assert datetime.fromisoformat(os.environ["SOCIALCLI_NOW"]) - last == timedelta(hours=1)
