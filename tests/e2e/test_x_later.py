"""What is posted later, and holding replies, on a network over HTTP that shows posts late."""

from __future__ import annotations

import pytest

from socialcli import durable
from tests.conftest import Cli, collect
from tests.e2e.staging import done
from tests.e2e.test_kills import KILLED
from tests.e2e.test_races import wait_before_a_lock
from tests.e2e.x_stage import MONEY, NOW, SORRY, connect, one_ticket, reply
from tests.servers.x.network import XNetwork

DUE = "2026-11-20T10:20:00Z"
SETTLE = ("outbox", "--settle", "--as", "mo", "--json")
NO_TIME = '[approval]\nttl = "1s"\n'


def sent(network: XNetwork) -> list[str]:
    return [post.sent for post in network.posts()]


@pytest.mark.parametrize("point", ["post:intended", "post:accepted"])
def test_due_killed_and_shown_late_it_goes_out_once(cli: Cli, x_network: XNetwork, point: str) -> None:
    connect(cli, x_network)
    done(cli(*reply(one_ticket(cli, x_network), SORRY, "--in", "5m"), now=NOW))
    x_network.lag(hold=True)
    assert cli(*SETTLE, now=DUE, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    assert cli(*SETTLE, now=DUE).code == 75
    x_network.release()
    assert done(cli(*SETTLE, now=DUE)).record["state"] == "sent"
    assert sent(x_network) == [SORRY]


def test_a_holding_reply_then_the_answer(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, NO_TIME)
    draft = done(cli(*reply(one_ticket(cli, x_network), MONEY), now=NOW)).record["id"]
    held = done(cli(*SETTLE, now=DUE)).record
    assert (held["state"], held["holds"]) == ("sent", draft)
    done(cli("fetch", now=DUE))
    assert done(cli(*SETTLE, now=DUE)).records == []
    assert done(cli("approve", draft, "--as", "mo", "--json", now=DUE)).record["state"] == "sent"
    assert sent(x_network) == [held["text"], MONEY]


def test_a_holding_reply_in_doubt_does_not_hold_up_the_answer(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, NO_TIME, settle_after="1h")
    draft = done(cli(*reply(one_ticket(cli, x_network), MONEY), now=NOW)).record["id"]
    x_network.lag(hold=True)
    assert cli(*SETTLE, now=DUE, env={"SOCIALCLI_FAIL_POINT": "post:accepted"}).code == KILLED
    assert cli(*SETTLE, now=DUE).code == 75
    assert done(cli("approve", draft, "--as", "mo", "--json", now=DUE)).record["state"] == "sent"
    x_network.release()
    assert done(cli(*SETTLE, now=DUE)).record["holds"] == draft
    assert (len(sent(x_network)), sent(x_network)[1]) == (2, MONEY)


@pytest.mark.parametrize("_round", range(2))
def test_two_clocks_settle_at_once(cli: Cli, x_network: XNetwork, _round: int) -> None:
    """One draft is due, another waits too long: each goes out once, whoever comes first."""
    connect(cli, x_network, NO_TIME)
    x_network.write("cust2", "@NorthlineAir my bag never arrived from flight NL219. Where is it?")
    first = one_ticket(cli, x_network)
    (second,) = {one["id"] for one in done(cli("list", "--json", now=NOW)).records} - {first}
    done(cli(*reply(first, MONEY), now=NOW))
    done(cli(*reply(second, SORRY.replace("cust1", "cust2"), "--in", "30s"), now=NOW))
    with durable.lock(cli.workspace / ".socialcli" / "queue.lock", "the queue"):
        clocks = [cli.start(*SETTLE, now=DUE) for _ in range(3)]
        wait_before_a_lock(clocks)
    assert {collect(one).code for one in clocks} <= {0, 6, 75}
    done(cli(*SETTLE, now=DUE))
    assert len(sent(x_network)) == 2
