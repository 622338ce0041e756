from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialcli.model.assessment import Assessment
from socialcli.model.message import Message
from socialcli.triage import Assessor
from tests.triage.conftest import Say


def rules(found: Assessment) -> set[str]:
    return {reason.rule for reason in found.reasons}


def test_second_complaint_after_our_answer_raises_the_tier(assessor: Assessor, say: Say) -> None:
    thread = (say("my bag never arrived"), say("So sorry! We are tracing it now. ^SB", ours=True))
    alone = assessor.assess(say("still no bag, nobody called"))
    again = assessor.assess(say("still no bag, nobody called"), thread)
    assert (alone.priority, again.priority) == ("high", "urgent")
    assert "thread/unappeased" in rules(again)


def test_first_complaint_after_an_answer_to_a_question_is_not_unappeased(
    assessor: Assessor, say: Say
) -> None:
    thread = (say("do you fly to Faro?"), say("We do, twice a week. ^SB", ours=True))
    assert "thread/unappeased" not in rules(assessor.assess(say("the app won't load"), thread))


def test_already_called_raises(assessor: Assessor, say: Say) -> None:
    calm = assessor.assess(say("what about my refund?"))
    tried = assessor.assess(say("what about my refund? I already called"))
    assert tried.score > calm.score
    assert tried.priority == "high"
    assert "tried/elsewhere" in rules(tried)


@pytest.mark.parametrize("text", ["Southern", "iOS 11.0.3", "yes", "It was on Sunday"])
def test_short_answer_to_our_question_keeps_the_ticket_open(text: str, assessor: Assessor, say: Say) -> None:
    thread = (say("the app won't load"), say("Sorry! Which version do you run? ^SB", ours=True))
    found = assessor.assess(say(text), thread)
    assert (found.respond, found.kind, found.priority) == ("respond", "complaint", "high")
    assert "thread/answers-us" in rules(found)


@pytest.mark.parametrize(
    "text", ["NL004417", "The tag is NL004417, name of Tully", "Thank you. Flight NL318.", "NL318 please"]
)
def test_an_urgent_matter_stays_urgent_while_the_customer_answers_us(
    text: str, assessor: Assessor, say: Say
) -> None:
    thread = (say("my insulin is in the lost bag"), say("Which number is on the tag? ^SB", ours=True))
    found = assessor.assess(say(text), thread)
    assert (found.respond, found.kind, found.priority) == ("respond", "complaint", "urgent")
    assert "thread/answers-us" in rules(found)


def test_an_answer_that_names_the_fault_is_no_second_complaint(assessor: Assessor, say: Say) -> None:
    thread = (say("the app won't load"), say("Sorry! What does it say? ^SB", ours=True))
    found = assessor.assess(say("error 503"), thread)
    assert found.priority == "high"
    assert "thread/unappeased" not in rules(found)
    assert assessor.assess(say("still error 503"), thread).priority == "urgent"


def test_how_much_an_answer_carries_is_policy(with_policy: Callable[[str], Assessor], say: Say) -> None:
    thread = (say("my insulin is in the lost bag"), say("Which number is on the tag? ^SB", ours=True))
    off = with_policy('[triage.weights]\n"thread/answers-us" = 0')
    assert off.assess(say("NL004417"), thread).priority == "high"


def test_what_the_customer_called_settled_is_not_carried(assessor: Assessor, say: Say) -> None:
    thread = (
        say("stranded at Cork airport"),
        say("A hotel is booked. ^SB", ours=True),
        say("all sorted now"),
        say("Glad to hear. Which seat did you want? ^SB", ours=True),
    )
    assert assessor.assess(say("14C"), thread).priority == "normal"


@pytest.mark.parametrize("text", ["thanks!", "ok great, thank you so much", "Cheers guys 👍", "gracias!"])
def test_bare_thanks_after_our_answer_closes(text: str, assessor: Assessor, say: Say) -> None:
    thread = (say("where is gate 4?"), say("Past the bakery, on the left. ^SB", ours=True))
    found = assessor.assess(say(text), thread)
    assert (found.respond, found.priority) == ("monitor", "low")
    assert "thread/closing-thanks" in rules(found)


def test_thanks_with_a_new_complaint_does_not_close(assessor: Assessor, say: Say) -> None:
    thread = (say("where is my bag?"), say("In Oslo, on its way. ^SB", ours=True))
    found = assessor.assess(say("thanks, but it never arrived"), thread)
    assert (found.respond, found.kind) == ("respond", "complaint")


