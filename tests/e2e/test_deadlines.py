"""Deadlines, from the message to the list: channels, hours, holidays, the customer's own, and about to breach."""

from __future__ import annotations

from typing import Any

import pexpect
import pytest

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import TWO_AGENTS, done, message, policy, queued

TEN = "2026-11-20T10:00:00Z"
LOST = "@NorthlineAir my bag never arrived"
BOARDS = "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!"
UNHURRIED = '[deadlines]\nurgent = "3h"\nhigh = "4h"\nnormal = "8h"\n'  # so that customers are sooner


def the_ticket(cli: Cli, name: str, now: str) -> dict[str, Any]:
    found = done(cli("show", name, "--json", now=now)).records[0]
    assert isinstance(found, dict)
    return found


def due_of(cli: Cli, received: str, own: str, **more: Any) -> str:
    """When a complaint that came at ``received`` is due, as triage has it a minute later."""
    policy(cli, own)
    cli.write("inbox.jsonl", message("m1", LOST, created_at=received, **more))
    now = received[:-3] + "59Z"
    done(cli("fetch", now=now))
    name = done(cli("triage", "--json", now=now)).record["ticket"]
    return str(the_ticket(cli, name, now)["due_at"])


def hours(zone: str, spans: str, more: str = "") -> str:
    week = "\n".join(f'{day} = "{spans}"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    return f'[brand]\ntime_zone = "{zone}"\n[hours]\ncoverage = "hours"\n{week}\n{more}\n'


@pytest.mark.parametrize(
    ("received", "own", "due"),
    [
        (
            "2026-11-20T23:30:00Z",
            "",
            "2026-11-21T00:30:00Z",
        ),  # round the clock: midnight is a moment like any other
        ("2026-03-29T00:30:00Z", "", "2026-03-29T01:30:00Z"),  # as are those at which clocks change
        ("2028-02-28T23:30:00Z", "", "2028-02-29T00:30:00Z"),
        ("2026-12-31T23:30:00Z", "", "2027-01-01T00:30:00Z"),
        ("2026-12-25T03:00:00Z", '[hours]\nholidays = "GB"\n', "2026-12-25T04:00:00Z"),
        ("2026-03-28T17:30:00Z", hours("Europe/London", "09:00-18:00"), "2026-03-29T08:30:00Z"),
        ("2026-10-24T16:30:00Z", hours("Europe/London", "09:00-18:00"), "2026-10-25T09:30:00Z"),
        ("2026-03-07T22:30:00Z", hours("America/New_York", "09:00-18:00"), "2026-03-08T13:30:00Z"),
        ("2026-10-31T21:30:00Z", hours("America/New_York", "09:00-18:00"), "2026-11-01T14:30:00Z"),
        ("2026-10-03T07:00:00Z", hours("Australia/Lord_Howe", "09:00-18:00"), "2026-10-03T22:30:00Z"),
        ("2026-04-04T06:30:00Z", hours("Australia/Lord_Howe", "09:00-18:00"), "2026-04-04T23:00:00Z"),
        ("2026-11-20T01:30:00Z", hours("Europe/London", "22:00-02:00"), "2026-11-20T22:30:00Z"),
        (
            "2026-12-24T17:30:00Z",
            hours("Europe/London", "09:00-18:00", 'holidays = "GB-ENG"'),
            "2026-12-27T09:30:00Z",
        ),
        (
            "2026-12-24T17:30:00Z",
            hours("Europe/London", "09:00-18:00", 'holidays = "GB-ENG"\nopen = ["2026-12-26"]'),
            "2026-12-26T09:30:00Z",
        ),
        ("2028-02-28T17:30:00Z", hours("Europe/London", "09:00-18:00"), "2028-02-29T09:30:00Z"),
    ],
)
def test_due(cli: Cli, received: str, own: str, due: str) -> None:
    assert due_of(cli, received, own) == due


def test_a_direct_message_has_deadlines_of_its_own(cli: Cli) -> None:
    own = '[deadlines.direct]\nhigh = "20m"\n[deadlines.search]\nhigh = "50m"\n'
    assert due_of(cli, TEN, own, visibility="direct", source="direct") == "2026-11-20T10:20:00Z"


@pytest.mark.parametrize(
    ("source", "due"),
    [("mention", "10:40:00Z"), ("search", "10:50:00Z"), ("comment", "10:40:00Z")],
)
def test_how_a_public_message_came_tells_its_deadline(cli: Cli, source: str, due: str) -> None:
    own = '[deadlines.public]\nhigh = "40m"\n[deadlines.search]\nhigh = "50m"\n'
    assert due_of(cli, TEN, own, source=source) == f"2026-11-20T{due}"


def test_a_country_that_nobody_knows_is_a_mistake_of_the_policy(cli: Cli) -> None:
    policy(cli, hours("Europe/London", "09:00-18:00", 'holidays = "GB-ENGL"'))
    run = cli("fetch", "--json", now=TEN)
    assert run.code == 7
    assert (
        'policies.toml:12: hours.holidays: GB has no part "ENGL" (did you mean "ENG"?)'
        in run.error["message"]
    )


# the customer's own deadline


def test_a_deadline_in_the_text_comes_before_ours(cli: Cli) -> None:
    policy(cli, UNHURRIED)
    ticket = queued(cli, message("m1", BOARDS))
    assert the_ticket(cli, ticket, TEN)["due_at"] == "2026-11-20T10:40:00Z"
    clocks = done(cli("why", ticket, "--json", now="2026-11-20T10:05:00Z")).record["clocks"]
    assert clocks["because"] == "the customer's own deadline 10:40"
    assert clocks["about to breach from"] == "2026-11-20T10:30:00Z"
    assert "because: the customer's own deadline 10:40\n" in done(cli("why", ticket, now=TEN)).out


def test_ours_stays_where_it_is_sooner(cli: Cli) -> None:
    ticket = queued(cli, message("m1", BOARDS))
    assert the_ticket(cli, ticket, TEN)["due_at"] == "2026-11-20T10:15:00Z"
    clocks = done(cli("why", ticket, "--json", now=TEN)).record["clocks"]
    assert clocks["because"] == "15m for urgent"


def test_what_is_written_later_does_not_forget_it(cli: Cli) -> None:
    policy(cli, UNHURRIED)
    first = message("m1", BOARDS, conversation_id="c1")
    ticket = queued(cli, first)
    cli.write("inbox.jsonl", first, message("m2", "@NorthlineAir hello?", conversation_id="c1", created_at="2026-11-20T10:10:00Z"))  # fmt: skip
    later = "2026-11-20T10:11:00Z"
    done(cli("fetch", now=later))
    done(cli("triage", now=later))
    found = the_ticket(cli, ticket, later)
    assert (found["messages"], found["due_at"]) == (2, "2026-11-20T10:40:00Z")


def test_a_priority_set_by_hand_does_not_move_it(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + UNHURRIED)
    ticket = queued(cli, message("m1", BOARDS))
    done(cli("triage", ticket, "--set", "priority=normal", "--reason", "calm", "--as", "sb", now=TEN))
    found = the_ticket(cli, ticket, TEN)
    assert (found["priority"], found["due_at"]) == ("normal", "2026-11-20T10:40:00Z")


# set by hand


def test_a_priority_set_by_hand_has_its_own_clock_for_each_message(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    first = message("m1", LOST, conversation_id="c1")
    ticket = queued(cli, first)
    done(cli("triage", ticket, "--set", "priority=urgent", "--reason", "a vip", "--as", "sb", now=TEN))
    assert the_ticket(cli, ticket, TEN)["due_at"] == "2026-11-20T10:15:00Z"
    done(cli("done", ticket, "--url", "https://x.com/1", "--as", "sb", now="2026-11-20T10:14:00Z"))
    second = message("m2", "@NorthlineAir and now it is broken!", conversation_id="c1", created_at="2026-11-22T08:00:00Z")  # fmt: skip
    cli.write("inbox.jsonl", first, second)
    sunday = "2026-11-22T08:01:00Z"
    done(cli("fetch", now=sunday))
    done(cli("triage", now=sunday))
    found = the_ticket(cli, ticket, sunday)
    assert (found["priority"], found["due_at"], found["overdue"]) == ("urgent", "2026-11-22T08:15:00Z", False)


def test_what_is_to_be_answered_after_all_has_a_deadline(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message("m1", "Northline Air planes look nice from up here", source="search"))
    before = the_ticket(cli, ticket, TEN)
    assert (before["respond"], before["due_at"]) == ("monitor", None)
    done(cli("triage", ticket, "--set", "respond=respond", "--reason", "say hi", "--as", "sb", now=TEN))
    assert the_ticket(cli, ticket, TEN)["due_at"] == "2026-11-21T10:00:00Z"


# about to breach


def breaching(cli: Cli, now: str) -> list[str]:
    listed = done(cli("list", "--breaching", "--json", now=now)).records
    assert all(one["breaching"] for one in listed)
    everything = done(cli("list", "--json", now=now)).records
    assert [one["id"] for one in everything if one["breaching"]] == [one["id"] for one in listed]
    return [one["customer"]["handle"] for one in listed]


def test_a_ticket_is_about_to_breach_from_ten_minutes_before_its_deadline_to_it(cli: Cli) -> None:
    queued(cli, message("m1", LOST, "ana"), message("m2", LOST, "ben", created_at="2026-11-20T10:04:30Z"))
    assert breaching(cli, "2026-11-20T10:49:59Z") == []
    assert breaching(cli, "2026-11-20T10:50:00Z") == ["ana"]
    assert breaching(cli, "2026-11-20T11:00:00Z") == ["ana", "ben"]
    assert breaching(cli, "2026-11-20T11:00:01Z") == ["ben"]
    late = done(cli("list", "--overdue", "--json", now="2026-11-20T11:00:01Z")).record
    assert (late["customer"]["handle"], late["overdue"], late["breaching"]) == ("ana", True, False)


def test_what_is_answered_breaches_nothing(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message("m1", LOST))
    assert breaching(cli, "2026-11-20T10:55:00Z") == ["cust1"]
    done(cli("done", ticket, "--url", "https://x.com/1", "--as", "sb", now="2026-11-20T10:55:00Z"))
    assert breaching(cli, "2026-11-20T10:55:00Z") == []


def test_the_warning_counts_open_time(cli: Cli) -> None:
    due_of(cli, "2026-11-20T17:05:00Z", hours("Europe/London", "09:00-18:00"))
    assert breaching(cli, "2026-11-20T17:54:59Z") == []
    assert breaching(cli, "2026-11-20T17:55:00Z") == ["cust1"]  # while somebody is still there
    assert breaching(cli, "2026-11-21T09:05:00Z") == ["cust1"]
    assert breaching(cli, "2026-11-21T09:05:01Z") == []


def test_a_warning_of_another_length(cli: Cli) -> None:
    policy(cli, '[deadlines]\nwarn = "30m"\n')
    queued(cli, message("m1", LOST))
    assert breaching(cli, "2026-11-20T10:30:00Z") == ["cust1"]


def test_a_saved_filter_can_ask_for_it(cli: Cli) -> None:
    policy(cli, '[filters.hurry]\nbreaching = true\nsort = "due"\n')
    queued(cli, message("m1", LOST, "ana"))
    for now, count in (("2026-11-20T10:40:00Z", 0), ("2026-11-20T10:55:00Z", 1)):
        assert len(done(cli("list", "--filter", "hurry", "--json", now=now)).records) == count


def test_the_longest_waiting_is_named_beside_what_presses(cli: Cli) -> None:
    slow = message("m1", "@NorthlineAir how many bags may I take?", "ana", created_at="2026-11-20T09:00:00Z")
    ticket = queued(cli, slow, message("m2", LOST, "ben"))
    run = done(cli("list", "--breaching", now="2026-11-20T10:55:00Z"))
    assert "@ben" in run.out
    assert "@ana" not in run.out
    assert run.err == f"waiting longest: {ticket}, since 2026-11-20T09:00:00Z\n"


def test_show_and_next_say_how_long_is_left(cli: Cli) -> None:
    ticket = queued(cli, message("m1", LOST))
    now = "2026-11-20T10:52:30Z"
    for command in (("show", ticket), ("next",)):
        assert "  due in 7 min, waiting for 52 min\n" in done(cli(*command, now=now)).out
    assert "due in less than a minute" in done(cli("next", now="2026-11-20T10:59:30Z")).out
    assert "waiting for" not in done(cli("next", now="2026-11-20T10:30:00Z")).out


def test_on_a_terminal_it_has_the_colour_of_a_warning(cli: Cli) -> None:
    queued(cli, message("m1", LOST, "ana"), message("m2", LOST, "ben", created_at="2026-11-20T10:04:30Z"))
    command, *rest = cli.arguments("list", now="2026-11-20T11:00:30Z")
    child = pexpect.spawn(
        command, rest, env=cli.env | {"TERM": "xterm"}, timeout=PATIENCE, dimensions=(24, 100),
        cwd=str(cli.workspace), encoding="utf-8",
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    shown = str(child.before)
    assert "\x1b[1;31m0m ago" in shown
    assert "\x1b[33min 4m" in shown
