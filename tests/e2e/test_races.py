"""Several processes in one workspace at the same instant.

A gate makes the instant: the test itself holds the queue's lock until every process stands before a lock.
"""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from socialcli import durable
from tests.conftest import PATIENCE, Cli, Run, collect
from tests.samples import NOW, TWO_AGENTS, answer, complaint, complaints, costly_answer, other_answer

ROUNDS = range(3)
Command = Sequence[str | Path]


def at_once(cli: Cli, *commands: Command, env: dict[str, str] | None = None) -> list[Run]:
    """Run the commands at the same instant; ``env`` is for the first of them."""
    with durable.lock(cli.workspace / ".socialcli" / "queue.lock", "the queue"):
        processes = [
            cli.start(*command, now=NOW, env=env if place == 0 else None)
            for place, command in enumerate(commands)
        ]
        wait_before_a_lock(processes)
    return [collect(process) for process in processes]


def wait_before_a_lock(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not all(process.poll() is not None or has_a_lock_open(process.pid) for process in processes):
        assert time.monotonic() < deadline
        time.sleep(0.002)


def has_a_lock_open(pid: int) -> bool:
    try:
        return any(str(link.readlink()).endswith(".lock") for link in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # it ended, or opened and closed something meanwhile
        return False


pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the gate looks into /proc")


def ready(cli: Cli, count: int = 1) -> list[str]:
    (cli.workspace / "policies.toml").write_text(TWO_AGENTS)
    cli.write("inbox.jsonl", *complaints(count))
    assert cli("fetch", now=NOW).code == 0
    assessed = cli("triage", "--json", now=NOW)
    assert assessed.code == 0, assessed.err
    tickets = {record["message_id"]: record["ticket"] for record in assessed.records}
    return [tickets[f"m{number}"] for number in range(1, count + 1)]


def reply(ticket: str, text: str, agent: str = "sb") -> Command:
    return ("reply", ticket, "--text", text, "--as", agent, "--yes", "--json")


def posts(cli: Cli) -> list[str]:
    return [post["text"] for post in cli.lines("outbox.jsonl")]


def drafts(cli: Cli) -> list[Any]:
    return cli("outbox", "--json").records


def require_whole(cli: Cli) -> None:
    """Nothing broken, nothing torn, no event twice."""
    health = cli("doctor", "--json")
    assert health.code == 0, health.out + health.err
    ids = Counter(line["id"] for line in cli.lines("queue.jsonl"))
    assert max(ids.values()) == 1
    assert not list(cli.workspace.glob("*.torn-*"))


# two answers


@pytest.mark.parametrize("_round", ROUNDS)
def test_same_answer_twice_at_once_is_one_post(cli: Cli, _round: int) -> None:
    (ticket,) = ready(cli)
    runs = at_once(cli, reply(ticket, answer(1)), reply(ticket, answer(1)))
    assert {run.code for run in runs} <= {0, 6}
    assert 0 in {run.code for run in runs}
    for run in runs:
        assert run.code == 6 or run.record["state"] == "sent"
    assert posts(cli) == [answer(1)]
    assert drafts(cli) == []
    require_whole(cli)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_different_answers_at_once_are_one_post_and_one_kept_text(cli: Cli, _round: int) -> None:
    (ticket,) = ready(cli)
    runs = at_once(cli, reply(ticket, answer(1)), reply(ticket, other_answer(1)))
    assert sorted(run.code for run in runs) == [0, 6]
    winner, loser = sorted(runs, key=lambda run: run.code)
    assert winner.record["state"] == "sent"
    assert posts(cli) == [winner.record["text"]]
    assert loser.error["code"] == 6
    (kept,) = drafts(cli)
    assert kept == loser.record
    assert kept["state"] == "parked"
    assert {kept["text"], winner.record["text"]} == {answer(1), other_answer(1)}
    require_whole(cli)


def test_the_loser_may_still_say_it_on_purpose(cli: Cli) -> None:
    (ticket,) = ready(cli)
    runs = at_once(cli, reply(ticket, answer(1)), reply(ticket, other_answer(1)))
    (loser,) = [run for run in runs if run.code == 6]
    again = cli(*reply(ticket, loser.record["text"]), "--again", now=NOW)
    assert (again.code, again.record["state"]) == (0, "sent"), again.err
    assert sorted(posts(cli)) == sorted([answer(1), other_answer(1)])


def test_five_answers_at_once_are_one_post(cli: Cli) -> None:
    (ticket,) = ready(cli)
    texts = [answer(1), other_answer(1), answer(1), f"{other_answer(1)[:-4]} Promised. ^SB", other_answer(1)]
    runs = at_once(cli, *(reply(ticket, text) for text in texts))
    assert {run.code for run in runs} <= {0, 6}
    (posted,) = posts(cli)
    assert all(run.record["text"] == posted for run in runs if run.code == 0)
    said = {posted, *(draft["text"] for draft in drafts(cli))}
    assert said == set(texts)
    require_whole(cli)


@pytest.mark.parametrize("point", ["post:intended", "outbox:half", "post:accepted", "journal:half@2"])
def test_one_is_killed_while_the_other_waits_for_it(cli: Cli, point: str) -> None:
    (ticket,) = ready(cli)
    runs = at_once(
        cli, reply(ticket, answer(1)), reply(ticket, answer(1)), env={"SOCIALCLI_FAIL_POINT": point}
    )
    assert runs[1].code == 0, runs[1].err
    assert runs[1].record["state"] == "sent"
    assert [post["draft"] for post in cli.lines("outbox.jsonl")] == [runs[1].record["id"]]


def test_settling_and_running_it_again_at_once_is_one_post(cli: Cli) -> None:
    (ticket,) = ready(cli)
    cli(*reply(ticket, answer(1)), now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:intended"})
    runs = at_once(cli, reply(ticket, answer(1)), ("outbox", "--settle", "--as", "sb", "--json"))
    assert {run.code for run in runs} == {0}, [run.err for run in runs]
    assert posts(cli) == [answer(1)]


def test_an_answer_while_the_customer_writes_again(cli: Cli) -> None:
    """Whoever comes first: never an answer to the first message after the second was read in."""
    (ticket,) = ready(cli)
    second = complaint(1, id="m1b", in_reply_to="m1", text="Never mind, it is here!")
    cli.write("inbox.jsonl", complaint(1), second)
    fetched, answered = at_once(cli, ("fetch", "--json"), reply(ticket, answer(1)))
    assert (fetched.code, answered.code) == (0, 6)
    assert posts(cli) == []
    assert [draft["text"] for draft in drafts(cli)] == [answer(1)]


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize("agents", [("sb", "mo"), ("sb", "sb", "sb")])
def test_resolved_by_several_at_once_is_thanked_once(cli: Cli, agents: Sequence[str], _round: int) -> None:
    (ticket,) = ready(cli)
    assert cli("move-offline", ticket, "--to", "phone", "--as", "sb", "--yes", now=NOW).code == 0
    said = len(posts(cli))
    runs = at_once(
        cli,
        *(("resolve", ticket, "--outcome", "fixed", "--as", one, "--yes", "--json") for one in agents),
    )
    assert {run.code for run in runs} <= {0, 6}, [run.err for run in runs]
    assert 0 in {run.code for run in runs}
    assert len(posts(cli)) == said + 1
    assert drafts(cli) == []
    require_whole(cli)


# approvals


def waiting_draft(cli: Cli) -> str:
    (ticket,) = ready(cli)
    waiting = cli(*reply(ticket, costly_answer(1)), now=NOW)
    assert waiting.record["state"] == "awaiting-approval"
    return str(waiting.record["id"])


@pytest.mark.parametrize("_round", ROUNDS)
def test_approved_twice_at_once_is_one_post(cli: Cli, _round: int) -> None:
    draft = waiting_draft(cli)
    runs = at_once(cli, *(("approve", draft, "--as", agent, "--json") for agent in ("mo", "tr")))
    assert {run.code for run in runs} <= {0, 6}
    assert 0 in {run.code for run in runs}
    assert posts(cli) == [costly_answer(1)]
    assert drafts(cli) == []
    require_whole(cli)


@pytest.mark.parametrize("_round", ROUNDS)
def test_approved_and_rejected_at_once_has_one_winner(cli: Cli, _round: int) -> None:
    draft = waiting_draft(cli)
    approved, rejected = at_once(
        cli,
        ("approve", draft, "--as", "mo", "--json"),
        ("reject", draft, "--reason", "no refunds here", "--as", "tr", "--json"),
    )
    if rejected.code == 0:
        assert posts(cli) == []
        assert approved.code in (3, 6)
    else:
        assert (approved.code, rejected.code) == (0, 6)
        assert posts(cli) == [costly_answer(1)]
    require_whole(cli)


# people and messages


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_claims_have_one_winner(cli: Cli, _round: int) -> None:
    (ticket,) = ready(cli)
    runs = at_once(cli, *(("claim", ticket, "--as", agent, "--json") for agent in ("sb", "mo", "tr")))
    assert sorted(run.code for run in runs) == [0, 6, 6]
    (winner,) = [run for run in runs if run.code == 0]
    (listed,) = cli("list", "--json", now=NOW).records
    assert listed["assignee"] == winner.record["assignee"]


def test_two_who_take_the_next_one_take_two(cli: Cli) -> None:
    tickets = ready(cli, 2)
    runs = at_once(cli, *(("next", "--claim", "--as", agent, "--json") for agent in ("sb", "mo")))
    assert {run.code for run in runs} == {0}
    assert sorted(run.record["id"] for run in runs) == sorted(tickets)


@pytest.mark.parametrize("source", [(), ("--from", "inbox.jsonl")])
def test_two_fetches_at_once_take_each_message_once(cli: Cli, source: Command) -> None:
    cli.write("inbox.jsonl", *complaints(2500))
    runs = at_once(cli, *(("fetch", "--json", *source) for _ in range(2)))
    assert {run.code for run in runs} == {0}, [run.err for run in runs]
    assert sum(run.record["new"] for run in runs) == 2500
    events = [line["data"]["id"] for line in cli.lines("queue.jsonl") if line["event"] == "message"]
    assert len(events) == len(set(events)) == 2500
    require_whole(cli)


def test_eight_processes_mixing(cli: Cli) -> None:
    tickets = ready(cli, 4)
    cli.write("inbox.jsonl", *complaints(60))
    runs = at_once(
        cli,
        ("fetch", "--json"),
        ("triage", "--json"),
        reply(tickets[0], answer(1)),
        reply(tickets[0], answer(1)),
        reply(tickets[1], answer(2)),
        reply(tickets[1], other_answer(2)),
        ("note", tickets[2], "rang the airport", "--as", "mo", "--json"),
        ("claim", tickets[3], "--as", "tr", "--json"),
    )
    assert [run.code for run in runs[:2]] == [0, 0]
    assert {run.code for run in runs} <= {0, 6}, [run.err for run in runs]
    assert [run.code for run in runs[6:]] == [0, 0]
    assert sorted(post["in_reply_to"] for post in cli.lines("outbox.jsonl")) == ["m1", "m2"]
    assert len(cli("list", "--json").records) == 60
    require_whole(cli)


def test_eight_first_commands_in_an_empty_workspace(cli: Cli) -> None:
    """All of them make the index, the locks and the journal at the same time."""
    cli.write("inbox.jsonl", *complaints(300))
    runs = at_once(cli, *[("fetch", "--json"), ("list", "--json")] * 4)
    assert {run.code for run in runs} == {0}, [run.err for run in runs]
    assert sum(run.record["new"] for run in runs[::2]) == 300
    assert len(cli("list", "--json").records) == 300
    require_whole(cli)
