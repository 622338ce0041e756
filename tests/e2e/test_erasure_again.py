"""Words that an erasure did not reach at first, or that come back afterwards: the same command takes them out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, journal, message, policy, queued
from tests.e2e.test_erasure import contents

AS = ("--as", "sb")
FORGET = ("forget", "@cust1", *AS, "--yes")
BAG = message("m1", "@NorthlineAir my pramwheel never arrived, help please")
WORD = b"pramwheel"
ANSWER = "@cust1 So sorry about your pramwheel. Please DM us the reference and we will trace it now. ^SB"


def holding(cli: Cli, word: bytes = WORD) -> list[str]:
    """The files that hold a word."""
    return [name for name, content in contents(cli.workspace) if word in content]


def begun(cli: Cli) -> str:
    """A customer with one message, and another customer; the ticket of the first."""
    policy(cli, TWO_AGENTS)
    return queued(cli, BAG, message("m2", "@NorthlineAir my kettledrum is lost", "cust2"))


def forgotten(cli: Cli) -> None:
    """The same command once more leaves nothing, and the queue is sound."""
    done(cli(*FORGET))
    assert holding(cli) == []
    assert done(cli(*FORGET)).err == "nothing is left to erase\n"
    checked = cli("doctor", "--verify")
    assert checked.code == 0, checked.out
    assert holding(cli, b"kettledrum") != []


def archived(cli: Cli) -> tuple[str, Path]:
    """The ticket, whose first lines are in the archive, and the archive."""
    ticket = begun(cli)
    done(cli("done", ticket, "--url", "https://x.com/NorthlineAir/status/1", *AS, now=LATER))
    done(cli("archive", "--before", "1d", *AS, "--yes", now="2026-12-20T10:00:00Z"))
    done(cli("note", ticket, "once more about the pramwheel", *AS, now="2026-12-20T10:01:00Z"))
    (archive,) = (cli.workspace / "archive").iterdir()
    return ticket, archive


def test_a_note_of_later_goes_too(cli: Cli) -> None:
    ticket = begun(cli)
    done(cli(*FORGET))
    done(cli("note", ticket, "the pramwheel was found", *AS, now=LATER))
    forgotten(cli)


def test_an_archive_that_was_damaged(cli: Cli) -> None:
    _, archive = archived(cli)
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-20])
    assert cli(*FORGET).code == 8
    archive.write_bytes(whole)
    assert WORD not in done(cli("log", "--json")).out.encode()
    forgotten(cli)


def test_an_archive_that_is_missing(cli: Cli, tmp_path: Path) -> None:
    _, archive = archived(cli)
    shutil.move(archive, tmp_path / "kept")
    for _ in range(2):
        run = cli(*FORGET)
        assert run.code == 8
        assert f"archive/{archive.name} is missing" in run.err
    shutil.move(tmp_path / "kept", archive)
    forgotten(cli)


def test_a_linked_archive_and_journal(cli: Cli, tmp_path: Path) -> None:
    ticket, archive = archived(cli)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in (archive, cli.workspace / "queue.jsonl"):
        shutil.move(path, elsewhere / path.name)
        path.symlink_to(elsewhere / path.name)
    torn = (
        f'{{"at":"2026-11-20T10:05:00.000000Z","id":"x","event":"note","ticket":"{ticket}","text":"pramwheel'
    )
    (elsewhere / "queue.jsonl.torn-1").write_text(torn, encoding="utf-8")
    (elsewhere / ".queue.jsonl.1.tmp").write_text("pramwheel", encoding="utf-8")
    forgotten(cli)
    assert archive.is_symlink()
    assert [name for name, content in contents(elsewhere) if WORD in content] == []


UNIONS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "sorted": lambda ours, other: b"".join(sorted({*ours.splitlines(True), *other.splitlines(True)})),
    "behind": lambda ours, other: ours + other,
    "before": lambda ours, other: other + ours,
}


@pytest.mark.parametrize("union", UNIONS)
def test_another_copy_with_lines_of_its_own(cli: Cli, tmp_path: Path, union: str) -> None:
    """Two workspaces read the same inbox; one erases, then the journals are united."""
    begun(cli)
    (tmp_path / "other").mkdir()
    other = Cli(tmp_path / "other", cli.home)
    ticket = begun(other)
    done(other("note", ticket, "a pramwheel of the other desk", *AS, now=NOW))
    done(cli(*FORGET, now=LATER))
    united = cli.workspace / "united"
    united.write_bytes(UNIONS[union](journal(cli), journal(other)))
    united.replace(cli.workspace / "queue.jsonl")
    for args in (("log", "--json"), ("list", "--json"), ("show", ticket), ("export", "--format", "jsonl")):
        assert "pramwheel" not in done(cli(*args)).out, args
    assert cli("list", "--match", "pramwheel", "--json").records == []
    assert "erased customer" in cli("doctor", "--verify").out
    assert holding(cli) == ["queue.jsonl"]
    forgotten(cli)


def test_a_tombstone_that_is_appended_to_what_was_folded(cli: Cli, tmp_path: Path) -> None:
    ticket = begun(cli)
    (tmp_path / "other").mkdir()
    other = Cli(tmp_path / "other", cli.home)
    begun(other)
    done(other(*FORGET, now=LATER))
    done(cli("show", ticket))
    with (cli.workspace / "queue.jsonl").open("ab") as file:
        file.write(journal(other))
    assert "pramwheel" not in done(cli("show", ticket)).out
    assert "pramwheel" not in done(cli("log", "--json")).out
    done(cli("doctor", "--repair", "--yes"))
    assert holding(cli) == ["inbox.jsonl"]


ROWS = {
    "mark": b"\xef\xbb\xbf" + json.dumps(BAG).encode(),
    "surrogate": json.dumps(BAG).replace("never", "\\ud83d never").encode(),
    "blanks": json.dumps(BAG).replace('": ', '" :  ').encode(),
}


@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("row", ROWS)
def test_rows_that_only_a_lenient_reader_takes(cli: Cli, row: str, end: bytes) -> None:
    policy(cli, TWO_AGENTS)
    other = json.dumps(message("m2", "@NorthlineAir my kettledrum is lost", "cust2")).encode()
    rows = ROWS[row] + b"\n" + other + end if row == "mark" else other + b"\n" + ROWS[row] + end
    (cli.workspace / "inbox.jsonl").write_bytes(rows)
    done(cli("fetch", now=NOW))
    forgotten(cli)
    assert done(cli("fetch", "--json", now=LATER)).out.count('"new":0') == 1


def test_pieces_that_were_set_aside(cli: Cli) -> None:
    ticket = begun(cli)
    done(cli("reply", ticket, "--text", ANSWER, *AS, "--yes", now=LATER))
    sent = (cli.workspace / "outbox.jsonl").read_bytes()
    pieces = {
        "outbox.jsonl.torn-1": sent[: sent.index(b"pramwheel") + 12],
        "outbox.jsonl.torn-2": sent[sent.index(b"@cust1") :][:60],
        "queue.jsonl.torn-1": b'{"event":"composed","ticket" : "%s","data":{"text":"pramwheel'
        % ticket.encode(),
        "queue.jsonl.torn-2": b'"data":{"id" : "m1","text":"pramwheel',
    }
    for name, piece in pieces.items():
        (cli.workspace / name).write_bytes(piece)
    kept = b'{"event":"note","ticket":"zzzzzzzzzzzz","data":{"text":"kettledrum'
    (cli.workspace / "queue.jsonl.torn-3").write_bytes(kept)
    forgotten(cli)
    assert (cli.workspace / "queue.jsonl.torn-3").read_bytes() == kept


@pytest.mark.parametrize("point", ["rewrite:half", "erase-inbox:before", "erase-outbox:half"])
def test_without_its_folder_an_interrupted_erasure_goes_on(cli: Cli, point: str) -> None:
    ticket = begun(cli)
    done(cli("reply", ticket, "--text", ANSWER, *AS, "--yes", now=LATER))
    assert cli(*FORGET, env={"SOCIALCLI_FAIL_POINT": point}).code < 0
    assert holding(cli) != []
    shutil.rmtree(cli.workspace / ".socialcli")
    forgotten(cli)
    assert (cli.workspace / "erasure.key").stat().st_mode & 0o777 == 0o600


def test_half_files_of_killed_commands(cli: Cli) -> None:
    begun(cli)
    done(cli(*FORGET))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = cli.workspace / f".report.csv.{gone.pid}.tmp"
    left.write_bytes(b"id,text\nm1,my pramwheel\n")
    alive = cli.workspace / f".other.csv.{os.getpid()}.tmp"
    alive.write_bytes(b"in the making\n")
    forgotten(cli)
    assert (left.exists(), alive.exists()) == (False, True)
