"""What holds for whatever customers write."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.model.incident import Heard, Suspicion
from socialcli.policy.load import parse
from socialcli.triage.spread import Rhythm, Spread
from tests.triage.conftest import SHIPPED
from tests.triage.spread.conftest import DAY, EVERYDAY, HOUR, NOW
from tests.triage.spread.test_suspecting import CANCELLED, CARDS, OUTAGE

LEAST = parse(SHIPPED.read_bytes(), b'[incident]\nmin_authors = 3\nsensitivity = "high"')
SPREAD = Spread(LEAST)
TEXTS = st.sampled_from((*OUTAGE, *CANCELLED, *CARDS, *EVERYDAY)) | st.text(max_size=60)
SAID = st.tuples(st.integers(0, 6), st.integers(0, 6 * HOUR) | st.integers(0, 9 * DAY), TEXTS)


def heard(said: list[tuple[int, int, str]]) -> list[Heard]:
    return [
        Heard(f"m{number}", f"t{number}", f"cust{who}", NOW - ago, text)
        for number, (who, ago, text) in enumerate(said)
    ]


def suspected(messages: list[Heard], spread: Spread = SPREAD) -> list[Suspicion]:
    rhythm = Rhythm.of([(one.at - one.at % 300, 1) for one in messages], "Europe/London", NOW)
    return spread.suspect(messages, rhythm, NOW)


@settings(deadline=None, max_examples=60)
@given(st.lists(SAID, max_size=40))
def test_never_fewer_than_three_people_and_examples_that_were_heard(said: list[tuple[int, int, str]]) -> None:
    messages = heard(said)
    by_id = {one.id: one for one in messages}
    for one in suspected(messages):
        examples = [by_id[name] for name in one.messages]
        assert len({example.author for example in examples}) == one.authors >= 3
        assert {example.ticket for example in examples} == set(one.tickets)
        assert min(example.at for example in examples) == one.since > NOW - SPREAD.reach
        assert one.words
        assert one.topic


@settings(deadline=None, max_examples=20)
@given(st.lists(SAID, min_size=8, max_size=30), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_nor_another_instance_matters(
    said: list[tuple[int, int, str]], random: object
) -> None:
    messages = heard([*said, *((who, 60 * who, text) for who, text in enumerate(OUTAGE))])
    shuffled = [*messages, *messages[:3]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    rhythm = Rhythm.of([(one.at - one.at % 300, 1) for one in messages], "Europe/London", NOW)
    found = SPREAD.suspect(messages, rhythm, NOW)
    assert Spread(LEAST).suspect(shuffled, rhythm, NOW) == found


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, max_size=20), st.lists(st.integers(0, 1), min_size=20, max_size=20))
def test_two_people_are_never_an_incident(texts: list[str], who: list[int]) -> None:
    assert suspected(heard([(who[at], at * 30, text) for at, text in enumerate(texts)])) == []


@settings(deadline=None, max_examples=60)
@given(st.text(), st.lists(st.text(max_size=20), max_size=6))
def test_any_text_may_join_or_not(text: str, words: list[str]) -> None:
    assert SPREAD.joins(words, "baggage", Heard("m", "t", "c", NOW, text)) in {True, False}