def test_resolved_closes(assessor: Assessor, say: Say) -> None:
    thread = (say("my bag never arrived"), say("We are tracing it. ^SB", ours=True))
    found = assessor.assess(say("never mind, found it"), thread)
    assert found.respond == "monitor"
    assert "thread/resolved" in rules(found)


@pytest.mark.parametrize(
    "text",
    [
        "Made it on in the end, no thanks to your app. Boarding now",
        "finally got through, all checked in",
        "turned up now at the hotel, phew",
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_an_urgent_matter_that_is_over_waits_for_nobody(
    text: str, answered: bool, assessor: Assessor, say: Say
) -> None:
    thread = [say("app down, my flight leaves in 40 min, how do I check in?")]
    if answered:
        thread.append(say("Please go to desk 12, they check you in by hand. ^SB", ours=True))
    found = assessor.assess(say(text), thread)
    assert (found.respond, found.priority) == ("monitor", "low")
    assert "thread/resolved" in rules(found)


@pytest.mark.parametrize(
    "text", ["found it but the wheel is broken", "it's not sorted now", "all sorted now? who do I call?"]
)
def test_what_is_only_half_over_is_answered(text: str, assessor: Assessor, say: Say) -> None:
    thread = (say("my bag never arrived"), say("We are tracing it. ^SB", ours=True))
    assert assessor.assess(say(text), thread).respond == "respond"


@pytest.mark.parametrize("text", ["sure you have.", "yeah right", "if you say so", "how lovely"])
def test_a_bare_jibe_after_our_answer_is_watched(text: str, assessor: Assessor, say: Say) -> None:
    thread = (
        say("9 quid for a cheese roll"),
        say("Thank you, I passed it on to the kitchen. ^SB", ours=True),
    )
    found = assessor.assess(say(text), thread)
    assert (found.respond, "thread/remark" in rules(found)) == ("monitor", True)


@pytest.mark.parametrize("text", ["no it is not", "seat 14C", "which one?", "please do", "the app crashed"])
def test_a_few_words_with_something_in_them_are_answered(text: str, assessor: Assessor, say: Say) -> None:
    thread = (say("the app won't load"), say("It is fixed, thank you for waiting. ^SB", ours=True))
    assert assessor.assess(say(text), thread).respond == "respond"


def test_unanswered_message_carries_its_urgency(assessor: Assessor, say: Say) -> None:
    first = say("stranded at Cork airport, flight cancelled, please help")
    urgent = assessor.assess(first)
    for later in ("hello??", "thanks", "@NorthlineAir 😭", "you are idiots"):
        found = assessor.assess(say(later), (first,))
        assert (found.respond, found.kind, found.priority) == ("respond", "complaint", "urgent")
        assert found.score >= urgent.score
        assert "thread/unanswered-earlier" in rules(found)


def test_what_we_answered_is_not_carried(assessor: Assessor, say: Say) -> None:
    thread = (say("stranded at Cork airport"), say("A hotel is booked for you, see the mail. ^SB", ours=True))
    assert assessor.assess(say("which terminal is the shuttle at?"), thread).priority == "normal"


def test_other_peoples_messages_are_not_the_customers(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say("which gate is it?"), (say("stranded at Cork airport", who="cust2"),))
    assert found.priority == "normal"


def test_same_customer_by_id_before_handle(assessor: Assessor, say: Say) -> None:
    first = say("stranded at Cork airport", who="old_name")
    assert assessor.assess(say("which gate?", who="OLD_NAME"), (first,)).priority == "urgent"


def test_mere_argument_is_watched_after_enough_answers(assessor: Assessor, say: Say) -> None:
    thread = [say("my bag never arrived")]
    for _ in range(3):
        thread += [say("We are so sorry, it is being traced. ^SB", ours=True), say("pathetic")]
    thread.append(say("Your bag will be with you at noon. ^SB", ours=True))
    rant = assessor.assess(say("pathetic, shame on you"), thread)
    assert (rant.respond, rant.kind) == ("monitor", "complaint")
    assert "thread/argument" in rules(rant)
    matter = assessor.assess(say("pathetic, the bag arrived with a broken wheel"), thread)
    assert matter.respond == "respond"


def test_how_many_answers_are_enough_is_policy(with_policy: Callable[[str], Assessor], say: Say) -> None:
    thread = (say("my bag never arrived"), say("Sorry! It comes at noon. ^SB", ours=True))
    patient, short = (
        with_policy("[triage]\ndisengage_after = 9"),
        with_policy("[triage]\ndisengage_after = 1"),
    )
    rant = say("pathetic, shame on you")
    assert patient.assess(rant, thread).respond == "respond"
    assert short.assess(rant, thread).respond == "monitor"


def test_a_curse_after_an_answered_complaint_is_watched_and_not_ignored(assessor: Assessor, say: Say) -> None:
    thread = (say("my bag never arrived"), say("Sorry! It comes at noon. ^SB", ours=True))
    assert assessor.assess(say("go to hell"), thread).respond == "monitor"


FOUND, TRACING = "We have found it. ^SB", "We are tracing it. ^SB"


@pytest.mark.parametrize(
    ("ours", "text"),
    [
        (FOUND, "the shed is burning"),
        (FOUND, "camera is gone"),
        (FOUND, "somebody unzipped it"),
        (FOUND, "driver left it on the step, snow"),
        (TRACING, "inhaler is in it"),
        (TRACING, "my keys are inside"),
        (TRACING, "ferry is at nine"),
        (TRACING, "it has a crack"),
        (TRACING, "case came, nothing left in it"),
        (TRACING, "my dad just fainted"),
        (TRACING, "fuck you my girl is asthmatic and her spray is in there"),
        (TRACING, "you idiots left it at number 14"),
        (TRACING, "all sorted. now they took 300 from it"),
        (TRACING, "working now. my lad cut his thumb on it though"),
        (TRACING, "sorted my foot"),
        (FOUND, "ok thanks. Inhaler"),
        ("Shall we ring you? ^SB", "no thanks. never again"),
    ],
)
def test_news_in_few_words_after_our_answer_is_answered(
    ours: str, text: str, assessor: Assessor, say: Say
) -> None:
    thread = (say("my bag is lost"), say(ours, ours=True))
    assert assessor.assess(say(text), thread).respond == "respond"


def test_what_is_added_to_a_question_is_answered(assessor: Assessor, say: Say) -> None:
    thread = (say("do you fly to Faro?"), say("We do! ^SB", ours=True))
    assert assessor.assess(say("and Malta"), thread).respond == "respond"


def test_an_insult_beside_the_answer_does_not_hide_it(assessor: Assessor, say: Say) -> None:
    thread = (say("my card is blocked"), say("Which card is it? ^SB", ours=True))
    found = assessor.assess(say("the green one you idiots"), thread)
    assert (found.respond, found.kind) == ("respond", "complaint")
    assert "thread/answers-us" in rules(found)


@pytest.mark.parametrize(
    "text", ["now my lad is hurt and the lid is jammed", "furious. Nine days. No money for rent."]
)
def test_news_after_many_answers_is_no_argument(text: str, assessor: Assessor, say: Say) -> None:
    thread = [say("my bag is lost")]
    for _ in range(4):
        thread += [say("We are so sorry. ^SB", ours=True), say("pathetic")]
    thread.append(say("We are so sorry. ^SB", ours=True))
    assert assessor.assess(say(text), thread).respond == "respond"


@pytest.mark.parametrize("text", ["👍", "🙏 👍", "whatever", "wow", "as if", "lol sure"])
def test_a_sign_or_a_remark_closes(text: str, assessor: Assessor, say: Say) -> None:
    thread = (say("my bag is lost"), say(FOUND, ours=True))
    found = assessor.assess(say(text), thread)
    assert (found.respond, found.priority) == ("monitor", "low")


_BITS = ("pathetic", "whatever", "thanks", "all sorted", "idiots", "you", "no", "never again", "my bag is lost",
         "still", "burning", "fuck you", "👍", "stranded", "by 5pm", "yeah right", "insulin", "?", ".", "found it",
         "lovely", "shame on you", "go to hell", "the app is down", "lol", "kid is hurt", "wow")  # fmt: skip
_OURS = ("We are so sorry. ^SB", "Which one is it? ^SB", "Shall we call you? ^SB", "It is found. ^SB")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.lists(st.sampled_from(_BITS), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6
    ),
    ours=st.sampled_from(_OURS),
)
def test_what_is_only_watched_never_presses(
    assessor: Assessor, say: Say, texts: list[str], ours: str
) -> None:
    thread: list[Message] = []
    for text in texts:
        thread.append(say(text))
        found = assessor.assess(thread[-1], thread[:-1])
        assert found.respond != "monitor" or found.priority in {"low", "normal"}
        thread.append(say(ours, ours=True))
