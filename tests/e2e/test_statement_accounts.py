"""A statement through two accounts on the file channel and one on X, one of which fails: the others go out, exit 8,
and the same call posts only what is missing.
"""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import TWO_ACCOUNTS, TWO_AGENTS, done, policy
from tests.servers.x.network import XNetwork

NOW = "2026-11-20T10:06:00Z"
LATER = "2026-11-20T10:09:00Z"
ALL = ("--account", "support", "--account", "press", "--account", "main")
WHAT = ("--set", "what=the login")
FREE = '[approval]\nwhen = ["money"]\n'


@pytest.fixture
def desk(cli: Cli, x_network: XNetwork) -> Cli:
    """Three accounts that may speak."""
    cli.env |= x_network.env("main")
    main = f'[[accounts]]\nname = "main"\nnetwork = "x"\nhandle = "NorthlineAir"\nbase_url = "{x_network.base_url}"\n'
    policy(
        cli, TWO_ACCOUNTS + main + 'timeout = "2s"\n' + TWO_AGENTS + '[outbox]\nsettle_after = "0s"\n' + FREE
    )
    x_network.set_clock(NOW)
    return cli


def say(cli: Cli, *more: str, now: str = NOW, who: str = "sb") -> Run:
    return cli("statement", *ALL, *(more or WHAT), "--as", who, "--yes", "--json", now=now)


def said(cli: Cli, network: XNetwork) -> dict[str, list[str]]:
    """What stands on each account."""
    return {
        "support": [one["text"] for one in cli.lines("outbox.jsonl")],
        "press": [one["text"] for one in cli.lines("press-outbox.jsonl")],
        "main": [post.sent for post in network.posts("NorthlineAir")],
    }


@pytest.mark.parametrize("kind", ["503", "accepted-503"])
def test_where_the_network_fails_for_one_only_that_one_is_missing(
    desk: Cli, x_network: XNetwork, kind: str
) -> None:
    x_network.fault("POST tweets", kind)
    run = say(desk)
    assert (run.code, run.error["code"]) == (8, 8)
    assert [one["state"] for one in run.records] == ["sent", "sent", "unknown"]
    assert run.error["message"].startswith("1 of 3 did not go out:\n  main: ")
    assert [len(texts) for texts in said(desk, x_network).values()] == [1, 1, int(kind == "accepted-503")]
    again = said_in_the_end(desk)
    assert [one["text"] for one in again.records] == [one["text"] for one in run.records]
    assert {len(texts) for texts in said(desk, x_network).values()} == {1}
    assert len({text for texts in said(desk, x_network).values() for text in texts}) == 3


def said_in_the_end(cli: Cli) -> Run:
    """The same call once more, and again: what X does not show is believed missing when it was looked up twice."""
    say(cli, now=LATER)
    run = done(say(cli, now=LATER))
    assert {one["state"] for one in run.records} == {"sent"}
    return run


def test_where_a_file_fails_the_network_is_told_all_the_same(desk: Cli, x_network: XNetwork) -> None:
    (desk.workspace / "press-outbox.jsonl").mkdir()
    run = say(desk)
    assert run.code == 8
    assert [one["state"] for one in run.records] == ["sent", "parked", "sent"]
    (desk.workspace / "press-outbox.jsonl").rmdir()
    assert {one["state"] for one in done(say(desk, now=LATER, who="mo")).records} == {"sent"}
    assert {len(texts) for texts in said(desk, x_network).values()} == {1}


def test_a_run_that_was_killed_between_two_accounts_is_finished(desk: Cli, x_network: XNetwork) -> None:
    call = ("statement", *ALL, *WHAT, "--as", "sb", "--yes")
    assert desk(*call, now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:intended@3"}).code == -9
    assert [len(texts) for texts in said(desk, x_network).values()] == [1, 1, 0]
    said_in_the_end(desk)
    assert {len(texts) for texts in said(desk, x_network).values()} == {1}


def test_nearly_the_same_is_refused_across_networks(desk: Cli, x_network: XNetwork) -> None:
    one = "The login is down. We are sorry, and we are looking for the cause. More here by 10:40."
    other = "Sorry to all who try to log in today: it fails. Engineers are on it. News follows by 10:40."
    alike = "The login is DOWN. We are sorry, and are looking for the cause! More here by 10:40."
    run = say(desk, "--text", one, "--text", other, "--text", alike)
    assert run.code == 3
    assert "never the same text across accounts" in run.error["message"]
    assert {len(texts) for texts in said(desk, x_network).values()} == {0}
