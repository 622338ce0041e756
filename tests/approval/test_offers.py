"""Is all that a text offers within what its author may offer? In doubt it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.approval.offers import is_covered, offers_more


@pytest.mark.parametrize(
    "text",
    [
        "We refund you £50 today. ^SB",
        "A 50 GBP voucher is on its way. ^SB",
        "A voucher of GBP 49.99 is on its way. ^SB",
        "We'll refund £12,50 and add a voucher of £20. ^SB",
        "Fifteen minutes late: here are 15 pounds. Feel free to write again. ^SB",
        "Wir erstatten Ihnen 20 £. ^SB",
        "We refund you £20 for NL204 by 14:00, within an hour of your call. ^SB",
        "You get £\N{FULLWIDTH DIGIT FIVE}\N{FULLWIDTH DIGIT ZERO} from us. ^SB",
    ],
)
def test_sums_that_can_be_read(text: str) -> None:
    assert is_covered(text, "50", "GBP")
    assert not is_covered(text, "9", "GBP")
    assert not is_covered(text, "", "GBP")


@pytest.mark.parametrize(
    "text",
    [
        "We refund your ticket in full. ^SB",
        "We refund you £20 and a free night. ^SB",
        "We refund you £20, plus a voucher. ^SB",
        "You get 50 € from us. ^SB",
        "We refund you £20. Here are 30 EUR too. ^SB",
        "We refund you £5k. ^SB",
        "We refund you £5 hundred. ^SB",
        "We refund you £1.200. ^SB",
        "We refund you £1,200.50. ^SB",
        "We refund you fifty pounds. ^SB",
        "20% off your next flight. ^SB",
        "We refund you £30 today and £30 tomorrow. ^SB",
        "We refund you £. ^SB",
        "We refund you 20 krona. ^SB",
        "Please DM us. ^SB",
        "We refund you £20 and a few euros. ^SB",
        "We refund you £5 000. ^SB",
        "We refund you £5\N{NARROW NO-BREAK SPACE}000. ^SB",
        "We refund you £5'000. ^SB",
        "We refund you 5 000 pounds. ^SB",
        "We refund you 1e9 pounds. ^SB",
        "We refund you £20-5000. ^SB",
        "We refund you £20 of the 4000. ^SB",
        "We refund you £20bn. ^SB",
        "We refund you £20 grand. ^SB",
        "We refund you £\N{VULGAR FRACTION ONE HALF} million. ^SB",
        "We refund you £20 each. ^SB",
        "We refund you £20 a day. ^SB",
        "We refund you £20 per hour. ^SB",
        "We refund you 20 pounds, twice. ^SB",
        "We refund you £20 x 10. ^SB",
        "We refund you £20 times ten. ^SB",
        "We refund you at least £20. ^SB",
        "Wir erstatten Ihnen 20 £ pro Nacht. ^SB",
        "Le devolvemos £20 por noche. ^SB",
        "We pay the £20 and all other costs. ^SB",
        "We pay £20, your hotel too. ^SB",
    ],
)
def test_what_cannot_be_read_or_is_too_much(text: str) -> None:
    assert not is_covered(text, "50", "GBP")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("So sorry. We refund £60 today. ^SB", False),
        ("We refund £20 today. ^SB", False),
        ("We look into a refund today. ^SB", False),
        ("We refund £5000 today. ^SB", True),
        ("We refund £60 today, and £60 tomorrow. ^SB", True),
        ("We refund £60 each. ^SB", True),
        ("We refund £60 thousand. ^SB", True),
        ("We refund 60 € today. ^SB", True),
        ("We refund 60 pounds today. ^SB", False),
        ("We refund £60, or whatever it was, in full. ^SB", True),
    ],
)
def test_an_edit_may_lower_a_sum_and_not_raise_it(text: str, more: bool) -> None:
    assert offers_more(text, "We refund £60 today. ^SB", "GBP") is more


def test_a_dollar_is_any_dollar_of_the_brand() -> None:
    assert is_covered("We refund you $20. ^SB", "50", "CAD")
    assert not is_covered("We refund you $20. ^SB", "50", "EUR")


def test_a_long_hostile_text_takes_no_time() -> None:
    for part in ("£1,", "refund ", "9", "£", "1.1", " and ", "£1 ", "1:", "ab1", "1x ", "a "):
        assert is_covered(part * (20_000 // len(part)), "50", "GBP") is False
        assert is_covered(part * (1_000_000 // len(part)), "50", "GBP") is False


@given(st.text(), st.sampled_from(("GBP", "EUR", "USD")))
def test_any_text_is_read(text: str, currency: str) -> None:
    assert is_covered(text, "50", currency) in (True, False)
    assert not is_covered(f"£90 {text}", "50", "GBP")
