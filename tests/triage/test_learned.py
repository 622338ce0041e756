"""What was learned, applied: it corrects the rules, tells its words, and never has the last word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.errors import InvalidError
from socialcli.model.assessment import Assessment
from socialcli.model.learning import Score, Target
from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.triage import Assessor
from socialcli.triage.learned import Learned
from socialcli.triage.taught import LINES, RULES, Linear, Model, decode, encode, features_of
from tests.triage.conftest import SHIPPED, START, Say

POLICY = parse(SHIPPED.read_bytes())
RULES_ALONE = Assessor(POLICY)
_BY_A_LINE: tuple[Target, ...] = ("complaint", "spam", "respond")
NO_SCORE = Score(0.0, 0.0, 0.0, 0.0)


def model(target: Target, lines: Mapping[str, Linear]) -> Model:
    return Model(target, "2026-11-20T10:00:00Z", "labels.csv", 400, NO_SCORE, NO_SCORE, dict(lines))


def of_words(target: Target, words: Mapping[str, float], bias: float = 0.0) -> Model:
    """A model of one line in which the rules count as they stand."""
    (name,), (rule,) = LINES[target], RULES[target]
    return model(target, {name: Linear(bias, {rule: 1.0}, dict(words))})


def of_sentiment(negative: Mapping[str, float], positive: Mapping[str, float]) -> Model:
    rules = {"sentiment": 0.0, "content": 0.0}
    return model(
        "sentiment",
        {
            "negative": Linear(0.0, {**rules, "sentiment": -2.0}, dict(negative)),
            "positive": Linear(0.0, {**rules, "content": 2.0}, dict(positive)),
        },
    )


def with_models(*models: Model, own: str = "") -> Assessor:
    return Assessor(parse(SHIPPED.read_bytes(), own.encode()), Learned(models))


def told(found: Assessment, rule: str) -> list[tuple[str, float]]:
    return [(reason.words, reason.weight) for reason in found.reasons if reason.rule == rule]


TUNNELLED = "@NorthlineAir the fig candle in your shop tunnelled on me"


def test_its_words_make_a_complaint_and_are_told_with_their_points(say: Say) -> None:
    words = {"tunnelled": 3.0, "tunnelled on": 0.5, "fig": -0.5}
    assert with_models(of_words("complaint", {})).assess(say(TUNNELLED)).kind != "complaint"
    found = with_models(of_words("complaint", words)).assess(say(TUNNELLED))
    assert (found.kind, found.respond, found.priority) == ("complaint", "respond", "high")
    assert told(found, "learned/complaint") == [("tunnelled", 3.0), ("tunnelled on", 0.0)]
    assert sum(reason.weight for reason in found.reasons) == found.score
    (reason, *_) = [one for one in found.reasons if one.rule == "learned/complaint"]
    assert TUNNELLED[reason.start : reason.end] == "tunnelled"


def test_its_points_count_in_the_units_of_the_rules(say: Say) -> None:
    """The evidence of the rules and that of the words stand on one scale: how much the rules weigh in the model."""
    weak = model("complaint", {"complaint": Linear(0.0, {"points": 3.0}, {"tunnelled": 3.0})})
    assert with_models(weak).assess(say(TUNNELLED)).kind != "complaint"
    strong = model("complaint", {"complaint": Linear(0.0, {"points": 0.5}, {"tunnelled": 3.0})})
    assert with_models(strong).assess(say(TUNNELLED)).kind == "complaint"


def test_it_adds_no_more_to_the_score_than_all_complaint_parts_may(say: Say) -> None:
    found = with_models(of_words("complaint", {"tunnelled": 900.0})).assess(say(TUNNELLED))
    assert told(found, "learned/complaint")[0][1] == POLICY.triage.weights["most/complaint"]
    assert found.priority == "high"


def test_what_it_speaks_against_is_still_answered(say: Say) -> None:
    text = "@NorthlineAir my flight is delayed"
    assert RULES_ALONE.assess(say(text)).kind == "complaint"
    found = with_models(of_words("complaint", {"delayed": -9.0})).assess(say(text))
    assert found.kind != "complaint"
    assert found.respond == "respond"
    assert told(found, "learned/complaint") == [("delayed", 0.0)]


def test_harm_stays_a_complaint(say: Say) -> None:
    text = "@NorthlineAir there is smoke in the cabin and nobody answers"
    before = RULES_ALONE.assess(say(text))
    after = with_models(of_words("complaint", {}, bias=-50.0)).assess(say(text))
    assert before.kind == after.kind == "complaint"
    assert before.priority == after.priority == "urgent"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You have won a free cruise, claim your prize now www.prize.example", "spam"),
        ("@NorthlineAir you are all morons, drop dead", "abuse"),
    ],
)
def test_what_the_rules_call_spam_or_abuse_stays_that(say: Say, text: str, kind: str) -> None:
    models = (
        of_words("complaint", {}, bias=50.0),
        of_words("spam", {}, bias=-50.0),
        of_words("respond", {}, bias=50.0),
    )
    before, after = RULES_ALONE.assess(say(text)), with_models(*models).assess(say(text))
    assert before.kind == after.kind == kind
    assert before.respond == after.respond == "ignore"


def test_learned_spam_is_watched_and_not_ignored(say: Say) -> None:
    text = "Fig candles from our cousins, all colours, ask for the list"
    found = with_models(of_words("spam", {"cousins": 7.0})).assess(say(text))
    assert (found.kind, found.respond) == ("spam", "monitor")
    assert told(found, "learned/spam") == [("cousins", 0.0)]


def test_learned_spam_is_never_a_complaint(say: Say) -> None:
    text = "@NorthlineAir my flight to our cousins is delayed"
    assert with_models(of_words("spam", {"cousins": 70.0})).assess(say(text)).kind == "complaint"


def test_respond_is_moved_for_what_asks_and_complains_of_nothing(say: Say) -> None:
    text = "@NorthlineAir well done to your gallery, great work"
    quiet = with_models(of_words("respond", {"gallery": -2.0}))
    assert RULES_ALONE.assess(say(text)).respond == "respond"
    assert quiet.assess(say(text)).respond == "monitor"
    assert told(quiet.assess(say(text)), "learned/respond") == [("gallery", 0.0)]
    asked = "@NorthlineAir what time does the gallery open?"
    assert quiet.assess(say(asked)).respond == "respond"


def test_respond_where_the_rules_would_only_watch(say: Say) -> None:
    text = "RT @NorthlineAir a view from the gallery"
    assert RULES_ALONE.assess(say(text)).respond == "monitor"
    assert with_models(of_words("respond", {"gallery": 2.0})).assess(say(text)).respond == "respond"


def test_sentiment_takes_the_likeliest_side(say: Say) -> None:
    assessor = with_models(of_sentiment({"zonk": 2.0}, {"yeet": 2.0}))
    said = {word: assessor.assess(say(f"@NorthlineAir {word}")) for word in ("zonk", "yeet", "boat")}
    assert said["zonk"].sentiment < -0.05
    assert said["yeet"].sentiment > 0.05
    assert abs(said["boat"].sentiment) <= 0.05
    assert told(said["zonk"], "learned/sentiment") == [("zonk", 0.0)]
    assert told(said["yeet"], "learned/sentiment") == [("yeet", 0.0)]


def test_a_complaint_is_never_told_as_content(say: Say) -> None:
    found = with_models(of_sentiment({}, {"delayed": 9.0})).assess(say("@NorthlineAir my flight is delayed"))
    assert found.kind == "complaint"
    assert found.sentiment <= 0.05


@pytest.mark.parametrize("target", _BY_A_LINE)
def test_a_weight_of_0_switches_it_off(say: Say, target: Target) -> None:
    loud = of_words(target, {}, bias=50.0)
    off = with_models(loud, own=f'[triage.weights]\n"learned/{target}" = 0\n')
    message = say("RT @NorthlineAir a view from the gallery")
    assert off.assess(message) == RULES_ALONE.assess(message)
    assert with_models(loud).assess(message) != RULES_ALONE.assess(message)


def test_half_a_weight_is_half_of_it(say: Say) -> None:
    message = say("@NorthlineAir thank you for the fig, lovely!")

    def least(own: str) -> int:
        """From which weight of its word on the message is a complaint."""
        kinds = (
            with_models(of_words("complaint", {"fig": one}), own=own).assess(message) for one in range(60)
        )
        return next(one for one, found in enumerate(kinds) if found.kind == "complaint")

    assert 0 < least("") < least('[triage.weights]\n"learned/complaint" = 0.5\n')


@given(
    st.sampled_from(
        [
            "@NorthlineAir my bag never arrived",
            "@NorthlineAir thank you so much!",
            "@NorthlineAir is there wifi on board?",
            "RT @NorthlineAir new livery",
            "You have won a free cruise, claim now www.prize.example",
            "@NorthlineAir you are all morons",
            "",
        ]
    ),
    st.lists(st.floats(-60, 60), min_size=5, max_size=5),
)
@settings(deadline=None, max_examples=40)
def test_no_model_makes_anything_be_ignored_nor_leaves_a_complaint_without_answer(
    text: str, bias: list[float]
) -> None:
    message = Message("m1", "file", "support", Author(None, "cust1"), text, START)
    sides = {
        name: Linear(one, {"sentiment": 1.0, "content": 1.0}, {})
        for name, one in zip(LINES["sentiment"], bias[3:], strict=True)
    }
    models = [of_words(one, {}, at) for one, at in zip(_BY_A_LINE, bias, strict=False)]
    found = with_models(*models, model("sentiment", sides)).assess(message)
    before = RULES_ALONE.assess(message)
    assert (found.respond == "ignore") == (before.respond == "ignore")
    if before.kind == "complaint":
        assert found.respond == "respond"
    assert sum(reason.weight for reason in found.reasons) == pytest.approx(found.score)
    assert -1 <= found.sentiment <= 1


# the file


def test_the_file_reads_back_as_it_was_and_has_a_line_for_each_word() -> None:
    models = (of_words("complaint", {"tunnelled": 3.0, "fig": -0.5}), of_sentiment({"zonk": 2.0}, {}))
    content = encode(models)
    assert decode(content, "learned.json") == models
    assert b'\n      "tunnelled": 3.0,\n' in content
    assert encode(reversed(models)) == content


def test_a_line_that_a_person_took_out_counts_no_more(say: Say) -> None:
    content = json.loads(encode([of_words("complaint", {"tunnelled": 3.0, "fig": -0.5})]))
    del content["models"][0]["lines"]["complaint"]["words"]["tunnelled"]
    models = decode(json.dumps(content).encode(), "learned.json")
    assert with_models(*models).assess(say(TUNNELLED)).kind != "complaint"


def _changed(**changes: Any) -> bytes:
    content = json.loads(encode([of_words("complaint", {"fig": 1.0})]))
    content["models"][0] |= changes
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "learned.json cannot be read"),
        (b'{"version": 1', "learned.json cannot be read"),
        (b"\xff", "learned.json cannot be read"),
        (b"[" * 100_000, "learned.json cannot be read"),
        (b'{"version": 2, "models": []}', "learned.json is of version 2, this release reads 1"),
        (_changed(target="weather"), "learned.json cannot be read"),
        (_changed(lines={}), "complaint: lines must be complaint"),
        (
            _changed(lines={"complaint": {"bias": 0, "rules": {}, "words": {}}}),
            "complaint: rules of complaint must be points",
        ),
        (
            _changed(lines={"complaint": {"bias": 0, "rules": {"points": 0}, "words": {}}}),
            "complaint: rules of complaint must be at least 0.05",
        ),
        (
            _changed(lines={"complaint": {"bias": 0, "rules": {"points": 1}, "words": {"fig": "1"}}}),
            "learned.json cannot be read",
        ),
        (
            _changed(lines={"complaint": {"bias": 0, "rules": {"points": 1}, "words": {"fig": -1e300}}}),
            "complaint: complaint holds a number beyond a million",
        ),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(InvalidError) as caught:
        decode(content, "learned.json")
    assert says in caught.value.message
    assert "socialcli learn --forget" in caught.value.hint


def test_two_models_of_one_target_are_a_mistake() -> None:
    twice = json.loads(encode([of_words("complaint", {"fig": 1.0})]))
    twice["models"] *= 2
    with pytest.raises(InvalidError, match="two models of one target"):
        decode(json.dumps(twice).encode(), "learned.json")


def test_features_are_words_and_pairs_each_once_where_they_stand_first() -> None:
    assert features_of(["@", "so", "so", "late"]) == {
        "@": (0, 1),
        "so": (1, 2),
        "@ so": (0, 2),
        "so so": (1, 3),
        "late": (3, 4),
        "so late": (2, 4),
    }
