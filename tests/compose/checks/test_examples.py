"""Every rule's own examples: what its page shows is what it does."""

from __future__ import annotations

import pytest

from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.linter import RULES, check
from socialcli.policy.schema import Policy

BAD = [(rule.id, request) for rule in RULES.values() for request in rule.bad]
GOOD = [(rule.id, rule.good) for rule in RULES.values()]


def _name(value: object) -> str:
    return value.text[:40] if isinstance(value, CheckRequest) else str(value)


@pytest.mark.parametrize(("rule", "request_"), BAD, ids=_name)
def test_a_bad_example_draws_its_rule_and_no_other_error(
    rule: str, request_: CheckRequest, policy: Policy
) -> None:
    findings = check(request_, policy).findings
    assert rule in {finding.rule for finding in findings}
    assert {finding.rule for finding in findings if finding.level == "error"} <= {rule}


@pytest.mark.parametrize(("rule", "request_"), GOOD, ids=_name)
def test_a_good_example_does_not_draw_its_rule_nor_any_error(
    rule: str, request_: CheckRequest, policy: Policy
) -> None:
    answer = check(request_, policy)
    assert answer.ok
    assert rule not in {finding.rule for finding in answer.findings}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_explains_itself(rule: str) -> None:
    assert RULES[rule].id == rule
    assert RULES[rule].why.endswith((".", ")"))
    assert len(RULES[rule].bad) >= 2
