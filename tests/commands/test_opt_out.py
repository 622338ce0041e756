"""``opt-out``: noted and taken back by hand, listed."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, TWO_AGENTS, done, journal, message, policy, queued

DRAFTING = '[[agents]]\nid = "tr"\nname = "Tom Reyes"\ninitials = "TR"\nrole = "draft"\n'
BECAUSE = ("--reason", "said so on the phone")


@pytest.fixture
def ticket(cli: Cli) -> str:
    policy(cli, TWO_AGENTS + DRAFTING)
    return queued(cli)


def test_by_hand_it_is_noted_once_and_lifted_once(cli: Cli, ticket: str) -> None:
    assert "nobody" in done(cli("opt-out", "--list", now=LATER)).err
    record = done(cli("opt-out", "@Cust1", *BECAUSE, "--as", "sb", "--json", now=LATER)).record
    assert record == {
        "type": "opt-out",
        "handle": "cust1",
        "author_id": None,
        "network": "file",
        "ticket": ticket,
        "message_id": None,
        "since": LATER,
        "by": "sb",
        "reason": "said so on the phone",
    }
    before = journal(cli)
    again = done(cli("opt-out", ticket, "--as", "mo", "--json", now=LATER))
    assert (again.record, journal(cli)) == (record, before)
    assert done(cli("opt-out", "--list", now=LATER)).out == (
        f"@cust1 on file: no messages since {LATER} (ticket {ticket}, by sb): said so on the phone\n"
    )
    lifted = done(
        cli("opt-out", "@cust1", "--lift", "--reason", "rang us", "--as", "mo", "--json", now=LATER)
    )
    assert lifted.record == record
    before = journal(cli)
    nothing = done(
        cli("opt-out", "@cust1", "--lift", "--reason", "rang us", "--as", "mo", "--json", now=LATER)
    )
    assert (nothing.records, "nothing to lift" in nothing.err, journal(cli)) == ([], True, before)
    assert done(cli("opt-out", "--list", "--json", now=LATER)).records == []


def test_a_dry_run_prints_the_record_and_writes_nothing(cli: Cli, ticket: str) -> None:
    before = journal(cli)
    planned = done(cli("opt-out", ticket, *BECAUSE, "--as", "sb", "--dry-run", "--json", now=LATER)).record
    assert journal(cli) == before
    assert done(cli("opt-out", ticket, *BECAUSE, "--as", "sb", "--json", now=LATER)).record == planned
    before = journal(cli)
    run = done(cli("opt-out", ticket, "--lift", *BECAUSE, "--as", "sb", "--dry-run", now=LATER))
    assert (run.out.rstrip().endswith("would be lifted"), journal(cli)) == (True, before)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--list", "@cust1"), 2),
        (("--list", "--lift", "--reason", "x"), 2),
        (("@cust1", "--lift"), 2),
        (("@nobody",), 5),
        (("zzzz",), 5),
        (("@cust1", "--network", "x"), 5),
        (("@cust1", "--as", "nobody"), 5),
    ],
)
def test_what_does_not_fit(cli: Cli, ticket: str, arguments: tuple[str, ...], code: int) -> None:
    before = journal(cli)
    who = () if "--as" in arguments else ("--as", "sb")
    assert cli("opt-out", *arguments, *who, "--json", now=LATER).error["code"] == code
    assert cli("opt-out", ticket, "--network", "file", "--as", "sb", now=LATER).code == 2
    assert journal(cli) == before


def test_who_only_drafts_may_note_it_and_not_lift_it(cli: Cli, ticket: str) -> None:
    done(cli("opt-out", ticket, "--as", "tr", now=LATER))
    assert cli("opt-out", ticket, "--lift", "--reason", "x", "--as", "tr", now=LATER).code == 3
    assert len(done(cli("opt-out", "--list", "--json", now=LATER)).records) == 1


def test_what_triage_has_not_noted_yet_cannot_be_lifted(cli: Cli, ticket: str) -> None:
    cli.write(
        "inbox.jsonl",
        message(),
        message("m9", "@NorthlineAir stop messaging me", created_at="2026-11-20T10:05:30Z"),
    )
    done(cli("fetch", now=LATER))
    lift = ("opt-out", ticket, "--lift", "--reason", "rang us", "--as", "sb", "--json")
    for more in ((), ("--dry-run",)):
        run = cli(*lift, *more, now=LATER)
        assert (run.code, run.error["hint"]) == (6, "socialcli triage, then lift it")
    done(cli("triage", now=LATER))
    done(cli(*lift, now=LATER))
    assert done(cli("opt-out", "--list", "--json", now=LATER)).records == []


def test_hostile_words_do_nothing_to_the_terminal(cli: Cli, ticket: str) -> None:
    out = done(cli("opt-out", ticket, "--reason", "\x1b]0;x\x07 \u202e", "--as", "sb", now=LATER)).out
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
