"""The check of a draft: a request and the policy in, what is wrong with it out. Pure.

    check(CheckRequest(text="DM me ^SB", agent="sb"), policy).ok

Rules live in ``socialcli.compose.checks``, one file a group; how one is added stands in ``checks/rule.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from socialcli.compose.checks import RULES
from socialcli.compose.checks.reading import Reading
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.errors import NotFoundError
from socialcli.model.check import Check, Finding, Level
from socialcli.policy.schema import Policy

__all__ = ["RULES", "CheckRequest", "Rule", "check", "explain"]

_ONLY = "text/empty"  # an empty text is only empty
# What a post that answers one customer owes, and a statement to everybody does not.
_OWED_TO_ONE = (
    "signoff/",
    "answer/",
    "repeat/",
    "tone/no-apology",
    "tone/no-thanks",
    "mention/wrong-customer",
)
# What an answer by a person owes, and a note that we are closed, which says to all the same, does not.
_OWED_BY_A_PERSON = ("signoff/", "answer/", "repeat/canned")
_OWED_BY_AN_ANSWER = ("repeat/already-answered",)  # and what comes after the answer on purpose does not
_HARDNESS: dict[Level, int] = {"info": 0, "warning": 1, "error": 2}


def check(request: CheckRequest, policy: Policy) -> Check:
    """All findings, in order of their place in the text as given; nothing is stripped.

    ``network`` of the answer is the request's ``label`` where it has one.
    """
    reading = Reading(request, policy)
    rules = [RULES[_ONLY]] if reading.is_empty else list(RULES.values())
    if request.statement:
        rules = [rule for rule in rules if not rule.id.startswith(_OWED_TO_ONE)]
    if request.acknowledges:
        rules = [rule for rule in rules if not rule.id.startswith(_OWED_BY_A_PERSON)]
    if request.follows_up:
        rules = [rule for rule in rules if not rule.id.startswith(_OWED_BY_AN_ANSWER)]
    findings = _findings(rules, reading)
    return Check(
        ok=all(finding.level != "error" for finding in findings),
        network=request.label or request.network,
        visibility=request.visibility,
        length=reading.length,
        findings=findings,
    )


def explain(rule_id: str) -> Rule:
    """The rule with its why and examples. Raises NotFoundError."""
    if rule_id not in RULES:
        raise unknown_rule(rule_id)
    return RULES[rule_id]


def groups() -> tuple[str, ...]:
    """What stands before the "/" of the rules, in the order of the documentation."""
    return tuple(dict.fromkeys(rule.partition("/")[0] for rule in RULES))


def unknown_rule(name: str) -> NotFoundError:
    """What is to be said of a rule that there is not, with what may have been meant."""
    import difflib

    near = difflib.get_close_matches(name, (*RULES, *groups()), n=1)
    near = near or [rule for rule in RULES if rule.endswith(f"/{name}")][:1]
    meant = f'did you mean "{near[0]}"? ' if near else ""
    return NotFoundError("rule", name, hint=f"{meant}groups: {', '.join(groups())}")


def _findings(rules: Iterable[Rule], reading: Reading) -> tuple[Finding, ...]:
    levels = reading.policy.checks
    found: list[Finding] = []
    for rule in rules:
        level = levels.get(rule.id, rule.level)
        if level != "off":
            found += [_finding(rule, level, fault) for fault in rule.find(reading)]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule)))


def _finding(rule: Rule, level: Level, fault: Fault) -> Finding:
    return Finding(
        rule=rule.id,
        level=min(level, fault.at_most, key=_HARDNESS.__getitem__),
        start=fault.start,
        end=fault.end,
        message=fault.message,
        suggestion=fault.suggestion,
    )
