"""What holds for any text."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.triage import Assessor
from tests.triage.conftest import SHIPPED

ASSESSOR = Assessor(parse(SHIPPED.read_bytes()))
WHEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
WORDS = [
    "my bag",
    "never arrived",
    "thanks",
    "for the delay",
    "@NorthlineAir",
    "in 40 min",
    "tonight",
    "not",
    "?",
    "!!",
]
WORDS += [
    "lost",
    "you",
    "idiots",
    "again",
    "smell of burning",
    "not working",
    "no internet",
    "anyone else",
    "free",
    "win a",
    "http://a.example",
    "😡",
    "mi maleta",
    "nadie responde",
    "by 5pm",
    ".",
    "café",
]
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
tags = st.sampled_from([None, "en", "es", "de", "fr", "pt", "it", "ja", "und"])


def message(text: str, author: Author, lang: str | None = None) -> Message:
    return Message("m1", "x", "support", author, text, WHEN, lang=lang)


CUSTOMER = Author(None, "cust1")


@given(texts, tags)
@settings(deadline=None, max_examples=300)
def test_every_decision_has_reasons_that_stand_in_the_text(text: str, lang: str | None) -> None:
    found = ASSESSOR.assess(message(text, CUSTOMER, lang))
    assert found.reasons
    assert 0 <= found.score <= 100
    assert -1 <= found.sentiment <= 1
    for reason in found.reasons:
        assert text[reason.start : reason.end] == reason.words
    if found.kind == "complaint":
        assert found.respond == "respond"


@given(texts, texts, tags)
@settings(deadline=None, max_examples=300)
def test_the_reasons_add_up_to_the_score(earlier: str, text: str, lang: str | None) -> None:
    first = message(earlier, CUSTOMER, lang)
    later = Message("m2", "x", "support", CUSTOMER, text, WHEN + timedelta(minutes=1), lang=lang)
    for found in (ASSESSOR.assess(first), ASSESSOR.assess(later, [first])):
        assert sum(reason.weight for reason in found.reasons) == found.score


@given(texts, st.text(max_size=30), st.text(max_size=30), st.one_of(st.none(), st.text(max_size=20)))
@settings(deadline=None)
def test_who_wrote_it_changes_nothing(text: str, handle: str, name: str, identity: str | None) -> None:
    stranger = ASSESSOR.assess(message(text, CUSTOMER))
    assert ASSESSOR.assess(message(text, Author(identity, handle, name))) == stranger


@given(texts)
@settings(deadline=None, max_examples=25)  # each compiles the word lists anew
def test_the_same_message_gives_the_same_assessment(text: str) -> None:
    again = Assessor(parse(SHIPPED.read_bytes()))
    assert again.assess(message(text, CUSTOMER)) == ASSESSOR.assess(message(text, CUSTOMER))


def test_a_megabyte_takes_seconds_whatever_is_in_it() -> None:
    for piece in (
        "not ",
        "a",
        "@",
        "in 40 min ",
        "!",
        "never arrived, ",
        "á'",
        "#",
        "thanks for the ",
        "0.",
        "11:30 . flight . ",
        "\n",
    ):
        text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
        started = time.process_time()
        ASSESSOR.assess(message(text, CUSTOMER, "en"))
        assert time.process_time() - started < 6, piece
