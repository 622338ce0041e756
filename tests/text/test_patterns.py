"""Patterns must read the same on every Python that the project runs on."""

from __future__ import annotations

import re
from pathlib import Path

import socialcli
from socialcli.text.patterns import plain_letters, spaced

# Of these the last step never begins in vain: an escaped character of a JSON string has two parts, always.
SOUND = {"queue/holding.py"}


def test_no_group_is_repeated_possessively() -> None:
    """Before 3.11.5 a try that failed half-way left its mark (python/cpython#106052); an atomic group does not."""
    package = Path(socialcli.__file__).parent
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"(?<!\()\)(?:[*+?]|\{\d*,?\d*\})\+", path.read_text(encoding="utf-8"))
    }
    assert found == SOUND


def test_what_is_found_without_regard_to_case_can_be_looked_up() -> None:
    typed = "D’ICI, d´ici, thıs, THİS, thiſ, wee\N{KELVIN SIGN}"
    assert plain_letters(typed).lower() == "d'ici, d'ici, this, this, this, week"
    assert len(plain_letters(typed)) == len(typed)
    assert len(spaced("d'ici|this|week").findall(plain_letters(typed))) == 6
