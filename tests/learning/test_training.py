"""Training: what is learned, what never is, and that it is the same every time."""

from __future__ import annotations

from collections import Counter

import pytest

from socialcli.errors import RefusedError, UsageError
from socialcli.learning.examples import Example, Material, once_each, require_enough
from socialcli.learning.training import cross_validated, fit, read_rows, train
from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor
from socialcli.triage.learned import Learned
from socialcli.triage.taught import decode, encode
from tests.learning.candles import SENT_AT, example, examples, rows
from tests.triage.conftest import SHIPPED


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse(SHIPPED.read_bytes())


def test_words_of_the_trade_beat_the_rules_on_messages_held_out(policy: Policy) -> None:
    figures = cross_validated("complaint", examples(), policy, folds=5)
    assert (figures.examples, figures.folds) == (240, 5)
    assert figures.rules.macro_f1 < 0.7
    assert figures.learned.macro_f1 > 0.85
    assert figures.learned.low <= figures.learned.macro_f1 <= figures.learned.high
    assert figures.is_better


def test_labels_without_any_rhyme_beat_nothing(policy: Policy) -> None:
    scattered = [example(number, text, number * 7919 % 13 % 2) for number, (text, _) in enumerate(rows(8))]
    assert not cross_validated("complaint", scattered, policy, folds=5).is_better


def test_a_group_is_held_out_as_a_whole(policy: Policy) -> None:
    """What only one brand's customers say does not help with another's."""
    taught = examples(6)
    endings = [one.message.text.rsplit(" ", 2)[-1] for one in taught]
    figures = cross_validated("complaint", taught, policy, groups=endings)
    assert figures.folds == len(set(endings))
    by_label = [str(one.label) for one in taught]
    assert cross_validated("complaint", taught, policy, groups=by_label).learned == figures.rules


def test_the_same_examples_give_the_same_file(policy: Policy) -> None:
    figures = cross_validated("complaint", examples(6), policy, folds=4)
    assert figures == cross_validated("complaint", examples(6), policy, folds=4)
    first, second = (
        encode([train("complaint", examples(6), policy, figures, "labels.csv", SENT_AT)]) for _ in "ab"
    )
    assert first == second


def test_what_is_learned_is_what_triage_applies(policy: Policy) -> None:
    taught = examples()
    figures = cross_validated("complaint", taught, policy, folds=3)
    model = train("complaint", taught, policy, figures, "labels.csv", SENT_AT)
    (read,) = decode(encode([model]), "learned.json")
    assert read == model
    found = Assessor(policy, Learned([read])).assess(
        example(999, "@TallowAndThyme the amber one tunnelled", 1).message
    )
    assert found.kind == "complaint"
    assert "learned/complaint" in {reason.rule for reason in found.reasons}
    assert list(read.lines["complaint"].words.values()) == sorted(
        read.lines["complaint"].words.values(), reverse=True
    )


def test_words_of_fewer_than_three_people_and_names_and_numbers_are_never_learned(policy: Policy) -> None:
    taught = examples(4)
    taught += [_by("cust1", f"@Zara_Q zubrowka candle {number} sooty") for number in range(30)]
    taught += [_by("cust2", f"@Zara_Q zubrowka candle {number} sooty") for number in range(30, 60)]
    taught += [
        _by(f"cust{number}", f"@Quill_{number} call 0207946{number} sooty") for number in range(60, 70)
    ]
    lines = fit("complaint", read_rows("complaint", taught, policy))
    assert lines is not None
    words = " ".join(lines["complaint"].words)
    assert "sooty" in words
    for private in ("zubrowka", "zara", "quill", "0207946"):
        assert private not in words


def _by(author: str, text: str) -> Example:
    return Example(Message(text, "file", "support", Author(None, author), text, SENT_AT), 1)


def test_labels_that_say_the_contrary_of_the_rules_are_refused(policy: Policy) -> None:
    late = ("my flight was cancelled", "the bag never arrived", "still waiting after 3 hours")
    glad = ("what a lovely crew", "thank you for the upgrade", "great landing")
    taught = [
        example(number * 10 + place, f"@NorthlineAir {text} {word}", label)
        for place, word in enumerate(("Oslo", "Bergen", "Turku", "Riga", "Gdansk", "Vilnius"))
        for number, (text, label) in enumerate([(one, 0) for one in late] + [(one, 1) for one in glad])
    ]
    figures = cross_validated("complaint", taught, policy, folds=3)
    assert not figures.is_better
    with pytest.raises(RefusedError, match="say the contrary of what the rules say"):
        train("complaint", taught, policy, figures, "labels.csv", SENT_AT)


def test_three_sides_of_sentiment(policy: Policy) -> None:
    said = {-1: "zonky", 0: "plain", 1: "yeety"}
    tails = ("wax", "box", "jar", "lid", "wick", "glow", "scent", "shelf", "gift", "lamp")
    taught = [
        example(place * 100 + number, f"@TallowAndThyme {word} {one} {other}", label)
        for place, (label, word) in enumerate(said.items())
        for number, (one, other) in enumerate((a, b) for a in tails for b in tails if a < b)
    ]
    figures = cross_validated("sentiment", taught, policy, folds=5)
    assert figures.learned.macro_f1 > 0.95
    model = train("sentiment", taught, policy, figures, "labels.csv", SENT_AT)
    negative, positive = model.lines["negative"].words, model.lines["positive"].words
    assert negative["zonky"] > 0.5 > positive.get("zonky", 0.0)
    assert positive["yeety"] > 0.5 > negative.get("yeety", 0.0)


# what counts


def test_a_text_counts_once_and_with_two_labels_not_at_all() -> None:
    texts = [("wax on the lid", 1), ("Wax on the lid", 1), ("a jar", 0), ("a jar", 1), ("a lamp", 0)]
    material = once_each(Material("complaint", [example(n, *one) for n, one in enumerate(texts)], Counter()))
    assert [one.message.text for one in material.examples] == ["wax on the lid", "a lamp"]
    assert material.left_out == {"repeated": 2, "two-labels": 1}


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ([], "no labelled message"),
        ([1] * 50, "all labels are the same"),
        ([1] * 50 + [0] * 19, "too few to learn complaint from: 19 not complaint, 50 complaint"),
    ],
)
def test_too_little_to_measure_anything(labels: list[int], says: str) -> None:
    taught = [example(number, f"wick {number}", label) for number, label in enumerate(labels)]
    with pytest.raises(UsageError, match=says):
        require_enough(Material("complaint", taught, Counter()), "labels.csv")
