"""What X costs is told before the yes, and what to do by hand after its no."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import done
from tests.e2e.test_terminal import ENTER, terminal
from tests.e2e.x_stage import BAG, NOW, SORRY, connect, one_ticket, reply, take_in
from tests.servers.x.network import XNetwork
from tests.servers.x.refusals import NOT_SUMMONED

FREE = '[approval]\nwhen = ["money"]\n'
HOSTS = '[links]\nhosts = ["northlineair.com"]\n'
LINKED = "@cust1 So sorry about your bag. How we trace it: https://www.northlineair.com/bags ^SB"
COST = "  costs 0.200 USD"


def test_a_reply_with_a_link_shows_its_price_first(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, HOSTS)
    ticket = one_ticket(cli, x_network)
    planned = done(cli("reply", ticket, "--text", LINKED, "--as", "sb", "--dry-run", now=NOW))
    assert COST in planned.out.splitlines()
    with terminal(cli, "reply", ticket, "--text", LINKED, "--as", "sb", "--max-cost", "1") as shown:
        shown.until("Post it?")
        assert any(line.strip() == COST.strip() for line in shown.lines)
        shown.type("y")
        assert shown.end() == 0
    (post,) = x_network.posts()
    assert "cost 0.200 USD" in shown.written
    assert f"/status/{post.id}" in shown.written


def test_the_guided_reply_shows_it_too(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    with terminal(cli, "reply", ticket, "--as", "sb") as shown:
        shown.until("Start from:")
        shown.type(ENTER)
        shown.until("Reply:")
        shown.type("\x15\x0b" + SORRY + ENTER)
        shown.until("Post it?")
        assert any(line.strip() == "costs 0.010 USD" for line in shown.lines)
        shown.type("n")
        assert shown.end() == 130


def test_a_statement_shows_it_and_several_pointers_their_sum(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, FREE)
    for handle in ("cust1", "cust2"):
        x_network.write(handle, BAG)
    tickets = list(take_in(cli).values())
    with terminal(cli, "statement", "--set", "what=online check-in", "--as", "sb") as shown:
        shown.until("Post it?")
        assert any(line.strip() == "costs 0.015 USD" for line in shown.lines)
        shown.type("y")
        assert shown.end() == 0
    points = tuple(part for one in tickets for part in ("--point", one))
    with terminal(cli, "statement", *points, "--as", "sb", "--max-cost", "1") as shown:
        shown.until("2 pointers: they cost 0.400 USD together")
        shown.until("Post it?")
        assert any(line.strip() == COST.strip() for line in shown.lines)
        shown.type("n")
        assert shown.end() == 130
    assert len(x_network.posts()) == 1
    call = ("statement", *points, "--as", "sb", "--yes", "--json", "--max-cost", "1")
    assert "together" in done(cli(*call, now=NOW)).err
    assert "together" not in done(cli(*call, now=NOW)).err
    assert len(x_network.posts()) == 3


@pytest.mark.parametrize(("text", "linked"), [(LINKED, True), (SORRY, False)])
def test_words_instead_of_a_link_only_where_there_is_one(
    cli: Cli, x_network: XNetwork, text: str, linked: bool
) -> None:
    connect(cli, x_network, HOSTS)
    run = cli(*reply(one_ticket(cli, x_network), text, "--max-cost", "0.005"), now=NOW)
    assert run.code == 3
    assert "--max-cost" in run.error["hint"]
    assert ("instead of a link" in run.error["hint"]) is linked


def test_who_was_not_summoned_is_told_how_to_answer_by_hand(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    url = done(cli("show", ticket, "--json", now=NOW)).records[1]["url"]
    x_network.fault("POST tweets", "403", detail=NOT_SUMMONED)
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (3, "failed")
    assert run.error["hint"] == (
        f"they did not mention us: answer by hand under {url}, then: socialcli done {ticket} --url ADDRESS"
    )
    assert f"answer by hand, then: socialcli done {ticket} --url" in done(cli("outbox", now=NOW)).out
