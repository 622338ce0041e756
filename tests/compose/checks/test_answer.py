"""answer/*, repeat/*, language/* and spelling/*: what speaks for a reply, what is never said aloud, and that any
text is read in linear time.
"""

from __future__ import annotations

import msgspec
import pytest

from socialcli.compose.checks.examples import assessed, thread
from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.linter import check
from socialcli.model.assessment import Kind
from socialcli.policy.schema import Policy

QUESTION = assessed("question", sentiment=0)


def _findings(request: CheckRequest, policy: Policy, group: str | tuple[str, ...]) -> list[tuple[str, str]]:
    found = check(request, policy).findings
    return [(one.rule, one.message) for one in found if one.rule.startswith(group)]


def _rules(request: CheckRequest, policy: Policy, group: str) -> set[str]:
    return {rule for rule, _ in _findings(request, policy, group)}


@pytest.mark.parametrize(
    "text",
    [
        "Until ten tonight. ^SB",
        "We're finding out, and will write here at four. ^SB",
        "It's all here: https://northline.example/lounge ^SB",
        "We've sent you the answer by DM. ^SB",
        "Which airport is it? ^SB",
        "We don't know yet, sorry. ^SB",
        "Sadly not today. ^SB",
    ],
)
def test_a_time_a_step_a_link_or_a_question_answers(text: str, policy: Policy) -> None:
    request = CheckRequest(
        text=text, thread=thread("How long is the lounge open tonight?"), assessment=QUESTION
    )
    assert _rules(request, policy, "answer/") == set()


@pytest.mark.parametrize("said", ["Seriously?", "Are you kidding me?", "What is wrong with you people?"])
def test_a_cry_is_no_question(said: str, policy: Policy) -> None:
    request = CheckRequest(text="So sorry, Marta. ^SB", thread=thread(said), assessment=assessed())
    assert _rules(request, policy, "answer/") == {"answer/no-next-step"}


@pytest.mark.parametrize("kind", ["praise", "feedback", "mention"])
def test_nothing_is_owed_for_praise_or_ideas(kind: Kind, policy: Policy) -> None:
    request = CheckRequest(
        text="Thanks so much, Marta! ^SB", thread=thread("You could add a map."), assessment=assessed(kind)
    )
    assert _rules(request, policy, "answer/") == set()


def test_after_thanks_nothing_is_owed(policy: Policy) -> None:
    turns = thread("My bag is gone!", "> It comes tonight. ^SB", "Great, thank you!")
    request = CheckRequest(text="You're welcome! ^SB", thread=turns, assessment=assessed())
    assert _rules(request, policy, "answer/") == set()


def test_one_silence_is_one_finding(policy: Policy) -> None:
    turns = thread("My bag is gone. When will it come?")
    request = CheckRequest(text="So sorry, Marta. ^SB", thread=turns, assessment=assessed())
    assert _rules(request, policy, "answer/") == {"answer/none"}


@pytest.mark.parametrize(
    ("said", "number", "right"),
    [
        ("I am in Madrid until Friday.", "0800 555 0142", False),
        ("I am in Madrid until Friday.", "+44 800 555 0142", False),
        ("I am in Madrid until Friday.", "+44 20 7946 0321", True),
        ("Travelling abroad right now.", "020 7946 0321", False),
        ("I am in Leeds until Friday.", "0800 555 0142", True),
        ("My flight to Madrid is on Friday.", "0800 555 0142", True),
    ],
)
def test_a_number_is_one_that_rings_from_there(said: str, number: str, right: bool, policy: Policy) -> None:
    text = f"The seat is yours, row 4. To change it call {number}. ^SB"
    found = _rules(CheckRequest(text=text, thread=thread(said)), policy, "answer/useless")
    assert found == (set() if right else {"answer/useless-number"})


def test_a_number_that_was_asked_for_is_the_answer(policy: Policy) -> None:
    request = CheckRequest(text="It's 020 7946 0321. ^SB", thread=thread("What is your phone number?"))
    assert _rules(request, policy, "answer/") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Sorry that the website was slow. ^SB",
        "Are you on our website, or in the app? ^SB",
        "The form is in the app, under Help. ^SB",
        "We've just sent the link by DM. ^SB",
    ],
)
def test_a_page_that_is_only_named_needs_no_link(text: str, policy: Policy) -> None:
    assert _rules(CheckRequest(text=text), policy, "answer/") == set()


