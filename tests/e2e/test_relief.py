"""Whoever had to read much abuse is spared the next of it, as long as somebody else is there."""

from __future__ import annotations

import shutil
from typing import Any

import pexpect
import pytest

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, message, policy, queued

INSULT = "@NorthlineAir you are worthless idiots, my bag never arrived"
POLITE = "@NorthlineAir my bag never arrived from flight NL218. Where is it?"
OVER = "2026-11-20T12:06:00Z"  # two hours after LATER
FOLDED = "[folded: abuse; show --unfold]"
RELIEVED = "you have had a lot of abuse to read: until 2026-11-20T12:06:00Z"


def answer(number: int) -> str:
    words = ("So sorry about your bag.", "We are sorry it is late.", "Our apologies for the wait.")[
        number % 3
    ]
    return f"@cust{number} {words} Please DM us the tag number {number}0 and we will trace it now. ^SB"


def rows(insults: int, polite: int = 0) -> list[dict[str, Any]]:
    """The insults press more: they came first."""
    found = [message(f"m{n}", INSULT, f"cust{n}") for n in range(1, insults + 1)]
    later = {"created_at": "2026-11-20T10:04:00Z"}
    return found + [message(f"p{n}", POLITE, f"guest{n}", **later) for n in range(1, polite + 1)]


def opened(cli: Cli, insults: int, polite: int = 0, more: str = "") -> dict[str, str]:
    """The customer's handle -> ticket."""
    policy(cli, TWO_AGENTS + more)
    queued(cli, *rows(insults, polite))
    return {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}


def answered(cli: Cli, ids: dict[str, str], *numbers: int) -> None:
    """By Sam."""
    for number in numbers:
        call = ("reply", ids[f"cust{number}"], "--text", answer(number), "--as", "sb", "--yes")
        done(cli(*call, now=LATER))


def following(cli: Cli, who: str, now: str = LATER) -> str:
    return str(done(cli("next", "--as", who, "--json", now=now)).record["customer"]["handle"])


def test_after_three_the_next_goes_to_somebody_else(cli: Cli) -> None:
    ids = opened(cli, 4, polite=1)
    answered(cli, ids, 1, 2)
    assert following(cli, "sb").startswith("cust")
    answered(cli, ids, 3)
    assert following(cli, "sb") == "guest1"
    assert following(cli, "mo") == "cust4"
    assert RELIEVED in cli("next", "--as", "sb", now=LATER).err
    assert RELIEVED in cli("today", "--agent", "sb", now=LATER).err
    assert RELIEVED not in cli("next", "--as", "mo", now=LATER).err
    assert done(cli("next", "--claim", "--as", "sb", "--json", now=LATER)).record["id"] == ids["guest1"]
    assert following(cli, "sb", OVER) in ("cust4", "guest1")
    assert RELIEVED not in cli("next", "--as", "sb", now=OVER).err


def test_what_is_theirs_already_stays_theirs(cli: Cli) -> None:
    ids = opened(cli, 4, polite=1)
    done(cli("claim", ids["cust4"], "--as", "sb", now=LATER))
    answered(cli, ids, 1, 2)
    assert following(cli, "sb") == "cust4"


def test_what_was_assigned_and_claimed_counts_each_message_once(cli: Cli) -> None:
    ids = opened(cli, 4, polite=1)
    done(cli("assign", ids["cust1"], "sb", "--as", "mo", now=LATER))
    done(cli("claim", ids["cust2"], "--as", "sb", now=LATER))
    answered(cli, ids, 1, 2)
    assert RELIEVED not in cli("next", "--as", "sb", now=LATER).err
    done(cli("assign", ids["cust3"], "sb", "--as", "mo", now=LATER))
    assert RELIEVED in cli("next", "--as", "sb", now=LATER).err


