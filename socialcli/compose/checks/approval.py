"""approval/*: words that bind the brand. They are not wrong, but somebody else says yes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.mood import is_dissatisfied
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.phrases import Hit
    from socialcli.compose.checks.reading import Reading

_DENIED = frozenset(
    ("not", "never", "no", "cannot", "kein", "pas", "nao", "non", "unless", "if", "whether", "only")
)
_DENIED_REACH = 3  # words before the phrase in which a "not" turns it round


def find_admissions(reading: Reading) -> Iterable[Fault]:
    for hit in _admissions(reading):
        yield Fault(
            hit.start,
            hit.end,
            "admits a grave fault or liability",
            f"regret is free; {_let_approve(reading)} what admits more",
        )
        return


def find_money(reading: Reading) -> Iterable[Fault]:
    for hit in _offers(reading):
        yield _money(reading, hit.start, hit.end, "offers money or its like")
        return
    named = _sum_named().search(reading.text)
    if named and not (reading.hits("approval/price") or _is_theirs(reading, named.group())):
        yield _money(reading, named.start(), named.end(), "names a sum")


def _money(reading: Reading, start: int, end: int, what: str) -> Fault:
    """What an agent may offer unasked is only told."""
    from socialcli.approval.offers import is_covered  # few texts speak of money

    agent = reading.agent
    if agent is not None and is_covered(reading.text, agent.offers, reading.policy.brand.currency):
        return Fault(start, end, f"{what}, within what {agent.name} may offer", None, "info")
    return Fault(start, end, what, f"{_let_approve(reading)} it")


def _let_approve(reading: Reading) -> str:
    """Who may say yes: the roles of ``approval.by``."""
    others = {"agent": "another agent", "lead": "a lead"}
    return f"let {' or '.join(others[role] for role in reading.policy.approval.by)} approve"


def _is_theirs(reading: Reading, named: str) -> bool:
    """The customer named the sum first: to explain it is no offer."""
    amount = _amount().search(named)
    return amount is not None and any(
        amount.group() == said.group() for said in _amount().finditer(reading.said_by_customer)
    )


@cache
def _amount() -> re.Pattern[str]:
    return re.compile(r"\d+(?:[.,]\d+)*")


def _admissions(reading: Reading) -> Iterator[Hit]:
    for hit in reading.hits("approval/admission"):
        if not _is_denied(reading, hit.first, hit.after):
            yield hit
    for hit in reading.hits("approval/undone"):
        if not _is_denied(reading, hit.first, hit.first):
            yield hit


def _offers(reading: Reading) -> Iterator[Hit]:
    for hit in reading.hits("approval/money"):
        if not _is_denied(reading, hit.first, hit.after):
            yield hit
    yield from reading.hits("approval/spared")
    if not _only_asks(reading):
        for hit in reading.hits("approval/free"):
            if not _is_denied(reading, hit.first, hit.first):
                yield hit


def _only_asks(reading: Reading) -> bool:
    """Somebody without a grievance asks: "free of charge" is a price then, and no amends."""
    assessment = reading.request.assessment
    return assessment is not None and assessment.kind == "question" and not is_dissatisfied(reading)


def _is_denied(reading: Reading, first: int, after: int) -> bool:
    words = reading.words[max(0, first - _DENIED_REACH) : after]
    return any(word.word in _DENIED for word in words)


@cache
def _sum_named() -> re.Pattern[str]:
    """Any sum of money, whatever is said of it, and what is worth one: "£84", "40 euros", "20% off your next
    flight". Of 26,386 real replies of four brands 12 name a sum: those few can wait for a second look.
    """
    return re.compile(
        r"(?<!from )[£$€]\s?\d[\d.,]{0,9}|\d[\d.,]{0,9}\s?(?:[£$€]|\b(?:EUR|GBP|USD|CHF|euros?|pounds?|dollars?|quid)\b)"
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
            "I looked into it: it was our mistake, and I'm sorry. ^SB",
            "This was our error entirely, Marta. ^SB",
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
            "I've sorted it, and the £84 goes back to your card today. ^SB",
            "We'll take 20 euros off your next bill. ^SB",
            "You will receive compensation for the night at the airport. ^SB",
            "We're happy to cover the taxi and the hotel. ^SB",
            "Wir erstatten Ihnen den Flug. ^SB",
        ),
    ),
)
