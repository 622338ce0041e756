"""Rules that read more than the text: the thread, the customer, the agent, the card, triage's view."""

from __future__ import annotations

import msgspec
import pytest

from socialcli.compose.checks.examples import CUSTOMER, assessed, thread
from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.linter import check
from socialcli.policy.schema import Agent, Policy

DRAFT = "We are tracing the bag now. ^SB"


def _rules(request: CheckRequest, policy: Policy) -> set[str]:
    return {finding.rule for finding in check(request, policy).findings}


def _with_sign_off(policy: Policy, form: str) -> Policy:
    return msgspec.structs.replace(policy, reply=msgspec.structs.replace(policy.reply, sign_off=form))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("^{initials}", "On it.^SB"),
        ("^{initials}", "On it. ^sb"),
        ("^{initials}", "On it. ^SB "),
        ("^{initials}", "On it. ^SB 1/2"),
        ("*{initials}", "On it. *SB"),
        ("/{initials}", "On it. /SB https://northline.example/a"),
        ("- {first_name}", "On it. - Sam"),
        ("- {name}", "On it. - Sam Baker"),
        ("({initials})", "On it. (SB)"),
        ("", "On it."),
    ],
)
def test_the_sign_off_has_the_form_of_the_policy(form: str, text: str, policy: Policy) -> None:
    assert check(CheckRequest(text=text, agent="sb"), _with_sign_off(policy, form)).ok


@pytest.mark.parametrize(
    ("form", "text"),
    [("*{initials}", "On it. *KL"), ("- {first_name}", "On it. - Kim"), ("/{initials}", "Ok /KL")],
)
def test_a_stranger_in_the_form_of_the_policy_is_the_wrong_agent(
    form: str, text: str, policy: Policy
) -> None:
    rules = _rules(CheckRequest(text=text, agent="sb"), _with_sign_off(policy, form))
    assert rules == {"signoff/wrong-agent"}


def test_without_agent_any_listed_sign_off_is_right_and_with_one_only_that(policy: Policy) -> None:
    two = msgspec.structs.replace(policy, agents=(*policy.agents, Agent("kl", "Kim Lund", "KL")))
    assert check(CheckRequest(text="On it. ^KL"), two).ok
    assert _rules(CheckRequest(text="On it. ^KL", agent="sb"), two) == {"signoff/wrong-agent"}


def test_a_sign_off_is_owed_in_a_direct_message_too(policy: Policy) -> None:
    assert _rules(CheckRequest(text="On it.", visibility="direct"), policy) == {"signoff/missing"}


@pytest.mark.parametrize(
    "turns",
    [
        ("My bag is gone!", "> So sorry, which flight? ^SB", "NL204, and I am fed up"),
        ("My bag is gone!", "> Which flight? ^SB", "NL204. Thanks for the quick answer"),
        ("¡Mi maleta!", "> Lo sentimos mucho. ¿Qué vuelo? ^SB", "NL204"),
    ],
)
def test_an_apology_is_owed_once_and_not_after_thanks(turns: tuple[str, ...], policy: Policy) -> None:
    request = CheckRequest(text=DRAFT, thread=thread(*turns), assessment=assessed())
    assert "tone/no-apology" not in _rules(request, policy)


def test_mock_thanks_are_none(policy: Policy) -> None:
    turns = thread("My bag is gone!", "> Which flight? ^SB", "NL204. Thanks for nothing")
    request = CheckRequest(text=DRAFT, thread=turns, assessment=assessed())
    assert "tone/no-apology" in _rules(request, policy)


@pytest.mark.parametrize(
    "regret",
    [
        "Perdón",
        "Lo sentimos",
        "Es tut uns leid",
        "Désolés",
        "Pedimos desculpa",
        "Ci dispiace",
        "We let you down",
    ],
)
def test_regret_is_known_in_six_languages(regret: str, policy: Policy) -> None:
    assert "tone/no-apology" not in _rules(CheckRequest(text=f"{regret}. ^SB", assessment=assessed()), policy)


def test_a_neutral_question_needs_no_apology(policy: Policy) -> None:
    request = CheckRequest(text=DRAFT, assessment=assessed("question", sentiment=-0.4))
    assert "tone/no-apology" not in _rules(request, policy)


def test_without_an_assessment_no_apology_is_asked_for(policy: Policy) -> None:
    assert _rules(CheckRequest(text=DRAFT, thread=thread("My bag is gone!")), policy) == set()


def test_leading_handles_do_not_count_in_a_reply_only(policy: Policy) -> None:
    text = f"@{CUSTOMER} Hi ^SB"
    assert check(CheckRequest(text=text, customer=CUSTOMER), policy).length.count == len("Hi ^SB")
    assert check(CheckRequest(text=text), policy).length.count == len(text)


def test_a_handle_alone_is_an_empty_reply(policy: Policy) -> None:
    assert _rules(CheckRequest(text=f"@{CUSTOMER} ^SB", customer=CUSTOMER), policy) == {"text/empty"}


def test_who_answered_in_the_thread_is_one_of_us(policy: Policy) -> None:
    request = CheckRequest(
        text="@NorthlineAir has more. ^SB", thread=thread("Hello?", "> Hi! ^SB", "Anyone?")
    )
    assert check(request, msgspec.structs.replace(policy, accounts=())).ok


@pytest.mark.parametrize(
    "text",
    [
        "Please never share your card number here. ^SB",
        "We sent the code to your phone number. ^SB",
        "Let us know if you got our answer at your e-mail address. ^SB",
        "What's your e-mail address? Please DM it. ^SB",
        "Please give your booking reference to the agent by phone, we need it. Call us. ^SB",
        "You can change your password on the form at https://northline.example/me ^SB",
    ],
)
def test_private_things_are_named_without_being_asked_for(text: str, policy: Policy) -> None:
    assert _rules(CheckRequest(text=text), policy) == set()


def test_a_direct_message_may_ask_and_show(policy: Policy) -> None:
    text = "Is your e-mail address still marta@post.example? Please send us your phone number. ^SB"
    assert not {
        rule for rule in _rules(CheckRequest(text=text, visibility="direct"), policy) if "privacy" in rule
    }
    assert _rules(CheckRequest(text=text), policy) >= {"privacy/asks-in-public", "privacy/discloses"}


def test_a_booking_reference_is_asked_for_with_a_warning(policy: Policy) -> None:
    (finding,) = check(CheckRequest(text="Please tell us your booking reference. ^SB"), policy).findings
    assert (finding.rule, finding.level) == ("privacy/asks-in-public", "warning")


def test_our_own_numbers_are_no_disclosure(policy: Policy) -> None:
    for text in (
        "We hold it. Call 0800 123 4567. ^SB",
        "We hold it. You can call us on +44 7911 123456. ^SB",
    ):
        assert _rules(CheckRequest(text=text), policy) == set()


def test_one_fault_is_one_finding(policy: Policy) -> None:
    assert _rules(CheckRequest(text="See https://bit.ly/3x ^SB"), policy) == {"links/shortener"}
    assert len(check(CheckRequest(text="Itâ€™s ðŸ‘\x8f here. ^SB"), policy).findings) == 2


def test_links_within_the_brands_hosts_are_free(policy: Policy) -> None:
    assert check(CheckRequest(text="See https://Help.Northline.Example:443/x. ^SB"), policy).ok
    assert not check(CheckRequest(text="See https://evilnorthline.example/x ^SB"), policy).ok