def test_the_link_may_stand_above(policy: Policy) -> None:
    turns = thread("How do I claim?", "> Here: https://northline.example/claims ^SB", "And then?")
    request = CheckRequest(text="Please fill in the form on that page. ^SB", thread=turns)
    assert _rules(request, policy, "answer/no-link") == set()


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Flight NL204 is late again", "Which flight is it? ^SB"),
        ("Vuelo NL204, otra vez tarde", "¿Qué vuelo es? ^SB"),
        ("My name is Ana Diaz", "May we have your full name? ^SB"),
        ("Ich heiße Ana Diaz", "Wie heißen Sie? ^SB"),
        ("Order 5512883 never came", "What is your order number? ^SB"),
        ("We were four people at the table", "How many people were you? ^SB"),
    ],
)
def test_what_was_said_is_not_asked_for_again(said: str, text: str, policy: Policy) -> None:
    assert _rules(CheckRequest(text=text, thread=thread(said)), policy, "repeat/") == {"repeat/asks-again"}
    assert _rules(CheckRequest(text=text, thread=thread("Hello?")), policy, "repeat/") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Is NL204 the one? ^SB",
        "We can't find NL204 today; which flight do you mean? ^SB",
        "Which other flight were you on? ^SB",
    ],
)
def test_there_are_reasons_to_ask_again(text: str, policy: Policy) -> None:
    request = CheckRequest(text=text, thread=thread("Flight NL204 is late again"))
    assert _rules(request, policy, "repeat/asks") == set()


def test_what_is_private_is_not_repeated_in_the_finding(policy: Policy) -> None:
    mail = "m.ruiz@post.example"
    asks = CheckRequest(
        text="What is your e-mail address? ^SB", visibility="direct", thread=thread(f"It's {mail}")
    )
    asked = CheckRequest(
        text="Hi Marta! ^SB", thread=thread(f"Can you write to {mail} today?"), assessment=QUESTION
    )
    for request in (asks, asked):
        (message,) = [message for _, message in _findings(request, policy, ("answer/", "repeat/"))]
        assert mail not in message


def test_a_holding_reply_is_followed_by_the_answer(policy: Policy) -> None:
    turns = thread("Where is my bag?", "> We'll find out and write here at four. ^KL")
    assert _rules(CheckRequest(text="It's in Oslo, Marta. ^SB", thread=turns), policy, "repeat/") == set()


@pytest.mark.parametrize("recent", [0, 1, 2])
def test_as_many_texts_are_compared_as_the_policy_says(recent: int, policy: Policy) -> None:
    kept = msgspec.structs.replace(policy, reply=msgspec.structs.replace(policy.reply, recent=recent))
    said = ("The desk is at gate B12. ^SB", "Your seat is moved to the front row, enjoy. ^KL")
    request = CheckRequest(text="Your seat is moved to the front row - enjoy! ^SB", recent=said)
    assert bool(_rules(request, kept, "repeat/canned")) == (recent == 2)


def test_a_word_list_tells_what_is_not_on_it(policy: Policy) -> None:
    known = msgspec.structs.replace(
        policy, dictionary=frozenset(("the", "desk", "opens", "at", "six", "it's"))
    )
    found = check(
        CheckRequest(text="The desc opens at six, Marta, it's NL204 #now @northlineair. ^SB"), known
    ).findings
    assert [(one.rule, one.level, one.start) for one in found] == [("spelling/slip", "info", 4)]


@pytest.mark.parametrize(
    "piece",
    [
        "order ",
        "ref ref ",
        "in the ",
        "when ",
        "please send us ",
        "X",
        "0800 ",
        "my name ",
        "50 more ",
        "see our ",
    ],
)
def test_time_is_linear_in_draft_and_thread(piece: str, policy: Policy) -> None:
    """A quadratic rule would take minutes for this."""
    long = piece * (200_000 // len(piece))
    request = CheckRequest(text=long, thread=thread(long, f"> {long}", long), assessment=assessed())
    assert "length/over-limit" in {one.rule for one in check(request, policy).findings}
