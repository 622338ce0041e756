"""approval/*: words that bind the brand. They are not wrong, but somebody else says yes first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_DENIED = frozenset(("not", "never", "no", "cannot", "kein", "pas", "nao", "non", "unless", "if", "whether"))
_DENIED_REACH = 3  # words before the phrase in which a "not" turns it round


def find_admissions(reading: Reading) -> Iterable[Fault]:
    for hit in reading.hits("approval/admission"):
        if not _is_denied(reading, hit.first, hit.after):
            yield Fault(
                hit.start,
                hit.end,
                "admits a grave fault or liability",
                "regret is free; let a lead approve what admits more",
            )
            return


def find_money(reading: Reading) -> Iterable[Fault]:
    for hit in reading.hits("approval/money"):
        if not _is_denied(reading, hit.first, hit.after):
            yield Fault(hit.start, hit.end, "offers money or its like", "let a lead approve the offer")
            return
    offer = _sum_offered().search(reading.text)
    if offer:
        yield Fault(offer.start(), offer.end(), "offers a sum", "let a lead approve the offer")


def _is_denied(reading: Reading, first: int, after: int) -> bool:
    words = reading.words[max(0, first - _DENIED_REACH) : after]
    return any(word.word in _DENIED for word in words)


@cache
def _sum_offered() -> re.Pattern[str]:
    """Sums: "£50 voucher", "20% off your next flight", "500 bonus points"."""
    money = r"(?:[£$€]\s?\d[\d.,]{0,9}|\d[\d.,]{0,9}\s?(?:€|£|\$|euros?\b|pounds?\b|dollars?\b|EUR\b|GBP\b|USD\b))"
    what = r"(?:voucher|refund|credit|compensation|coupon|goodwill|rebate|bono|vale|gutschein|bon\b|buono)"
    return re.compile(
        rf"{money}\s(?:\w{{1,12}}\s){{0,2}}{what}"
        rf"|\b(?:give|send|offer|pay|refund|owe)\s(?:you|u)?\s?(?:back\s)?{money}"
        rf"|{what}\w{{0,3}}\s(?:of|for|worth|over|de|von|über|di)\s{money}"
        r"|\d{1,2}\s?%\s(?:off|discount)\s(?:your|the)\snext",
        re.IGNORECASE,
    )


RULES = (
    Rule(
        "approval/admission",
        "warning",
        "Liability is for those who answer for it. Regret, and 'we let you down', need nobody's yes.",
        find_admissions,
        CheckRequest(text="We let you down last night, and we are very sorry, Marta. ^SB"),
        drafts(
            "This was entirely our fault, and we will put it right. ^SB",
            "We accept full responsibility for your injury. ^SB",
            "Our crew was negligent and did not see the spill. ^SB",
            "We broke the law when we left you on board for five hours. ^SB",
            "Asumimos toda la culpa por lo ocurrido. ^SB",
        ),
    ),
    Rule(
        "approval/money",
        "warning",
        "A sum offered in public is a price list for everybody who reads along.",
        find_money,
        CheckRequest(text="You can ask for a refund here: https://northline.example/refunds ^SB"),
        drafts(
            "We'll refund your ticket in full. ^SB",
            "As a goodwill gesture your next bag flies free. ^SB",
            "We would like to offer you a £50 voucher. ^SB",
            "You will receive compensation for the night at the airport. ^SB",
            "We're happy to cover the taxi and the hotel. ^SB",
            "Wir erstatten Ihnen den Flug. ^SB",
        ),
    ),
)
