"""mention/*: whom a post pulls in. Silent for an answer while the customer is not known; a statement names
nobody but us.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import CUSTOMER, thread
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Mention, Reading

_SLIPS = 2  # edits between what was typed and the handle that was meant


def find_extra(reading: Reading) -> Iterable[Fault]:
    for mention in _strangers(reading):
        if not _is_a_slip(mention, reading):
            yield Fault(
                mention.start,
                mention.end,
                f"@{mention.handle} is {_nobody_we_mean(reading)}",
                "leave the @ off, or leave them out",
            )


def _nobody_we_mean(reading: Reading) -> str:
    return (
        "not us: a statement names nobody else"
        if reading.request.statement
        else "neither the customer nor us"
    )


def find_wrong_customer(reading: Reading) -> Iterable[Fault]:
    for mention in _strangers(reading):
        if _is_a_slip(mention, reading):
            yield Fault(
                mention.start,
                mention.end,
                f"@{mention.handle} is not @{reading.customer}",
                f"write @{reading.customer}",
            )


def _strangers(reading: Reading) -> list[Mention]:
    if not reading.mentions or not (reading.customer or reading.request.statement):
        return []
    known = reading.our_handles | ({reading.customer.casefold()} if reading.customer else set())
    return [mention for mention in reading.mentions if not _names(mention.handle.casefold(), known)]


def _names(handle: str, known: frozenset[str]) -> bool:
    """``handle`` is one of ``known``; the server behind it may be left out on either side."""
    local, _, server = handle.partition("@")
    if server:
        return handle in known or local in known
    return any(local == one.partition("@")[0] for one in known)


def _is_a_slip(mention: Mention, reading: Reading) -> bool:
    from rapidfuzz.distance import Levenshtein

    meant = (reading.customer or "").casefold()
    distance = Levenshtein.distance(mention.handle.casefold(), meant, score_cutoff=_SLIPS)
    return distance <= _SLIPS and distance < len(meant)


RULES = (
    Rule(
        "mention/extra",
        "error",
        "A handle calls somebody into another customer's matter, in public.",
        find_extra,
        CheckRequest(text=f"@{CUSTOMER} @NorthlineAir is on it: the bag is found. ^SB", customer=CUSTOMER),
        (
            CheckRequest(text=f"@{CUSTOMER} @tom_travels the bag is found. ^SB", customer=CUSTOMER),
            CheckRequest(
                text="Please ask @CityAirport about the lift. ^SB", thread=thread("Is the lift out of order?")
            ),
            CheckRequest(text="Online check-in is back, @tom_travels. Sorry for the wait.", statement=True),
        ),
    ),
    Rule(
        "mention/wrong-customer",
        "error",
        "One wrong letter in the handle, and a stranger reads the answer while the customer waits.",
        find_wrong_customer,
        CheckRequest(text=f"@{CUSTOMER.upper()} the bag is found. ^SB", customer=CUSTOMER),
        (
            CheckRequest(text="@marta_riuz the bag is found. ^SB", customer=CUSTOMER),
            CheckRequest(text="@martaruiz the bag is found. ^SB", thread=thread("Where is my bag?")),
        ),
    ),
)
