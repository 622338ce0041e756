"""Which rules count: --select, --ignore, and what --explain says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from socialcli.compose.fixing import FIXES
from socialcli.compose.linter import RULES, Rule, groups, unknown_rule
from socialcli.model.linted import RuleRecord
from socialcli.policy.schema import Policy


def chosen(policy: Policy, select: Iterable[str], ignore: Iterable[str]) -> Policy:
    """The policy with every rule off that is not selected, or is ignored. Raises NotFoundError."""
    wanted = set(rules_named(select)) or set(RULES)
    silent = (set(RULES) - wanted) | set(rules_named(ignore))
    return structs.replace(policy, checks={**policy.checks, **dict.fromkeys(sorted(silent), "off")})


def rules_named(names: Iterable[str]) -> Iterator[str]:
    """``tone,links/host`` -> the ids of these rules and of all in these groups. Raises NotFoundError."""
    for name in (part.strip() for names_of_one in names for part in names_of_one.split(",")):
        if name in RULES:
            yield name
        elif name in groups():
            yield from (rule for rule in RULES if rule.startswith(f"{name}/"))
        else:
            raise unknown_rule(name)


def explained(name: str, policy: Policy) -> list[RuleRecord]:
    """One rule, or those of a group. Raises NotFoundError."""
    if name not in RULES and name not in groups():
        raise unknown_rule(name)
    return [_record(RULES[rule], policy) for rule in rules_named([name])]


def _record(rule: Rule, policy: Policy) -> RuleRecord:
    return RuleRecord(
        id=rule.id,
        level=rule.level,
        why=rule.why,
        good=rule.good.text,
        bad=tuple(request.text for request in rule.bad),
        in_force=policy.checks.get(rule.id, rule.level),
        set_by=f'policies.toml, [checks] "{rule.id}"' if rule.id in policy.checks else "the rule itself",
        fix=FIXES.get(rule.id, ""),
        may_allow=rule.id in policy.reply.may_allow,
    )
