"""Where the words of a rendered template stand in its file."""

from __future__ import annotations

import pytest

from socialcli.compose.templates import parse_template
from socialcli.linting.locating import first_words, place_in

SOURCE = """+++
title = "Gate"
[variables.gate]
required = true
[variables.by]
type = "text"
+++

{{ greet(pick("the gate is open.", "the gate
   is open now.")) }}
{% if by is defined %}It closes {{ by }}.{% endif %}
Please go to {{ gate }} now. Please go
to the desk.
"""
TEMPLATE = parse_template("gate", SOURCE, place="gate.j2")
VALUES = {"gate": "B12", "by": "at nine"}
TEXT = "Hello Ana, the gate is open now. It closes at nine. Please go to B12 now. Please go to the desk. ^SB"


@pytest.mark.parametrize(
    ("words", "line", "column"),
    [
        ("the gate is open now", 9, 37),  # the second wording, over the end of a line
        ("It closes", 11, 23),
        ("at nine", 11, 33),  # a value: where it is put in
        ("B12", 12, 14),
        ("Please go to the desk", 12, 30),  # folded white space
        ("to the desk", 13, 1),
        ("now. Please go to the desk. ^SB", 12, 25),  # not all of it stands there
        ("^SB", 9, 1),  # from elsewhere: the first words
    ],
)
def test_words_are_found_where_they_are_made(words: str, line: int, column: int) -> None:
    start = TEXT.index(words)
    place = place_in(TEMPLATE, "gate.j2", TEXT, start, start + len(words), VALUES)
    assert (place.file, place.line, place.column) == ("gate.j2", line, column)


def test_words_that_stand_twice_are_told_apart_by_what_is_around_them() -> None:
    text = "The gate is open now. ^SB"  # not the first wording, which begins alike
    start = text.index("gate is open")
    assert place_in(TEMPLATE, "gate.j2", text, start, start + len("gate"), VALUES)[1:3] == (9, 41)
    second = TEXT.rindex("Please go")
    assert place_in(TEMPLATE, "gate.j2", TEXT, second, second + len("Please go"), VALUES)[1:3] == (12, 30)


def test_capitals_that_a_greeting_makes_do_not_matter() -> None:
    text = "The gate is open. ^SB"
    assert place_in(TEMPLATE, "gate.j2", text, 0, 17, {})[1:3] == (9, 16)


def test_a_finding_without_words_stands_at_the_first_words() -> None:
    assert place_in(TEMPLATE, "gate.j2", TEXT, len(TEXT), len(TEXT), VALUES)[1:3] == (9, 1)
    assert first_words(TEMPLATE, "gate.j2").line == 9
