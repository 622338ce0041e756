"""kill -9 at every named moment between composed and sent, and at moments nobody chose.

Whatever the moment: the queue folds, the same command run again ends well, and what it was to do is done
exactly once. ``SOCIALCLI_KILLS`` is how often chance strikes (20). ``tests/faults`` strikes ten thousand times.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Cli, Run, collect
from tests.samples import NOW, TWO_AGENTS, answer, complaints, costly_answer

KILLS = int(os.environ.get("SOCIALCLI_KILLS", "20"))
A_TEST = 5  # random kills in one test, so that they spread over the cores
KILLED = -signal.SIGKILL

JOURNAL = ("journal:before", "journal:half", "journal:written", "journal:synced")
OUTBOX = ("outbox:before", "outbox:created", "outbox:half", "outbox:written", "outbox:synced")
LOCK = ("lock:before", "lock:taken", "lock:released")
POST = ("post:intended", "post:accepted", "post:received")


def in_journal(*times: int) -> list[str]:
    return [f"{point}@{time}" for time in times for point in JOURNAL]


# what must hold after a kill


def require_whole(cli: Cli) -> None:
    """The queue folds as it stands, and the doctor finds nothing broken."""
    listed = cli("list", "--json")
    assert listed.code == 0, listed.err
    assert all(record["type"] == "ticket" for record in listed.records)
    health = cli("doctor", "--json")
    assert health.code == 0, health.out + health.err


def require_posted_once(cli: Cli, run: Run, text: str, target: str) -> None:
    """The command ended in "sent", and the outbox holds this one post for the target."""
    assert run.code == 0, run.err
    assert (run.record["state"], run.record["text"]) == ("sent", text)
    posts = [post for post in cli.lines("outbox.jsonl") if post["in_reply_to"] == target]
    assert [(post["draft"], post["text"]) for post in posts] == [(run.record["id"], text)]
    assert run.record["remote_id"] == posts[0]["id"]


def torn_tail(path: Path) -> bytes:
    """What stands behind the last line feed."""
    return path.read_bytes().rpartition(b"\n")[2] if path.exists() else b""


def require_set_aside(path: Path, tail: bytes) -> None:
    """The tail was moved into a file of its own, byte by byte; none without a tail."""
    aside = [one.read_bytes() for one in path.parent.glob(f"{path.name}.torn-*")]
    assert aside == ([tail] if tail else [])
    assert torn_tail(path) == b""


def ready(cli: Cli, count: int) -> list[str]:
    """Fetch and triage ``count`` complaints; the ids of their tickets in the order of the messages."""
    cli.write("inbox.jsonl", *complaints(count))
    assert cli("fetch", now=NOW).code == 0
    assessed = cli("triage", "--json", now=NOW)
    assert assessed.code == 0, assessed.err
    tickets = {record["message_id"]: record["ticket"] for record in assessed.records}
    return [tickets[f"m{number}"] for number in range(1, count + 1)]


def reply(ticket: str, text: str) -> tuple[str, ...]:
    return ("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json")


# at every named moment


def test_no_fail_point_of_the_program_is_left_out(cli: Cli) -> None:
    """What a reply meets on its way is what is struck below; that of all commands is in tests/faults."""
    (ticket,) = ready(cli, 1)
    run = cli(*reply(ticket, answer(1)), now=NOW, env={"SOCIALCLI_FAIL_POINT": "count"})
    met = {line.split()[2] for line in run.err.splitlines() if line.startswith("fail point ")}
    assert met == {*LOCK, *JOURNAL, *OUTBOX, *POST}


@pytest.mark.parametrize("point", [*LOCK, *in_journal(1, 2), *OUTBOX, *POST])
def test_reply_killed(cli: Cli, point: str) -> None:
    (ticket,) = ready(cli, 1)
    command = reply(ticket, answer(1))
    assert cli(*command, now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    journal, outbox = cli.workspace / "queue.jsonl", cli.workspace / "outbox.jsonl"
    tails = torn_tail(journal), torn_tail(outbox)
    assert bool(tails[0]) == point.startswith("journal:half")
    assert bool(tails[1]) == (point == "outbox:half")
    require_whole(cli)
    run = cli(*command, now=NOW)
    require_posted_once(cli, run, answer(1), "m1")
    require_set_aside(journal, tails[0])
    require_set_aside(outbox, tails[1])
    once_more = cli(*command, now=NOW)
    require_posted_once(cli, once_more, answer(1), "m1")
    assert once_more.record == run.record


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("post:intended", "journal:half"),
        ("post:intended", "outbox:half"),
        ("post:intended", "post:accepted"),
        ("outbox:half", "outbox:half"),
        ("outbox:half", "journal:half@2"),
        ("outbox:synced", "journal:half"),
        ("post:accepted", "journal:before"),
        ("post:accepted", "journal:written"),
    ],
)
def test_reply_killed_while_it_is_continued(cli: Cli, first: str, second: str) -> None:
    (ticket,) = ready(cli, 1)
    command = reply(ticket, answer(1))
    for point in (first, second):
        assert cli(*command, now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
        require_whole(cli)
    require_posted_once(cli, cli(*command, now=NOW), answer(1), "m1")


@pytest.mark.parametrize("point", [*in_journal(1, 2, 3), *OUTBOX, *POST])
def test_approve_killed(cli: Cli, point: str) -> None:
    (cli.workspace / "policies.toml").write_text(TWO_AGENTS)
    (ticket,) = ready(cli, 1)
    waiting = cli(*reply(ticket, costly_answer(1)), now=NOW)
    assert (waiting.code, waiting.record["state"]) == (0, "awaiting-approval")
    command = ("approve", waiting.record["id"], "--as", "mo", "--json")
    assert cli(*command, now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    require_whole(cli)
    require_posted_once(cli, cli(*command, now=NOW), costly_answer(1), "m1")


@pytest.mark.parametrize("point", [*in_journal(1), *OUTBOX, "post:accepted"])
def test_settling_killed(cli: Cli, point: str) -> None:
    """``outbox --settle`` finishes what was interrupted, and may be interrupted itself."""
    (ticket,) = ready(cli, 1)
    assert (
        cli(*reply(ticket, answer(1)), now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:intended"}).code == KILLED
    )
    settle = ("outbox", "--settle", "--as", "sb", "--json")
    assert cli(*settle, now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    require_whole(cli)
    require_posted_once(cli, cli(*settle, now=NOW), answer(1), "m1")


# messages on their way in


def require_taken_in_once(cli: Cli, count: int) -> None:
    events = [line for line in cli.lines("queue.jsonl") if line["event"] == "message"]
    assert sorted(event["data"]["id"] for event in events) == sorted(f"m{n}" for n in range(1, count + 1))
    assert len(cli("list", "--json").records) == count


@pytest.mark.parametrize("point", in_journal(1))
def test_import_killed(cli: Cli, point: str) -> None:
    rows = cli.write("mentions.jsonl", *complaints(1000))
    command = ("fetch", "--from", rows, "--json")
    assert cli(*command, now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    tail = torn_tail(cli.workspace / "queue.jsonl")
    require_whole(cli)
    run = cli(*command, now=NOW)
    assert (run.code, run.record["read"], run.record["rejected"]) == (0, 1000, 0)
    require_taken_in_once(cli, 1000)
    require_set_aside(cli.workspace / "queue.jsonl", tail)


@pytest.mark.parametrize("point", [*in_journal(2), "journal:half@3"])
def test_fetch_killed_between_batches(cli: Cli, point: str) -> None:
    """The cursor never runs ahead of the messages."""
    cli.write("inbox.jsonl", *complaints(4500))
    assert cli("fetch", "--json", now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    require_whole(cli)
    assert cli("fetch", "--json", now=NOW).code == 0
    require_taken_in_once(cli, 4500)
    assert cli("fetch", "--json", now=NOW).record["new"] == 0


@pytest.mark.parametrize("point", in_journal(1, 2))
def test_triage_killed(cli: Cli, point: str) -> None:
    cli.write("inbox.jsonl", *complaints(700))
    assert cli("fetch", now=NOW).code == 0
    assert cli("triage", "--json", now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    require_whole(cli)
    assert cli("triage", "--json", now=NOW).code == 0
    require_assessed_once(cli, 700)


def require_assessed_once(cli: Cli, count: int) -> None:
    events = [line for line in cli.lines("queue.jsonl") if line["event"] == "assessed"]
    assert Counter(event["data"]["message_id"] for event in events) == {
        f"m{n}": 1 for n in range(1, count + 1)
    }
    assert {record["status"] for record in cli("list", "--json").records} == {"open"}


# at moments nobody chose


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Kill after so long, unless it ends before; the exit code."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode


def wait_for_its_lock(cli: Cli, process: subprocess.Popen[bytes]) -> None:
    """Until it holds the lock of a draft: the moment at which it begins to matter."""
    drafts = cli.workspace / ".socialcli" / "drafts"
    before = set(drafts.glob("*.lock"))
    while process.poll() is None and set(drafts.glob("*.lock")) == before:
        time.sleep(0.0002)


def calibrate(cli: Cli, *command: str) -> tuple[float, float]:
    """Seconds from start to the draft's lock, and from there to the receipt, here and now."""
    process = cli.start(*command, now=NOW)
    begun = time.monotonic()
    wait_for_its_lock(cli, process)
    locked = receipt = time.monotonic()
    size = journal_size(cli)
    while process.poll() is None:
        if journal_size(cli) != size:
            size, receipt = journal_size(cli), time.monotonic()
    assert collect(process).code == 0
    return locked - begun, receipt - locked


