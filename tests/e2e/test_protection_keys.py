"""Clashes that the policy settles: trolls and complaints (``triage.disengage_after``), the ladder and criticism
(``block.ladder``, ``block.expiry``, ``block.guidelines``). Each value from outside.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import TWO_AGENTS, done, message, policy

ABUSE = "@NorthlineAir you are all worthless idiots"
BAG = "@NorthlineAir my bag never arrived. Where is it?"
RANT = "@NorthlineAir pathetic, shame on you"
MATTER = "@NorthlineAir pathetic, the bag arrived with a broken wheel"
SORRY = "@cust1 So sorry about your bag. We are tracing it, answer {n} of many, and ring you by 18:00. ^SB"
LATER = "2026-11-20T12:00:00Z"


def at(minute: int) -> str:
    return f"2026-11-20T10:{minute:02}:00Z"


class Talk:
    """A conversation with one customer, minute by minute: they write, we answer."""

    def __init__(self, cli: Cli, keys: str) -> None:
        policy(cli, TWO_AGENTS + keys)
        self.cli = cli
        self.minute = 0
        self.rows: list[dict[str, Any]] = []
        self.ticket = ""

    def says(self, text: str) -> dict[str, Any]:
        """The customer writes, and triage has read it; the ticket as it is then."""
        self.minute += 1
        name = f"m{self.minute}"
        self.rows.append(message(name, text, conversation_id="c1", created_at=at(self.minute)))
        self.cli.write("inbox.jsonl", *self.rows)
        done(self.cli("fetch", now=at(self.minute)))
        (assessed,) = done(self.cli("triage", "--json", now=at(self.minute))).records
        self.ticket = assessed["ticket"]
        return dict(done(self.cli("show", self.ticket, "--json", now=at(self.minute))).records[0])

    def answer(self) -> Run:
        self.minute += 1
        text = SORRY.format(n=self.minute)
        call = ("reply", self.ticket, "--text", text, "--as", "sb", "--yes", "--json")
        return done(self.cli(*call, now=at(self.minute)))

    def reasons(self) -> list[str]:
        record = done(self.cli("why", self.ticket, "--json", now=at(self.minute))).record
        return [one["rule"] for one in record["assessment"]["reasons"]]


@pytest.mark.parametrize("turns", [1, 3])
def test_after_so_many_answers_mere_argument_is_left_alone(cli: Cli, turns: int) -> None:
    talk = Talk(cli, f"[triage]\ndisengage_after = {turns}\n")
    assert talk.says(BAG)["respond"] == "respond"
    for turn in range(1, turns + 1):
        talk.answer()
        found = talk.says(RANT)
        assert (found["respond"] == "monitor") is (turn == turns), turn
    assert talk.reasons()[0] == "thread/argument" or "thread/argument" in talk.reasons()
    assert "triage.disengage_after" in cli("why", talk.ticket, now=LATER).out
    assert found["status"] == "open"
    assert done(cli("next", "--as", "sb", "--json", now=LATER)).records == []
    again = talk.answer()
    assert (again.record["state"], "mere argument" in again.err) == ("sent", True)
    back = talk.says(MATTER)
    assert (back["respond"], back["kind"]) == ("respond", "complaint")
    assert done(cli("next", "--as", "sb", "--json", now=LATER)).record["id"] == talk.ticket
    assert "mere argument" not in talk.answer().err


@pytest.mark.parametrize(
    "text",
    [
        MATTER,
        "@NorthlineAir shame on you, you charged me 300 twice",
        "@NorthlineAir pathetic. When do I get my refund?",
        "@NorthlineAir you idiots, my insulin is in that bag",
        "@NorthlineAir useless! Gate 12 is closed and nobody is here",
    ],
)
def test_a_complaint_is_never_silenced_by_it(cli: Cli, text: str) -> None:
    talk = Talk(cli, "[triage]\ndisengage_after = 1\n")
    talk.says(BAG)
    talk.answer()
    talk.says(RANT)
    assert talk.says(text)["respond"] == "respond"


def test_what_waits_unanswered_is_not_silenced_by_a_curse(cli: Cli) -> None:
    talk = Talk(cli, "[triage]\ndisengage_after = 1\n")
    talk.says(BAG)
    talk.answer()
    talk.says(MATTER)
    assert talk.says(RANT)["respond"] == "respond"


# ------------------------------------------------------------------------------------------- the ladder


def held_off(cli: Cli, *more: str, now: str = LATER) -> Run:
    return cli("block", "@angry", "--reason", "abuse", "--as", "sb", "--yes", "--json", *more, now=now)


def insulted(cli: Cli, keys: str) -> str:
    policy(cli, TWO_AGENTS + keys)
    cli.write("inbox.jsonl", message("a1", ABUSE, "angry"))
    done(cli("fetch", now=at(5)))
    return str(done(cli("triage", "--json", now=at(5))).record["ticket"])


@pytest.mark.parametrize(
    "ladder",
    [
        ["monitor", "mute", "hide", "block"],
        ["monitor", "mute", "block"],
        ["monitor"],
        ["mute", "block"],
        ["block"],
    ],
)
def test_the_ladder_is_climbed_as_the_policy_has_it(cli: Cli, ladder: list[str]) -> None:
    insulted(cli, f"[block]\nladder = {json.dumps(ladder)}\n")
    order = [one for one in ("monitor", "mute", "block") if one in ladder]  # to hide is about one message
    climbed = [done(held_off(cli)).record["rung"] for _ in ladder]
    assert climbed == (order + [order[-1]] * len(ladder))[: len(ladder)]
    for rung in {"monitor", "mute", "hide", "block"} - set(ladder):
        run = held_off(cli, "--rung", rung)
        assert (run.code, run.error["message"]) == (3, f"{rung} is not on the ladder")


def test_an_empty_ladder_holds_off_nobody(cli: Cli) -> None:
    insulted(cli, "[block]\nladder = []\n")
    run = held_off(cli)
    assert (run.code, run.error["message"]) == (3, "the ladder is empty")


@pytest.mark.parametrize("ladder", [["block", "mute"], ["mute", "mute"], ["shout"]])
def test_a_ladder_has_its_rungs_in_order(cli: Cli, ladder: list[str]) -> None:
    policy(cli, f"{TWO_AGENTS}[block]\nladder = {json.dumps(ladder)}\n")
    run = cli("next", "--as", "sb", now=LATER)
    assert (run.code, "block.ladder" in run.err) == (7, True)


@pytest.mark.parametrize(
    ("expiry", "until"),
    [("30d", "2026-12-20T12:00:00Z"), ("12h", "2026-11-21T00:00:00Z"), ("90m", "2026-11-20T13:30:00Z")],
)
def test_every_step_ends(cli: Cli, expiry: str, until: str) -> None:
    insulted(cli, f'[block]\nexpiry = "{expiry}"\n')
    assert done(held_off(cli, "--rung", "mute")).record["until"] == until
    shown = done(cli("block", "--list", now=until)).out.splitlines()[0]
    assert (f"to {until}, by sb" in shown, shown.endswith("expired: lift it")) == (True, True)
    before = done(cli("block", "--list", now=LATER)).out.splitlines()[0]
    assert "expired" not in before
    assert done(held_off(cli, now=until)).record["rung"] == "monitor"  # it begins anew
    assert len(done(cli("block", "--lift", "@angry", "--as", "sb", "--json", now=until)).records) == 2
    assert done(cli("block", "--list", "--json", now=until)).records == []


@pytest.mark.parametrize("expiry", ["0s", "-1d", "for ever"])
def test_no_step_is_for_ever(cli: Cli, expiry: str) -> None:
    policy(cli, f'{TWO_AGENTS}[block]\nexpiry = "{expiry}"\n')
    assert cli("next", "--as", "sb", now=LATER).code == 7


def test_guidelines_are_those_of_the_policy(cli: Cli) -> None:
    ticket = insulted(cli, '[block.guidelines]\nmanners = "Be kind to each other."\n')
    hide = ("block", ticket, "--reason", "abuse", "--rung", "hide", "--as", "sb", "--yes", "--json")
    missing = cli(*hide, now=LATER)
    assert (missing.code, "manners" in missing.error["hint"]) == (2, True)
    unknown = cli(*hide, "--guideline", "taste", now=LATER)
    assert (unknown.code, unknown.error["message"]) == (5, 'no guideline "taste"')
    assert held_off(cli, "--rung", "mute", "--guideline", "taste").code == 5
    assert done(cli(*hide, "--guideline", "manners", now=LATER)).record["guideline"] == "manners"


@pytest.mark.parametrize("keys", ["", "[block.guidelines]\n"])
@pytest.mark.parametrize("rung", ["monitor", "mute", "hide", "block"])
def test_criticism_is_refused_whatever_the_policy_says(cli: Cli, keys: str, rung: str) -> None:
    policy(cli, TWO_AGENTS + keys)
    cli.write("inbox.jsonl", message("c1", "@NorthlineAir you idiots lost my bag", "angry"))
    done(cli("fetch", now=at(5)))
    ticket = done(cli("triage", "--json", now=at(5))).record["ticket"]
    call = (
        "block",
        ticket,
        "--reason",
        "abuse",
        "--rung",
        rung,
        "--guideline",
        "hate",
        "--as",
        "sb",
        "--yes",
    )
    run = cli(*call, "--json", now=LATER)
    assert (run.code, "criticism is never held off" in run.error["message"]) == (3, True)
    assert done(cli("block", "--list", "--json", now=LATER)).records == []
