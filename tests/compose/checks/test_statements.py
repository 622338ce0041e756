"""A post of its own, signed by the brand: what one customer is owed is not asked of it."""

from __future__ import annotations

import pytest

from socialcli.compose.checks.examples import assessed
from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.linter import check
from socialcli.policy.schema import Policy


def _rules(text: str, policy: Policy, *, statement: bool = True) -> set[str]:
    request = CheckRequest(text=text, agent="sb", assessment=assessed(), statement=statement)
    return {finding.rule for finding in check(request, policy).findings}


def test_neither_a_sign_off_nor_an_apology_to_one_is_owed(policy: Policy) -> None:
    text = "The app is up again, and the desks have closed."
    assert _rules(text, policy, statement=False) == {"signoff/missing", "tone/no-apology"}
    assert _rules(text, policy) == set()
    assert _rules("The app is up again. ^KL", policy) == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "text/empty"),
        ("The app is up again. " * 20, "length/over-limit"),
        ("The app is up again: https://elsewhere.example/app", "links/host"),
        ("Please tell us your e-mail address here.", "privacy/asks-in-public"),
        ("Ask Marta, +44 7911 123456.", "privacy/discloses"),
        ("The app is up again, {{what}}.", "text/placeholder"),
        ("The app is up again, @tom_travels.", "mention/extra"),
        ("Everybody who waited gets 20 euros.", "approval/money"),
    ],
)
def test_what_any_text_owes_holds(text: str, rule: str, policy: Policy) -> None:
    assert rule in _rules(text, policy)


def test_our_own_handles_may_stand_in_it(policy: Policy) -> None:
    assert _rules("@NorthlineAir has the news first, and so has @northlineair.", policy) == set()


def test_a_leading_handle_counts_since_nobody_is_answered(policy: Policy) -> None:
    text = "@NorthlineAir is back."
    length = check(CheckRequest(text=text, statement=True), policy).length
    assert length.count == len(text)
