from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.text.tokens import MENTION, NUMBER, URL, fold, tokenize


def words(text: str) -> list[str]:
    return [token.word for token in tokenize(text)]


def test_words_numbers_mentions_links_and_marks() -> None:
    text = "@NorthlineAir won’t load?! 3rd try, 40min http://a.example/x?y #Fail :( 😡"
    assert [(token.word, token.kind) for token in tokenize(text)] == [
        (MENTION, "mention"),
        ("won't", "word"),
        ("load", "word"),
        ("?", "mark"),
        (NUMBER, "number"),
        ("rd", "word"),
        ("try", "word"),
        (",", "mark"),
        (NUMBER, "number"),
        ("min", "word"),
        (URL, "url"),
        ("fail", "hashtag"),
        (":(", "emoticon"),
        ("😡", "sign"),
    ]


@pytest.mark.parametrize(
    ("written", "looked_up"),
    [
        ("pleeeease", ["please"]),
        ("Verspätung", ["verspatung"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("flight's it's", ["flight", "it's"]),
        ("l’avion d'attente", ["avion", "attente"]),
        ("a&amp;b", ["a", "b"]),
        ("one...two", ["one", ".", "two"]),
        ("jo@example.org", ["jo", "at", "example", ".", "org"]),
        ("17:30 5,000.50", [NUMBER, NUMBER]),
        ("@user@host.example hi", [MENTION, "hi"]),
        ("", []),
    ],
)
def test_looked_up_forms(written: str, looked_up: list[str]) -> None:
    assert words(written) == looked_up


def test_fold_leaves_doubled_letters() -> None:
    assert fold("Still") == "still"
    assert fold("stiiill", drawn_out=True) == "still"


@given(st.text(max_size=400))
def test_tokens_stand_in_order_and_cover_their_text(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        assert token.word
        end = token.end


def test_places_behind_entities_that_look_like_words() -> None:
    text = "amp &amp;amp; &lt;lt quot&quot;quot"
    for token in tokenize(text):
        assert fold(text[token.start : token.end]) == token.word or token.kind == "mark"
    assert [token.start for token in tokenize(text)] == [0, 9, 12, 18, 21, 31]


def test_a_drawn_out_word_anywhere_makes_all_of_them_read_so() -> None:
    assert words("SoOo late") == ["sooo", "late"]
    assert words("SoOo laaate") == ["so", "late"]


@given(st.text(st.characters(max_codepoint=127), max_size=300))
def test_plain_texts_are_split_as_all_others(text: str) -> None:
    plain = [(token.word, token.kind, token.start) for token in tokenize(text)]
    beside = [(token.word, token.kind, token.start) for token in tokenize(f"{text} é")]
    assert beside == [*plain, ("e", "word", len(text) + 1)]


def test_the_same_words_whether_accents_are_composed_or_not() -> None:
    text = "A senhora desmaiou, não há médico! Verspätung 한국"
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert words(apart) == words(text)
    token = tokenize(apart)[words(apart).index("medico")]
    assert apart[token.start : token.end] == unicodedata.normalize("NFD", "médico")


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u00ad", "\u200d", "\ufe0f", "\u2060", "\U000e0061", "\u034f", "\u0336"]
)
def test_what_nobody_sees_parts_no_word(unseen: str) -> None:
    text = f"smo{unseen}ke in{unseen} the cab{unseen * 40}in"
    assert words(text) == ["smoke", "in", "the", "cabin"]
    assert tokenize(text)[0].end == len(f"smo{unseen}ke")
    assert tokenize(text)[3].end == len(text)


@pytest.mark.parametrize(
    "text", ["𝐬𝐦𝐨𝐤𝐞 𝐢𝐧 the 𝖈𝖆𝖇𝖎𝖓", "ｓｍｏｋｅ　ｉｎ　ｔｈｅ　ｃａｂｉｎ", "ⓢⓜⓞⓚⓔ in the cabin"]
)
def test_letters_in_another_dress_are_letters(text: str) -> None:
    assert words(text) == ["smoke", "in", "the", "cabin"]


def test_emoji_stay_as_they_are_beside_a_word_in_pieces() -> None:
    emoji = "❤️ 👩‍🚀 🤦🏽‍♀️ 🇳🇴 😡"
    assert words(f"{emoji} me\u0301dico") == [*words(emoji), "medico"]
    assert words(emoji)[0] == "❤"


odd = st.text(
    st.one_of(st.characters(), st.sampled_from("e\u0301\u0323\u200d\ufe0f\u00adﬁｍ𝐤!❤각ᆨ \u1100\u1161")),
    max_size=60,
)


@given(odd)
def test_composed_and_decomposed_texts_give_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFC", text)) == words(unicodedata.normalize("NFD", text))


@given(odd)
def test_places_lie_in_the_text_as_it_was_written(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        if token.kind == "word":
            alone = words(text[token.start : token.end])
            assert len(alone) == 1
        end = token.end


def test_a_megabyte_of_marks_is_read() -> None:
    tokens = tokenize("e" + "\u0323\u0301" * 500_000)
    assert [(token.word, token.end) for token in tokens] == [("ẹ", 1_000_001)]
