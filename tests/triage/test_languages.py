"""Invented mentions in the five languages beside English.

``part`` says what a row is for: "tune" was looked at while the word lists were written (and wording learns from
it), "report" was not, and "unseen" is harder still: written after the lists, of facts with hardly a word of mood.
"""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.labelled import Row, assessed, invented
from socialcli.triage import Assessor
from socialcli.triage.lexicon import LANGUAGES
from tests.triage.agreement import kappa

MENTIONS = invented("languages")
OTHERS = [name for name in LANGUAGES if name != "en"]


def rows(name: str, *parts: str) -> list[Row]:
    return [row for row in MENTIONS if row["lang"] == name and row["part"] in parts]


def agreed(assessor: Assessor, chosen: list[Row], field: str) -> float:
    said = [getattr(found, field) for found in assessed(assessor, chosen)]
    return kappa([row[field] for row in chosen], said)


@pytest.mark.parametrize(("field", "least"), [("respond", 0.75), ("kind", 0.65), ("priority", 0.65)])
@pytest.mark.parametrize("name", OTHERS)
def test_rules_agree_on_rows_that_were_not_tuned_on(
    name: str, field: str, least: float, assessor: Assessor
) -> None:
    assert agreed(assessor, rows(name, "report"), field) >= least


@pytest.mark.parametrize(("field", "least"), [("respond", 0.3), ("kind", 0.52), ("priority", 0.52)])
def test_rules_agree_fairly_on_hard_rows_written_afterwards(
    field: str, least: float, assessor: Assessor
) -> None:
    chosen = [row for row in MENTIONS if row["part"] == "unseen"]
    assert agreed(assessor, chosen, field) >= least


@pytest.mark.parametrize("name", OTHERS)
def test_three_in_four_are_told_rightly_as_complaints_or_not(name: str, assessor: Assessor) -> None:
    chosen = rows(name, "report", "unseen")
    found = assessed(assessor, chosen)
    right = sum(
        (row["kind"] == "complaint") == (one.kind == "complaint")
        for row, one in zip(chosen, found, strict=True)
    )
    assert right / len(chosen) >= 0.75


def guessed(assessor: Assessor, chosen: list[Row]) -> Counter[str | None]:
    """What triage takes untagged texts for; None where it is not sure."""
    untagged = [{"text": row["text"]} for row in chosen]
    return Counter(found.language for found in assessed(assessor, untagged))


@pytest.mark.parametrize("name", OTHERS)
def test_the_language_is_found_without_a_tag(name: str, assessor: Assessor) -> None:
    chosen = rows(name, "report", "unseen")
    said = guessed(assessor, chosen)
    assert said[name] / len(chosen) >= 0.8
    assert len(chosen) - said[name] - said[None] <= 1


def test_english_is_not_taken_for_another_language(assessor: Assessor) -> None:
    assert set(guessed(assessor, invented("labelled"))) <= {"en", None}


def test_the_mentions_are_different_ones_and_as_many_in_each_language() -> None:
    assert len({row["text"] for row in MENTIONS}) == len(MENTIONS)
    assert Counter((row["lang"], row["part"]) for row in MENTIONS) == {
        (name, part): 30 for name in OTHERS for part in ("tune", "report", "unseen")
    }
