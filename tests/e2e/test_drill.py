"""Practice from outside: the airline case, on the terminal, from a file, and with the commands of every day."""

from __future__ import annotations

import tomllib
from typing import Any

import pexpect
import pytest

from socialcli.practising.cases import SHIPPED
from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import done

AIRLINE: dict[str, Any] = tomllib.loads((SHIPPED / "airline.toml").read_text())


def lost(score: Any) -> dict[str, str]:
    """The criteria that lack points, with the reason."""
    return {part["criterion"]: part["why"] for part in score["parts"] if part["points"] < part["of"]}


def test_the_airline_that_answered_at_noon_is_told_all_four_of_its_faults(cli: Cli) -> None:
    """Asked at nine in the evening, answered at noon, told to repeat, half an hour of silence, a useless number."""
    cli.write("poor.jsonl", *AIRLINE["poor"])
    score = done(
        cli("drill", "airline", "--answers", "poor.jsonl", "--json", now="2026-11-20T10:00:00Z")
    ).record
    faults = lost(score)
    assert "asked Tue 21:00, high, answered Wed 12:00, after 15h00m" in faults["first-answer"]
    assert 'asks for what is known: "NL417"' in faults["repeat"]
    assert "32m of silence from Wed 12:15 to Wed 12:47" in faults["silence"]
    assert "a number to call, and no answer beside it" in faults["useless-number"]
    good = {part["criterion"]: part["good"] for part in score["parts"]}
    assert "an answer by Tue 22:00" in good["first-answer"]
    assert "Your bag was left in Porto" in good["useless-number"]


def test_the_airline_at_its_best_has_every_point(cli: Cli) -> None:
    cli.write("good.jsonl", *AIRLINE["good"])
    score = done(cli("drill", "airline", "--answers", "good.jsonl", "--json")).record
    assert (lost(score), score["points"]) == ({}, score["of"])


def test_with_the_commands_of_every_day_on_the_file_channel(cli: Cli) -> None:
    """The case as a workspace: fetched, triaged and answered with --now, then scored as it stands in the queue."""
    done(cli("drill", "airline", "--to", "practice"))
    bag = Cli(cli.workspace / "practice", cli.home)
    first, second = (one["text"] for one in AIRLINE["good"])
    for now, text in (("2026-03-10T21:09:00Z", first), ("2026-03-10T21:21:00Z", second)):
        done(bag("fetch", now=now))
        done(bag("triage", now=now))
        (ticket,) = done(bag("list", "--json", now=now)).records
        done(bag("reply", ticket["id"], "--text", text, "--as", "sb", "--yes", now=now))
    talk = done(bag("show", ticket["id"], "--json", now="2026-03-10T22:00:00Z")).out
    score = done(cli("drill", "airline", "--score", "-", "--json", input=talk)).record
    assert (score["case"], lost(score), score["points"]) == ("airline", {}, score["of"])
    plain = done(bag("drill", "--score", "-", "--json", input=talk)).record
    assert (plain["case"], lost(plain)) == ("conversation", {})
    assert {"facts", "right-act"}.isdisjoint(part["criterion"] for part in plain["parts"])


def test_a_case_is_laid_out_only_where_nothing_is(cli: Cli) -> None:
    done(cli("drill", "airline", "--to", "practice"))
    run = cli("drill", "bank", "--to", "practice")
    assert (run.code, "is there already" in run.err) == (2, True)
    assert "Northline Air" in (cli.workspace / "practice" / "policies.toml").read_text()


def test_to_be_laid_out_is_only_planned_with_dry_run(cli: Cli) -> None:
    records = done(cli("drill", "airline", "--to", "practice", "--dry-run", "--json")).records
    assert [(one["type"], one["state"]) for one in records] == [("file", "planned")] * 2
    assert not (cli.workspace / "practice").exists()


