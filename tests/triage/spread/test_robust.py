"""What the check must see, and must not be talked out of or into."""

from __future__ import annotations

import pytest

from socialcli.model.incident import IncidentState, Known
from tests.triage.spread.conftest import DAY, EVERYDAY, HOUR, MINUTE, NOW, Setting

APP = ("app is down", "your app is broken", "app not working", "cannot open the app")
OFFLINE = (
    "nothing loads since two",
    "has everything stopped working?",
    "router showing red light, no connection",
    "no internet in Otley",
    "whole street offline",
    "wifi is dead",
    "can't get online",
    "are you down?",
)
TWICE = (
    "charged twice for one order",
    "double charge on my card",
    "you billed me again for the same ticket",
    "my payment was taken two times, overcharged",
    "why was I charged two times?",
)
DOUBLE = (
    "app charged my card twice",
    "the app took my card payment twice, charged double",
    "charged twice by your app on my card",
    "why did the app charge my card two times",
    "my card got charged again in the app",
    "app double charged the card",
    "card charged twice through the app!!",
)
JESTS = (
    "outage means I finally met my wife 😂",
    "outage memes are gold",
    "haha this app got me down bad",
    "outage party at mine 🤣",
    "lmao the outage made me read a book",
    "memes about the outage are the best",
)


@pytest.mark.parametrize("before", [0, 6, 40])
def test_one_more_complaint_takes_no_suspicion_away(scene: Setting, before: int) -> None:
    for people in (5, 6, 7, 8, 10, 11, 12, 20, 40):
        setting = scene()
        for number in range(before):
            setting.say(EVERYDAY[number % 12], DAY * (1 + number % 5) + number * 600)
        texts = [APP[number % 4] for number in range(people)]
        told = setting.each(texts, every=10 * MINUTE / people).suspects()
        assert [one.words[0] for one in told] == ["app"], people


@pytest.mark.parametrize("texts", [OFFLINE, OFFLINE[1:6], TWICE])
def test_one_matter_in_words_that_nobody_shares(scene: Setting, texts: tuple[str, ...]) -> None:
    quiet = scene().usual_days(a_day=1, texts=("do you open on Sunday?", "what does it cost?"))
    told = quiet.each(texts, every=2 * MINUTE if len(texts) == 5 else MINUTE).suspects()
    assert [one.authors for one in told] == [len(texts)]
    assert "complain of alike things" in told[0].reason
    assert "usual" in told[0].reason
    assert "0.0" not in told[0].reason
    assert "otley" not in told[0].words


@pytest.mark.parametrize("history", [0, 10])
def test_jests_about_an_outage(scene: Setting, history: int) -> None:
    assert scene().usual_days(days=history).each(JESTS).suspects() == []


@pytest.mark.parametrize("state", ["dismissed", "closed"])
def test_what_was_dismissed_hides_nothing_else(scene: Setting, state: IncidentState) -> None:
    known = Known("app and website", ("app",), state, NOW - MINUTE, NOW - HOUR)
    told = scene().usual_days().each(DOUBLE).suspects([known])
    assert len(told) == 1
    assert "charged" in told[0].words


def test_the_same_again_stays_dismissed(scene: Setting) -> None:
    known = Known("app and website", ("app",), "dismissed", NOW, NOW - HOUR)
    texts = [APP[number % 4] for number in range(8)]
    assert len(scene().each(texts).suspects()) == 1
    assert scene().each(texts).suspects([known]) == []


@pytest.mark.parametrize(
    "text",
    [
        "BOYCOTT Brightbean they stole my money",
        "we must all tell them that this is not how they can do it, refund stolen",
    ],
)
def test_one_text_from_six_accounts_is_one_voice(scene: Setting, text: str) -> None:
    assert scene().usual_days().each([text] * 6).suspects() == []
    assert (
        scene().usual_days().each([f"{text} {word}" for word in ("a", "b", "c", "d", "e")]).suspects() == []
    )


def test_neither_own_name_nor_addresses_nor_people_are_words(scene: Setting) -> None:
    texts = (
        "boycott brightbean, beans stale says Gruber",
        "brightbean sells stale beans, so did Gruber",
        "stale again, brightbean, ask Gruber",
        "my brightbean bag was stale, write gruber@x.example",
        "stale brightbean bag, says gruber@x.example too",
        "rude Gruber and stale coffee",
    )
    told = scene('[brand]\nname = "Brightbean"').usual_days().each(texts).suspects()
    assert "stale" in told[0].words
    assert not {word for one in told[0].words for word in one.split()} & {"brightbean", "gruber", "example"}


def test_three_are_enough_where_somebody_may_come_to_harm(scene: Setting) -> None:
    glass = ("found glass in my soup", "glass in my salad", "there was a piece of glass in the bread")
    assert [one.authors for one in scene().usual_days().each(glass).suspects()] == [3]
    assert scene().usual_days().each(glass[:2]).suspects() == []
