"""repeat/*: a customer notices when nobody reads what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import CUSTOMER, thread
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.compose.checks.signature import signature_in
from socialcli.compose.checks.words import plain

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading


def find_duplicates(reading: Reading) -> Iterable[Fault]:
    earlier = reading.our_earlier
    if not earlier:
        return
    said = _core(reading.text, reading)
    if said and any(_core(prose.text, reading) == said for prose in earlier):
        yield Fault(
            0,
            len(reading.text),
            "the same text already stands in this thread",
            "say what is new, or what happens next",
        )


def _core(text: str, reading: Reading) -> str:
    """``text`` without handles, links and sign-off; only its letters and digits."""
    policy = reading.policy
    signature = signature_in(text, policy.reply.sign_off, policy.agents)
    if signature:
        text = text[: signature.start] + text[signature.end :]
    return "".join(_letters().findall(plain(_noise().sub(" ", text))))


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(r"https?://\S+|@\w+")


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(r"\w+")


RULES = (
    Rule(
        "repeat/duplicate",
        "error",
        "The same sentence twice tells the customer that the second message was not read.",
        find_duplicates,
        CheckRequest(
            text="The bag is on the next flight, Marta. ^SB",
            thread=thread("My bag is gone!", "> We are tracing the bag now. ^SB", "And?"),
        ),
        (
            CheckRequest(
                text="We are tracing the bag now. ^SB",
                thread=thread("My bag is gone!", "> We are tracing the bag now. ^SB", "And?"),
            ),
            CheckRequest(
                text=f"@{CUSTOMER} we're tracing the bag now! ^SB",
                thread=thread("My bag is gone!", "> We're tracing the bag now. ^KL", "Any news?"),
            ),
        ),
    ),
)
