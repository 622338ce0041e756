"""The rules, one file a group; ``RULES`` holds them all, in the order of the documentation."""

from __future__ import annotations

from socialcli.compose.checks import (
    approval,
    length,
    links,
    mention,
    privacy_asks,
    privacy_discloses,
    repeat,
    signoff,
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
    approval,
    repeat,
)

RULES: dict[str, Rule] = {rule.id: rule for group in _GROUPS for rule in group.RULES}

# Names of the contract whose rules are not built yet: a policy may set their level already.
NOT_YET = frozenset(
    (
        "tone/jargon",
        "tone/sarcasm",
        "register/too-casual",
        "promise/impossible",
        "promise/vague",
        "answer/none",
        "answer/useless-number",
        "answer/no-next-step",
        "answer/no-link",
        "repeat/asks-again",
        "repeat/canned",
        "repeat/already-answered",
        "language/mismatch",
    )
)