def test_where_nobody_else_is_there_it_has_to_be_read(cli: Cli) -> None:
    away = '[[agents]]\nid = "mo"\nname = "Mina Okafor"\ninitials = "MO"\nrole = "draft"\n'
    policy(cli, '[[agents]]\nid = "sb"\nname = "Sam Baker"\ninitials = "SB"\n' + away)
    queued(cli, *rows(4, polite=1))
    ids = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    answered(cli, ids, 1, 2, 3)
    assert following(cli, "sb") == "cust4"


def test_assign_passes_over_who_is_relieved(cli: Cli) -> None:
    ids = opened(cli, 4, polite=1)
    answered(cli, ids, 1, 2, 3)
    run = done(cli("assign", ids["cust4"], "--round", "--as", "mo", "--json", now=LATER))
    assert run.record["assigned"] == "mo"
    run = done(cli("assign", ids["guest1"], "--round", "--as", "mo", "--json", now=LATER))
    assert run.record["assigned"] == "sb"
    assert (
        done(cli("assign", ids["cust4"], "sb", "--as", "mo", "--json", now=LATER)).record["assigned"] == "sb"
    )


@pytest.mark.parametrize(
    ("keys", "relieved"),
    [
        ("after = 0", False),
        ("after = 2", True),
        ("after = 3", False),
        ("after = 2\nwithin = '1s'", True),
    ],
)
def test_after_how_many_is_policy(cli: Cli, keys: str, relieved: bool) -> None:
    ids = opened(cli, 3, polite=1, more=f"[relief]\n{keys}\n")
    answered(cli, ids, 1, 2)
    assert ("a lot of abuse" in cli("next", "--as", "sb", now=LATER).err) is relieved


def test_within_how_long_is_policy(cli: Cli) -> None:
    ids = opened(cli, 4, polite=1, more='[relief]\nwithin = "10m"\n')
    answered(cli, ids, 1, 2, 3)
    assert following(cli, "sb", "2026-11-20T10:15:00Z") == "guest1"
    assert "a lot of abuse" not in cli("next", "--as", "sb", now="2026-11-20T10:17:00Z").err


@pytest.mark.parametrize("key", ["after = -1", 'within = "0s"', "fold = 3", "before = 1"])
def test_keys_that_make_no_sense(cli: Cli, key: str) -> None:
    policy(cli, f"[relief]\n{key}\n")
    assert cli("next", "--as", "sb", now=NOW).code == 7


@pytest.mark.parametrize("fold", [True, False])
def test_on_a_terminal_abuse_is_folded_until_asked_for(cli: Cli, fold: bool) -> None:
    ids = opened(cli, 4, polite=1, more=f"[relief]\nfold = {str(fold).lower()}\n")
    answered(cli, ids, 1, 2, 3)
    seen = on_terminal(cli, "list", "--limit", "0")
    assert (FOLDED in seen, "worthless" in seen, "NL218" in seen) == (fold, not fold, True)
    assert ("worthless" in on_terminal(cli, "show", ids["cust4"])) is not fold
    assert "worthless" in on_terminal(cli, "show", ids["cust4"], "--unfold")
    assert "worthless" in done(cli("show", ids["cust4"], "--json", now=LATER)).out
    assert "worthless" in done(cli("list", now=LATER)).out


def on_terminal(cli: Cli, *args: str) -> str:
    """What Sam reads there."""
    command, *rest = cli.arguments(*args, now=LATER)
    env = cli.env | {"SOCIALCLI_AGENT": "sb", "COLUMNS": "160"}
    child = pexpect.spawn(
        command,
        rest,
        env=env,
        cwd=str(cli.workspace),
        timeout=PATIENCE,
        encoding="utf-8",
        dimensions=(50, 160),
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before
    return str(child.before)


def test_the_same_journal_gives_the_same(cli: Cli) -> None:
    ids = opened(cli, 4, polite=1)
    answered(cli, ids, 1, 2, 3)
    first = cli("next", "--as", "sb", "--json", now=LATER).out
    shutil.rmtree(cli.workspace / ".socialcli")
    assert cli("next", "--as", "sb", "--json", now=LATER).out == first
