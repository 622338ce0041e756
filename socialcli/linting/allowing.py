"""``allow`` in the head of a template: a finding that its author means, and why.

    allow = {"tone/emoji" = "our mascot is a bear"}

The finding becomes information. An error is let pass only where the policy lets that rule be allowed at all
(``reply.may_allow``), as with ``reply --allow``. An allowance that does nothing is told of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import structs

from socialcli.compose.linter import RULES, unknown_rule
from socialcli.model.check import Check, Finding
from socialcli.policy.schema import Policy

# What is said of allowances; they are no rules of the check, and never more than a warning.
IDS = {
    "allow/unknown": "An allowance for a rule that there is not allows nothing.",
    "allow/no-reason": "Without a reason nobody can tell later whether the allowance still holds.",
    "allow/refused": "An error may pass only where reply.may_allow in policies.toml names its rule.",
    "allow/unused": "An allowance that nothing needs hides the next mistake.",
}


def allowed(check: Check, allow: Mapping[str, str], policy: Policy) -> Check:
    """The check with what is allowed as information."""
    findings = tuple(_softened(one, allow, policy) for one in check.findings)
    return structs.replace(check, findings=findings, ok=all(finding.level != "error" for finding in findings))


def _softened(finding: Finding, allow: Mapping[str, str], policy: Policy) -> Finding:
    reason = allow.get(finding.rule, "").strip()
    if not reason or (finding.level == "error" and finding.rule not in policy.reply.may_allow):
        return finding
    return structs.replace(finding, level="info", message=f"{finding.message} (allowed: {reason})")


def about_allowances(
    allow: Mapping[str, str], found: Mapping[str, Collection[str]], policy: Policy
) -> Iterator[tuple[str, Finding]]:
    """What is wrong with the allowances, each with the rule that it names. ``found`` has the levels at which each
    rule fired in any rendering; of a rule that is off nothing is known.
    """
    for rule, reason in allow.items():
        if rule not in RULES:
            error = unknown_rule(rule)
            yield rule, _note("allow/unknown", f'no rule "{rule}"', error.hint)
        elif not reason.strip():
            yield (
                rule,
                _note("allow/no-reason", f'"{rule}" is allowed without a reason', "say why in the quotes"),
            )
        elif policy.checks.get(rule) == "off":
            continue
        elif rule not in found:
            yield (
                rule,
                _note("allow/unused", f'nothing here needs "{rule}" to be allowed', "take the line out"),
            )
        elif "error" in found[rule] and rule not in policy.reply.may_allow:
            hint = "reply.may_allow in policies.toml lists what may"
            yield rule, _note("allow/refused", f'the policy does not let "{rule}" pass', hint)


def _note(rule: str, message: str, suggestion: str) -> Finding:
    return Finding(rule, "warning", 0, 0, message, suggestion)
