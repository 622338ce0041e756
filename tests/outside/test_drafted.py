"""``reply --drafted``: what a program wrote is a draft like any other, and marked as what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, NOW, done, journal, message, one_line, queued
from tests.outside.desk import DRAFTER, desk

TEXT = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it. ^SB"


def drafted(cli: Cli, ticket: str, *args: str, who: str = "sb") -> Run:
    return cli("reply", ticket, "--drafted", *args, "--as", who, "--json", now=LATER)


def asked(cli: Cli) -> list[Any]:
    return cli.lines("asked.jsonl")


def posts(cli: Cli) -> list[str]:
    return [one["text"] for one in cli.lines("outbox.jsonl")]


def test_its_text_is_checked_posted_and_marked(cli: Cli) -> None:
    desk(cli, draft=DRAFTER)
    ticket = queued(cli)
    record = done(drafted(cli, ticket, "--yes")).record
    assert (record["text"], record["state"], record["by_program"], record["translated"]) == (
        TEXT, "sent", True, None,
    )  # fmt: skip
    assert posts(cli) == [TEXT]
    (event,) = [one for one in done(cli("log", "--json")).records if one["event"] == "intended"]
    assert event["data"]["whole"]["by_program"] is True
    shown = done(cli("reply", ticket, "--drafted", "--as", "sb", "--yes", now=LATER)).out
    assert "written by a program" in shown
    for args in (("log",), ("show", ticket)):
        assert "written by a program" in done(cli(*args, now=LATER)).out


def test_what_it_is_told(cli: Cli) -> None:
    desk(cli, draft=DRAFTER)
    ticket = queued(
        cli, message(text="@NorthlineAir my bag never came! Mail me: ann@home.example", handle="cust1")
    )
    done(drafted(cli, ticket, "--dry-run"))
    (record,) = asked(cli)
    assert sorted(record) == [
        "account", "agent", "brand", "card", "language", "limit", "masked", "network", "target", "thread",
        "ticket", "type", "v", "visibility", "why",
    ]  # fmt: skip
    assert (record["type"], record["v"], record["ticket"], record["target"]) == (
        "draft-request",
        1,
        ticket,
        "m1",
    )
    assert (record["limit"], record["language"], record["masked"]) == (280, "en", True)
    assert record["agent"] == {"name": "Sam Baker", "sign_off": "^SB"}
    assert record["thread"][0]["author"]["handle"] == "cust1"
    assert "ann@home.example" not in json.dumps(record)
    assert record["why"]["kind"] == "complaint"


def test_private_data_is_shown_to_it_only_where_the_policy_says_so(cli: Cli) -> None:
    desk(cli, draft=DRAFTER, more="draft_masked = false")
    ticket = queued(cli, message(text="@NorthlineAir my bag never came! Mail me: ann@home.example"))
    done(drafted(cli, ticket, "--dry-run"))
    (record,) = asked(cli)
    assert "ann@home.example" in record["thread"][0]["text"]
    assert record["masked"] is False


def test_it_is_asked_once_for_each_message(cli: Cli) -> None:
    counting = DRAFTER.replace("trace it.", "trace it, {len(open('asked.jsonl').readlines())} of us.")
    desk(cli, draft=counting)
    ticket = queued(cli)
    first = done(drafted(cli, ticket, "--yes")).record
    assert done(drafted(cli, ticket, "--yes")).record == first
    assert len(asked(cli)) == 1
    assert len(posts(cli)) == 1
    again = done(drafted(cli, ticket, "--yes", "--again")).record
    assert (again["id"] != first["id"], len(asked(cli)), len(posts(cli))) == (True, 2, 2)


def test_nothing_goes_out_without_a_yes(cli: Cli) -> None:
    desk(cli, draft=DRAFTER)
    ticket = queued(cli)
    run = drafted(cli, ticket)
    assert (run.code, posts(cli)) == (2, [])
    assert "needs a yes" in run.error["message"]


def test_where_the_policy_says_so_somebody_else_says_yes(cli: Cli) -> None:
    desk(cli, draft=DRAFTER)
    path = cli.workspace / "policies.toml"
    path.write_text(path.read_text() + '[approval]\nwhen = ["program"]\n')
    ticket = queued(cli)
    waits = done(drafted(cli, ticket, "--yes")).record
    assert (waits["state"], waits["reason"]) == ("awaiting-approval", "program: a machine wrote it")
    assert posts(cli) == []
    assert done(drafted(cli, ticket, "--yes")).record["id"] == waits["id"]
    assert len(asked(cli)) == 1
    sent = done(cli("approve", waits["id"], "--as", "mo", "--json", now=LATER)).record
    assert (sent["state"], sent["by_program"], posts(cli)) == ("sent", True, [TEXT])


def test_the_check_is_the_same(cli: Cli) -> None:
    desk(cli, draft=DRAFTER.replace("{record['agent']['sign_off']}", ""))
    ticket = queued(cli)
    run = drafted(cli, ticket, "--yes")
    assert (run.code, run.record["state"], posts(cli)) == (3, "refused", [])
    assert "signoff/missing" in run.error["message"]
    desk(cli, draft=DRAFTER)
    assert done(drafted(cli, ticket, "--yes")).record["state"] == "sent"


def test_a_plan_keeps_the_mark(cli: Cli) -> None:
    desk(cli, draft=DRAFTER)
    ticket = queued(cli)
    line = done(drafted(cli, ticket, "--plan")).out
    assert json.loads(line)["draft"]["by_program"] is True
    signed = done(cli("apply", "-", "--sign", "--all", "--as", "mo", input=line, now=LATER)).out
    done(cli("apply", "-", "--as", "sb", "--yes", input=signed, now=LATER))
    record = done(drafted(cli, ticket, "--yes")).record
    assert (record["state"], record["by_program"], len(asked(cli))) == ("sent", True, 1)


@pytest.mark.parametrize(
    ("source", "code", "reason"),
    [
        ("import sys; sys.exit(2)", 1, "exit code 2"),
        ("pass", 1, "says nothing"),
        ("import time; time.sleep(600)", 75, "did not answer within 1s"),
        ("print('\\x1b]0;pwned\\x07')", 1, "control characters"),
    ],
)
def test_a_program_that_fails_loses_nothing(cli: Cli, source: str, code: int, reason: str) -> None:
    desk(cli, draft=source, more='command_timeout = "1s"')
    ticket = queued(cli)
    before = journal(cli)
    run = cli("reply", ticket, "--drafted", "--as", "sb", "--yes", now=LATER)
    assert run.code == code
    assert reason in one_line(run)[0]
    assert (journal(cli), posts(cli)) == (before, [])


def test_options_that_do_not_go_together(cli: Cli) -> None:
    desk(cli)
    ticket = queued(cli)
    assert drafted(cli, ticket, "--yes").code == 2  # there is no program
    for more in (("--text", TEXT), ("-t", "apology"), ("--set", "a=b"), ("--correct", "last")):
        assert drafted(cli, ticket, *more, "--yes").code == 2
    assert cli("reply", ticket, "--translate", "--as", "sb", "--yes", now=LATER).code == 2


def test_mistakes_in_the_policy(cli: Cli) -> None:
    for wrong in (
        'draft_command = "prog"',
        'draft_command = [""]',
        'command_timeout = "2h"',
        "draft_masked = 1",
    ):
        desk(cli, more=wrong)
        run = cli("claim", "k3p", "--as", "sb", now=NOW)
        assert (run.code, wrong.split(" ", 1)[0] in run.err) == (7, True)


def test_what_a_customer_wrote_and_a_program_answered_is_forgotten(cli: Cli) -> None:
    desk(cli, draft=DRAFTER)
    ticket = queued(cli)
    done(drafted(cli, ticket, "--yes"))
    done(cli("forget", "@cust1", "--as", "mo", "--yes", now=LATER))
    assert b"trace it" not in journal(cli)
    (event,) = [one for one in done(cli("log", "--json")).records if one["event"] == "intended"]
    assert event["data"]["whole"]["by_program"] is True
