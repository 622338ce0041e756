"""The rules, one file a group; ``RULES`` holds them all, in the order of the documentation."""

from __future__ import annotations

from socialcli.compose.checks import (
    answer,
    approval,
    language,
    length,
    links,
    mention,
    privacy_asks,
    privacy_discloses,
    promise,
    register,
    repeat,
    signoff,
    spelling,
    text,
    tone_rules,
)
from socialcli.compose.checks.rule import Rule

_GROUPS = (
    text,
    length,
    signoff,
    links,
    mention,
    privacy_asks,
    privacy_discloses,
    tone_rules,
    register,
    promise,
    approval,
    answer,
    repeat,
    language,
    spelling,
)

RULES: dict[str, Rule] = {rule.id: rule for group in _GROUPS for rule in group.RULES}
