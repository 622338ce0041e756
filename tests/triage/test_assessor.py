from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from socialcli.model.assessment import Assessment
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor
from socialcli.triage.reading import Reading
from socialcli.triage.reading import read as really
from tests.triage.conftest import Say


def rules(found: Assessment) -> dict[str, str]:
    return {reason.rule: reason.words for reason in found.reasons}


def test_reasons_name_rule_words_and_place(assessor: Assessor, say: Say) -> None:
    text = "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!"
    found = assessor.assess(say(text))
    told = rules(found)
    assert told["complaint/not-delivered"] == "never arrived"
    assert told["time/deadline-today"] == "in 40 min"
    assert found.topic == "baggage"
    assert found.ticket is None
    assert all(text[reason.start : reason.end] == reason.words for reason in found.reasons)


def test_score_is_the_sum_of_its_parts(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say("@NorthlineAir still no refund for the flight you cancelled"))
    assert found.score == sum(reason.weight for reason in found.reasons)
    assert rules(found)["kind/complaint"] == ""


def test_what_a_limit_takes_away_is_a_reason(assessor: Assessor, say: Say) -> None:
    """Every rule keeps its weight of the policy; the limits are told below."""
    found = assessor.assess(
        say("rude crew, worst app, it won't load, bag lost, smoke on board, and we board in 20 min")
    )
    weights = {reason.rule: reason.weight for reason in found.reasons}
    assert found.score == 100
    assert (weights["complaint/staff"], weights["complaint/lost"], weights["harm/safety"]) == (4, 3, 80)
    assert weights["most/complaint"] < 0
    assert weights["most/score"] < 0
    assert sum(weights.values()) == 100


def test_half_points_end_in_a_whole_score(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say("my screen is broken"))
    assert {reason.rule: reason.weight for reason in found.reasons} == {
        "kind/complaint": 40,
        "complaint/not-working": 3.5,
        "most/rounding": 0.5,
    }
    assert found.score == 44


def test_never_arrived_is_told_once(assessor: Assessor, say: Say) -> None:
    assert "complaint/again" not in rules(assessor.assess(say("my parcel never arrived")))
    assert rules(assessor.assess(say("my parcel never arrived, again")))["complaint/again"] == "again"


def test_danger_comes_before_a_late_flight(assessor: Assessor, say: Say) -> None:
    danger = assessor.assess(say("there is a smell of burning where we board"))
    late = assessor.assess(say("rude crew, late flight and nobody answers, I already called"))
    assert danger.score > late.score


def test_offsets_count_code_points(assessor: Assessor, say: Say) -> None:
    text = "😡😡 @NorthlineAir 𝓾𝓰𝓱, my bag never arrived"
    found = assessor.assess(say(text))
    reason = next(one for one in found.reasons if one.rule == "complaint/not-delivered")
    assert text[reason.start : reason.end] == "never arrived"


@pytest.mark.parametrize(
    "plain",
    [
        "my bag never arrived and nobody answers",
        "is the desk in Cork open on Sunday?",
        "there is smoke in the cabin",
        "the app won't load my boarding pass, I fly tonight",
    ],
)
def test_undirected_twin_scores_the_same(plain: str, assessor: Assessor, say: Say) -> None:
    directed = assessor.assess(say(f"@NorthlineAir {plain}"))
    for twin in (plain, f"{plain} @northlineair"):
        found = assessor.assess(say(twin, source="search"))
        assert (found.score, found.kind, found.priority) == (directed.score, directed.kind, directed.priority)
        assert found.respond == "respond"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("my flight leaves in 40 min", True),
        ("I must be in Oslo by 5pm, can you help?", True),
        ("I fly tonight and cannot check in", True),
        ("tonight was terrible, never again", False),
        ("my bag was lost yesterday in Cork", False),
        ("I was told by 3 agents to wait", False),
    ],
)
def test_deadline_today_is_read_from_the_text(text: str, hours: bool, assessor: Assessor, say: Say) -> None:
    assert ("time/deadline-today" in rules(assessor.assess(say(text + "?")))) is hours


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("my flight is at 12:30", True),  # sent at 10:01 in London
        ("trying to check in for the 12:40 to Oslo", True),
        ("Flight 12:15", True),
        ("boarding at 1pm", True),
        ("is the 9:50 gone", False),
        ("my flight was at 09:15", False),
        ("you said by 09:30", False),
        ("by 5:30 please", True),
        ("my flight is at 16:30", False),
        ("my flight is at 11:30 on Sunday", False),
        ("the match ended 11:30", True),
        ("a roll costs 11.30", False),
        ("seat 11", False),
        ("delayed 12h", False),
    ],
)
def test_clock_times_are_read_against_the_time_of_the_message(
    text: str, deadline: bool, assessor: Assessor, say: Say
) -> None:
    assert ("time/deadline-today" in rules(assessor.assess(say(text)))) is deadline


