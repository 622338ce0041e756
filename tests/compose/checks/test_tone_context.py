"""The same words are right or wrong by what stands around them: the draft, the thread, triage's view."""

from __future__ import annotations

import pytest

from socialcli.compose.checks.examples import assessed, thread
from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.linter import check
from socialcli.policy.schema import Policy


def _rules(request: CheckRequest, policy: Policy) -> set[str]:
    return {finding.rule for finding in check(request, policy).findings}


@pytest.mark.parametrize(
    "text",
    [
        "Your booking code (PNR) is in the corner of the email. ^SB",
        "The PNR, that is, the six letters in the corner, is all we need. ^SB",
    ],
)
def test_a_term_that_is_explained_is_no_jargon(text: str, policy: Policy) -> None:
    assert "tone/jargon" not in _rules(CheckRequest(text=text), policy)


def test_a_term_that_the_customer_used_is_no_jargon(policy: Policy) -> None:
    text = "Your PNR is in our system again. ^SB"
    asked = thread("My PNR is gone from the app")
    assert "tone/jargon" in _rules(CheckRequest(text=text), policy)
    assert "tone/jargon" not in _rules(CheckRequest(text=text, thread=asked), policy)


def test_capitals_that_are_initials_or_a_hashtag_are_no_jargon(policy: Policy) -> None:
    for text in ("On it. ^AP", "On it, see #ATC. ^SB", "The ops are fine. ^SB"):
        assert "tone/jargon" not in _rules(CheckRequest(text=text), policy)


@pytest.mark.parametrize(
    "text",
    [
        "We are working on it, and you hear from us by six. ^SB",
        "We are working on it. Which desk was it? ^SB",
        "We are working on it: https://northline.example/help ^SB",
        "We are working on it. Please send us a message with your flight. ^SB",
    ],
)
def test_a_step_with_a_time_a_question_a_link_or_a_part_for_the_customer_is_not_vague(
    text: str, policy: Policy
) -> None:
    assert "promise/vague" in _rules(CheckRequest(text="We are working on it. ^SB"), policy)
    assert "promise/vague" not in _rules(CheckRequest(text=text), policy)


def test_who_praises_waits_for_no_step(policy: Policy) -> None:
    request = CheckRequest(
        text="Thank you, we'll let you know. ^SB", assessment=assessed("praise", sentiment=1)
    )
    assert "promise/vague" not in _rules(request, policy)


@pytest.mark.parametrize(
    "text",
    [
        "We can't guarantee that the bag arrives today. ^SB",
        "I promise we will write to you at six. ^SB",
        "We will definitely look into it and write to you at six. ^SB",
    ],
)
def test_what_we_do_ourselves_may_be_promised(text: str, policy: Policy) -> None:
    assert "promise/impossible" not in _rules(CheckRequest(text=text), policy)


def test_a_refusal_stays_cold_with_sorry_and_warm_with_a_way(policy: Policy) -> None:
    assert "tone/cold-denial" in _rules(CheckRequest(text="Sorry, we can't do that. ^SB"), policy)
    way = "Unfortunately our policy does not allow it, but you can give the seat to a friend. ^SB"
    assert "tone/cold-denial" not in _rules(CheckRequest(text=way), policy)


def test_joy_answers_praise_but_not_advice(policy: Policy) -> None:
    text = "We are so glad that you liked it! ^SB"
    praise, advice = assessed("praise", sentiment=1), assessed("feedback", sentiment=0)
    assert "tone/no-thanks" not in _rules(CheckRequest(text=text, assessment=praise), policy)
    assert "tone/no-thanks" in _rules(CheckRequest(text=text, assessment=advice), policy)


def test_who_thanked_us_is_upset_no_more_unless_in_grief(policy: Policy) -> None:
    text = "Great to hear! 😊 ^SB"
    solved = thread("My bag is gone!", "> So sorry, it is at desk 4. ^SB", "Found it, thank you")
    grief = thread("My father died.", "> So sorry, the seat is yours. ^SB", "Thank you")
    for turns, rules in ((solved, set()), (grief, {"tone/emoji", "register/too-casual"})):
        found = _rules(CheckRequest(text=text, thread=turns, assessment=assessed()), policy)
        assert found & {"tone/emoji", "register/too-casual"} == rules


def test_cheer_is_too_casual_for_the_stranded_only(policy: Policy) -> None:
    text = "Great news: the desk has your form. Sorry for the wait. ^SB"
    stranded = thread("Stranded at Upper Dale with two children")
    assert "register/too-casual" in _rules(CheckRequest(text=text, thread=stranded), policy)
    assert "register/too-casual" not in _rules(CheckRequest(text=text, assessment=assessed()), policy)


def test_the_price_of_a_thing_is_no_offer(policy: Policy) -> None:
    assert "approval/money" not in _rules(CheckRequest(text="The second bag costs 40 euros. ^SB"), policy)
    assert "approval/money" in _rules(CheckRequest(text="Take 40 euros for the second bag. ^SB"), policy)


def test_having_nothing_to_pay_is_an_offer(policy: Policy) -> None:
    assert "approval/money" in _rules(
        CheckRequest(text="You won't have to pay for the second bag. ^SB"), policy
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("¡VENGA YA A LA PUERTA! Se acabó el tiempo!!!! ^SB", "tone/shouting"),
        ("Das passiert nie wieder, garantiert. ^SB", "promise/impossible"),
        ("Das hätten Sie vorher lesen müssen. ^SB", "tone/blame"),
        ("Ce n'est pas notre faute. ^SB", "tone/defensive"),
        ("Non rimborsiamo. ^SB", "tone/cold-denial"),
        ("Entraremos em contato em breve. ^SB", "promise/vague"),
        ("Sus comentarios: lamentamos las molestias ocasionadas. ^SB", "tone/robotic"),
        ("Nous reconnaissons notre faute. ^SB", "approval/admission"),
        ("Le rimborseremo il biglietto. ^SB", "approval/money"),
        ("Was für ein Drama! ^SB", "tone/sarcasm"),
    ],
)
def test_the_core_is_known_in_five_more_languages(text: str, rule: str, policy: Policy) -> None:
    assert rule in _rules(CheckRequest(text=text), policy)
