"""Customers who ask us to write no more, and those who say "stop" and mean something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialcli.data import text_of
from socialcli.text.opting_out import LANGUAGES, Stop, asks_to_stop, stop_in
from socialcli.text.tokens import tokenize

_LINES = [
    line
    for line in (Path(__file__).parent / "opt_outs.txt").read_text("utf-8").splitlines()
    if line[0] != "#"
]
ASKING = [line[2:] for line in _LINES if line[0] == "+"]
OTHERS = [line[2:] for line in _LINES if line[0] == "-"]


def test_it_is_right_about_those_it_hears_and_hears_nearly_all() -> None:
    assert (len(ASKING) >= 60, len(OTHERS) >= 120) == (True, True)
    heard = [text for text in ASKING if asks_to_stop(text)]
    wrong = [text for text in OTHERS if asks_to_stop(text)]
    assert len(heard) / (len(heard) + len(wrong)) >= 0.98, wrong
    assert len(heard) / len(ASKING) >= 0.9, sorted(set(ASKING) - set(heard))


@pytest.mark.parametrize(
    "text",
    [
        "stop losing my bags",
        "please stop the app from crashing",
        "can't stop laughing",
        "don't stop",
        "bus stop",
        "stop ignoring me",
        "leave me alone on hold for an hour",
        "don't DM me, answer here",
        "why did you stop replying to me?",
    ],
)
def test_the_opposite_is_never_heard_as_it(text: str) -> None:
    assert not asks_to_stop(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Leave me alone"),
        ("es", "No me escriban más"),
        ("de", "Lasst mich in Ruhe"),
        ("fr", "Ne m'écrivez plus"),
        ("it", "Non scrivetemi più"),
        ("pt", "Parem de me mandar mensagens"),
    ],
)
def test_each_language(language: str, text: str) -> None:
    assert language in LANGUAGES
    assert asks_to_stop(text)
    assert asks_to_stop(text.upper())


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("@NorthlineAir please stop messaging me, thanks", "stop messaging me", True),
        ("Leave me alone. My bag is still lost.", "Leave me alone", False),
        ("My bag is still lost. Just leave me alone!", "leave me alone", False),
        ("Hört auf, mir zu schreiben!", "Hört auf, mir zu schreiben", True),
    ],
)
def test_the_words_and_whether_there_is_more(text: str, words: str, whole: bool) -> None:
    tokens = tokenize(text)
    found = stop_in(tokens)
    assert isinstance(found, Stop)
    start, end = found.span
    assert (text[tokens.start(start) : tokens.end(end - 1)], found.whole) == (words, whole)


def test_words_in_disguise_are_read() -> None:
    assert asks_to_stop("𝗦𝗧𝗢𝗣 𝗺𝗲𝘀𝘀𝗮𝗴𝗶𝗻𝗴 𝗺𝗲")
    assert asks_to_stop("stoooop messaging me")


@pytest.mark.parametrize("text", ["", "🛑", "?", "@NorthlineAir", "stop?", "\x1b[2J", "stop " * 3000])
def test_nothing_said_is_nothing_asked(text: str) -> None:
    assert not asks_to_stop(text)


@pytest.mark.parametrize("text", ["stop messaging me and " * 50_000, "don't " * 200_000, "a" * 1_000_000])
def test_a_megabyte_costs_what_its_beginning_costs(text: str) -> None:
    """What grew with the square of its length would not come to an end here."""
    assert asks_to_stop(text) is text.startswith("stop")
    assert stop_in(tokenize(text)) == stop_in(tokenize(text[:10_000]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_are_in_the_form_in_which_words_are_looked_up(language: str) -> None:
    lines = [one for one in text_of("opt-out", f"{language}.txt").splitlines() if one and one[0] not in "#["]
    for line in lines:
        for word in line.replace("/", " ").replace(",", " ").split():
            assert word == "~" or list(tokenize(word).words) == [word], (language, word)
