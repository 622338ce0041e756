"""What counts as the same words."""

from __future__ import annotations

import time

import pytest

from socialcli.text.likeness import same, too_alike

TEXT = "There is a problem with online check-in right now, and we are sorry. We are looking for the cause."


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.upper(),
        TEXT.replace(" ", "   "),
        f"@NorthlineNews {TEXT} https://northline.example/help",
        TEXT.replace("We are", "We're").replace("right now", "now"),
    ],
)
def test_decoration_makes_no_other_text(other: str) -> None:
    assert too_alike(TEXT, other)


def test_another_sentence_is_another_text() -> None:
    assert not too_alike(
        TEXT, "Sorry: online check-in fails for some of you. Every team that can help is on it."
    )


def test_the_same_is_more_than_alike() -> None:
    assert same(TEXT, f"{TEXT.lower()}  @NorthlineAir")
    assert not same(TEXT, TEXT.replace("right now", "now"))


def test_a_megabyte_is_read_in_no_time() -> None:
    start = time.process_time()
    for text in ("by " * 350_000, "@" * 1_000_000, "https://" * 125_000):
        too_alike(text, text[::-1])
    assert time.process_time() - start < 5
