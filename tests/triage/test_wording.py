"""How a message is worded corrects what the lists make of it, within bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.model.assessment import Kind
from socialcli.policy.load import parse
from socialcli.triage import Assessor, wording
from tests.triage.conftest import SHIPPED, Say
from tests.triage.test_properties import CUSTOMER, message, texts

UNWORDED = """
[triage.weights]
"threshold/wording" = 99
"threshold/wording-complaint" = 99
"threshold/wording-spam" = 99
"threshold/wording-monitor" = 99
"""
POLICY = parse(SHIPPED.read_bytes())
WORDED = Assessor(POLICY)
BY_LISTS = Assessor(parse(SHIPPED.read_bytes(), UNWORDED.encode()))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("@NorthlineAir paid for the window seat and got the wall", "complaint"),
        ("@NorthlineAir the last three flights I took with you all left after midnight", "complaint"),
        ("@NorthlineAir it would be handy to see the seat map before paying", "feedback"),
        ("on the NL12 to Bergen with my sister, six hours of gossip ahead", "mention"),
    ],
)
def test_a_turn_of_phrase_is_read(text: str, kind: str, assessor: Assessor, say: Say) -> None:
    assert assessor.assess(say(text)).kind == kind


def test_it_says_so_with_the_words(assessor: Assessor, say: Say) -> None:
    found = assessor.assess(
        say("@NorthlineAir the last three flights I took with you all left after midnight")
    )
    told = next(reason for reason in found.reasons if reason.rule == "wording/complaint")
    assert told.words
    assert sum(reason.weight for reason in found.reasons) == found.score


def test_it_can_be_switched_off(with_policy: Callable[[str], Assessor], say: Say) -> None:
    found = with_policy(UNWORDED).assess(
        say("@NorthlineAir the last three flights I took with you all left after midnight")
    )
    assert not any(reason.rule.startswith("wording/") for reason in found.reasons)


@given(texts)
@settings(deadline=None, max_examples=300)
def test_harm_stays_a_complaint_and_what_the_lists_hold_off_stays_held_off(text: str) -> None:
    by_lists = BY_LISTS.seen(message(text, CUSTOMER, "en")).weighed
    worded = WORDED.seen(message(text, CUSTOMER, "en")).weighed
    if by_lists.kind in {"spam", "abuse"} or (by_lists.kind == "complaint" and by_lists.signals.harms):
        assert worded.kind == by_lists.kind
    elif worded.kind in {"spam", "abuse"}:
        assert not by_lists.signals.matters
        assert not by_lists.signals.harms


@given(texts)
@settings(deadline=None)
def test_the_evidence_lies_on_the_side_of_the_kind(text: str) -> None:
    weighed = WORDED.seen(message(text, CUSTOMER, "en")).weighed
    threshold = POLICY.triage.weights["threshold/complaint"]
    if weighed.kind == "complaint":
        assert weighed.complaint_points >= threshold
    elif weighed.chatter is not None:
        assert weighed.complaint_points < threshold


def test_the_file_is_one_feature_a_line_and_holds_kinds_alone() -> None:
    shipped = wording.shipped("en")
    assert shipped is not None
    places = range(len(wording.KINDS))
    assert all(place in places for found in shipped.weights.values() for place, _ in found)


def test_a_language_without_a_file_has_none() -> None:
    assert wording.shipped("tlh") is None


@given(st.dictionaries(st.text(min_size=1), st.floats(-9, 9), max_size=5))
def test_what_is_written_is_what_is_read(found: dict[str, float]) -> None:
    import msgspec

    weights: dict[str, dict[Kind, float]] = {
        feature: {"complaint": round(value, 2)} for feature, value in found.items()
    }
    read = msgspec.json.decode(wording.encode({"complaint": 0.5}, weights))
    assert read == {"kinds": ["complaint"], "bias": [0.5], "weights": weights}
