"""Kinds of wording, each told both ways: what may sound alike and is fine."""

from __future__ import annotations

import pytest

from socialcli.compose.checks.examples import assessed, thread
from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.linter import check
from socialcli.policy.schema import Policy

CALL = "Please call us on +44 20 7946 0321"
QUESTION = assessed("question", sentiment=0)
SIZES = "A crate may be 60 x 45 x 40 cm and weigh up to 32 kg."


def _rules(request: CheckRequest, policy: Policy) -> set[str]:
    return {finding.rule for finding in check(request, policy).findings}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Sorry! The closing time was shown on the ticket you were sent.", "tone/blame"),
        ("Sorry about the dent. A thicker box would have prevented it.", "tone/blame"),
        ("Sorry, but 96% of our parcels arrive on time.", "tone/defensive"),
        ("Sorry! The driver had every right to go.", "tone/defensive"),
        ("Sorry, these are the rules.", "tone/cold-denial"),
        ("Sorry. Your claim has been closed, and it will not be reviewed again.", "tone/cold-denial"),
        ("The parcel is definitely coming back to you.", "promise/impossible"),
        ("Sorry! Someone is going to have a look at some point.", "promise/vague"),
        ("Sorry, we left a file with passport records in an open cloud folder.", "approval/admission"),
        ("The next ride will not cost you a penny.", "approval/money"),
        ("Sorry, but our own records tell quite another story.", "tone/defensive"),
        ("Sorry, our branch does not deal with that.", "tone/cold-denial"),
        ("Sorry, nobody here ever repaired it.", "approval/admission"),
        ("Tell me the three figures on the back and I'll look.", "privacy/asks-in-public"),
        ("Dear (guest name), your table is ready.", "text/placeholder"),
        ("It was sent to rosa dot quill at letterbox dot example.", "privacy/discloses"),
    ],
)
def test_a_kind_of_wording_is_found(text: str, rule: str, policy: Policy) -> None:
    assert rule in _rules(CheckRequest(text=f"{text} ^SB"), policy)


@pytest.mark.parametrize(
    "text",
    [
        "The number is printed on the tag you were given, please DM us that.",
        "A thicker box would have to be ordered, in two days. Shall we?",
        "You have every right to be cross: the new departure is 17:10.",
        "Sorry for the wait! 9 of our flights are late, yours leaves at 15:10.",
        "Our policy is one bag a seat, and a violin may travel as yours.",
        "Well spotted, thank you! The sign is right by tonight.",
        "No, the fee isn't charged for prams.",
        "So yes: the 32 kg are for each crate, not for both.",
        "Sadly we don't sail in January. The first boat is on 2 March.",
        "Fares to Cork start from £29.",
        "Please DM us your (full name) and the date of the flight.",
    ],
)
def test_what_sounds_alike_is_fine(text: str, policy: Policy) -> None:
    assert _rules(CheckRequest(text=f"{text} ^SB"), policy) == set()


def test_free_of_charge_is_a_price_to_who_asks_and_amends_to_who_complains(policy: Policy) -> None:
    text = "Sorry, a change is free of charge until 18:00. ^SB"
    asked = CheckRequest(text=text, thread=thread("What does a change cost?"), assessment=QUESTION)
    complained = CheckRequest(text=text, thread=thread("Late again. Terrible!"), assessment=assessed())
    assert "approval/money" not in _rules(asked, policy)
    assert "approval/money" in _rules(complained, policy)


@pytest.mark.parametrize(
    ("said", "text", "useless"),
    [
        ("Can I take a surfboard?", f"{CALL}, 8am to 6pm. ^SB", True),
        (
            "Can I take a surfboard?",
            f"{CALL} between 8:00-18:00, or 24/7 by chat: it flies for a fee. ^SB",
            False,
        ),
        ("When are your lines open?", f"{CALL}, 8am to 6pm. ^SB", False),
        ("I'm deaf, can I take a surfboard?", f"It may fly as baggage. {CALL} to book it. ^SB", True),
        ("I can't use the phone. A surfboard?", f"It may fly as baggage. {CALL}, or send a DM. ^SB", False),
    ],
)
def test_hours_are_no_answer_and_a_number_is_none_to_who_cannot_phone(
    said: str, text: str, policy: Policy, *, useless: bool
) -> None:
    rules = _rules(CheckRequest(text=text, thread=thread(said), assessment=QUESTION), policy)
    assert ("answer/useless-number" in rules) == useless


@pytest.mark.parametrize(
    ("said", "text", "again"),
    [
        ("Great. And is there a vet on board?", "Crates: 32 kg at the most, 60 by 45 by 40. ^SB", True),
        ("So 32 kg and 60 x 45 x 40, right?", "Right: 32 kg at the most, 60 by 45 by 40. ^SB", False),
        ("And a larger one?", "Larger ones go as freight: 32 kg, 80 by 45 by 40 cm. ^SB", False),
    ],
)
def test_the_same_figures_again_answer_nothing_new(
    said: str, text: str, policy: Policy, *, again: bool
) -> None:
    request = CheckRequest(
        text=text, thread=thread("How big may a crate be?", f"> {SIZES} ^KL", said), assessment=QUESTION
    )
    assert ("repeat/already-answered" in _rules(request, policy)) == again


def test_a_sum_that_the_customer_named_is_explained_and_not_offered(policy: Policy) -> None:
    text = "Those £12.50 are the roaming day in Oslo. ^SB"
    asked = CheckRequest(text=text, thread=thread("What are these 12.50 pounds?"), assessment=QUESTION)
    other = CheckRequest(text=text, thread=thread("What are these 12 pounds?"), assessment=QUESTION)
    assert "approval/money" not in _rules(asked, policy)
    assert "approval/money" in _rules(other, policy)


def test_a_tweet_that_is_named_asks_for_nothing(policy: Policy) -> None:
    card = {"order": "NL48291337"}
    named = CheckRequest(text="Your tweet shows the booking reference, please remove it. ^SB", card=card)
    asked = CheckRequest(text="Please tweet the booking reference. ^SB", card=card)
    assert "repeat/asks-again" not in _rules(named, policy)
    assert "repeat/asks-again" in _rules(asked, policy)
