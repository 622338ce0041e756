"""From an agent's own account on X: the brand's thread is read again too, before anything is posted."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import done
from tests.e2e.x_stage import BAG, NOW, OTHER, SORRY, connect, take_in
from tests.samples import TWO_AGENTS
from tests.servers.x.network import BRAND, XNetwork

SAM = "SamAtNorthline"
BOTH = BAG.replace("@NorthlineAir", f"@NorthlineAir @{SAM}")


@pytest.fixture
def network(cli: Cli, x_network: XNetwork) -> XNetwork:
    x_network.user(SAM, "Sam Baker")
    connect(cli, x_network)
    cli.env |= x_network.env("sam", SAM)
    path = cli.workspace / "policies.toml"
    account = f'[[accounts]]\nname = "sam"\nnetwork = "x"\nhandle = "{SAM}"\nrole = "agent"\n'
    account += f'base_url = "{x_network.base_url}"\ntimeout = "2s"\n'
    owner = TWO_AGENTS.replace('role = "agent"', 'role = "agent"\naccount = "sam"', 1)
    path.write_text(path.read_text(encoding="utf-8").replace(TWO_AGENTS, account + owner), encoding="utf-8")
    return x_network


def own(ticket: str, text: str = SORRY) -> tuple[str, ...]:
    return ("reply", ticket, "--text", text, "--from-own", "--as", "sb", "--yes", "--json")


def asked(cli: Cli, network: XNetwork, text: str = BOTH) -> tuple[str, str]:
    """What the customer wrote, and its ticket."""
    message = network.write("cust1", text)
    return message, take_in(cli)[message]


def posts(network: XNetwork, by: str) -> list[str]:
    return [one.sent for one in network.posts(by)]


def test_it_goes_out_from_there_once(cli: Cli, network: XNetwork) -> None:
    _, ticket = asked(cli, network)
    for _ in range(2):
        draft = done(cli(*own(ticket), now=NOW)).record
        assert (draft["account"], draft["state"]) == ("sam", "sent")
    assert (len(posts(network, SAM)), posts(network, BRAND)) == (1, [])
    done(cli("fetch", now=NOW))
    (record,) = done(cli("list", "--json", now=NOW)).records
    assert (record["id"], record["status"], record["messages"]) == (ticket, "pending", 2)


def test_what_the_customer_wrote_to_the_brand_alone_stops_it(cli: Cli, network: XNetwork) -> None:
    message, ticket = asked(cli, network)
    network.write("cust1", "@NorthlineAir found it, never mind", reply_to=message, at="2026-11-20T10:04:00Z")
    run = cli(*own(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked"), run.err
    assert posts(network, SAM) == []


def test_what_a_colleague_answered_on_x_for_the_brand_stops_it(cli: Cli, network: XNetwork) -> None:
    message, ticket = asked(cli, network)
    network.write(BRAND, OTHER, reply_to=message, at="2026-11-20T10:04:00Z")
    run = cli(*own(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked"), run.err
    assert "answered by somebody else" in run.error["message"]


def test_an_answer_that_was_lost_on_its_way_back_is_found_there(cli: Cli, network: XNetwork) -> None:
    _, ticket = asked(cli, network)
    killed = cli(*own(ticket), now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:accepted"})
    assert killed.code < 0
    assert done(cli(*own(ticket), now=NOW)).record["state"] == "sent"
    assert len(posts(network, SAM)) == 1


def test_whom_the_customer_did_not_name_posts_by_hand(cli: Cli, network: XNetwork) -> None:
    _, ticket = asked(cli, network, BAG)
    draft = done(cli(*own(ticket), now=NOW)).record
    assert (draft["account"], draft["state"]) == ("sam", "by-hand")
    assert "has not named @SamAtNorthline" in draft["reason"]
    assert posts(network, SAM) == []
