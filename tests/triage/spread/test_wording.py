from __future__ import annotations

import pytest

from socialcli.triage.spread.chance import strength
from socialcli.triage.spread.wording import features_of, stem_of, wording


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("cancelled canceled cancelling cancels cancel cancellation cancellations", "cancel"),
        ("delay delays delayed delaying", "delay"),
        ("outage outages", "outag"),
        ("stopped stop stops stopping", "stop"),
        ("the still please ok 24h is not gracias bitte merci", ""),
        ("verspatung", "verspatung"),
    ],
)
def test_stems(words: str, stem: str) -> None:
    found = {stem_of(word) for word in words.split() if word != "24h"}
    assert found == {stem}


def test_words_and_pairs_are_what_it_is_about() -> None:
    found = wording("The app is still down. Cancelled flight, and no refund: https://t.co/x").features
    assert list(found) == [
        "app",
        "down",
        "app down",
        "cancel",
        "flight",
        "cancel flight",
        "refund",
    ]
    assert found["cancel flight"] == "cancelled flight"


def test_what_somebody_else_said_does_not_count() -> None:
    assert wording("RT @NorthlineAir: planes on fleek").features == {}
    assert set(wording("“@NorthlineAir: planes on fleek” awful joke, refund").features) == {"refund"}
    assert set(wording('"@NorthlineAir: planes on fleek').features) == set()


def test_the_first_link_is_kept() -> None:
    assert wording("see http://a.example/1 and http://b.example/2").link == "http://a.example/1"
    assert wording("no link").link == ""


def test_words_of_an_incident_are_features() -> None:
    assert features_of(("cancelled flights", "Störung", "the", "App down!")) == (
        "cancel flight",
        "storung",
        "app down",
    )


@pytest.mark.parametrize(
    "text", ["“@a: " * 40_000, "RT @" * 60_000, "@" * 500_000, "x" * 1_000_000, "\0" * 10_000]
)
def test_of_a_hostile_text_only_the_beginning_is_read(text: str) -> None:
    assert wording(text) == wording(text[:2_000])


def test_strength_is_the_upper_tail() -> None:
    """Beside the Poisson distribution, which it becomes where the usual count is well known."""
    assert strength(5, 1.0, 1e6) == pytest.approx(2.4366, abs=0.001)  # 0.00366
    assert strength(1, 3.0, 1e6) == 0
    assert strength(0, 1.0, 5) == strength(3, 0.0, 5) == 0
    assert strength(5, 1.0, 1) == pytest.approx(1.5051, abs=0.001)  # one in 32: a rate known from one case
    assert strength(2_000, 10.0, 1e6) > 300
    few = [strength(count, 2.0, 5) for count in range(3, 40)]
    assert few == sorted(few)