def test_clock_times_are_those_of_the_brand(with_policy: Callable[[str], Assessor], say: Say) -> None:
    message = say("my flight is at 18:30, which gate?")
    tokyo = with_policy('[brand]\ntime_zone = "Asia/Tokyo"')  # 19:01 there
    dubai = with_policy('[brand]\ntime_zone = "Asia/Dubai"')  # 14:01
    kolkata = with_policy('[brand]\ntime_zone = "Asia/Kolkata"')  # 15:31
    assert [one.assess(message).priority for one in (tokyo, dubai, kolkata)] == ["normal", "normal", "urgent"]


def test_past_midnight_is_still_soon(with_policy: Callable[[str], Assessor], say: Say) -> None:
    apia = with_policy('[brand]\ntime_zone = "Pacific/Apia"')  # 23:01 there
    message = say("my flight is at 00:40, which gate?")
    assert apia.assess(message).priority == "urgent"


def test_at_night_a_cancelled_flight_with_children_is_stranded_without_the_word(
    with_policy: Callable[[str], Assessor], assessor: Assessor, say: Say
) -> None:
    message = say("NL771 cancelled, we are four with two kids")
    apia = with_policy('[brand]\ntime_zone = "Pacific/Apia"')
    assert (assessor.assess(message).priority, apia.assess(message).priority) == ("high", "urgent")


def test_words_that_say_little_are_told_only_where_they_count(assessor: Assessor, say: Say) -> None:
    full = assessor.assess(say("bag lost, app won't load, so rude, how long will I wait"))
    assert "complaint/still" not in rules(full)
    assert "complaint/still" in rules(assessor.assess(say("how long until my bag is found? it was delayed")))


def test_what_somebody_said_is_no_complaint_alone(assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say("you said gate 4")).kind != "complaint"
    assert assessor.assess(say("you said my bag would come, it never did")).kind == "complaint"


def test_half_a_complaint_names_its_words(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say("@NorthlineAir again NL204"))
    assert rules(found)["doubt/answer"] == "again"


@pytest.mark.parametrize("text", ["check-in", "check in", "Check‑in"])
def test_a_hyphen_makes_no_other_word(text: str, assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say(f"{text} question")).topic == "app and website"


def test_by_five_tomorrow_is_tomorrow(assessor: Assessor, say: Say) -> None:
    told = rules(assessor.assess(say("Can you rebook me by 5pm tomorrow?")))
    assert "time/deadline-tomorrow" in told
    assert "time/deadline-today" not in told