def test_no_practice_workspace_has_a_road_to_the_outside(cli: Cli) -> None:
    """A case without a policy is laid out with the workspace's, whose second account posts for real."""
    file = '[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "NorthlineAir"\nrole = "service"\n'
    live = file.replace("support", "live").replace('"file"', '"x"')
    (cli.workspace / "policies.toml").write_text(file + live)
    (cli.workspace / "scarf.toml").write_text(
        'title = "A scarf"\nabout = "Lost"\ngood = []\nmessages = [{at = "2026-03-10T10:00:00Z", text = "Hi"}]\n'
    )
    run = cli("drill", "scarf", "--dir", ".", "--to", "practice")
    assert (run.code, 'account "live" is no practice' in run.err) == (2, True), run.err
    assert not (cli.workspace / "practice").exists()


def on_a_terminal(cli: Cli, *args: str, term: str = "dumb") -> pexpect.spawn[str]:
    command, *rest = cli.arguments("drill", *args)
    return pexpect.spawn(
        command,
        rest,
        env={**cli.env, "TERM": term, "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        cwd=str(cli.workspace),
        timeout=PATIENCE,
        dimensions=(60, 200),
    )


def test_on_a_terminal_the_case_comes_message_by_message(cli: Cli) -> None:
    child = on_a_terminal(cli, "airline")
    child.expect_exact("You know: Her bag is on its way")
    child.expect_exact("[Tue 21:00] @ruth_kemp:")
    child.expect_exact("answer, offline, hand-on or pass? [answer]")
    child.sendline("offline")
    child.expect_exact("You say:")
    child.sendline(AIRLINE["good"][0]["text"])
    child.expect_exact("How long did it take? [5m]")
    child.sendline("soon")
    child.expect_exact("at: ")  # what is no time is asked for anew
    child.expect_exact("How long did it take? [5m]")
    child.sendline("9m")
    child.expect_exact("[Tue 21:13, direct] @ruth_kemp:")
    child.expect_exact("answer, offline, hand-on or pass? [answer]")
    child.sendline("")
    child.expect_exact("You say:")
    child.sendline(AIRLINE["good"][1]["text"])
    child.expect_exact("How long did it take? [5m]")
    child.sendline("")
    child.expect_exact("Nothing more comes by itself. You say (Enter alone: the end):")
    child.sendline("")
    child.expect_exact("airline: 140 of 140 points")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_who_passes_over_a_question_is_asked_again_by_the_customer(cli: Cli) -> None:
    child = on_a_terminal(cli, "spam", "--live")
    child.expect_exact("answer, offline, hand-on or pass? [answer]")
    child.sendline("p")
    child.expect_exact("Real question: how long is a gift card valid?")
    child.expect_exact("answer, offline, hand-on or pass? [answer]")
    child.sendline("a")
    child.expect_exact("You say:")
    child.sendline("@bargain_bee Two years from the day it was bought. ^NM")
    child.expect_exact("the end):")
    child.sendline("")
    child.expect(r"right-act\s+10/10")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_on_a_terminal_that_edits_lines_what_is_typed_is_what_counts(cli: Cli) -> None:
    child = on_a_terminal(cli, "spam", term="xterm")
    child.expect_exact("hand-on or pass? [answer]")
    child.send("pass\r")
    child.expect_exact("How long did it take? [5m]")
    child.send("1m\r")
    child.expect_exact("Real question: how long is a gift card valid?")
    child.expect_exact("hand-on or pass? [answer]")
    child.send("\r")
    child.expect_exact("You say:")
    child.send("@bargain_bee I'm sorry to hear that. Two years from the day it was bought. ^NM\r")
    child.expect_exact("How long did it take? [5m]")
    child.send("\r")
    child.expect_exact("the end):")
    child.send("\r")
    child.expect_exact("spam: 140 of 140 points")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_end_it(cli: Cli, key: str) -> None:
    child = on_a_terminal(cli, "airline")
    child.expect_exact("answer, offline, hand-on or pass? [answer]")
    child.send(key)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
