"""Several answers to one message wait for a yes: one of them gets it."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, TWO_AGENTS, done, journal, policy, queued

TEAM = f"""{TWO_AGENTS}
[[agents]]
id = "ab"
name = "Ada Brook"
initials = "AB"
"""
LESS = MONEY.replace("200 GBP", "90 GBP").replace("^SB", "^AB")


@pytest.fixture
def rivals(cli: Cli) -> tuple[str, str, str]:
    """A ticket, Sam's draft, and Ada's."""
    policy(cli, TEAM)
    ticket = queued(cli)
    drafts = []
    for agent, text in (("sb", MONEY), ("ab", LESS)):
        call = ("reply", ticket, "--text", text, "--as", agent, "--yes", "--json")
        record = done(cli(*call, now=LATER)).record
        assert record["state"] == "awaiting-approval"
        drafts.append(str(record["id"]))
    return ticket, drafts[0], drafts[1]


def test_a_yes_to_one_takes_the_others_back(cli: Cli, rivals: tuple[str, str, str]) -> None:
    ticket, sams, adas = rivals
    run = done(cli("approve", adas, "--as", "mo", "--json", now=LATER))
    assert run.record["state"] == "sent"
    assert f"draft {sams} by sb answers the same message: recalled" in run.err
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [LESS]
    drafts = [one for one in done(cli("show", ticket, "--json", now=LATER)).records if one["type"] == "draft"]
    assert [(one["id"], one["state"], one["reason"]) for one in drafts] == [
        (sams, "recalled", f"another answer was approved: {adas}")
    ]
    assert cli("approve", sams, "--as", "mo", now=LATER).code == 6


def test_the_approver_sees_all_of_them(cli: Cli, rivals: tuple[str, str, str]) -> None:
    _, sams, adas = rivals
    assert [one["id"] for one in done(cli("approve", "--list", "--json")).records] == [sams, adas]
    before = journal(cli)
    plan = done(cli("approve", sams, "--as", "mo", "--dry-run"))
    assert f"draft {adas} by ab answers the same message: would be recalled" in plan.err
    assert journal(cli) == before


def test_a_no_to_one_leaves_the_other(cli: Cli, rivals: tuple[str, str, str]) -> None:
    _, sams, adas = rivals
    done(cli("reject", sams, "--reason", "too much", "--as", "mo", now=LATER))
    assert [one["id"] for one in done(cli("approve", "--list", "--json")).records] == [adas]
    assert done(cli("approve", adas, "--as", "mo", "--json", now=LATER)).record["state"] == "sent"


def test_what_needs_no_yes_does_not_overtake_what_waits(cli: Cli, rivals: tuple[str, str, str]) -> None:
    ticket, *_ = rivals
    plain = "@cust1 So sorry about your bag. Please DM us the reference. ^MO"
    assert cli("reply", ticket, "--text", plain, "--as", "mo", "--yes", now=LATER).code == 6
    assert cli.lines("outbox.jsonl") == []


def test_one_more_by_the_same_agent_is_said_on_purpose(cli: Cli, rivals: tuple[str, str, str]) -> None:
    ticket, sams, _ = rivals
    more = MONEY.replace("200 GBP", "10 GBP")
    call = ("reply", ticket, "--text", more, "--as", "sb", "--yes", "--json")
    assert cli(*call, now=LATER).code == 6
    again = done(cli(*call, "--again", now=LATER)).record
    assert again["state"] == "awaiting-approval"
    done(cli("approve", sams, "--as", "mo", now=LATER))
    assert [one["id"] for one in done(cli("approve", "--list", "--json")).records] == [again["id"]]


@pytest.mark.parametrize("point", ["journal:before", "journal:half", "journal:written", "post:intended"])
def test_killed_the_choice_still_goes_out_alone(cli: Cli, rivals: tuple[str, str, str], point: str) -> None:
    _, sams, adas = rivals
    call = ("approve", adas, "--as", "mo", "--json")
    assert cli(*call, now=LATER, env={"SOCIALCLI_FAIL_POINT": point}).code == -9
    done(cli("outbox", "--settle", "--as", "mo", now=LATER))
    done(cli(*call, now=LATER))
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [LESS]
    assert done(cli("outbox", "--settle", "--as", "mo", "--json", now=LATER)).records == []
    assert sams not in cli("outbox", now=LATER).out


def test_which_draft(cli: Cli, rivals: tuple[str, str, str]) -> None:
    run = cli("approve", "--as", "mo", "--json")
    assert (run.code, run.error["hint"]) == (2, "socialcli approve --list shows what waits for a yes")
    assert cli("approve", rivals[1], "--list").code == 2
