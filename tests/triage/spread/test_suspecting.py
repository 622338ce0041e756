from __future__ import annotations

from collections.abc import Iterable

import pytest

from socialcli.model.incident import IncidentState, Known, Suspicion
from tests.triage.spread.conftest import DAY, EVERYDAY, HOUR, MINUTE, NOW, Setting

OUTAGE = (
    "@KestrelMobile no signal in Leeds since nine",
    "is there a network outage? no signal at all here",
    "signal gone completely, cannot make calls",
    "no signal on two phones, what is going on",
    "Kestrel signal down again in LS6??",
)
CANCELLED = (
    "you cancelled our flight to Oslo without a word",
    "flight cancelled, nobody at the desk knows anything",
    "NL210 cancelled an hour before departure",
    "so my flight got cancelled and I am stuck in Faro",
    "cancelled again! third time this month",
    "our flight was just cancelled, how do we get home?",
)
MORE_CANCELLED = (
    "cancelled the 7 am to Bergen, thanks for nothing",
    "why was NL88 cancelled?",
    "they cancelled on us at the gate",
    "Faro flight cancelled and no hotel offered",
    "you cancelled, and the app shows nothing",
    "flight home cancelled, two kids with me",
    "cancelled by text message at midnight",
    "cancelled, rebooked, cancelled. Great.",
    "is everything cancelled out of Porto?",
    "a cancelled connection and no help in Oslo",
)
CARDS = (
    "my card was declined at the till, twice",
    "card payments not going through since noon",
    "why is every card payment declined today?",
    "card declined everywhere, this is embarrassing",
    "your card terminal is down, payment declined",
    "declined! my card does not work anywhere",
)


def words(found: Iterable[Suspicion]) -> set[str]:
    return {word for one in found for word in one.words}


@pytest.mark.parametrize("history", [0, 2, 10])
def test_five_outage_reports_in_ten_minutes_at_a_quiet_brand(scene: Setting, history: int) -> None:
    told = scene().usual_days(days=history, a_day=3).each(OUTAGE, every=2 * MINUTE).suspects()
    assert len(told) == 1
    assert "signal" in told[0].words
    assert told[0].authors == 5
    assert told[0].since == NOW - 10 * MINUTE
    assert len(told[0].tickets) == len(told[0].messages) == 5
    assert '"signal"' in told[0].reason
    assert "5 customers within 30m" in told[0].reason


@pytest.mark.parametrize("history", [0, 10])
@pytest.mark.parametrize(
    "texts",
    [
        (
            "wifi down on the whole street",
            "no internet since 8 this morning",
            "broadband is out in BS3, anyone else?",
            "internet down again, working from home here",
            "is the internet down in Bristol?",
        ),
        (
            "can't log in to the app",
            "login keeps failing",
            "app won't let me log in",
            "error when logging in, tried three times",
            "locked out of my account, login fails",
        ),
    ],
    ids=["internet", "login"],
)
def test_each_in_words_of_their_own(scene: Setting, texts: tuple[str, ...], history: int) -> None:
    told = scene().usual_days(days=history, a_day=4).each(texts, every=2 * MINUTE).suspects()
    assert len(told) == 1
    assert told[0].authors == 5
    assert told[0].words


def test_outage_reports_stand_out_of_an_ordinary_morning(scene: Setting) -> None:
    setting = scene().usual_days(a_day=60).each(EVERYDAY[:8], first=3 * HOUR, every=20 * MINUTE)
    assert setting.suspects() == []
    told = setting.each(OUTAGE).suspects()
    assert [one.words[0] for one in told] == ["signal"]


def test_four_reports_are_not_enough_unless_policy_says_so(scene: Setting) -> None:
    assert scene().usual_days().each(OUTAGE[:4]).suspects() == []
    assert len(scene("[incident]\nmin_authors = 4").usual_days().each(OUTAGE[:4]).suspects()) == 1


def test_two_people_who_write_twenty_messages_are_two(scene: Setting) -> None:
    setting = scene("[incident]\nmin_authors = 3").usual_days()
    for number in range(20):
        setting.say(OUTAGE[number % 5], 20 * MINUTE - number * 30, who=f"loud{number % 2}")
    assert setting.suspects() == []


