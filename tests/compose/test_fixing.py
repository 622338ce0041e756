"""What ``lint --fix`` mends, and that it never makes anything worse."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.compose.fixing import FIXES, Fix, fix
from socialcli.compose.linter import RULES, CheckRequest, check
from socialcli.model.check import Check
from socialcli.policy.load import parse

POLICY = parse((Path(__file__).parents[2] / "policies.toml").read_bytes())
SAM = POLICY.agents[0]


def _look(text: str) -> Check:
    return check(CheckRequest(text=text, agent=SAM.id), POLICY)


def _fixed(text: str) -> Fix:
    return fix(text, POLICY, _look, SAM)


@pytest.mark.parametrize(
    ("text", "mended", "rules"),
    [
        ("Please re\u200bfresh the app. ^SB", "Please refresh the app. ^SB", ("text/invisible",)),
        ("\ufeffGate\u3164B12 is open. ^SB", "Gate B12 is open. ^SB", ("text/invisible",)),
        ("The \u2068gate\u2069 is open. ^SB", "The gate is open. ^SB", ("text/invisible",)),
        ("Weâ€™re looking into it. ^SB", "We’re looking into it. ^SB", ("text/encoding",)),
        ("SeÃƒÂ±ora Ruiz, it is here. ^SB", "Señora Ruiz, it is here. ^SB", ("text/encoding",)),
        ("We\x92re at gate B12. ^SB", "We’re at gate B12. ^SB", ("text/encoding",)),
        ("We told you!!!! ^SB", "We told you! ^SB", ("tone/shouting",)),
        ("Gate B12 is open!!!! Now??? ^SB", "Gate B12 is open! Now? ^SB", ("tone/shouting",)),
        ("Gate B12 is open.  Have  a seat. ^SB", "Gate B12 is open. Have a seat. ^SB", ("spaces",)),
        ("Gate B12 is open.", "Gate B12 is open. ^SB", ("signoff/missing",)),
        ("Gate B12 is open.\n", "Gate B12 is open. ^SB\n", ("signoff/missing",)),
        (
            "Weâ€™re  here!!!!",
            "We’re here! ^SB",
            ("text/encoding", "tone/shouting", "spaces", "signoff/missing"),
        ),
    ],
)
def test_what_is_mended(text: str, mended: str, rules: tuple[str, ...]) -> None:
    done = _fixed(text)
    assert (done.text, done.rules) == (mended, rules)
    assert done.check == _look(mended)


@pytest.mark.parametrize(
    "text",
    [
        "Gate B12 is open. ^SB",
        "Your gate is \u202e21B\u202c now. ^SB",  # which way round was meant?
        "We\ufffdre on our way. ^SB",  # what stood there is lost
        "PLEASE READ THE RULES. ^SB",
        "Hi [NAME], thanks. ^SB",
        "The form is here: https://bit.ly/3xNorth ^SB",
        "",
        "   ",
        "Gate B12 is open. ^KL",  # somebody else's
    ],
)
def test_what_is_left_to_a_person(text: str) -> None:
    done = _fixed(text)
    assert (done.text, done.rules) == (text, ())


def test_a_sign_off_that_makes_the_text_too_long_is_not_added() -> None:
    full = "a" * 280
    assert _look(full).ok is False
    assert {one.rule for one in _look(full).findings if one.level == "error"} == {"signoff/missing"}
    assert _fixed(full).text == full


def test_nobody_signs_where_nobody_knows_who_sends() -> None:
    done = fix("Gate B12 is open!!!!", POLICY, _look, None)
    assert done.text == "Gate B12 is open!"
    assert "signoff/missing" in {one.rule for one in done.check.findings}


def test_a_sign_off_that_is_not_read_as_one_is_added_once_at_most() -> None:
    def never_signed(text: str) -> Check:
        return check(CheckRequest(text=text.replace("^SB", "")), POLICY)

    assert fix("Gate B12 is open.", POLICY, never_signed, SAM).text == "Gate B12 is open."


def test_links_stay_as_they_are_and_rows_without_end_are_mended_at_once() -> None:
    link = "https://northline.example/why????x"
    assert _fixed(f"Open!!!! {link} ^SB").text == f"Open! {link} ^SB"
    looks = 0

    def counted(text: str) -> Check:
        nonlocal looks
        looks += 1
        return _look(text)

    assert fix("Now!!!! " * 500, POLICY, counted, SAM).text == "Now! " * 499 + "Now! ^SB "
    assert looks < 10


def test_every_fix_belongs_to_a_rule() -> None:
    assert set(FIXES) <= set(RULES)


PIECES = ["Weâ€™re", "Ã©", "ÃƒÂ©", "\u200b", "\u202e", "\u202c", "\u3164", "\x92", "!!!!", "?!?!", "  ", "\n", "^SB", "^QQ", "{{x}}",
          "PLEASE READ THIS", "https://bit.ly/x", "your e-mail address", "a" * 90, "\ufffd", "\U0001f468\u200d\U0001f469", "\ufeff"]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=14).map("".join)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_fix_makes_no_new_error_and_has_nothing_left_to_do(text: str) -> None:
    def errors(one: str) -> Counter[str]:
        return Counter(finding.rule for finding in _look(one).findings if finding.level == "error")

    done = _fixed(text)
    assert not errors(done.text) - errors(text)
    assert done.check == _look(done.text)
    again = _fixed(done.text)
    assert (again.text, again.rules) == (done.text, ())
