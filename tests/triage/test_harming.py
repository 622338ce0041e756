"""What a message tells of beside the problem of many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from socialcli.model.mass import Harm
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor
from socialcli.triage.harming import DANGER, PERSONAL, harm_of, presses
from tests.triage.conftest import Say


@pytest.mark.parametrize(
    ("text", "harm", "pressing"),
    [
        ("@NorthlineAir the app is down, I cannot check in", None, False),
        ("@NorthlineAir the app is down and my flight boards in 40 minutes, I cannot check in!", None, True),
        ("@NorthlineAir smoke in the cabin of NL204, what do we do?", "danger", True),
        (
            "@NorthlineAir flight cancelled, stranded at the airport with two kids and no hotel",
            "personal",
            True,
        ),
        ("@NorthlineAir thank you, lovely crew today", None, False),
    ],
)
def test_the_outage_alone_is_nobodys_own(
    text: str, harm: Harm | None, pressing: bool, assessor: Assessor, policy: Policy, say: Say
) -> None:
    found = assessor.assess(say(text))
    assert (harm_of(found, policy.triage.weights), presses(found, policy.triage.urgent)) == (harm, pressing)


def test_a_rule_that_is_switched_off_says_nothing(
    with_policy: Callable[[str], Assessor], policy: Policy, say: Say
) -> None:
    found = with_policy('[triage.weights]\n"harm/safety" = 0').assess(
        say("@NorthlineAir smoke in the cabin!")
    )
    weights = {**policy.triage.weights, "harm/safety": 0.0}
    assert harm_of(found, weights) is None


def test_every_rule_named_has_a_weight(policy: Policy) -> None:
    assert policy.triage.weights.keys() >= DANGER | PERSONAL
