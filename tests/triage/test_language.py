"""The vote over a text's tokens is that over its words: they are split once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.text.language import vote
from socialcli.text.tokens import tokenize

PIECES = [
    "the",
    "and",
    "c'est",
    "l'avion",
    "est",
    "de",
    "la",
    "nicht",
    "und",
    "I'll",
    "#the",
    "@und",
    "a@de",
    "2de",
    "_la",
]
PIECES += ["http://a.example/de/la", "que", "não", "per", "?", "...", "the-and", "&amp;", "’", "'", "ä"]


def guessed(text: str) -> tuple[str | None, str | None]:
    return vote().guessed(text, tokenize(text).raw)


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", "", "'", "-"])), max_size=12))
def test_tokens_vote_as_the_words_of_the_text_do(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + glue for piece, glue in parts)
    # A text that is not plain is voted on by its words; what is added is in no list.
    assert guessed(text) == guessed(f"{text} ☺")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the bag and the case", ("en", "en")),
        ("the", (None, "en")),
        ("", (None, None)),
        ("zzz", (None, None)),
        ("der Koffer ist nicht da", ("de", "de")),
    ],
)
def test_a_language_needs_two_votes_to_be_clear(text: str, found: tuple[str | None, str | None]) -> None:
    assert guessed(text) == found


def test_only_the_beginning_of_a_long_text_votes() -> None:
    assert guessed("the and " * 60 + "der und nicht ist " * 200) == ("en", "en")
