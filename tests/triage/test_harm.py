"""Harm is never missed for a calm voice, a foreign tongue or good manners, and never seen where there is none."""

from __future__ import annotations

import pytest

from socialcli.triage import Assessor
from tests.triage.conftest import Say

URGENT = [
    "@TallowThyme the power bank from your shop burst into flames on my desk",
    "The kettle you sent gave me a shock and my arm is numb",
    "found a razor blade in the granola",
    "mouse droppings in the oats",
    "my son swallowed the battery from your torch",
    "@NorthlineAir we took off with the doors open",
    "your driver is drunk",
    "the man next to me just collapsed",
    "an old lady here is having chest pains",
    "your bouncer hit me",
    "the lift stopped between floors",
    "there's a toddler wandering around alone near the exit",
    "i don't want to live anymore",
    "no quiero vivir",
    "ich will nicht mehr leben",
    "j'ai envie de mourir",
    "nao quero mais viver",
    "voglio morire",
    "I know when your staff leave. Watch yourselves.",
    "you posted my address for all to see",
    "the app shows me someone else's card and address",
    "my account has been emptied",
    "£900 went out of my savings and it wasn't me",
    "karte wurde gestohlen und jemand bucht damit",
    "Rauch im Abteil",
    "c'è fumo in cabina",
    "meu filho não respira",
    "mein Baby atmet nicht",
    "mon bébé ne respire plus",
    "mi hija no respira",
    "stranded since yesterday in Oban with a baby",
    "whole village without water since yesterday",
    "flight was 7 hours ago, we are stuck at the airport, kids asleep on the floor",
]


@pytest.mark.parametrize("text", URGENT)
def test_harm_is_urgent_however_calmly_it_is_told(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert (found.respond, found.priority) == ("respond", "urgent")


@pytest.mark.parametrize(
    "text",
    [
        "Your guard assaulted me on Friday. Thanks for asking, by the way.",
        "thanks, my inhaler is in the bag you lost",
        "Hello lovely team, there is smoke in our hall. Thank you!",
    ],
)
def test_good_manners_do_not_wipe_out_harm(text: str, assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say(text)).priority == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "Great, broken again. Thank you.",
        "Good evening! Lovely shop but my parcel 7719 hasn't arrived. Thanks x",
        "Hi kind people, my box arrived empty. Many thanks!",
        "Cheers for ruining our anniversary",
        "Super, schon wieder Verspätung. Danke.",
        "Your site and app are down. Thanks!",
    ],
)
def test_good_manners_do_not_wipe_out_a_complaint(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert (found.kind, found.priority) == ("complaint", "high")


@pytest.mark.parametrize(
    "text",
    [
        "Do you sell carbon monoxide detectors?",
        "Is the 'Smoke & Oak' candle coming back?",
        'The "Autumn Smoke" candle is my favourite',
        "an explosion of flavour in every bite",
        "How do I keep my account from being hacked?",
        "looking for a needle in a haystack on this menu",
    ],
)
def test_words_of_harm_without_harm_are_not_urgent(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert found.priority in {"low", "normal"}
    assert not [reason for reason in found.reasons if reason.rule.startswith("harm/")]


def test_what_is_over_is_not_urgent(assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say("we were stranded in Bergen last year, awful")).priority != "urgent"


def test_praise_by_what_did_not_happen_is_no_complaint(assessor: Assessor, say: Say) -> None:
    for text in ("never lets me down", "no complaints, refunded without any trouble"):
        assert assessor.assess(say(text)).kind != "complaint"


def test_a_wrong_language_from_the_network_does_not_blind_us(assessor: Assessor, say: Say) -> None:
    text = "Ich warte seit drei Wochen auf mein Paket und niemand antwortet mir auf meine Mails"
    found = assessor.assess(say(text, lang="en"))
    assert (found.kind, found.language) == ("complaint", "en")
    assert {reason.rule for reason in found.reasons} & {"complaint/wait", "complaint/no-response"}


@pytest.mark.parametrize("text", URGENT)
def test_nobody_only_watches_what_presses(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(f"{text} 😂"))
    assert found.respond == "respond" or found.priority in {"low", "normal"}
