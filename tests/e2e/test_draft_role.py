"""Whoever has the role "draft" posts by no road, whatever they are told; what they wrote takes somebody else's yes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, NOW, SORRY, TWO_ACCOUNTS, done, journal, message, policy, queued

TEAM = """
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"

[[agents]]
id = "bot"
name = "Draft Writer"
initials = "DW"
role = "draft"
"""
MINE = SORRY.replace("^SB", "^DW")
SPAM = "@NorthlineAir Buy cheap followers now!!! http://win-big.example/free http://win-big.example/now"


@pytest.fixture
def ticket(cli: Cli) -> str:
    policy(cli, TWO_ACCOUNTS + TEAM)
    return queued(cli, message(), message("m2", text=SPAM, handle="spammer"))


def bot(cli: Cli, *args: str, env: dict[str, str] | None = None) -> Run:
    return cli(*args, "--as", "bot", now=LATER, env=env)


def nothing_left(cli: Cli) -> bool:
    """No post anywhere, and no event that says so."""
    events = {one["event"] for one in cli.lines("queue.jsonl")}
    told = {"intended", "sent", "done", "restricted", "approved"} & events
    return not told and not cli.lines("outbox.jsonl") and not cli.lines("press-outbox.jsonl")


VERBS: dict[str, tuple[str, ...]] = {
    "reply": ("reply", "{ticket}", "--text", MINE, "--yes"),
    "reply again": ("reply", "{ticket}", "--text", MINE, "--yes", "--again"),
    "reply from a template": ("reply", "{ticket}", "-t", "apology", "-t", "dm-request", "--yes"),
    "reply later": ("reply", "{ticket}", "--text", MINE, "--yes", "--in", "1s"),
    "reply anyway": ("reply", "{ticket}", "--text", MINE, "--yes", "--now-anyway"),
    "move-offline": ("move-offline", "{ticket}", "--to", "email", "--yes"),
    "statement": ("statement", "--account", "press", "--text", "Check-in is down. More by 10:40.", "--yes"),
    "done": ("done", "{ticket}", "--url", "https://northline.example/1"),
    "block": ("block", "@spammer", "--reason", "spam", "--rung", "block", "--yes"),
    "settle": ("outbox", "--settle"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_posts(cli: Cli, ticket: str, verb: str) -> None:
    assert bot(cli, *(part.format(ticket=ticket) for part in VERBS[verb])).code in (0, 3)
    bot(cli, "outbox", "--settle")
    for draft in done(cli("outbox", "--json", now=LATER)).records:
        assert draft["state"] in ("awaiting-approval", "refused", "by-hand")
        assert bot(cli, "approve", draft["id"]).code == 3
    assert nothing_left(cli)


def test_what_others_wrote_is_neither_put_off_nor_ended(cli: Cli, ticket: str) -> None:
    call = ("reply", ticket, "--text", SORRY, "--yes")
    draft = done(cli(*call, "--in", "1h", "--as", "sb", "--json", now=LATER)).record
    before = journal(cli)
    for args in ((*call, "--in", "9d"), ("reject", draft["id"], "--reason", "no"), ("recall", draft["id"])):
        assert bot(cli, *args).code == 3
    assert journal(cli) == before


def test_the_thanks_at_the_end_wait_too(cli: Cli) -> None:
    policy(cli, TWO_ACCOUNTS + TEAM)
    ticket = queued(cli)
    told = message("m3", text="Here you are", in_reply_to="m1", visibility="direct", created_at=NOW)
    with (cli.workspace / "inbox.jsonl").open("a") as inbox:
        inbox.write(json.dumps(told) + "\n")
    done(cli("fetch", now=LATER))
    text = "Found it, and so sorry: it is on the next flight to you. ^SB"
    call = ("reply", ticket, "--text", text, "--as", "sb", "--yes", "--again")
    done(cli(*call, now=LATER))
    before = len(cli.lines("outbox.jsonl"))
    bot(cli, "resolve", ticket, "--outcome", "fixed", "--yes")
    assert len(cli.lines("outbox.jsonl")) == before


def interrupted(cli: Cli, ticket: str) -> dict[str, Any]:
    call = ("reply", ticket, "--text", SORRY, "--as", "sb", "--yes")
    assert cli(*call, now=LATER, env={"SOCIALCLI_FAIL_POINT": "post:intended"}).code == -9
    (draft,) = done(cli("outbox", "--json", now=LATER)).records
    return dict(draft)


def test_what_somebody_else_left_is_not_finished(cli: Cli, ticket: str) -> None:
    interrupted(cli, ticket)
    assert bot(cli, "outbox", "--settle").code == 3
    assert bot(cli, "reply", ticket, "--text", SORRY, "--yes").code == 3
    assert cli.lines("outbox.jsonl") == []


def test_what_is_put_off_is_not_posted(cli: Cli, ticket: str) -> None:
    call = ("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--in", "1s")
    done(cli(*call, now=NOW))
    assert bot(cli, "outbox", "--settle").code == 3
    assert bot(cli, "reply", ticket, "--text", SORRY, "--yes", "--now-anyway").code == 3
    assert cli.lines("outbox.jsonl") == []


def test_what_they_wrote_before_they_lost_the_right(cli: Cli, ticket: str) -> None:
    call = ("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--in", "1m")
    done(cli(*call, now=NOW))
    less = TEAM.replace('initials = "SB"', 'initials = "SB"\nrole = "draft"')
    policy(cli, TWO_ACCOUNTS + less + '\n[[agents]]\nid = "mo"\nname = "Mina Okafor"\ninitials = "MO"\n')
    assert cli("outbox", "--settle", "--as", "mo", now="2026-11-20T10:10:00Z").code == 3
    assert cli.lines("outbox.jsonl") == []


def test_the_environment_pins_who_only_drafts(cli: Cli, ticket: str) -> None:
    """A program that was started as a draft writer cannot call itself somebody else."""
    before = journal(cli)
    run = cli(
        "reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json",
        now=LATER, env={"SOCIALCLI_AGENT": "bot"},
    )  # fmt: skip
    assert (run.code, journal(cli)) == (3, before)
    assert cli("list", "--assignee", "sb", now=LATER, env={"SOCIALCLI_AGENT": "bot"}).code == 0
    same = cli("reply", ticket, "--text", MINE, "--yes", "--json", now=LATER, env={"SOCIALCLI_AGENT": "bot"})
    assert done(same).record["state"] == "awaiting-approval"
    assert done(cli("approve", same.record["id"], "--as", "sb", now=LATER)).code == 0
    assert len(cli.lines("outbox.jsonl")) == 1
