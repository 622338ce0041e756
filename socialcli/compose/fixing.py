"""What can be mended in a draft without asking anybody. Pure.

    fix("Weâ€™re on it!!!!", policy, look, agent).text   # "We’re on it! ^SB"

A mend replaces the words of a finding, and is kept only where the check then finds no error that was not there
before. Mending goes on until nothing more can be mended, so to mend a mended text changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from socialcli.compose.checks.links import links_in
from socialcli.compose.checks.shouting import rows_of_marks
from socialcli.compose.checks.signature import sign_off
from socialcli.model.check import Check, Finding
from socialcli.policy.schema import Agent, Policy

Look = Callable[[str], Check]
_Step = Callable[[str, Check], str]
_Replace = Callable[[str, Finding], str]  # the text and a finding -> what stands in place of its words

_SIGN_OFF = "signoff/missing"
_SHOUTING = "tone/shouting"
# What `lint --fix` does, by rule; what is not here is for a person to decide.
FIXES = {
    "text/invisible": "takes the character out, unless it turns words round",
    "text/encoding": "puts the character that was meant, where that can be told",
    _SHOUTING: "leaves one mark of a row of them; capitals stay",
    _SIGN_OFF: "adds the sign-off of the agent at the end, where it is known who sends",
}
_SPACES = "spaces"  # has no rule: nobody is told off for a second space

_BLANKS = "\u115f\u1160\u3164\uffa0\x0b\x0c\x1c\x1d\x1e\x1f"  # invisible, but they keep words apart
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_OVERRIDE = "\u202e"  # shows Latin letters in another order: only a person can tell which one was meant
_SECOND_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")


class Fix(NamedTuple):
    text: str
    rules: tuple[str, ...]  # whose faults were mended, and "spaces"
    check: Check  # of the text as it is now


def fix(text: str, policy: Policy, look: Look, agent: Agent | None) -> Fix:
    """``look`` is the check of this draft with other words; ``agent`` is who signs, None if nobody knows."""
    steps = _steps(policy.reply.sign_off, agent)
    check = look(text)
    done: dict[str, None] = {}
    before = None
    while text != before:
        before = text
        for rule, step in steps.items():
            better = step(text, check)
            after = look(better) if better != text else check
            if better != text and _helps(rule, check, after):
                text, check = better, after
                done[rule] = None
    return Fix(text, tuple(rule for rule in steps if rule in done), check)


def _steps(form: str, agent: Agent | None) -> dict[str, _Step]:
    replaced: dict[str, _Replace] = {
        "text/invisible": _without_invisible,
        "text/encoding": _read_rightly,
    }
    steps: dict[str, _Step] = {rule: partial(_mended, rule, replace) for rule, replace in replaced.items()}
    steps[_SHOUTING] = _with_single_marks
    steps[_SPACES] = lambda text, _check: _SECOND_SPACE.sub(" ", text)
    if agent is not None:
        steps[_SIGN_OFF] = partial(_signed, sign_off(form, agent))
    return steps


def _helps(rule: str, before: Check, after: Check) -> bool:
    """No error that was not there before; a sign-off that is not read as one would be added for ever."""
    signed = rule != _SIGN_OFF or all(finding.rule != rule for finding in after.findings)
    return signed and not _errors(after) - _errors(before)


def _errors(check: Check) -> Counter[str]:
    return Counter(finding.rule for finding in check.findings if finding.level == "error")


def _mended(rule: str, replace: _Replace, text: str, check: Check) -> str:
    """The text with the words of this rule's findings replaced."""
    pieces: list[str] = []
    end = 0
    for finding in check.findings:
        if finding.rule == rule and finding.start >= end:
            pieces += text[end : finding.start], replace(text, finding)
            end = finding.end
    return "".join(pieces) + text[end:]


def _without_invisible(text: str, finding: Finding) -> str:
    words = text[finding.start : finding.end]
    if _OVERRIDE in text and _TURNS.search(words):
        return words
    return " " if any(char in _BLANKS for char in words) else ""


def _read_rightly(text: str, finding: Finding) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1, or Windows-1252 that was read as Latin-1, read again."""
    words = text[finding.start : finding.end]
    try:
        raw = b"".join(_byte(char) for char in words)
    except UnicodeEncodeError:  # no such reading makes this character
        return words
    for encoding in ("utf-8", "cp1252"):
        try:
            read = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return read if read.isprintable() else words
    return words


def _byte(char: str) -> bytes:
    """The byte that ``char`` was before it was read wrongly. Raises UnicodeEncodeError."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _with_single_marks(text: str, check: Check) -> str:
    """One mark of every row of them, where the check finds one; the rule tells of the first. Links stay as they are."""
    rows = rows_of_marks()
    told = (text[one.start : one.end] for one in check.findings if one.rule == _SHOUTING)
    if not any(rows.fullmatch(words) for words in told):
        return text
    pieces: list[str] = []
    end = 0
    for link in links_in(text):
        pieces += rows.sub(_one_mark, text[end : link.start]), text[link.start : link.end]
        end = link.end
    return "".join(pieces) + rows.sub(_one_mark, text[end:])


def _one_mark(row: re.Match[str]) -> str:
    return "?" if "?" in row.group() else "!"


def _signed(signature: str, text: str, check: Check) -> str:
    if all(finding.rule != _SIGN_OFF for finding in check.findings):
        return text
    said = text.rstrip()
    return f"{said} {signature}{text[len(said) :]}"
