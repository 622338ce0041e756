"""Invented messages to Tallow & Thyme, who make candles: their customers complain in words of the trade, which no
shipped list knows.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from socialcli.learning.examples import Example
from socialcli.model.message import Author, Message

_FAULTS = (
    "my lavender pillar tunnelled",
    "the fig jar is tunnelling",
    "the wick drowned",
    "wick drowned in the rosemary one",
    "soot all over the glass",
    "more soot on my shelf",
    "the wax sweats",
    "my votive sweats in the box",
    "the rim frosted over",
    "frosted rim and lumps",
)
_TALK = (
    "my lavender pillar is lit",
    "the fig jar came out of the box",
    "trimming the wick of the rosemary one",
    "one more pillar on my shelf",
    "the glass stands by the window",
    "wax and tea this evening",
    "a votive in every room",
    "the box with the ribbon is here",
    "fig before rosemary, I say",
    "our table with the jar",
)
_WHEN = (
    "on the first evening",
    "on the landing",
    "since Sunday",
    "in the kitchen",
    "at my mother's",
    "at breakfast",
    "with the window open",
    "next to the sofa",
    "by the stairs",
    "before supper",
    "in the hall",
    "this autumn",
)
SENT_AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def rows(endings: int = len(_WHEN)) -> list[tuple[str, int]]:
    """Texts with 1 for a complaint, else 0: twenty for each ending."""
    return [
        (f"@TallowAndThyme {what} {when}", label)
        for when, (what, label) in product(
            _WHEN[:endings], [(one, 1) for one in _FAULTS] + [(one, 0) for one in _TALK]
        )
    ]


def example(number: int, text: str, label: int) -> Example:
    author = Author(None, f"cust{number}")
    return Example(Message(f"m{number}", "file", "support", author, text, SENT_AT), label)


def examples(endings: int = len(_WHEN)) -> list[Example]:
    return [example(number, text, label) for number, (text, label) in enumerate(rows(endings))]


def write_csv(path: Path, labelled: Sequence[tuple[str, int | str]], column: str = "complaint") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", column), *labelled])
    return path
