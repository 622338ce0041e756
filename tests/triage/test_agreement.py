"""Figures against values worked out by hand."""

from __future__ import annotations

import pytest

from tests.triage.agreement import kappa

# 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: agreement .7, by chance .5 * .6 + .5 * .4 = .5, kappa .2 / .5.
TRUTH = ["yes"] * 25 + ["no"] * 25
SAID = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15


def test_kappa_of_two_labels() -> None:
    assert kappa(TRUTH, SAID) == pytest.approx(0.4)
    assert kappa(SAID, TRUTH) == pytest.approx(0.4)


def test_kappa_of_three_labels_one_of_them_never_said() -> None:
    # Agreement 4/6; by chance (3 * 4 + 2 * 2 + 1 * 0) / 36 = 16/36; kappa (24 - 16) / (36 - 16).
    assert kappa(list("aaabbc"), list("aaabab")) == pytest.approx(8 / 20)


def test_kappa_is_one_where_all_agree_and_below_nought_where_none_does() -> None:
    assert kappa(list("abc"), list("abc")) == 1
    assert kappa(list("ab"), list("ba")) == -1
    assert kappa(["a"], ["a"]) == 1
    assert kappa([], []) == 1


def test_kappa_of_always_the_same_answer_is_nought() -> None:
    assert kappa(list("aaab"), list("aaaa")) == 0


def test_rows_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        kappa(["a", "b"], ["a"])
