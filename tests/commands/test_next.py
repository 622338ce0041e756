"""``next``: one ticket, the most pressing that is free."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import NOW, TWO_AGENTS, done, journal, message, policy, queued

URGENT = message("m1")
QUESTION = message("m2", "@NorthlineAir how much does a second bag cost?", "cust2")


def test_it_is_the_first_of_the_list(cli: Cli) -> None:
    queued(cli, QUESTION, URGENT)
    first = done(cli("list", "--json", now=NOW)).records[0]
    assert done(cli("next", "--json", now=NOW)).record == first
    assert first["customer"]["handle"] == "cust1"


def test_looking_claims_nothing(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    assert done(cli("next", "--json", now=NOW)).record["assignee"] is None
    assert journal(cli) == before


def test_two_agents_never_claim_the_same(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, URGENT, QUESTION)
    mine = done(cli("next", "--claim", "--as", "sb", "--json", now=NOW)).record
    theirs = done(cli("next", "--claim", "--as", "mo", "--json", now=NOW)).record
    assert (mine["assignee"], theirs["assignee"]) == ("sb", "mo")
    assert mine["id"] != theirs["id"]
    assert done(cli("next", "--claim", "--as", "sb", "--json", now=NOW)).record["id"] == mine["id"]


def test_who_acts_finds_what_is_assigned_to_them(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, URGENT)
    done(cli("assign", ticket, "sb", "--as", "mo", now=NOW))
    assert done(cli("next", "--json", now=NOW)).records == []
    assert done(cli("next", "--json", now=NOW, env={"SOCIALCLI_AGENT": "mo"})).records == []
    assert done(cli("next", "--json", now=NOW, env={"SOCIALCLI_AGENT": "sb"})).record["id"] == ticket


def test_the_only_agent_finds_what_is_assigned_to_them(cli: Cli) -> None:
    ticket = queued(cli, URGENT)
    done(cli("assign", ticket, "sb", now=NOW))
    assert done(cli("next", "--json", now=NOW)).record["id"] == ticket


def test_praise_and_answered_tickets_do_not_hide_what_waits(cli: Cli) -> None:
    ticket = queued(cli, URGENT, QUESTION)
    done(cli("done", ticket, "--url", "https://northline.example/1", now=NOW))
    assert done(cli("next", "--json", now=NOW)).record["id"] != ticket


def test_a_dry_run_of_a_claim_prints_it(cli: Cli) -> None:
    ticket = queued(cli, URGENT)
    before = journal(cli)
    plan = done(cli("next", "--claim", "--dry-run", "--json", now=NOW)).record
    assert (plan["type"], plan["event"], plan["ticket"], plan["at"]) == ("event", "claimed", ticket, None)
    assert journal(cli) == before
    done(cli("claim", ticket, now=NOW))
    assert done(cli("next", "--claim", "--dry-run", now=NOW)).out == ""
    assert done(cli("next", "--as", "sb", "--dry-run", "--json", now=NOW)).record["id"] == ticket
