"""Drafts on private data, and drafts by somebody who did not write the rules: what docs/checks.md promises of each set
holds.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli

DRAFTS = Path(__file__).parents[1] / "drafts"


@pytest.mark.parametrize(
    ("name", "least_found", "most_stopped"), [("private", 0.95, 0.01), ("fresh", 0.75, 0.05)]
)
def test_bad_drafts_are_found_and_good_ones_go_out(
    cli: Cli, name: str, least_found: float, most_stopped: float
) -> None:
    drafts = [json.loads(line) for line in (DRAFTS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    run = cli("lint", "--records", DRAFTS / f"{name}.jsonl", "--json")
    pairs = list(zip(drafts, run.records, strict=True))
    found = [
        any(one["rule"] == draft["rule"] for one in check["findings"])
        for draft, check in pairs
        if draft["rule"]
    ]
    good = [check["ok"] for draft, check in pairs if not draft["rule"]]
    assert sum(found) / len(found) >= least_found
    assert good.count(False) / len(good) <= most_stopped
