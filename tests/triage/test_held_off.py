"""A customer who swears over a matter, or reports spam, fraud or a slur, is never taken for who sends such things."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.triage import Assessor
from tests.triage.conftest import Say
from tests.triage.test_properties import ASSESSOR, CUSTOMER, message

SWEARING = [
    "@NorthlineAir fuck you my mum needs her insulin and your crew threw it away",
    "you bastards made my grandad walk across the tarmac",
    "screw you. My wedding dress was in that case.",
    "you morons sent us to Luton instead of Lyon",
    "you idiots my invoice is 740",
    "fuck you and your £65 for a backpack",
    "fuck you, I have been at gate 12 since 4am",
    "ihr Idioten habt meinen Rucksack nach Oslo geschickt",
    "bande de cons, mon sac est à Madrid",
    "hijos de puta me han dejado a mi hijo solo en la puerta",
    "filhos da puta deixaram o meu avô sozinho na sala",
]
SLURS_REPORTED = [
    "your crew called my sister a whore",
    "your tram driver called my nephew a faggot and closed the doors",
    "your courier called me a fat pig",
    "your agent just said 'go back to your country' to my father",
    "eure Kollegin am Schalter hat mich Schlampe genannt",
    "votre agent m'a traitée de salope",
    "o vosso funcionário chamou-me vadia e vocês não fizeram nada",
]
SPAM_REPORTED = [
    "I got a text saying 'You have won a free phone, click here to claim' from your number. Is this you?",
    "Win free iPad text from @FernwehBank asking for my password, I gave it. What do I do",
    "click here to claim email from you? they took 90 from my card",
    "I got this from you: 'verify your wallet' link. I clicked it and entered my PIN",
    "I text STOP to 81122 and you still take £2 per week",
    "The free gift wasn't free, £4 charged",
    "Got an email saying I won a £250 voucher from you, is it real?",
    "Fake site using your name: northline-win.example, people are losing money",
    "is this prize survey legit?",
    "check out my new video of your staff kicking suitcases https://v.example/3",
]


@pytest.mark.parametrize("text", [*SWEARING, *SLURS_REPORTED])
def test_who_complains_with_an_insult_is_answered(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert (found.kind, found.respond) == ("complaint", "respond")


@pytest.mark.parametrize("text", SPAM_REPORTED)
def test_who_reports_spam_or_fraud_sends_none(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert found.kind not in {"spam", "abuse"}
    assert found.respond != "ignore"


@pytest.mark.parametrize(
    "text",
    [
        "you won me over",
        "you've won the award for worst airline",
        "had to watch my plane leave",
        "Have you got a discount code so I can visit my aunt?",
        "Is it normal that a £300 suitcase loses its wheels in a week?",
        "https://pics.example/4410 this is what arrived",
    ],
)
def test_words_of_spam_in_what_customers_say_are_not_ignored(text: str, assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say(text)).respond != "ignore"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("you are all scum, burn in hell", "abuse"),
        ("fuck you worthless pack of rats", "abuse"),
        ("Congratulations! You have won a £500 voucher, click here to claim http://win.example/1", "spam"),
        ("check out my channel and subscribe", "spam"),
        ("A recovery expert got my money back fast, message him on WhatsApp +44 7700 900555", "spam"),
    ],
)
def test_bare_insults_and_advertisements_are_still_ignored(
    text: str, kind: str, assessor: Assessor, say: Say
) -> None:
    found = assessor.assess(say(text))
    assert (found.kind, found.respond) == (kind, "ignore")


PIECES = [
    "you idiots", "fuck you", "burn in hell", "faggot", "you won", "free prize", "click here to claim", "my channel",
    "text WIN to 80082", "my bag never arrived", "the app is not working", "smell of burning", "why is it so slow?",
    "can you resend my ticket", "we are stranded", "http://x.example/1", "@NorthlineAir", "thanks", ".", "said",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
@settings(deadline=None, max_examples=200)
def test_what_names_a_fact_a_harm_or_a_question_is_never_ignored(text: str) -> None:
    one = message(text, CUSTOMER, "en")
    signals = ASSESSOR.seen(one).weighed.signals
    if signals.matters or signals.harms or signals.question or signals.wish:
        assert ASSESSOR.assess(one).respond != "ignore"
