"""privacy/discloses: a customer's data is not shown to everybody. Silent in direct messages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts, thread
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.model.assessment import PrivateSpan
from socialcli.text.private import find_private

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_NEAR_PLACE = 25  # code points between "our desk" and its address
_LONGEST_PHRASE = 60  # code points; only hits that may reach the span are looked at
_NEAR = 3  # code points between "call us on" and the number
_SHORTEST_CARD_VALUE = 5  # code points; shorter ones are in too many ordinary words


def find_disclosures(reading: Reading) -> Iterable[Fault]:
    if not reading.public:
        return
    policy = reading.policy
    spans = find_private(
        reading.text,
        region=policy.brand.region,
        references=policy.triage.references,
        contacts=policy.brand.contacts,
    )
    seen = [
        (span.start, span.end, span.kind)
        for span in spans
        if not _is_ours(reading, span) and not reading.in_link(span.start)
    ]
    seen += [span for span in _card_values(reading) if not _overlaps(span, seen)]
    for start, end, kind in seen:
        yield Fault(
            start,
            end,
            f"shows {_A.get(kind, kind)} to everybody",
            "leave it out; a direct message may hold it",
        )


_A = {
    "email": "an e-mail address",
    "phone": "a phone number",
    "card": "a card number",
    "iban": "an IBAN",
    "account": "an account number",
    "reference": "a booking reference",
    "password": "a password",
    "address": "a postal address",
    "birth-date": "a date of birth",
}


def _is_ours(reading: Reading, span: PrivateSpan) -> bool:
    """The reply says that it is our number or the address of a place of ours, or it is a number that no
    private person has.
    """
    if span.kind == "address":
        return _follows(reading, span, "private/our-place", _NEAR_PLACE)
    if span.kind != "phone":
        return False
    if _follows(reading, span, "private/our-line", _NEAR):
        return True
    return _is_a_service_line(reading.text[span.start : span.end], reading.policy.brand.region)


def _follows(reading: Reading, span: PrivateSpan, name: str, most: int) -> bool:
    """A phrase of list ``name`` ends at most so many code points before ``span``."""
    hits = reading.hits(name)
    low = bisect_left(hits, span.start - most - _LONGEST_PHRASE, key=attrgetter("start"))
    high = bisect_left(hits, span.start, lo=low, key=attrgetter("start"))
    return any(0 <= span.start - hit.end <= most for hit in hits[low:high])


def _is_a_service_line(written: str, region: str) -> bool:
    """A number that no private person has: freephone and shared-cost numbers (ITU-T E.169.1 +800; the
    toll-free codes of North America; 03, 08 and 09 in the United Kingdom).
    """
    digits = "".join(char for char in written if char.isdigit())
    if _freephone().fullmatch(digits):
        return True
    british = region == "GB" or digits.startswith("44")
    return british and digits.removeprefix("44").removeprefix("0")[:1] in {"3", "8", "9"}


@cache
def _freephone() -> re.Pattern[str]:
    return re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}|(?:00?|\d{2})?800\d{5,8}")


def _overlaps(span: tuple[int, int, str], others: list[tuple[int, int, str]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end, _ in others)


def _card_values(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """What the customer card holds and the draft repeats; only values that are not mere words."""
    folded = reading.text.lower()
    for key, value in reading.request.card.items():
        wanted = value.strip().lower()
        if len(wanted) < _SHORTEST_CARD_VALUE or not any(char.isdigit() or char == "@" for char in wanted):
            continue
        start = folded.find(wanted) if len(folded) == len(reading.text) else reading.text.find(value.strip())
        if start >= 0:
            yield (start, start + len(wanted), f"the {key} of the customer")


RULES = (
    Rule(
        "privacy/discloses",
        "error",
        "A customer's data is not ours to show, not even when the customer posted it first.",
        find_disclosures,
        CheckRequest(text="You can also call +44 20 7946 0321 or write to help@northline.example. ^SB"),
        (
            *drafts(
                "We wrote to marta.ruiz@post.example just now. ^SB",
                "We tried you on +44 7911 123456 twice. ^SB",
                "The card 4111 1111 1111 1111 was charged once. ^SB",
                "Refund goes to GB82 WEST 1234 5698 7654 32. ^SB",
            ),
            CheckRequest(text="Booking QK4471X is confirmed. ^SB", card={"order": "QK4471X"}),
            CheckRequest(
                text="We found it under m.ruiz@post.example, thanks. ^SB",
                thread=thread("My e-mail is m.ruiz@post.example, where is my bag?"),
            ),
        ),
    ),
)
