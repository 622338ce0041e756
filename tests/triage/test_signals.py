"""Signals by their form: advertisements, talk among customers, requests put as questions, topics of many trades."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.triage import Assessor
from tests.conftest import Cli
from tests.triage.conftest import Say
from tests.triage.test_assessor import rules
from tests.triage.test_properties import ASSESSOR, CUSTOMER, WORDS, message


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Vote for your team! Text GOALS to 82277 now", "spam/short-code"),
        ("You have 1 new message. Please call 08712 345 678", "spam/dear-number"),
        ("Free tones, only 150p per tone, reply STOP to end", "spam/opt-out"),
        ("pls help https://www.gofundme.com/our-van", "spam/collects"),
        ("https://cheap-tones.example/offer", "spam/bare-link"),
        ("claim it now tones.example/offer free", "spam/link"),
        ("Earn $500 daily, ask me how", "spam/scheme"),
    ],
)
def test_advertisements_show_in_their_form(text: str, rule: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert (found.kind, found.respond) == ("spam", "ignore")
    assert rule in rules(found)


@pytest.mark.parametrize(
    "text",
    [
        "@NorthlineAir I have called 0871 234 5678 three times and nobody picks up",
        "@NorthlineAir I replied STOP and still get your texts",
        "@NorthlineAir screenshot of the error https://imgur.com/x1",
        "@NorthlineAir is the wifi free on board?",
        "Landed late.then waited an hour for the bags @NorthlineAir",
    ],
)
def test_customers_are_no_advertisers(text: str, assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say(text)).kind != "spam"


@pytest.mark.parametrize(
    "text",
    [
        "@cust2 are you on the @NorthlineAir too?",
        "sat on the @NorthlineAir hop to Cork with a goat behind me",
    ],
)
def test_talk_among_customers_is_watched(text: str, assessor: Assessor, say: Say) -> None:
    found = assessor.assess(say(text))
    assert (found.kind, found.respond) == ("mention", "monitor")


def test_something_to_do_is_a_request_though_it_is_asked(assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say("@NorthlineAir could you resend my invoice?")).kind == "request"
    assert assessor.assess(say("@NorthlineAir do you fly to Faro in winter?")).kind == "question"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("no signal and no mobile data since noon", "network and coverage"),
        ("card declined and the cash machine kept it, my bank says wait", "bank and cards"),
        ("power cut in our street, electricity gone since six", "power, water and heat"),
        ("lost progress and the save file is gone", "games"),
        ("cold food, and half the curry missing", "food and restaurant"),
        ("a game of cards while my bag is lost", "baggage"),
    ],
)
def test_topics_of_many_trades(text: str, topic: str, assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say(text)).topic == topic


@given(st.lists(st.sampled_from([word for word in WORDS if "@" not in word]), min_size=1, max_size=12))
@settings(deadline=None)
def test_an_undirected_complaint_ranks_as_its_directed_twin(words: list[str]) -> None:
    """Where both are complaints of the same facts, the name of the brand in front changes no points."""
    text = " ".join(["my bag never arrived", *words])
    undirected = ASSESSOR.assess(message(text, CUSTOMER, "en"))
    directed = ASSESSOR.assess(message(f"@NorthlineAir {text}", CUSTOMER, "en"))
    assert (undirected.score, undirected.priority) == (directed.score, directed.priority)


def test_followers_and_badges_change_nothing(cli: Cli) -> None:
    """Also where another program gives them with the message."""
    plain = {"id": "m1", "text": "my bag never arrived", "created_at": "2026-11-20T10:00:00Z"}
    star = {"followers_count": 9_000_000, "verified": True, "public_metrics": {"followers_count": 9_000_000}}
    lines = [
        {**plain, "author": {"handle": "cust1"}},
        {
            **plain,
            "author": {"handle": "star", "name": "A Star ✔", **star},
            "public_metrics": {"likes": 90_000},
        },
    ]
    run = cli("triage", "-", "--json", input="".join(json.dumps(line) + "\n" for line in lines))
    first, second = (json.loads(line) for line in run.out.splitlines())
    assert first == second
