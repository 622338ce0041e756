"""Which entries of the knowledge base fit, and why."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.knowledge.file import entry
from socialcli.knowledge.matching import best, stem
from socialcli.model.knowledge import Because, Entry

BAG = entry(
    "My bag did not arrive. What now?", "Report it at the desk, or online.", "https://northline.example/bags",
    topic="baggage", language="en",
)  # fmt: skip
REFUND = entry(
    "How long does a refund take?", "Five working days to your card.", topic="refund", language="en"
)
DOG = entry("Can I bring my dog?", "Yes, in a carrier of up to 8 kg as a cabin bag.", language="en")
MALETA = entry("Mi maleta no llegó", "Avise en el mostrador, o por internet.", topic="baggage", language="es")
KOFFER = entry("Mein Koffer ist weg", "Melden Sie es am Schalter.", topic="baggage", language="de")
ALL = (BAG, REFUND, DOG, MALETA, KOFFER)


def asked(text: str, **known: str) -> list[Entry]:
    return [one.entry for one in best(ALL, text, limit=0, **known)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("@NorthlineAir both my BAGS never arrived!!", BAG),
        ("still waiting for my refunds", REFUND),
        ("are dogs allowed on board?", DOG),
        ("¿dónde están nuestras maletas?", MALETA),
        ("Unsere Koffer fehlen", KOFFER),
        ("card", REFUND),
    ],
)
def test_words_meet_by_their_stems(text: str, first: Entry) -> None:
    assert asked(text)[0] == first


@pytest.mark.parametrize(
    "text", ["", "what is the of and", "xylophone", "@bags", "https://bags.example/refund", "🧳"]
)
def test_what_tells_nothing_finds_nothing(text: str) -> None:
    assert asked(text) == []


def test_the_question_counts_more_than_the_answer() -> None:
    assert asked("bag") == [BAG, DOG]
    first, second = best(ALL, "bag", limit=0)
    assert [one.because[0].where for one in (first, second)] == ["question", "answer"]


def test_why_is_told() -> None:
    (first, *_) = best(ALL, "my Bags did not arrive, refund?", language="en", topic="Baggage")
    assert first.entry == BAG
    words = {(one.where, one.words) for one in first.because}
    assert words == {("question", "Bags"), ("question", "arrive"), ("topic", "")}
    assert first.score == pytest.approx(sum(one.points for one in first.because), abs=0.02)
    assert first.covered == 1


def test_another_language_counts_half() -> None:
    alike = (
        entry("Tarifa bag", "Sí", language="es"),
        entry("Fare bag", "Yes", language="en"),
        entry("Fee bag", "So"),
    )
    found = best(alike, "bag", language="en")
    assert [one.entry.language for one in found] == ["en", None, "es"]
    assert found[2].score == pytest.approx(found[0].score / 2, abs=0.01)
    assert found[2].because[-1] == Because("language", "", -found[2].score)


def test_the_order_does_not_hang_on_that_of_the_entries() -> None:
    found = [best(order, "bag refund desk", limit=0) for order in itertools.permutations(ALL)]
    assert all(one == found[0] for one in found)


def test_the_limit() -> None:
    assert len(best(ALL, "bag refund dog", limit=2)) == 2
    assert best((), "bag") == []


@pytest.mark.parametrize(
    "words",
    [
        ("bag", "bags", "Bag", "baggage"), ("refund", "refunds", "refunded", "refunding"),
        ("cancel", "cancelled", "cancelling", "cancellation"), ("delay", "delays", "delayed"),
        ("delivery", "deliveries"), ("maleta", "maletas"), ("Koffer", "Koffern"), ("réservation", "reservations"),
    ],
)  # fmt: skip
def test_forms_of_one_word(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=50), st.text(max_size=50)), max_size=5))
def test_any_text_is_matched(text: str, pairs: list[tuple[str, str]]) -> None:
    entries = [Entry(str(number), question, answer) for number, (question, answer) in enumerate(pairs)]
    for one in best(entries, text, language="en", limit=0):
        assert one.score >= 0
        assert 0 <= one.covered <= 1
        assert one.because


def test_ten_thousand_entries_and_a_megabyte() -> None:
    many = [
        entry(f"What about fare {number} to city {number % 97}?", f"Fare {number}: see desk.")
        for number in range(10_000)
    ]
    start = time.process_time()
    found = best(many, "fare 4711 please " + "a b " * 250_000)
    assert found[0].entry.question.startswith("What about fare 4711 ")
    assert time.process_time() - start < 10
