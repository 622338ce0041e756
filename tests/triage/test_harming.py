"""What a message tells of beside the problem of many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from socialcli.model.mass import Harm
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor
from socialcli.triage.harming import DANGER, PERSONAL, harm_of
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
    message = say(text)
    found = assessor.assess(message)
    assert (harm_of(found, policy.triage.weights), assessor.presses(found, message)) == (harm, pressing)


@pytest.mark.parametrize(
    ("first", "pressing"),
    [
        ("@NorthlineAir the app is down, I cannot check in", False),
        ("@NorthlineAir the app is down and my flight boards in 40 minutes, I cannot check in!", True),
    ],
)
@pytest.mark.parametrize("asked", [False, True])
def test_what_is_carried_on_presses_as_it_did_by_itself(
    first: str, *, pressing: bool, asked: bool, assessor: Assessor, say: Say
) -> None:
    thread = [say(first)]
    if asked:
        thread.append(say("@cust1 So sorry. Which flight are you on? ^SB", ours=True))
    again = say("@NorthlineAir NL218 to Leeds" if asked else "@NorthlineAir hello? anyone there?")
    found = assessor.assess(again, thread)
    assert found.priority == "urgent"
    assert {one.rule for one in found.reasons} & {"thread/unanswered-earlier", "thread/answers-us"}
    assert assessor.presses(found, again, thread) == pressing


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
