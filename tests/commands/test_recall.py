"""``recall``: take a draft back before it goes out."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, collect
from tests.e2e.staging import LATER, MONEY, SORRY, TWO_AGENTS, done, journal, policy, queued

TEAM = f"""{TWO_AGENTS}
[[agents]]
id = "ab"
name = "Ada Brook"
initials = "AB"
"""


@pytest.fixture
def desk(cli: Cli) -> tuple[Cli, str]:
    policy(cli, TEAM)
    return cli, queued(cli)


def say(cli: Cli, ticket: str, text: str, *more: str, now: str = LATER) -> str:
    """The draft that Sam wrote."""
    run = done(cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", *more, now=now))
    return str(run.record["id"])


def recall(cli: Cli, draft: str, *more: str, agent: str = "sb") -> str:
    return str(done(cli("recall", draft, "--as", agent, "--json", *more, now=LATER)).record["state"])


def test_what_waits_for_a_yes_is_never_posted(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, MONEY)
    assert recall(cli, draft, "--reason", "wrong sum") == "recalled"
    run = cli("approve", draft, "--as", "mo", "--json", now=LATER)
    assert (run.code, run.error["code"]) == (6, 6)
    assert done(cli("outbox", "--settle", "--as", "mo", "--json", now=LATER)).records == []
    assert cli.lines("outbox.jsonl") == []
    (kept,) = done(cli("outbox", "--as", "sb", "--json", now=LATER)).records
    assert (kept["id"], kept["text"], kept["reason"]) == (draft, MONEY, "wrong sum")
    assert done(cli("show", ticket, "--json", now=LATER)).records[0]["status"] == "open"


def test_one_that_is_approved_loses_its_yes(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, MONEY)
    done(cli("approve", draft, "--no-post", "--as", "mo", now=LATER))
    assert recall(cli, draft, agent="mo") == "recalled"
    again = cli("reply", ticket, "--text", MONEY, "--as", "sb", "--yes", "--again", "--json", now=LATER)
    assert (done(again).record["id"], again.record["state"]) == (draft, "awaiting-approval")
    assert done(cli("approve", draft, "--as", "mo", "--json", now=LATER)).record["state"] == "sent"


def test_the_same_is_said_anew_only_on_purpose(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, SORRY, "--in", "1h")
    assert recall(cli, draft) == "recalled"
    refused = cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", now=LATER)
    assert (refused.code, cli.lines("outbox.jsonl")) == (3, [])
    assert "--again" in refused.error["hint"]
    assert say(cli, ticket, SORRY, "--again") == draft
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [SORRY]
    assert cli("recall", draft, "--as", "sb", "--json", now=LATER).error["code"] == 6


def test_other_words_may_go_out_at_once(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    recall(cli, say(cli, ticket, SORRY, "--in", "1h"))
    say(cli, ticket, SORRY.replace("now", "today"))
    assert len(cli.lines("outbox.jsonl")) == 1


def test_recalling_twice_changes_nothing(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, MONEY)
    recall(cli, draft)
    before = journal(cli)
    assert recall(cli, draft) == "recalled"
    assert journal(cli) == before


def test_only_its_author_or_a_lead(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, MONEY)
    run = cli("recall", draft, "--as", "ab", "--json", now=LATER)
    assert (run.code, run.error["hint"]) == (3, "--as sb|mo")
    assert recall(cli, draft, agent="mo") == "recalled"


def test_the_plan_writes_nothing(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, MONEY)
    before = journal(cli)
    done(cli("recall", draft, "--as", "sb", "--dry-run", now=LATER))
    assert journal(cli) == before


def test_what_went_out_is_corrected_instead(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, SORRY)
    run = cli("recall", draft, "--as", "sb", "--json", now=LATER)
    assert (run.code, "--correct" in run.error["hint"]) == (6, True)


def test_what_is_on_its_way_is_not_recalled(desk: tuple[Cli, str]) -> None:
    cli, ticket = desk
    call = ("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json")
    assert cli(*call, now=LATER, env={"SOCIALCLI_FAIL_POINT": "post:intended"}).code == -9
    (draft,) = done(cli("outbox", "--json", now=LATER)).records
    assert cli("recall", draft["id"], "--as", "sb", now=LATER).code == 6
    assert done(cli("outbox", "--settle", "--as", "sb", "--json", now=LATER)).record["state"] == "sent"


@pytest.mark.parametrize("turn", range(3))
def test_a_recall_and_a_post_at_one_moment_have_one_winner(desk: tuple[Cli, str], turn: int) -> None:
    cli, ticket = desk
    draft = say(cli, ticket, SORRY, "--in", "1m")
    due = "2026-11-20T10:10:00Z"
    calls = [("outbox", "--settle"), ("recall", draft)]
    started = [cli.start(*call, "--as", "sb", "--json", now=due) for call in calls[:: 1 if turn % 2 else -1]]
    ends = [collect(one) for one in started]
    told = [one["event"] for one in cli.lines("queue.jsonl") if one["data"].get("draft") == draft]
    won = "sent" if "sent" in told else "recalled"
    assert (won in told, {"sent", "recalled"} <= set(told)) == (True, False)
    assert len(cli.lines("outbox.jsonl")) == (won == "sent")
    assert sorted(one.code for one in ends) in ([0, 0], [0, 3], [0, 6])
