"""Whole words, whatever their case, in any script."""

from __future__ import annotations

import pytest

from socialcli.approval.wording import first_in, legal_phrases


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("A REFUND, please", "refund"),
        ("full\n refund", "Full Refund"),
        ("(refund)", "refund"),
        ("we don\N{RIGHT SINGLE QUOTATION MARK}t pay", "don't pay"),
        ("Ersatzflüge", "ersatzflu\N{COMBINING DIAERESIS}ge"),
        ("возврат денег", "Возврат"),
        ("استرداد المبلغ", "استرداد"),
        ("全額返金します", "返金"),
        ("ขอคืนเงินด่วน", "คืนเงิน"),
        ("refundable refund", "refund"),
        ("C++ works", "c++"),
        ("re\N{SOFT HYPHEN}fu\N{ZERO WIDTH SPACE}nd", "refund"),
        ("re\N{VARIATION SELECTOR-16}fund", "refund"),
        ("re\N{COMBINING GRAPHEME JOINER}fund", "refund"),
        ("r\N{COMBINING MINUS SIGN BELOW}efund", "refund"),
        ("full-refund", "full refund"),
        ("a full_refund", "full refund"),
        ("full\N{BRAILLE PATTERN BLANK}refund", "full refund"),
        ("a full refund", "full-refund"),
    ],
)
def test_it_stands_there(text: str, phrase: str) -> None:
    assert first_in(text, ("other", phrase)) == phrase


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("refundable", "refund"),
        ("prefund", "refund"),
        ("refund1", "refund"),
        ("возвраты", "возврат"),
        ("", "x"),
    ],
)
def test_it_does_not(text: str, phrase: str) -> None:
    assert first_in(text, (phrase,)) is None


def test_the_list_that_ships_is_in_order_and_has_no_doubles() -> None:
    phrases = legal_phrases()
    assert len(phrases) > 50
    assert all(phrase == phrase.strip() == phrase.lower() for phrase in phrases)


def test_a_long_hostile_text_takes_no_time() -> None:
    assert first_in("ab" * 500_000, ("abab" * 5, "ba c")) is None
    assert first_in("a" + "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}" * 500_000, ("refund",)) is None
