"""``reject``: no, and why."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, SORRY, TWO_AGENTS, done, journal, policy, queued


def drafted(cli: Cli) -> str:
    """A draft of Sam's that waits."""
    policy(cli, TWO_AGENTS)
    run = done(cli("reply", queued(cli), "--text", MONEY, "--as", "sb", "--yes", "--json", now=LATER))
    return str(run.record["id"])


def test_a_prefix_of_the_id_is_enough(cli: Cli) -> None:
    draft = drafted(cli)
    run = done(cli("reject", draft[:5], "--reason", "too much", "--as", "mo", "--json", now=LATER))
    assert (run.record["id"], run.record["state"]) == (draft, "rejected")


def test_the_reason_stays(cli: Cli) -> None:
    draft = drafted(cli)
    done(cli("reject", draft, "--reason", "too much", "--as", "mo", now=LATER))
    assert "too much" in done(cli("log")).out
    assert done(cli("outbox")).out == ""


def test_the_plan_writes_nothing(cli: Cli) -> None:
    draft = drafted(cli)
    before = journal(cli)
    done(cli("reject", draft, "--reason", "too much", "--as", "mo", "--dry-run"))
    assert journal(cli) == before


def test_its_author_sees_it_while_the_customer_waits(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    call = ("reply", ticket, "--yes", "--json", "--text")
    draft = done(cli(*call, MONEY, "--as", "sb", now=LATER)).record["id"]
    done(cli("reject", draft, "--reason", "too much", "--as", "mo", now=LATER))
    (mine,) = done(cli("outbox", "--as", "sb", "--json", now=LATER)).records
    assert (mine["id"], mine["state"], mine["reason"]) == (draft, "rejected", "too much")
    assert done(cli("outbox", "--as", "mo", "--json", now=LATER)).records == []
    assert "too much" in done(cli("show", ticket, now=LATER)).out
    done(cli(*call, SORRY, "--as", "sb", now=LATER))
    assert done(cli("outbox", "--as", "sb", "--json", now=LATER)).records == []
