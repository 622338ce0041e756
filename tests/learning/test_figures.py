"""Held-out figures, against those of scikit-learn and against what they must be."""

from __future__ import annotations

import pytest
from sklearn.metrics import accuracy_score, f1_score

from socialcli.learning.figures import compare

TRUE = [1, 1, 1, 0, 0, 0, 0, -1, -1, 1] * 12
RULES = [1, 0, 0, 0, 0, 1, 0, -1, 0, 0] * 12
LEARNED = [1, 1, 0, 0, 0, 1, 0, -1, -1, 1] * 12


def test_accuracy_and_macro_f1_are_those_of_scikit_learn() -> None:
    figures = compare(TRUE, RULES, LEARNED, 10)
    for score, said in ((figures.rules, RULES), (figures.learned, LEARNED)):
        assert score.accuracy == pytest.approx(accuracy_score(TRUE, said), abs=0.0006)
        assert score.macro_f1 == pytest.approx(f1_score(TRUE, said, average="macro"), abs=0.0006)
        assert score.low < score.macro_f1 < score.high
    assert figures.certainty == 1.0
    assert figures.is_better


def test_the_interval_is_that_of_a_bootstrap_and_the_same_every_time() -> None:
    """Of 1,000 messages half of which are told rightly, 95 of 100 samples lie within 3.1 points."""
    true, said = [0, 1] * 500, [0, 1, 1, 0] * 250
    first = compare(true, said, said, 10)
    assert first == compare(true, said, said, 10)
    assert 0.464 < first.rules.low < 0.474
    assert 0.526 < first.rules.high < 0.536


def test_the_same_answers_are_no_better() -> None:
    figures = compare(TRUE, RULES, RULES, 10)
    assert figures.certainty == 0.0
    assert not figures.is_better


def test_a_little_better_on_few_messages_is_not_certain() -> None:
    figures = compare(TRUE[:20], RULES[:20], [*RULES[:19], TRUE[19]], 10)
    assert figures.learned.macro_f1 > figures.rules.macro_f1
    assert not figures.is_better


def test_a_class_that_is_only_said_counts_against_and_not_as_a_class() -> None:
    figures = compare([0, 1] * 10, [0, 1] * 10, [0, -1] * 10, 10)
    assert figures.rules.macro_f1 == 1.0
    assert figures.learned.macro_f1 == 0.5
