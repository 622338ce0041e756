"""``snooze``: aside until a time, or until the customer writes again."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, journal, message, queued

ROWS = (
    message("m1", "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!", "cust1"),
    message("m2", "@NorthlineAir how much does a second bag cost?", "cust2"),
)
BEFORE = "2026-11-20T12:04:59Z"
AFTER = "2026-11-20T12:05:01Z"


def handles(cli: Cli, *arguments: str, now: str = NOW) -> list[str]:
    return [one["customer"]["handle"] for one in done(cli("list", "--json", *arguments, now=now)).records]


def next_one(cli: Cli, now: str = NOW) -> str:
    return str(done(cli("next", "--json", now=now)).record["customer"]["handle"])


def test_it_sleeps_for_its_time_and_then_stands_where_it_stood(cli: Cli) -> None:
    ticket = queued(cli, *ROWS)
    assert next_one(cli) == "cust1"
    put = done(cli("snooze", ticket, "--for", "2h", "--json", now=NOW)).record
    assert put["snoozed_until"] == "2026-11-20T12:05:00Z"
    assert (next_one(cli), next_one(cli, BEFORE), next_one(cli, AFTER)) == ("cust2", "cust2", "cust1")
    assert (handles(cli), handles(cli, now=AFTER)) == (["cust2", "cust1"], ["cust1", "cust2"])
    assert (handles(cli, "--snoozed"), handles(cli, "--snoozed", now=AFTER)) == (["cust1"], [])
    assert done(cli("show", ticket, "--json", now=AFTER)).records[0]["snoozed_until"] is None


@pytest.mark.parametrize("sort", ["urgency", "due", "received"])
def test_those_that_sleep_come_last_in_every_order(cli: Cli, sort: str) -> None:
    ticket = queued(cli, *ROWS)
    done(cli("snooze", ticket, "--for", "2h", now=NOW))
    assert handles(cli, "--sort", sort) == ["cust2", "cust1"]
    assert handles(cli, "--sort", sort, "--limit", "1") == ["cust2"]


def test_a_new_message_wakes_it(cli: Cli) -> None:
    ticket = queued(cli, *ROWS)
    done(cli("snooze", ticket, "--for", "2h", now=NOW))
    again = message(
        "m3", "@NorthlineAir any news?", "cust1", in_reply_to="m1", created_at="2026-11-20T10:06:00Z"
    )
    cli.write("inbox.jsonl", *ROWS, again)
    done(cli("fetch", now="2026-11-20T10:07:00Z"))
    assert next_one(cli, "2026-11-20T10:07:00Z") == "cust1"
    assert handles(cli, "--snoozed", now="2026-11-20T10:07:00Z") == []


def test_wake_ends_it_and_both_are_safe_to_repeat(cli: Cli) -> None:
    ticket = queued(cli, *ROWS)
    until = ("--until", "2026-11-20T12:00:00Z")
    done(cli("snooze", ticket, *until, now=NOW))
    asleep = journal(cli)
    done(cli("snooze", ticket, *until, now=NOW))
    assert journal(cli) == asleep
    assert done(cli("snooze", ticket, "--wake", "--json", now=NOW)).record["snoozed_until"] is None
    awake = journal(cli)
    assert awake != asleep
    done(cli("snooze", ticket, "--wake", now=NOW))
    assert journal(cli) == awake
    assert next_one(cli) == "cust1"


def test_a_dry_run_prints_the_plan(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    plan = done(cli("snooze", ticket, "--for", "1h", "--dry-run", "--json", now=NOW)).record
    assert (plan["event"], plan["ticket"]) == ("snoozed", ticket)
    assert journal(cli) == before


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--for", "2h", "--wake"),
        ("--for", "soon"),
        ("--for", "0s"),
        ("--until", "tomorrow"),
        ("--until", "2026-11-21 10:00:00"),
        ("--until", "2026-11-20T10:05:00Z"),
    ],
)
def test_until_when_must_be_said_once_and_lie_ahead(cli: Cli, options: tuple[str, ...]) -> None:
    ticket = queued(cli)
    before = journal(cli)
    assert cli("snooze", ticket, *options, now=NOW).code == 2
    assert journal(cli) == before


def test_many_at_once(cli: Cli) -> None:
    queued(cli, *ROWS)
    done(cli("snooze", "-", "--for", "1h", input=done(cli("list", "--json", now=NOW)).out, now=NOW))
    assert sorted(handles(cli, "--snoozed")) == ["cust1", "cust2"]
    assert done(cli("next", "--json", now=NOW)).records == []