@pytest.mark.parametrize(
    "text",
    [
        "you idiots lost my bag",
        "fuck you, my flight was cancelled and nobody helps",
        "claim your prize? you lost my suitcase and nobody answers for three days",
    ],
)
def test_a_complaint_is_never_ignored(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert (found.kind, found.respond) == ("complaint", "respond")


@pytest.mark.parametrize(
    "text",
    [
        "thanks for the delay, really",
        "great job losing my bag",
        "way to go, flight cancelled again",
    ],
)
def test_mock_praise_is_a_complaint(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert found.kind == "complaint"
    assert "praise/mock" in rules(found)
    assert found.sentiment < -0.05


@pytest.mark.parametrize(
    "text",
    [
        "no problem at all with the flight, lovely crew",
        "wasn't late, wasn't rude, great crew",
        "never disappoints, thank you",
    ],
)
def test_negation_turns_complaint_words_round(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert found.kind == "praise"
    assert found.sentiment > 0.05


def test_register_follows_the_customer_but_not_into_jokes(assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say("Dear Sir or Madam, may I bring a cello?")).register == "formal"
    assert assessor.assess(say("hey guys do u fly to Faro? 😊")).register == "friendly"
    assert assessor.assess(say("hey guys u lost my bag lol")).register == "neutral"


def test_topic_gives_the_route(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say("Question from a journalist about your sponsorship campaign"))
    assert (found.topic, found.route) == ("press and brand", "brand")
    assert assessor.assess(say("where is my suitcase?")).route == "service"


@pytest.mark.parametrize(
    ("text", "tag", "language"),
    [
        ("what ever", "pt", "pt"),
        ("what ever", "zh-TW", "zh"),
        ("my bag is still not here, where is it?", "und", "en"),
        ("mi maleta no ha llegado", None, "es"),
        ("wo ist mein Koffer und wann kommt er", None, "de"),
        ("où est ma valise, je suis à Lyon", None, "fr"),
        ("a minha mala não chegou ainda", None, "pt"),
        ("dove è la mia valigia", None, "it"),
        ("Oslo", None, None),
        ("", None, None),
    ],
)
def test_language_is_stated_or_guessed_or_open(
    text: str, tag: str | None, language: str | None, assessor: Assessor, say: Say
) -> None:
    assert assessor.assess(say(text, lang=tag)).language == language


def test_private_data_is_marked(assessor: Assessor, say: Say) -> None:
    text = "my mail is jo.bell@example.org, bag still missing"
    spans = assessor.assess(say(text)).private_data
    assert [(span.kind, text[span.start : span.end]) for span in spans] == [("email", "jo.bell@example.org")]


def test_texts_without_digits_or_addresses_hold_nothing_private(assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say("@NorthlineAir @cust2 where is my bag?")).private_data == ()


def test_found_by_search_and_only_in_passing_is_watched(assessor: Assessor, say: Say) -> None:
    passing = "Northline Air flight over the bay"
    assert assessor.assess(say(passing, source="search")).respond == "monitor"
    assert assessor.assess(say("@NorthlineAir twice this week", source="search")).respond == "respond"
    nothing_else = "again NL204"  # worded like talk, but nobody else can read it
    assert assessor.assess(say(nothing_else, visibility="direct")).respond == "respond"


def test_nothing_said(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(""))
    assert (found.respond, found.priority) == ("ignore", "low")
    assert found.reasons
    assert assessor.assess(say("@NorthlineAir")).respond == "monitor"


def test_a_team_adds_and_takes_words(
    with_policy: Callable[[str], Assessor], assessor: Assessor, say: Say
) -> None:
    text = "the blue light on my router"
    assert assessor.assess(say(text)).kind == "mention"
    own = with_policy('[triage.words]\n"complaint/not-working" = ["blue light/s"]')
    assert own.assess(say(text)).kind == "complaint"
    calm = with_policy('[triage.not_words]\n"complaint/cancelled" = ["cancelled"]')
    assert assessor.assess(say("cancelled")).kind == "complaint"
    assert calm.assess(say("cancelled")).kind == "mention"


def test_a_team_changes_weights_and_thresholds(
    with_policy: Callable[[str], Assessor], assessor: Assessor, say: Say
) -> None:
    text = "my flight leaves in 40 min, which gate?"
    assert assessor.assess(say(text)).priority == "urgent"
    assert with_policy('[triage.weights]\n"time/deadline-today" = 0').assess(say(text)).priority == "normal"
    assert with_policy("[triage]\nurgent = 71").assess(say(text)).priority == "high"


def test_explain_says_what_is_missing(assessor: Assessor, say: Say) -> None:
    lost, hell = say("my bag is lost"), say("go to hell")
    complaint = assessor.assess(lost)
    lines = assessor.explain(complaint, lost)
    assert f"urgent from 70 points (triage.urgent): {70 - complaint.score} missing" in lines
    assert any(line.startswith("without complaint/lost") for line in lines)
    ignored = assessor.explain(assessor.assess(hell), hell)
    assert any(line.startswith("respond if") for line in ignored)


def test_every_weight_that_is_used_is_in_the_policy(assessor: Assessor, policy: Policy, say: Say) -> None:
    told_elsewhere = (
        "most/",
        "thread/",
        "doubt/",
        "chatter/",
        "text/",
        "question/",
        "request/",
        "feedback/",
        "kind/",
    )
    for text in (
        "my bag is lost, app won't load, so rude",
        "smoke!",
        "WIN a FREE iPhone http://a.example",
        "go to hell",
    ):
        for rule in rules(assessor.assess(say(text))):
            assert rule in policy.triage.weights or rule.startswith(told_elsewhere)


def test_a_long_thread_is_read_once(policy: Policy, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message looks at forty before it; what was found in them is not worked out anew."""
    read = 0

    def counted(*given: Any) -> Reading:
        nonlocal read
        read += 1
        return really(*given)

    monkeypatch.setattr("socialcli.triage.assessor.read", counted)
    thread = [say(f"@NorthlineAir my bag never arrived, day {n}") for n in range(200)]
    assessor = Assessor(policy)
    found = [assessor.assess(message, thread[:place]) for place, message in enumerate(thread)]
    assert read == len(thread)
    assert found[-1] == Assessor(policy).assess(thread[-1], thread[:-1])


TRADE = """
[[fetch.searches]]
name = "trade"
query = "airline baggage"
own_industry = true
on = true

[[fetch.searches]]
name = "by-name"
query = "northline"
"""


def test_what_a_search_about_the_trade_finds_has_the_lowest_priority(
    with_policy: Callable[[str], Assessor], say: Say
) -> None:
    text = "My airline lost my bag and nobody answers the phone. Worst trip ever."
    found = with_policy(TRADE).assess(say(text, source="search", found_by="trade"))
    assert found.priority == "low"
    assert sum(reason.weight for reason in found.reasons) == found.score
    assert "search/own-industry" in rules(found)
    ours = with_policy(TRADE).assess(say(text, source="search", found_by="by-name"))
    assert ours.priority == "high"
    named = with_policy(TRADE).assess(say(f"@NorthlineAir {text}", source="search", found_by="trade"))
    assert named.priority == "high"
