"""Values of keys, seen from outside: K2, K7, K12, K15, and "stop" in each of the six languages."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, TWO_AGENTS, done, message, policy, queued

STOPS = {
    "en": "please stop messaging me",
    "es": "No me escriban más",
    "de": "Lasst mich in Ruhe",
    "fr": "Ne m'écrivez plus",
    "it": "Non scrivetemi più",
    "pt": "Parem de me mandar mensagens",
}
NIGHT = "2026-11-20T22:00:00Z"
CLOSED = '[brand]\ntime_zone = "UTC"\n[hours]\ncoverage = "hours"\n[triage]\nurgent = 100\n'
HOLDING = "@cust1 So sorry about your bag. We are looking into it and will get back to you. ^SB"
STATEMENT = ("-t", "statement-identified", "--set", "what=the app", "--set", "next_update=11:00")


@pytest.mark.parametrize("language", sorted(STOPS))
def test_stop_is_honoured_in_each_language(cli: Cli, language: str) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    stop = message("m9", f"@NorthlineAir {STOPS[language]}", created_at="2026-11-20T10:07:00Z")
    with (cli.workspace / "inbox.jsonl").open("a", encoding="utf-8") as inbox:
        inbox.write(json.dumps(stop) + "\n")
    done(cli("fetch", now="2026-11-20T10:08:00Z"))
    run = cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", now="2026-11-20T10:10:00Z")
    assert (run.code, "asked for no more messages" in run.error["message"]) == (3, True)
    assert cli.lines("outbox.jsonl") == []


@pytest.mark.parametrize(("hold", "state"), [("true", "scheduled"), ("false", "sent")])
def test_a_reply_written_at_night_waits_or_not(cli: Cli, hold: str, state: str) -> None:
    policy(cli, f"{TWO_AGENTS}{CLOSED}[reply]\nhold_outside_hours = {hold}\n")
    reply = ("reply", queued(cli), "--text", SORRY, "--as", "sb", "--yes", "--json")
    assert done(cli(*reply, now=NIGHT)).record["state"] == state


@pytest.mark.parametrize(
    ("after", "until"), [("2h", "2026-11-20T12:06:00Z"), ("30m", "2026-11-20T10:36:00Z")]
)
def test_a_promise_without_a_time_is_due_when_the_policy_says(cli: Cli, after: str, until: str) -> None:
    policy(cli, f'{TWO_AGENTS}[promise]\nafter_holding = "{after}"\n')
    done(cli("reply", queued(cli), "--text", HOLDING, "--as", "sb", "--yes", now=LATER))
    assert done(cli("due", "--json", now=LATER)).record["until"] == until


@pytest.mark.parametrize(("allowed", "told"), [("[]", True), ('["bit.ly"]', False)])
def test_a_short_link_hides_where_it_leads(cli: Cli, allowed: str, told: bool) -> None:
    policy(cli, f"[links]\nshorteners = {allowed}\n")
    found = cli("lint", "--text", "Here is how: https://bit.ly/3x ^SB", "--json", now=NOW).record["findings"]
    assert ("links/shortener" in [one["rule"] for one in found]) is told


@pytest.mark.parametrize(("when", "state"), [(["statement"], "awaiting-approval"), (["money"], "sent")])
def test_a_statement_waits_for_a_yes_or_not(cli: Cli, when: list[str], state: str) -> None:
    policy(cli, f"{TWO_AGENTS}[approval]\nwhen = {json.dumps(when)}\n")
    run = cli("reply", queued(cli), *STATEMENT, "--as", "sb", "--yes", "--json", now=LATER)
    assert done(run).record["state"] == state


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ('kinds = ["complaint"]', "awaiting-approval"),
        ('kinds = ["praise"]', "sent"),
        ('priorities = ["urgent"]', "awaiting-approval"),
        ('priorities = ["low"]', "sent"),
        ('authors = ["sb"]', "awaiting-approval"),
        ('authors = ["mo"]', "sent"),
        ('words = ["trace it"]', "awaiting-approval"),
        ('words = ["solidarity fund"]', "sent"),
    ],
)
def test_whose_answers_need_a_yes(cli: Cli, key: str, state: str) -> None:
    policy(cli, f"{TWO_AGENTS}[approval]\nwhen = []\n{key}\n")
    run = cli("reply", queued(cli), "--text", SORRY, "--as", "sb", "--yes", "--json", now=LATER)
    assert done(run).record["state"] == state
