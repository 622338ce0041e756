"""``can``: the road, why, and the cost."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, journal, message, queued


def test_roads(cli: Cli) -> None:
    rows = [
        message("m1"),
        message("m2", handle="cust2", visibility="direct"),
        message("m3", handle="cust3", network="mastodon"),
    ]
    queued(cli, *rows)
    roads = {
        one["customer"]["handle"]: done(cli("can", one["id"], "--json")).record["road"]
        for one in done(cli("list", "--json", now=NOW)).records
    }
    assert roads == {"cust1": "api", "cust2": "direct", "cust3": "hand"}


def test_it_says_why_and_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli, message(network="mastodon"))
    before = journal(cli)
    out = done(cli("can", ticket)).out
    assert out.startswith(f"{ticket} through support: hand, free of charge (")
    assert "mastodon" in out
    assert journal(cli) == before


def test_by_a_direct_message(cli: Cli) -> None:
    queued(cli, message("m1"), message("m3", handle="cust3", network="mastodon"))
    listed = done(cli("list", "--json", now=NOW)).records
    roads = {
        one["customer"]["handle"]: done(cli("can", one["id"], "--direct", "--json")).record["road"]
        for one in listed
    }
    assert roads == {"cust1": "direct", "cust3": "hand"}
