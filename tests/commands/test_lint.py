"""``lint``: only the check."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, done, journal, queued


def test_every_shipped_template_may_go_out(cli: Cli) -> None:
    records = done(cli("lint", "--templates", "--json")).records
    assert {"apology", "dm-request", "livechat", "holding", "thanks", "acknowledgement", "hand-off"} <= {
        one["template"] for one in records
    }
    assert all(one["check"]["ok"] for one in records)


@pytest.mark.parametrize("rule", ["text/empty", "length/over-limit", "signoff/missing", "privacy/discloses"])
def test_a_rule_is_explained_with_examples(cli: Cli, rule: str) -> None:
    record = done(cli("lint", "--explain", rule, "--json")).record
    assert (record["id"], record["level"]) == (rule, "error")
    assert record["why"]
    assert record["bad"]


def test_several_files_are_several_checks(cli: Cli) -> None:
    for name, text in (("a.txt", "Hello ^SB"), ("b.txt", "Hello")):
        (cli.workspace / name).write_text(text, encoding="utf-8")
    run = cli("lint", "a.txt", "b.txt", "--json")
    assert (run.code, [one["ok"] for one in run.records]) == (3, [True, False])


def test_networks_count_in_their_own_way(cli: Cli) -> None:
    text = "a" * 296 + " ^SB"
    ok = {
        network: cli("lint", "--text", text, "--network", network, "--json").record["length"]["limit"]
        for network in ("x", "bluesky", "mastodon")
    }
    assert ok == {"x": 280, "bluesky": 300, "mastodon": 500}
    assert cli("lint", "--text", text, "--network", "x").code == 3
    assert cli("lint", "--text", text, "--network", "mastodon").code == 0
    assert cli("lint", "--text", text, "--direct", "--json").record["length"]["limit"] == 10_000


def test_of_a_ticket_it_knows_the_customer(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    text = "@cust2 So sorry about your bag. ^SB"
    assert cli("lint", "--text", text, "--ticket", ticket, now=LATER).code == 3
    assert cli("lint", "--text", text.replace("cust2", "cust1"), "--ticket", ticket, now=LATER).code == 0
    assert journal(cli) == before


def test_a_level_may_be_changed(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[checks]\n"signoff/missing" = "info"\n', encoding="utf-8")
    run = done(cli("lint", "--text", "Hello", "--json"))
    assert [(one["rule"], one["level"]) for one in run.record["findings"]] == [("signoff/missing", "info")]
    (cli.workspace / "policies.toml").write_text('[checks]\n"signoff/mising" = "info"\n', encoding="utf-8")
    wrong = cli("lint", "--text", "Hello")
    assert wrong.code == 7
    assert "signoff/missing" in wrong.err


@pytest.mark.parametrize("levels", [200, 400, 600, 1000, 5000])
def test_a_record_nested_without_end_is_an_error_in_its_place(cli: Cli, levels: int) -> None:
    deep = "[" * levels + "]" * levels
    bad = '{"text":"x","card":{"a":' + deep + "}}\n"
    worse = '{"text":"x","thread":[{"text":"hi","more":' + deep + "}]}\n"
    good = '{"text":"Hello ^SB"}\n'
    run = cli("lint", "--records", "--json", input=good + bad + worse + good)
    assert len(run.records) == 4
    assert [run.records[place]["type"] for place in (0, 3)] == ["check", "check"]
    if levels >= 1000:
        assert run.code == 7
        assert [one["type"] for one in run.records] == ["check", "error", "error", "check"]
        assert all("nested too deeply" in one["message"] for one in run.records[1:3])
