"""Drafts on private data, and drafts on which the rules of tone and answer were not mended: what docs/checks.md says of
each set holds.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli

DRAFTS = Path(__file__).parents[1] / "drafts"


@pytest.mark.parametrize(
    ("name", "least_found", "most_stopped"), [("private", 0.97, 0.0), ("fresh", 0.86, 0.0)]
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
