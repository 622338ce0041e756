"""Invented mentions with the labels that the definitions ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from socialcli.triage import Assessor
from tests.triage.conftest import Say

CASES = [
    json.loads(line) for line in Path(__file__).with_name("mentions.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_mention_is_labelled_as_defined(case: dict[str, str], assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(case["text"], lang=case.get("lang")))
    assert (found.respond, found.kind, found.priority) == (case["respond"], case["kind"], case["priority"])
    assert sum(reason.weight for reason in found.reasons) == found.score


def test_there_are_enough_mentions() -> None:
    assert len(CASES) >= 60
