"""``triage``: what is new, once; by name, always."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, journal, message, policy, queued


def test_only_what_is_new_is_assessed(cli: Cli) -> None:
    queued(cli)
    cli.write("inbox.jsonl", message(), message("m2", "@NorthlineAir hello, a question?", "cust2"))
    done(cli("fetch", now=NOW))
    assert done(cli("triage", "--json", now=NOW)).record["message_id"] == "m2"
    assert done(cli("triage", now=NOW)).out == ""


def test_a_named_ticket_is_assessed_again(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("triage", ticket, "--json", now=NOW)).record["ticket"] == ticket


def test_all_is_what_an_older_policy_assessed(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("triage", "--all", now=LATER)).out == ""
    policy(cli, '[triage.weights]\n"time/deadline-today" = 0\n')
    assert "another policy" in done(cli("why", ticket)).out
    assert done(cli("triage", now=LATER)).out == ""
    assert done(cli("triage", "--all", "--json", now=LATER)).record["priority"] == "high"
    before = journal(cli)
    assert done(cli("triage", "--all", now=LATER)).out == ""
    assert journal(cli) == before


def test_a_reason_belongs_to_a_setting(cli: Cli) -> None:
    ticket = queued(cli)
    assert cli("triage", ticket, "--reason", "r").code == 2


def test_spam_may_be_ignored_by_hand(cli: Cli) -> None:
    ticket = queued(cli)
    settings = ("--set", "kind=spam", "--set", "respond=ignore", "--reason", "an advert")
    record = done(cli("triage", ticket, *settings, "--json", now=LATER)).record
    assert (record["kind"], record["respond"], record["status"], record["due_at"]) == (
        "spam", "ignore", "closed", None,
    )  # fmt: skip


def test_a_line_a_message_as_text(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    done(cli("fetch", now=NOW))
    cells = done(cli("triage", now=NOW)).out.rstrip("\n").split("\t")
    assert cells[1:3] == ["respond", "urgent"]
    assert "time/deadline-today" in cells[5]
