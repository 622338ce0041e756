"""The same command again, through the installed program."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.samples import NOW, TWO_AGENTS, answer, complaint, costly_answer, other_answer


@pytest.fixture
def ticket(cli: Cli) -> str:
    (cli.workspace / "policies.toml").write_text(TWO_AGENTS)
    cli.write("inbox.jsonl", complaint(1))
    assert cli("fetch", now=NOW).code == 0
    assert cli("triage", now=NOW).code == 0
    return str(cli("list", "--json", now=NOW).record["id"])


def reply(cli: Cli, ticket: str, text: str, *options: str) -> Run:
    return cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", *options, now=NOW)


def posts(cli: Cli) -> list[str]:
    return [post["text"] for post in cli.lines("outbox.jsonl")]


def waiting(cli: Cli) -> list[Any]:
    return cli("outbox", "--json").records


def test_the_same_words_are_the_same_draft(cli: Cli, ticket: str) -> None:
    runs = [reply(cli, ticket, answer(1)) for _ in range(3)]
    assert [run.code for run in runs] == [0, 0, 0]
    assert runs[0].records == runs[1].records == runs[2].records
    assert posts(cli) == [answer(1)]


def test_again_says_it_once_more_under_another_name(cli: Cli, ticket: str) -> None:
    first = reply(cli, ticket, answer(1))
    held_back = reply(cli, ticket, answer(1), "--again")
    assert (held_back.code, held_back.record["state"]) == (3, "refused")
    again = reply(cli, ticket, answer(1), "--again", "--allow", "repeat/duplicate", "--reason", "asked to")
    assert (again.code, again.record["state"]) == (0, "sent"), again.err
    assert again.record["id"] != first.record["id"]
    assert posts(cli) == [answer(1), answer(1)]
    assert reply(cli, ticket, answer(1)).record == first.record


def test_a_different_answer_to_what_is_answered_is_a_conflict(cli: Cli, ticket: str) -> None:
    reply(cli, ticket, answer(1))
    other = reply(cli, ticket, other_answer(1))
    assert (other.code, other.record["state"]) == (6, "parked")
    assert "--again" in other.error["hint"]
    assert posts(cli) == [answer(1)]
    assert [draft["text"] for draft in waiting(cli)] == [other_answer(1)]
    meant = reply(cli, ticket, other_answer(1), "--again")
    assert (meant.code, meant.record["id"]) == (0, other.record["id"])
    assert posts(cli) == [answer(1), other_answer(1)]
    assert waiting(cli) == []


def test_settle_leaves_a_conflict_to_a_person(cli: Cli, ticket: str) -> None:
    reply(cli, ticket, answer(1))
    reply(cli, ticket, other_answer(1))
    settled = cli("outbox", "--settle", "--as", "sb", "--json")
    assert (settled.code, settled.records) == (0, [])
    assert posts(cli) == [answer(1)]


def test_a_dry_run_writes_and_posts_nothing(cli: Cli, ticket: str) -> None:
    before = (cli.workspace / "queue.jsonl").read_bytes()
    planned = reply(cli, ticket, answer(1), "--dry-run")
    assert (planned.code, planned.record["state"]) == (0, "composed")
    assert (cli.workspace / "queue.jsonl").read_bytes() == before
    assert posts(cli) == []
    assert reply(cli, ticket, answer(1)).record["id"] == planned.record["id"]


def test_waiting_for_approval_is_waited_for_once(cli: Cli, ticket: str) -> None:
    runs = [reply(cli, ticket, costly_answer(1)) for _ in range(2)]
    assert [(run.code, run.record["state"]) for run in runs] == [(0, "awaiting-approval")] * 2
    assert runs[0].record["id"] == runs[1].record["id"]
    draft = runs[0].record["id"]
    own = cli("approve", draft, "--as", "sb", "--json", now=NOW)
    assert (own.code, posts(cli)) == (3, [])
    approved = [cli("approve", draft, "--as", "mo", "--json", now=NOW) for _ in range(2)]
    assert [(run.code, run.record["state"]) for run in approved] == [(0, "sent")] * 2
    assert reply(cli, ticket, costly_answer(1)).record["state"] == "sent"
    assert posts(cli) == [costly_answer(1)]


def test_an_edited_approval_run_again_is_the_same_approval(cli: Cli, ticket: str) -> None:
    draft = reply(cli, ticket, costly_answer(1)).record["id"]
    command = ("approve", draft, "--as", "mo", "--edit", answer(1), "--json")
    runs = [cli(*command, now=NOW) for _ in range(2)]
    assert [(run.code, run.record["text"]) for run in runs] == [(0, answer(1))] * 2
    assert posts(cli) == [answer(1)]
    other = cli("approve", draft, "--as", "mo", "--edit", other_answer(1), "--json", now=NOW)
    assert other.code == 6
    assert posts(cli) == [answer(1)]


def test_parking_is_no_way_round_approval(cli: Cli, ticket: str) -> None:
    """A draft that was parked before anybody could approve it still waits when it is said again."""
    first = reply(cli, ticket, costly_answer(1)).record["id"]
    second = f"{costly_answer(1)[:-4]} Promised. ^SB"
    assert reply(cli, ticket, second).record["state"] == "parked"
    assert cli("reject", first, "--reason", "no refunds here", "--as", "mo").code == 0
    said_again = reply(cli, ticket, second)
    assert (said_again.code, said_again.record["state"]) == (0, "awaiting-approval")
    assert reply(cli, ticket, second, "--again").record["state"] == "awaiting-approval"
    assert posts(cli) == []
    approved = cli("approve", said_again.record["id"], "--as", "mo", "--json", now=NOW)
    assert (approved.code, posts(cli)) == (0, [second]), approved.err


@pytest.mark.parametrize("by", ["reply", "approve", "outbox"])
def test_what_was_approved_and_held_up_needs_no_second_yes(cli: Cli, ticket: str, by: str) -> None:
    draft = reply(cli, ticket, costly_answer(1)).record["id"]
    approve = ("approve", draft, "--as", "mo", "--json")
    (cli.workspace / "outbox.jsonl").mkdir()
    held_up = cli(*approve, now=NOW)
    assert (held_up.code, held_up.record["state"]) == (75, "parked")
    (cli.workspace / "outbox.jsonl").rmdir()
    run = {
        "reply": lambda: reply(cli, ticket, costly_answer(1)),
        "approve": lambda: cli(*approve, now=NOW),
        "outbox": lambda: cli("outbox", "--settle", "--as", "sb", "--json", now=NOW),
    }[by]()
    assert (run.code, run.record["state"]) == (0, "sent"), run.err
    assert posts(cli) == [costly_answer(1)]


def test_a_rejected_draft_stays_rejected(cli: Cli, ticket: str) -> None:
    draft = reply(cli, ticket, costly_answer(1)).record["id"]
    assert cli("reject", draft, "--reason", "no refunds here", "--as", "mo").code == 0
    for options in ((), ("--again",)):
        once_more = reply(cli, ticket, costly_answer(1), *options)
        assert (once_more.code, once_more.record["state"]) == (3, "rejected")
    assert cli("approve", draft, "--as", "mo", "--json", now=NOW).code == 6
    assert posts(cli) == []
