"""The moment in which a reply can be taken back, at a terminal."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, SORRY, done, policy, queued
from tests.e2e.test_terminal import CTRL_C, ENTER, Terminal


@pytest.fixture
def ticket(cli: Cli) -> str:
    policy(cli, '[outbox]\nundo = "10m"\n')
    return queued(cli)


def at_terminal(cli: Cli, ticket: str) -> Terminal:
    """The program in that moment."""
    terminal = Terminal(cli, "reply", ticket, "--text", SORRY)
    terminal.until("Post it?")
    terminal.type("y")
    terminal.type(ENTER)
    terminal.until("takes it back")
    return terminal


def state(cli: Cli) -> str:
    (draft,) = done(cli("outbox", "--json", now=LATER)).records
    return str(draft["state"])


@pytest.mark.parametrize(("keys", "code"), [("u\r", 0), (CTRL_C, 130)])
def test_it_is_taken_back(cli: Cli, ticket: str, keys: str, code: int) -> None:
    terminal = at_terminal(cli, ticket)
    terminal.type(keys)
    assert terminal.end() == code
    assert (state(cli), cli.lines("outbox.jsonl")) == ("recalled", [])
    refused = cli("reply", ticket, "--text", SORRY, "--yes", now=LATER)
    assert refused.code == 3
    done(cli("reply", ticket, "--text", SORRY, "--yes", "--again", now=LATER))
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [SORRY]


def test_a_terminal_that_closes_loses_nothing(cli: Cli, ticket: str) -> None:
    at_terminal(cli, ticket).signal(9)
    assert (state(cli), cli.lines("outbox.jsonl")) == ("scheduled", [])
    settled = done(cli("outbox", "--settle", "--json", now="2026-11-20T10:16:00Z"))
    assert settled.record["state"] == "sent"


def test_it_is_posted_when_the_moment_is_over(cli: Cli, ticket: str) -> None:
    policy(cli, '[outbox]\nundo = "1s"\n')
    terminal = at_terminal(cli, ticket)
    assert terminal.end() == 0
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [SORRY]


def test_a_script_posts_at_once(cli: Cli, ticket: str) -> None:
    assert done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER)).record["state"] == "sent"


def test_longer_than_ten_minutes_is_a_mistake(cli: Cli) -> None:
    policy(cli, '[outbox]\nundo = "11m"\n')
    run = cli("outbox", now=LATER)
    assert (run.code, "outbox.undo" in run.err) == (7, True)