@pytest.mark.parametrize("history", [0, 10])
def test_five_complaints_about_five_matters(scene: Setting, history: int) -> None:
    different = (
        "my bag never arrived in Porto",
        "the app crashes when I check in",
        "your agent at the desk was so rude",
        "still no refund after three weeks",
        "flight two hours late, no information",
        "the seat was filthy",
    )
    assert scene().usual_days(days=history, a_day=4).each(different).suspects() == []
    assert scene().usual_days(days=history).each(different).suspects() == []


@pytest.mark.parametrize(
    "texts",
    [
        (
            "our plane is on fleek lol",
            "on fleek?! who runs this account haha",
            "RT @NorthlineAir: our planes are on fleek",
            "fleek lmao I can't",
            "“@NorthlineAir: our planes are on fleek” omg stop",
            "did an airline just say fleek lol",
            "fleek. I'm dead 😂",
        ),
        (
            "love the new Rovers shirts, great sponsor!",
            "Northline on the Rovers shirts, brilliant",
            "so proud to see you sponsor Rovers",
            "Rovers and Northline, what a lovely match",
            "thank you for backing Rovers!",
            "best shirt Rovers ever had, well done",
        ),
        tuple(f"Win a free iPhone now! Follow me and click http://win.example/{n}" for n in range(9)),
        tuple(f"crypto doubled my money, easy cash, DM @coach{n} now" for n in range(9)),
    ],
    ids=["a joke", "a football sponsorship", "a prize campaign", "a money campaign"],
)
def test_what_spreads_without_a_problem(scene: Setting, texts: tuple[str, ...]) -> None:
    assert scene().usual_days().each(texts).suspects() == []
    assert scene().each(texts).suspects() == []


def test_one_complaint_that_is_passed_on_is_one_voice(scene: Setting) -> None:
    text = "Northline lost the wheelchair of a child in Porto and nobody at the desk answers. Shame!"
    passed_on = [text, *(f"{text} {mark}" for mark in ("😡", "!!", "#fail", "wow", "unreal", "@BBC"))]
    assert scene().usual_days().each(passed_on).suspects() == []
    reposts = [text, *(f"RT @angryparent: {text}" for _ in range(8))]
    assert scene().usual_days().each(reposts).suspects() == []


def test_people_who_share_one_link_are_one_voice(scene: Setting) -> None:
    ways = (
        "read this, flights grounded",
        "grounded again",
        "all grounded it says",
        "grounded, no joke",
        "grounded?",
    )
    with_link = [f"{way} - delayed and grounded http://news.example/grounded" for way in ways]
    assert scene().usual_days().each(with_link).suspects() == []


def test_two_problems_at_once_are_two(scene: Setting) -> None:
    told = scene().usual_days(a_day=40).each(CANCELLED).each(CARDS).suspects()
    assert len(told) == 2
    assert {"cancelled", "declined", "card"} <= words(told)
    first, second = (set(one.tickets) for one in told)
    assert not first & second
    assert {one.topic for one in told} == {"cancellation", "payment"}


def test_a_problem_that_builds_up_slowly(scene: Setting) -> None:
    slow = scene().usual_days(a_day=40).each(CARDS, first=200 * MINUTE, every=38 * MINUTE)
    told = slow.suspects()
    assert len(told) == 1
    assert "within 4h" in told[0].reason
    assert told[0].since == NOW - 200 * MINUTE


def test_a_usual_word_is_no_news(scene: Setting) -> None:
    """A brand whose customers write of cancelled flights every day."""
    setting = scene().usual_days(a_day=60, texts=(*CANCELLED, *EVERYDAY))
    assert setting.each(CANCELLED[:5], first=4 * HOUR, every=48 * MINUTE).suspects() == []


def test_at_night_less_is_a_problem(scene: Setting) -> None:
    """Six cancelled flights of a busy brand: usual in the afternoon, not at three in the morning."""
    night = NOW - 8 * HOUR
    usual = scene().usual_days(days=12, a_day=240, texts=(*CANCELLED, *EVERYDAY, *EVERYDAY))
    for number, text in enumerate(CANCELLED + MORE_CANCELLED[:2]):
        usual.say(text, 8 * HOUR + 20 * MINUTE - 2 * number * MINUTE)
    assert "cancelled" in words(usual.suspects(at=night))
    day = scene().usual_days(days=12, a_day=240, texts=(*CANCELLED, *EVERYDAY, *EVERYDAY))
    day.each((*EVERYDAY, *CANCELLED, *EVERYDAY, *CANCELLED[:2]), first=100 * MINUTE, every=3 * MINUTE)
    assert day.suspects() == []


