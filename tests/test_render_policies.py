"""The views of ``why``, ``--what-if``, ``policy simulate`` and the customer card: harmless, masked, in the width."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from wcwidth import wcswidth

from socialcli import render
from socialcli.console import Screen
from socialcli.model.answers import Part, Why
from socialcli.model.assessment import Assessment, PrivateSpan
from socialcli.model.card import Card, Prior
from socialcli.model.simulated import Because, Figures, Simulation, Standing, WhatIf
from socialcli.model.ticket import Customer
from socialcli.render.highlight import hidden, marked
from socialcli.render.simulated import simulations, what_ifs

NOW = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)
PIPE = Screen(terminal=False, colour=False, width=0)
PLAIN = Screen(terminal=True, colour=False, width=120)
COLOUR = Screen(terminal=True, colour=True, width=120)
ESC = "\x1b"
BAD = f"x{ESC}[2J\u202ey"
ON, OFF = f"{ESC}[1;4m", f"{ESC}[0m"


def mask(text: str) -> str:
    return text.replace("secret", "•••")


def moved(**changes: Any) -> WhatIf:
    before = Standing("respond", "urgent", 93, "complaint", BAD, NOW)
    after = Standing("monitor", "low", 5, "mention", None, None)
    facts: dict[str, Any] = {
        "ticket": BAD, "message_id": BAD, "before": before, "after": after,
        "because": (Because(BAD, f"secret {BAD}", 3.0, None),),
    }  # fmt: skip
    return WhatIf(**(facts | changes))


def test_nothing_that_a_stranger_wrote_acts_on_the_terminal() -> None:
    figures = Figures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, incidents=2)
    simulation = Simulation(BAD, NOW, NOW, 2, 3, 1, figures, figures)
    prior = Prior(BAD, BAD, BAD, BAD, BAD, NOW)
    card = Card(Customer(BAD, BAD), (BAD,), (prior,), True, BAD, (BAD,))
    part = Part(BAD, 3.0, BAD, 0, len(BAD), "m1", BAD)
    earlier = Part(BAD, 3.0, BAD, 0, 0, BAD, None)
    found = Assessment(
        "m1", BAD, "respond", "high", 43, "complaint", BAD, 0, "neutral", "service", "en", (), ()
    )
    why = Why(BAD, found, BAD, {"due": BAD}, {}, (BAD,), (part, earlier))
    for screen in (PIPE, PLAIN):
        shown = [
            *what_ifs(str)([moved()], screen),
            *simulations(str)([moved(), simulation], screen),
            *render.ticket_page(NOW, str)([card], screen),
            *render.why(lambda _: ())([why], screen),
        ]
        assert len(shown) > 25
        assert not [line for line in shown if ESC in line or "\u202e" in line]


def test_words_of_a_what_if_are_masked_on_a_terminal_alone() -> None:
    assert "secret" not in "".join(what_ifs(mask)([moved()], PLAIN))
    assert "secret" in "".join(what_ifs(mask)([moved()], PIPE))


def test_a_table_stays_in_the_width() -> None:
    long = Because("complaint/lost", "word " * 40, 3.0, 9.0)
    lines = list(what_ifs(str)([moved(ticket="2fufp5hnk3nw", because=(long,))], PLAIN))
    assert lines[0].split() == ["TICKET", "NOW", "THEN", "BECAUSE"]
    assert max(map(wcswidth, lines)) <= PLAIN.width


def test_what_only_comes_or_goes_without_points_is_left_out_of_the_text() -> None:
    because = (Because("kind/spam", "", 0.0, None), Because("kind/mention", "", None, 5.0))
    (line,) = what_ifs(str)([moved(because=because)], PIPE)
    assert line.endswith("\tkind/mention - -> 5")
    (line,) = what_ifs(str)([moved(because=because[:1])], PIPE)
    assert line.endswith("\tkind/spam 0 -> -")


# marks


@pytest.mark.parametrize(
    ("text", "marks", "shown"),
    [
        ("my bag is lost", [(3, 6), (10, 14)], f"  my {ON}bag{OFF} is {ON}lost{OFF}"),
        ("my bag is lost", [(3, 9), (7, 14)], f"  my {ON}bag is lost{OFF}"),
        ("my bag", [], "  my bag"),
        ("bag\nlost", [(0, 3)], f"  {ON}bag{OFF} lost"),
        ("e\u0301\u0301\u0301\u0301x", [(0, 2)], f"  {ON}e\u0301\u0301\u0301{OFF}x"),
    ],
)
def test_words_are_marked_in_place(text: str, marks: list[tuple[int, int]], shown: str) -> None:
    assert list(marked(text, marks, (), COLOUR)) == [shown]


def test_a_mark_over_private_data_shows_none_of_it() -> None:
    text = "mail ana@example.com please"
    private = (PrivateSpan("email", 5, 20),)
    assert list(marked(text, [(0, 10)], private, COLOUR)) == [f"  {ON}mail a•••@…{OFF} please"]
    assert hidden(text, (0, 10), private) == "mail a•••@…"
    assert hidden(text, (21, 27), private) == "please"


def test_a_long_text_is_folded_and_its_marks_go_on() -> None:
    text = "word " * 60
    lines = list(marked(text, [(0, 300)], (), COLOUR))
    assert len(lines) > 3
    assert all(line.count(ON) == line.count(OFF) == 1 for line in lines)
    bare = [line.replace(ON, "").replace(OFF, "") for line in lines]
    assert list(marked(text, [(0, 300)], (), PLAIN)) == bare
    assert max(map(len, bare)) <= 100
