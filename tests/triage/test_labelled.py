"""Three hundred invented mentions in seven trades, labelled by the definitions before any rule saw them.

The shipped lists and weights have been tuned on them since: these figures keep what was reached. How good triage is on
mentions nobody tuned on, fresh.jsonl tells.
"""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.labelled import assessed, invented
from socialcli.model.assessment import Assessment
from socialcli.triage import Assessor
from tests.triage.agreement import kappa

MENTIONS = invented("labelled")
TRADES = {"travel": 90, "telecom": 35, "banking": 35, "retail": 35, "food": 35, "games": 35, "utilities": 35}


@pytest.fixture(scope="module")
def said(assessor: Assessor) -> list[Assessment]:
    return assessed(assessor, MENTIONS)


@pytest.mark.parametrize(("field", "least"), [("respond", 0.70), ("priority", 0.60), ("kind", 0.65)])
def test_shipped_rules_agree_with_a_careful_reader(field: str, least: float, said: list[Assessment]) -> None:
    truth = [row[field] for row in MENTIONS]
    assert kappa(truth, [getattr(one, field) for one in said]) >= least


def test_the_mentions_are_different_ones_of_every_trade() -> None:
    assert Counter(row["trade"] for row in MENTIONS) == TRADES
    assert len({row["text"] for row in MENTIONS}) == len(MENTIONS)
