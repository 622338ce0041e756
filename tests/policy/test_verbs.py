"""One policy is valid or not for all verbs; what is no plain file is refused by all."""

from __future__ import annotations

import json
import os

import pytest

from tests.conftest import Cli
from tests.e2e.staging import done, message, one_line, policy

VERBS: tuple[tuple[str, ...], ...] = (("triage", "-"), ("fetch",), ("policy", "simulate", "--on", "."))
OTHERS: tuple[tuple[str, ...], ...] = (
    ("triage", "--what-if", "other.toml"),
    ("policy", "simulate", "other.toml", "--on", "."),
)
WRONG = (
    ('[triage.words]\n"harm/saftey" = ["razor blade"]\n', "policies.toml:2:", "there is no word list"),
    ('[triage.not_words]\n"complaint/dely" = ["late"]\n', "policies.toml:2:", "did you mean"),
    ('[hours]\nholidays = "XX"\n', "policies.toml:2:", "no holidays are known of"),
    ('[hours]\nholidays = "GB-XXX"\n', "policies.toml:2:", "has no part"),
    ('[triage.weights]\n"kind/complaint" = 1.7e308\n', "policies.toml:2:", "is not between -1000 and 1000"),
    ('[triage.weights]\n"threshold/spam" = -1\n', "policies.toml:2:", "-1 is below 0"),
    ('[triage.weights]\n"most/complaint" = -0.5\n', "policies.toml:2:", "-0.5 is below 0"),
)


@pytest.mark.parametrize(("text", "place", "says"), WRONG)
def test_a_mistake_is_one_for_every_verb_and_as_another_policy(
    cli: Cli, text: str, place: str, says: str
) -> None:
    policy(cli, text)
    line = json.dumps(message()) + "\n"
    for words in VERBS:
        run = cli(*words, input=line)
        assert run.code == 7, words
        assert place in run.err
        assert says in run.err
    (cli.workspace / "policies.toml").rename(cli.workspace / "other.toml")
    policy(cli, "")
    for words in OTHERS:
        run = cli(*words)
        assert run.code == 7, words
        assert says in run.err


def test_right_names_and_odds_of_the_wording_are_taken(cli: Cli) -> None:
    words = '[triage.words]\n"harm/safety" = ["razor blade"]\n[hours]\nholidays = "GB-ENG"\n'
    policy(cli, words + '[triage.weights]\n"threshold/wording" = 99\n"threshold/wording-spam" = -1\n')
    line = json.dumps(message(text="@NorthlineAir there was a razor blade in my meal")) + "\n"
    found = done(cli("triage", "-", "--json", input=line)).record
    assert "harm/safety" in {reason["rule"] for reason in found["reasons"]}


@pytest.mark.parametrize(
    "words",
    [
        ("policy", "simulate", "--on", "pipe"),
        ("policy", "simulate", "--on", "/dev/zero"),
        ("policy", "simulate", "pipe", "--on", "."),
        ("triage", "--what-if", "pipe"),
    ],
)
def test_what_never_ends_is_refused(cli: Cli, words: tuple[str, ...]) -> None:
    os.mkfifo(cli.workspace / "pipe")
    run = cli(*words)
    assert run.code == 2
    assert one_line(run)[0].endswith(": is no plain file")
