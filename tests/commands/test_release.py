"""``release``: back to everybody, or on to somebody else."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, TWO_AGENTS, done, journal, message, policy, queued

NOTE = "She is at gate 7. Call +44 7700 900123 before six."
TO_MO = ("--note", NOTE, "--to", "mo", "--as", "sb")


def test_it_is_free_again(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("claim", ticket, now=NOW))
    assert done(cli("release", ticket, "--json", now=NOW)).record["assignee"] is None


def test_what_nobody_holds_stays_as_it_is(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    done(cli("release", ticket, now=NOW))
    assert journal(cli) == before


# handing over


@pytest.fixture
def ticket(cli: Cli) -> str:
    policy(cli, TWO_AGENTS)
    found = queued(cli)
    done(cli("claim", found, "--as", "sb", now=NOW))
    return found


def test_the_next_agent_has_it_and_reads_the_note_first(cli: Cli, ticket: str) -> None:
    (record,) = done(cli("release", ticket, *TO_MO, "--json", now=LATER)).records
    assert (record["assignee"], record["claimed_until"]) == ("mo", None)
    expected = {"by": "sb", "to": "mo", "note": NOTE, "at": LATER}
    assert record["handover"] == expected
    for command in (("next", "--as", "mo"), ("show", ticket), ("list", "--assignee", "mo")):
        assert done(cli(*command, "--json", now=LATER)).records[0]["handover"] == expected
    for command in (("next", "--as", "mo"), ("show", ticket)):
        out = done(cli(*command, now=LATER)).out
        assert out.index("handed over by sb to mo") < out.index(NOTE) < out.index("my bag never arrived")


def test_it_is_history_once_it_is_answered(cli: Cli, ticket: str) -> None:
    done(cli("release", ticket, *TO_MO, now=LATER))
    done(cli("claim", ticket, "--as", "mo", now=LATER))
    assert done(cli("show", ticket, "--json", now=LATER)).records[0]["handover"] is not None
    done(cli("reply", ticket, "--text", SORRY.replace("^SB", "^MO"), "--as", "mo", "--yes", now=LATER))
    assert done(cli("show", ticket, "--json", now=LATER)).records[0]["handover"] is None
    told = [one for one in done(cli("log", ticket, "--json")).records if one["event"] == "released"]
    assert [one["data"] for one in told] == [{"note": NOTE, "to": "mo"}]


def test_to_nobody_it_waits_for_whoever_comes(cli: Cli, ticket: str) -> None:
    (record,) = done(cli("release", ticket, "--note", NOTE, "--as", "sb", "--json", now=LATER)).records
    assert (record["assignee"], record["handover"]["to"]) == (None, None)
    assert "handed over by sb, 2026" in done(cli("next", "--as", "mo", now=LATER)).out


def test_without_a_note_it_goes_on_all_the_same(cli: Cli, ticket: str) -> None:
    (record,) = done(cli("release", ticket, "--to", "mo", "--as", "sb", "--json", now=LATER)).records
    assert (record["assignee"], record["handover"]) == ("mo", None)


def test_again_changes_nothing(cli: Cli, ticket: str) -> None:
    done(cli("release", ticket, *TO_MO, now=LATER))
    before = journal(cli)
    done(cli("release", ticket, *TO_MO, now=LATER))
    assert journal(cli) == before
    planned = done(cli("release", ticket, "--note", "other", "--as", "mo", "--dry-run", "--json", now=LATER))
    assert planned.record["data"] == {"note": "other"}
    assert journal(cli) == before


def test_what_somebody_else_has_claimed_is_not_theirs_to_give(cli: Cli, ticket: str) -> None:
    refused = cli("release", ticket, "--to", "sb", "--note", NOTE, "--as", "mo", "--json", now=LATER)
    assert (refused.code, refused.error["message"]) == (6, f"ticket {ticket} is claimed by sb")


@pytest.mark.parametrize(
    ("words", "code"), [(("--to", "xx"), 5), (("--to", "sb"), 2), (("--note", "  "), 2), (("--note", ""), 2)]
)
def test_what_makes_no_sense(cli: Cli, ticket: str, words: tuple[str, ...], code: int) -> None:
    before = journal(cli)
    assert cli("release", ticket, *words, "--as", "sb", now=LATER).code == code
    assert journal(cli) == before


def test_several_with_one_note(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message(), message("m2", "@NorthlineAir seat?", "cust2"))
    records = done(cli("list", "--json", now=NOW)).out
    given = done(cli("release", "-", *TO_MO, "--json", input=records, now=LATER)).records
    assert [(one["assignee"], one["handover"]["note"]) for one in given] == [("mo", NOTE)] * 2


def test_a_hostile_note_moves_no_terminal(cli: Cli, ticket: str) -> None:
    done(cli("release", ticket, "--note", "\x1b[2Jgone\x07\u202e", "--to", "mo", "--as", "sb", now=LATER))
    shown = done(cli("show", ticket, now=LATER)).out + done(cli("log", ticket)).out
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_the_words_go_with_the_customer(cli: Cli, ticket: str) -> None:
    done(cli("release", ticket, *TO_MO, now=LATER))
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now=LATER))
    assert b"gate 7" not in journal(cli)
    (record,) = [
        one for one in done(cli("show", ticket, "--json", now=LATER)).records if one["type"] == "ticket"
    ]
    assert (record["handover"], record["assigned"]) == (None, "mo")
    (kept,) = [json.loads(one) for one in journal(cli).splitlines() if b'"released"' in one]
    assert kept["data"] == {"to": "mo"}
    assert done(cli("doctor", "--verify", "--json", now=LATER)).code == 0
