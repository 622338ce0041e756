from __future__ import annotations

import pytest

from socialcli.triage import word_lists
from socialcli.triage.lexicon import LANGUAGES, parse, phrases, shipped
from socialcli.triage.phrases import PhraseFinder


def test_endings_make_words() -> None:
    assert phrases(("delay/ed/s",)) == (("delay",), ("delayed",), ("delays",))
    assert phrases(("check/s in/to",)) == (
        ("check", "in"),
        ("check", "into"),
        ("checks", "in"),
        ("checks", "into"),
    )
    assert phrases(("://",)) == (("://",),)
    assert phrases(("Verspätung",)) == (("verspatung",),)


def test_parse_reads_lists_and_classes() -> None:
    lexicon = parse("# note\n[class neg]\nnot, never\n\n[complaint/x]\n<neg> work/s, is .. down\n")
    assert lexicon.classes == {"neg": (("not",), ("never",))}
    assert lexicon.lists == {"complaint/x": (("<neg>", "work"), ("<neg>", "works"), ("is", "..", "down"))}


def find(source: str, text: str) -> dict[str, list[tuple[int, int]]]:
    lexicon = parse(source)
    return PhraseFinder(lexicon.lists, lexicon.classes).find(text.split())


def test_longest_phrase_of_a_list_wins() -> None:
    assert find("[a]\nbag, bag lost\n", "my bag lost bag") == {"a": [(1, 3), (3, 4)]}


def test_class_members_may_be_several_words() -> None:
    assert find("[class no]\nnot, not able to\n[a]\n<no> pay\n", "not able to pay") == {"a": [(0, 4)]}


def test_gap_passes_three_words_of_the_same_sentence() -> None:
    source = "[a]\nlost .. bag\n"
    assert find(source, "lost my very old bag") == {"a": [(0, 5)]}
    assert find(source, "lost one two three four bag") == {}
    assert find(source, "lost . bag") == {}


def test_aside_takes_out_what_lies_inside() -> None:
    source = "[aside]\nno problem\n[a]\nproblem\n[b]\nno problem\n"
    assert find(source, "no problem") == {"b": [(0, 2)]}
    assert find(source, "big problem") == {"a": [(1, 2)]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_signals(language: str) -> None:
    own, english = shipped(language).lists, shipped("en").lists
    few = {
        "question/opener",
        # Forms that are English, or that the other languages' lists have elsewhere.
        "address/beside",
        "address/self",
        "address/you",
        "chatter/merry",
        "complaint/denied",
        "harm/at-risk",
        "praise/glad",
        "question/turned",
        "request/act",
        "request/please",
        "spam/free",
        "spam/notice",
        "spam/opt-out",
        "spam/phishing",
        "spam/price",
        "spam/scheme",
        "spam/short-code",
        "spam/terms",
    }
    assert set(own) <= set(english)
    assert set(english) - set(own) <= few
    assert all(own.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_classes_that_phrases_use_exist(language: str) -> None:
    lexicon = shipped(language)
    used = {
        word[1:-1]
        for found in lexicon.lists.values()
        for phrase in found
        for word in phrase
        if word[0] == "<"
    }
    assert used <= set(lexicon.classes)


def test_names_of_lists_are_known_to_the_policy() -> None:
    assert {"complaint/delay", "harm/many", "praise/mock"} <= word_lists()


def test_a_first_word_counts_by_itself_and_with_what_follows() -> None:
    source = "[a]\nbag\n[b]\nbag lost\n[c]\nbag .. gone\n"
    assert find(source, "bag") == {"a": [(0, 1)]}
    assert find(source, "bag lost") == {"a": [(0, 1)], "b": [(0, 2)]}
    assert find(source, "bag is gone") == {"a": [(0, 1)], "c": [(0, 3)]}
    assert find(source, "bag lost gone") == {"a": [(0, 1)], "b": [(0, 2)], "c": [(0, 3)]}
    assert find(source, "") == {}
