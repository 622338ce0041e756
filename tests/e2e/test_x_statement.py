"""A statement on X: its price, its address, and customers who are pointed to it."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import done
from tests.e2e.x_stage import NOW, bare, connect, one_ticket
from tests.servers.x.network import XNetwork

WHAT = ("--set", "what=online check-in")
FREE = '[approval]\nwhen = ["money"]\n'
LATER = "2026-11-20T10:20:00Z"


def say(*args: str) -> tuple[str, ...]:
    return ("statement", *args, "--as", "sb", "--yes", "--json")


def test_it_is_posted_once_and_customers_are_pointed_to_its_address(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, FREE)
    ticket = one_ticket(cli, x_network)
    record = done(cli(*say(*WHAT), now=NOW)).record
    assert (record["state"], record["cost"], record["ticket"]) == ("sent", "0.015", None)
    assert done(cli(*say(*WHAT), now=LATER)).record == record
    (post,) = x_network.posts()
    assert bare(post) == record["text"]
    (listed,) = done(cli("statement", "--list", "--json", now=LATER)).records
    assert listed["url"] == record["url"]
    pointer = done(cli(*say("--point", ticket, "--max-cost", "1"), now=LATER)).record
    assert (pointer["state"], pointer["cost"]) == ("sent", "0.200")
    assert record["url"] in pointer["text"]
    assert done(cli(*say("--point", ticket), now=LATER)).record == pointer
    assert len(x_network.posts()) == 2


def test_where_no_foreign_link_may_stand_the_account_is_named(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, FREE + "[reply]\nmay_allow = []\n")
    ticket = one_ticket(cli, x_network)
    done(cli(*say(*WHAT), now=NOW))
    pointer = done(cli(*say("--point", ticket), now=LATER)).record
    assert (pointer["cost"], "@NorthlineAir" in pointer["text"]) == ("0.010", True)