def journal_size(cli: Cli) -> int:
    return (cli.workspace / "queue.jsonl").stat().st_size


@pytest.mark.parametrize("seed", range(-(-KILLS // A_TEST)))
def test_replies_killed_at_random(cli: Cli, seed: int) -> None:
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    tickets = ready(cli, A_TEST + 1)
    to_lock, to_receipt = calibrate(cli, *reply(tickets[0], answer(1)))
    for number, ticket in enumerate(tickets[1:], 2):
        command = reply(ticket, answer(number))
        for _ in range(chance.choice((1, 1, 2))):
            process = cli.start(*command, now=NOW)
            if chance.random() < 0.2:
                code = kill_after(process, chance.uniform(0, to_lock))
            else:
                wait_for_its_lock(cli, process)
                code = kill_after(process, chance.uniform(0, 1.2 * to_receipt))
            assert code in (0, KILLED)
        require_whole(cli)
        require_posted_once(cli, cli(*command, now=NOW), answer(number), f"m{number}")
    assert len(cli.lines("outbox.jsonl")) == len(tickets)
    assert len({post["draft"] for post in cli.lines("outbox.jsonl")}) == len(tickets)


@pytest.mark.parametrize("seed", range(-(-KILLS // A_TEST)))
def test_imports_and_triage_killed_at_random(cli: Cli, seed: int) -> None:
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    rows = cli.write("mentions.jsonl", *complaints(1000))
    for command in (("fetch", "--from", str(rows), "--json"), ("triage", "--json")):
        for _ in range(2):
            kill_after(cli.start(*command, now=NOW), chance.uniform(0.03, 0.6))
            require_whole(cli)
        assert cli(*command, now=NOW).code == 0
    require_taken_in_once(cli, 1000)
    require_assessed_once(cli, 1000)
