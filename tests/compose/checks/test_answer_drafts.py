"""Invented drafts of several trades (``tests/compose/drafts/answer.jsonl``, the records of ``lint --records`` with
the rule that should fire, and null for good ones that come near), as the installed check reads them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli

DRAFTS = Path(__file__).parents[1] / "drafts" / "answer.jsonl"

RECALL = 0.95  # of the bad drafts, by the expected rule
RECALL_OF_ONE = 0.75  # of those of any single rule
WARNED = 0.05  # of the good drafts, at most, by the rules that are measured here

RULES = {
    *("answer/none", "answer/useless-number", "answer/no-next-step", "answer/no-link"),
    *("repeat/asks-again", "repeat/duplicate", "repeat/canned", "repeat/already-answered"),
    *("language/mismatch", "spelling/slip", "mention/extra", "mention/wrong-customer", "length/two-asks"),
    *("links/host", "links/shortener", "links/too-many"),
    *("text/placeholder", "text/invisible", "text/encoding"),
}

Pair = tuple[dict[str, Any], dict[str, Any]]  # a draft, its check


@pytest.fixture
def pairs(cli: Cli) -> list[Pair]:
    """Each draft with its check, as ``lint --records`` gives it."""
    run = cli("lint", "--records", str(DRAFTS), "--json")
    checks = [one for one in run.records if one["type"] == "check"]
    drafts = [json.loads(line) for line in DRAFTS.read_text(encoding="utf-8").splitlines()]
    return list(zip(drafts, checks, strict=True))


def _rules(check: dict[str, Any], *levels: str) -> set[str]:
    return {one["rule"] for one in check["findings"] if not levels or one["level"] in levels}


def test_bad_drafts_are_found_and_good_ones_let_be(pairs: list[Pair]) -> None:
    bad = [(draft["rule"], check) for draft, check in pairs if draft["rule"]]
    good = [check for draft, check in pairs if not draft["rule"]]
    assert len(bad) >= 110
    assert len(good) >= 60
    assert {rule for rule, _ in bad} == RULES

    found = Counter(rule for rule, check in bad if rule in _rules(check))
    there = Counter(rule for rule, _ in bad)
    assert found.total() / there.total() >= RECALL
    assert {
        rule: found[rule] / there[rule] for rule in RULES if found[rule] / there[rule] < RECALL_OF_ONE
    } == {}

    assert all(check["ok"] for check in good)
    assert sum(bool(_rules(check, "warning") & RULES) for check in good) / len(good) <= WARNED


def test_every_place_lies_within_its_draft(pairs: list[Pair]) -> None:
    for draft, check in pairs:
        for one in check["findings"]:
            assert 0 <= one["start"] <= one["end"] <= len(draft["text"])
