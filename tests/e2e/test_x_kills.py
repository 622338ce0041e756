"""kill -9 and races against a network over HTTP: its own record shows one post for each draft.

``SOCIALCLI_KILLS`` is how often chance strikes (20).
"""

from __future__ import annotations

import random
import sys

import pytest

from tests.conftest import Cli, collect
from tests.e2e.staging import done
from tests.e2e.test_kills import (
    A_TEST,
    KILLED,
    KILLS,
    POST,
    in_journal,
    kill_after,
    require_whole,
    wait_for_its_lock,
)
from tests.e2e.test_races import at_once
from tests.e2e.x_stage import NOW, SORRY, connect, one_ticket, reply, settle, take_in
from tests.samples import answer, complaint, other_answer
from tests.servers.x.network import XNetwork

NETWORK = ("network:before", "network:answered")


def require_posted_once(cli: Cli, network: XNetwork, ticket: str, text: str = SORRY) -> None:
    """The same command ends in "sent", and the network took these words once."""
    run = cli(*reply(ticket, text), now=NOW)
    for _ in range(3):
        if run.code != 75:
            break
        run = cli(*reply(ticket, text), now=NOW)
    assert (run.code, run.record["state"]) == (0, "sent"), run.err
    posts = [post for post in network.posts() if post.sent == text]
    assert [post.id for post in posts] == [run.record["remote_id"]]


@pytest.mark.parametrize("point", [*in_journal(1, 2), *POST, *NETWORK])
def test_reply_killed(cli: Cli, x_network: XNetwork, point: str) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    assert cli(*reply(ticket), now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    require_whole(cli)
    require_posted_once(cli, x_network, ticket)


@pytest.mark.parametrize("point", ["post:intended", "post:accepted"])
def test_reply_killed_and_the_network_shows_it_late(cli: Cli, x_network: XNetwork, point: str) -> None:
    connect(cli, x_network, settle_after="1h")
    ticket = one_ticket(cli, x_network)
    x_network.lag(hold=True)
    assert cli(*reply(ticket), now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    arrived = len(x_network.posts())
    assert arrived == int(point == "post:accepted")
    for _ in range(3):
        assert settle(cli).code == 75
    assert len(x_network.posts()) == arrived
    x_network.release()
    if arrived:
        require_posted_once(cli, x_network, ticket)


@pytest.mark.parametrize("point", in_journal(1, 2, 3))
def test_fetch_killed_between_pages(cli: Cli, x_network: XNetwork, point: str) -> None:
    connect(cli, x_network)
    wanted = {x_network.write(f"cust{n}", f"@NorthlineAir my bag {n} is lost") for n in range(230)}
    assert cli("fetch", "--json", now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    require_whole(cli)
    done(cli("fetch", now=NOW))
    taken = [line["data"]["id"] for line in cli.lines("queue.jsonl") if line["event"] == "message"]
    assert sorted(taken) == sorted(wanted)
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 0


@pytest.mark.parametrize("seed", range(-(-KILLS // A_TEST)))
def test_replies_killed_at_random(cli: Cli, x_network: XNetwork, seed: int) -> None:
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    connect(cli, x_network)
    messages = {x_network.write(f"cust{n}", complaint(n)["text"]): n for n in range(1, A_TEST + 1)}
    tickets = {messages[name]: ticket for name, ticket in take_in(cli).items()}
    for number, ticket in sorted(tickets.items()):
        process = cli.start(*reply(ticket, answer(number)), now=NOW)
        wait_for_its_lock(cli, process)
        assert kill_after(process, chance.uniform(0, 0.12)) in (0, KILLED)
        require_whole(cli)
        require_posted_once(cli, x_network, ticket, answer(number))
    assert len(x_network.posts()) == len(tickets)


# races


@pytest.mark.parametrize("_round", range(2))
def test_two_processes_send_the_same_answer(cli: Cli, x_network: XNetwork, _round: int) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    runs = at_once(cli, *[reply(ticket)] * 3)
    assert sorted(run.code for run in runs) in ([0, 0, 0], [0, 0, 6], [0, 6, 6])
    assert [post.sent for post in x_network.posts()] == [SORRY]


def test_two_agents_send_different_answers(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    other = ("reply", ticket, "--text", other_answer(1, "MO"), "--as", "mo", "--yes", "--json")
    runs = at_once(cli, reply(ticket), other)
    assert sorted(run.code for run in runs) == [0, 6]
    assert len(x_network.posts()) == 1


def test_two_fetches(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    wanted = {x_network.write(f"cust{n}", f"@NorthlineAir my bag {n} is lost") for n in range(120)}
    processes = [cli.start("fetch", "--json", now=NOW) for _ in range(3)]
    codes = sorted(collect(process).code for process in processes)
    assert codes[0] == 0
    assert set(codes) <= {0, 6}
    taken = [line["data"]["id"] for line in cli.lines("queue.jsonl") if line["event"] == "message"]
    assert sorted(taken) == sorted(wanted)
