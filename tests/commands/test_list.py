"""``list``: the most pressing first."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import NOW, TWO_AGENTS, done, message, policy, queued

ROWS = (
    message("m1", "Thanks for the lovely flight, @NorthlineAir!", "cust1"),
    message("m2", "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!", "cust2"),
    message("m3", "@NorthlineAir how much does a second bag cost?", "cust3"),
)


def handles(cli: Cli, *arguments: str) -> list[str]:
    return [one["customer"]["handle"] for one in done(cli("list", "--json", *arguments, now=NOW)).records]


def test_the_most_pressing_first(cli: Cli) -> None:
    queued(cli, *ROWS)
    assert handles(cli)[0] == "cust2"
    assert handles(cli, "--priority", "urgent") == ["cust2"]
    assert handles(cli, "--kind", "praise") == ["cust1"]
    assert handles(cli, "--kind", "question") == ["cust3"]
    assert sorted(handles(cli)) == ["cust1", "cust2", "cust3"]


def test_sorted_by_deadline_and_by_age(cli: Cli) -> None:
    old = message(
        "m4", "@NorthlineAir what time does the desk open?", "cust4", created_at="2026-11-20T09:00:00Z"
    )
    queued(cli, *ROWS, old)
    assert handles(cli, "--sort", "received")[0] == "cust4"
    due = [one["due_at"] for one in cli("list", "--sort", "due", "--json", now=NOW).records]
    known = [one for one in due if one is not None]
    assert known == sorted(known)
    assert due[: len(known)] == known  # without a deadline: last


def test_by_assignee(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, *ROWS)
    done(cli("claim", ticket, "--as", "mo", now=NOW))
    assert len(handles(cli, "--assignee", "mo")) == 1
    assert handles(cli, "--assignee", "sb") == []


def test_urgent_is_no_word_for_status(cli: Cli) -> None:
    assert cli("list", "--status", "urgent").code == 2
    assert cli("list", "--priority", "open").code == 2
    assert cli("list", "--sort", "size").code == 2