def known(state: IncidentState, *, last: float, since: float) -> Known:
    return Known("cancellation", ("cancelled", "flight"), state, NOW - int(last), NOW - int(since))


RUNNING_OR_DISMISSED: tuple[IncidentState, ...] = ("suspected", "open", "dismissed")


def test_what_is_known_raises_no_second_incident(scene: Setting) -> None:
    setting = scene().usual_days().each(CANCELLED)
    assert len(setting.suspects()) == 1
    for state in RUNNING_OR_DISMISSED:
        assert setting.suspects([known(state, last=MINUTE, since=HOUR)]) == []
    assert setting.suspects([known("dismissed", last=26 * HOUR, since=27 * HOUR)]) != []


def test_after_closing_the_same_words_are_a_new_incident(scene: Setting) -> None:
    setting = scene().usual_days().each(CANCELLED)
    assert setting.suspects([known("closed", last=MINUTE, since=DAY)]) == []
    assert len(setting.suspects([known("closed", last=11 * MINUTE, since=DAY)])) == 1


def test_a_suspicion_of_last_week_does_not_hide_a_new_wave(scene: Setting) -> None:
    setting = scene().usual_days().each(CANCELLED)
    assert len(setting.suspects([known("suspected", last=HOUR, since=5 * DAY)])) == 1
    assert setting.suspects([known("open", last=HOUR, since=5 * DAY)]) == []


def test_another_problem_is_seen_beside_a_known_one(scene: Setting) -> None:
    setting = scene().usual_days(a_day=40).each(CANCELLED).each(CARDS)
    told = setting.suspects([known("open", last=MINUTE, since=HOUR)])
    assert len(told) == 1
    assert "cancelled" not in told[0].words


@pytest.mark.parametrize(
    ("text", "belongs"),
    [
        ("@NorthlineAir NL88 cancelled as well, what now?", True),
        ("cancelling my flight home like that is a disgrace", True),
        ("flight to Oslo: no gate, no staff, rebooking desk closed", True),
        ("a lovely flight to Oslo, thank you", False),
        ("my bag is lost", False),
        ("glad you were not the ones who cancelled, thanks!", False),
        ("", False),
    ],
)
def test_later_mentions_join(scene: Setting, text: str, belongs: bool) -> None:
    setting = scene().say(text, 0)
    found = setting.spread.joins(
        ("cancelled", "flight", "rebooking", "gate"), "cancellation", setting.heard[0]
    )
    assert found is belongs


def test_an_incident_without_telling_words_goes_by_its_topic(scene: Setting) -> None:
    setting = scene().say("baggage belt broken, no baggage for an hour", 0).say("app is down", 0)
    assert setting.spread.joins((), "baggage", setting.heard[0])
    assert not setting.spread.joins((), "baggage", setting.heard[1])


def test_watching_can_be_switched_off(scene: Setting) -> None:
    off = scene("[incident]\nwatch = false").each(OUTAGE)
    assert not off.spread.worth_a_look(500)
    assert off.suspects() == []


def test_few_people_need_no_look(scene: Setting) -> None:
    spread = scene().spread
    assert [spread.worth_a_look(people) for people in (0, 2, 3)] == [False, False, True]
    assert spread.reach == 4 * HOUR


@pytest.mark.parametrize(
    ("people", "told"), [(5, ()), (8, ("normal", "high")), (16, ("low", "normal", "high"))]
)
def test_sensitivity_moves_the_bar(scene: Setting, people: int, told: tuple[str, ...]) -> None:
    """A brand one of whose customers in 37 writes of a cancelled flight on any day."""
    for sensitivity in ("low", "normal", "high"):
        setting = scene(f'[incident]\nsensitivity = "{sensitivity}"')
        setting.usual_days(days=13, a_day=120, texts=(*EVERYDAY * 3, CANCELLED[0]))
        texts = (*CANCELLED, *MORE_CANCELLED)[:people]
        found = setting.each(texts, first=3 * HOUR, every=2.5 * HOUR / people).suspects()
        assert bool(found) is (sensitivity in told), sensitivity


def test_what_is_later_than_now_is_not_read(scene: Setting) -> None:
    setting = scene().usual_days().each(OUTAGE)
    assert setting.suspects(at=NOW - 7 * MINUTE) == []
