"""Invented drafts of several trades (``tests/compose/drafts/tone.jsonl``, the records of ``lint --records`` with
the rule that should fire): how many of the bad ones are found, and that good ones which come near are let be.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from socialcli.compose.checks.examples import thread
from socialcli.compose.linter import CheckRequest, check
from socialcli.model.check import Finding
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor

DRAFTS = Path(__file__).parents[1] / "drafts" / "tone.jsonl"

RECALL = 0.85  # of the bad drafts, by the expected rule
RECALL_OF_ONE = 0.75  # of those of any single rule
WARNED = 0.1  # of the good drafts, at most

RULES = {
    *("tone/blame", "tone/defensive", "tone/cold-denial", "tone/sarcasm", "tone/shouting", "tone/robotic"),
    *("tone/jargon", "tone/no-thanks", "tone/no-apology", "tone/emoji", "register/too-casual"),
    *("promise/impossible", "promise/vague", "approval/admission", "approval/money"),
}


class Turn(msgspec.Struct):
    direction: Literal["inbound", "outbound"]
    text: str


class Draft(msgspec.Struct):
    text: str
    rule: str | None
    thread: tuple[Turn, ...] = ()


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    return [msgspec.json.decode(line, type=Draft) for line in DRAFTS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def assessor(policy: Policy) -> Assessor:
    return Assessor(policy)


def _findings(draft: Draft, policy: Policy, assessor: Assessor) -> tuple[Finding, ...]:
    """What ``lint --records`` finds: the customer's last message is assessed by triage."""
    said = thread(*(f"> {turn.text}" if turn.direction == "outbound" else turn.text for turn in draft.thread))
    request = CheckRequest(
        text=draft.text,
        agent="sb",
        thread=said,
        assessment=assessor.assess(said[-1], said[:-1]) if said else None,
    )
    return check(request, policy).findings


def test_the_drafts_are_enough_and_spread_over_the_rules(drafts: list[Draft]) -> None:
    bad = Counter(draft.rule for draft in drafts if draft.rule)
    assert set(bad) == RULES
    assert sum(bad.values()) >= 130
    assert sum(draft.rule is None for draft in drafts) >= 60


def test_bad_drafts_are_found_by_the_expected_rule(
    drafts: list[Draft], policy: Policy, assessor: Assessor
) -> None:
    of, found = Counter[str](), Counter[str]()
    for draft in drafts:
        if draft.rule:
            of[draft.rule] += 1
            found[draft.rule] += draft.rule in {one.rule for one in _findings(draft, policy, assessor)}
    assert sum(found.values()) / sum(of.values()) >= RECALL
    assert {rule for rule in of if found[rule] / of[rule] < RECALL_OF_ONE} == set()


def test_good_drafts_draw_no_error_and_hardly_a_warning(
    drafts: list[Draft], policy: Policy, assessor: Assessor
) -> None:
    good = [draft for draft in drafts if draft.rule is None]
    levels = [{one.level for one in _findings(draft, policy, assessor)} for draft in good]
    assert not any("error" in found for found in levels)
    assert sum("warning" in found for found in levels) / len(good) <= WARNED
