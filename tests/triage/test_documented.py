"""docs/triage.md tells the truth: every weight stands there as it ships, and every example shows its signal."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from socialcli.model.message import Author, Message
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor
from tests.triage.conftest import START

PAGE = (Path(__file__).parents[2] / "docs" / "triage.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z]+/[a-z-]+)` \| (-?[0-9.]+) \| (.*) \|$", PAGE, re.MULTILINE)
EXAMPLES = [
    (rule, cells.split(" | ")[1].strip())
    for rule, _, cells in ROWS
    if cells.count(" | ") and cells[-1] != "|"
]


def conversation(example: str) -> list[Message]:
    """One message, or "customer: ... / us: ... / customer: ..."."""
    lines = example.split(" / ") if example.startswith("customer: ") else [f"customer: {example}"]
    said = [line.split(": ", 1) for line in lines]
    return [
        Message(
            id=f"m{place}",
            network="x",
            account="support",
            author=Author(None, "NorthlineAir" if who == "us" else "cust1"),
            text=text,
            created_at=START + timedelta(minutes=place),
            direction="outbound" if who == "us" else "inbound",
        )
        for place, (who, text) in enumerate(said)
    ]


def test_every_weight_stands_there_as_it_ships(policy: Policy) -> None:
    learned = {rule for rule in policy.triage.weights if rule.startswith("learned/")}
    assert all(f"`{rule}`" in PAGE for rule in learned)
    told = {rule: float(points) for rule, points, _ in ROWS}
    assert told == {rule: weight for rule, weight in policy.triage.weights.items() if rule not in learned}


@pytest.mark.parametrize(("rule", "example"), [row for row in EXAMPLES if row[1]])
def test_every_example_shows_its_signal(rule: str, example: str, assessor: Assessor) -> None:
    *before, last = conversation(example)
    assert rule in {reason.rule for reason in assessor.assess(last, before).reasons}


def test_there_is_an_example_for_nearly_every_signal() -> None:
    assert len([example for _, example in EXAMPLES if example]) >= 60
