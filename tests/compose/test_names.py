"""The names of the rules are a contract with every policies.toml."""

from __future__ import annotations

from tests.conftest import Cli


def test_a_policy_may_name_rules(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[checks]\n"tone/jargon" = "off"\n"tone/emoji" = "off"\n')
    assert cli("lint", "--text", "Thanks, Marta! ^SB", "--json").record["ok"] is True


def test_a_name_that_is_none_is_a_mistake(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[checks]\n"tone/jargo" = "off"\n')
    run = cli("lint", "--text", "Thanks, Marta! ^SB", "--json")
    assert (run.code, run.out) == (7, "")
    assert "tone/jargo" in run.error["message"]
