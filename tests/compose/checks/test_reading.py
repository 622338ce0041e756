from __future__ import annotations

from socialcli.compose.checks.phrases import hits_of, shipped
from socialcli.compose.checks.reading import Prose
from socialcli.compose.checks.words import ASK, HANDLE, LINK, STOP, words_of


def _folded(text: str) -> list[str]:
    return [word.word for word in words_of(text)]


def test_words_are_folded_and_contractions_opened() -> None:
    assert _folded("Can’t you? It's DÉSOLÉ. Let's e-mail") == [
        *("can", "not", "you", ASK, "it", "is", "desole", STOP, "let", "us", "email"),
    ]


def test_links_and_handles_are_one_word_each() -> None:
    assert _folded("@marta_ruiz see https://northline.example/your.email now") == [HANDLE, "see", LINK, "now"]


def test_a_dot_inside_a_word_ends_no_sentence() -> None:
    assert STOP not in _folded("at 6.30 a.m today")
    assert _folded("We left. Sorry")[2] == STOP


def test_places_are_those_of_the_text_as_given() -> None:
    text = "  Straße, you’re here"
    assert [text[word.start : word.end] for word in words_of(text)] == ["Straße", "you’re", "you’re", "here"]


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert Prose("That is not our fault.").hits("tone/defensive")
    assert not Prose("That is not. Our fault.").hits("tone/defensive")


def test_the_longest_phrase_at_a_place_counts() -> None:
    hits = hits_of(words_of("your email address please"), shipped())["private/thing"]
    assert (hits[0].first, hits[0].after) == (0, 3)


def test_hits_between_are_those_that_begin_there() -> None:
    prose = Prose("sorry one two sorry three sorry")
    assert [hit.first for hit in prose.hits_between("apology", 1, 5)] == [3]
    assert prose.begins("apology", 5)
    assert not prose.begins("apology", 4)


def test_sentences_know_their_question_mark() -> None:
    assert [sentence.asks for sentence in Prose("Hi! Where are you? Tell us").sentences] == [
        False,
        True,
        False,
    ]
