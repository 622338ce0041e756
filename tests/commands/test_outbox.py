"""``outbox``: what is not finished, and how it ends."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, SORRY, done, journal, message, policy, queued


def test_nothing_waits(cli: Cli) -> None:
    queued(cli)
    assert done(cli("outbox")).out == ""
    before = journal(cli)
    assert done(cli("outbox", "--settle")).out == ""
    assert journal(cli) == before


def test_a_sent_draft_is_not_in_it_and_a_waiting_one_is(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    assert done(cli("outbox")).out == ""
    done(cli("reply", ticket, "--text", MONEY, "--again", "--yes", now=LATER))
    out = done(cli("outbox")).out
    assert "awaiting-approval" in out
    assert MONEY in out


def test_what_was_killed_after_its_intent_is_finished(cli: Cli) -> None:
    ticket = queued(cli)
    arguments = ("reply", ticket, "--text", SORRY, "--yes")
    killed = cli(*arguments, now=LATER, env={"SOCIALCLI_FAIL_POINT": "post:intended"})
    assert killed.code == -9
    assert cli.lines("outbox.jsonl") == []
    (waiting,) = done(cli("outbox", "--json")).records
    assert waiting["state"] == "intended"
    assert done(cli("outbox", "--settle", "--json", now=LATER)).record["state"] == "sent"
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [SORRY]


def test_what_was_killed_after_its_post_is_found_and_not_posted_again(cli: Cli) -> None:
    ticket = queued(cli)
    arguments = ("reply", ticket, "--text", SORRY, "--yes")
    assert cli(*arguments, now=LATER, env={"SOCIALCLI_FAIL_POINT": "post:accepted"}).code == -9
    assert len(cli.lines("outbox.jsonl")) == 1
    assert done(cli("outbox", "--settle", "--json", now=LATER)).record["state"] == "sent"
    assert len(cli.lines("outbox.jsonl")) == 1


def test_one_run_finishes_no_more_than_the_policy_lets_it(cli: Cli) -> None:
    policy(cli, "[outbox]\nper_run = 1\n")
    queued(cli, message("m1", handle="cust1"), message("m2", handle="cust2"))
    tickets = {one["customer"]["handle"]: one["id"] for one in cli("list", "--json").records}
    for handle, ticket in tickets.items():
        text = SORRY.replace("cust1", handle)
        killed = cli(
            "reply", ticket, "--text", text, "--yes", now=LATER, env={"SOCIALCLI_FAIL_POINT": "post:intended"}
        )
        assert killed.code == -9
    first = done(cli("outbox", "--settle", "--json", now=LATER))
    assert "run it again for the rest" in first.err
    assert len(cli.lines("outbox.jsonl")) == 1
    assert done(cli("outbox", "--settle", "--json", now=LATER)).err == ""
    assert len(cli.lines("outbox.jsonl")) == 2
