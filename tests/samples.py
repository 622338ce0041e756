"""Invented messages to Northline Air and answers of its agent Sam Baker, as many as a test wants."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

NOW = "2026-11-20T10:05:00Z"

TWO_AGENTS = """
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"
role = "agent"

[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"

[[agents]]
id = "tr"
name = "Tom Reyes"
initials = "TR"
role = "lead"
"""


def complaint(number: int, **changes: Any) -> dict[str, Any]:
    """A mention that deserves an answer; each number has a customer of its own."""
    return {
        "id": f"m{number}",
        "text": f"@NorthlineAir my bag from flight NL{200 + number} never arrived. Where is it?",
        "created_at": "2026-11-20T10:00:00Z",
        "author": {"handle": f"cust{number}"},
        **changes,
    }


def complaints(count: int) -> list[dict[str, Any]]:
    return [complaint(number) for number in range(1, count + 1)]


def answer(number: int, initials: str = "SB") -> str:
    """A reply to ``complaint(number)`` that passes the check."""
    return (
        f"@cust{number} So sorry about your bag. Please DM us the reference and we will trace it. ^{initials}"
    )


def other_answer(number: int, initials: str = "SB") -> str:
    return f"@cust{number} We are sorry your bag is late. Send us a DM and we will find it today. ^{initials}"


def costly_answer(number: int, initials: str = "SB") -> str:
    """A reply that offers money: it waits for somebody else's yes."""
    return f"@cust{number} So sorry about your bag. We will refund you the bag fee, DM us please. ^{initials}"


def as_lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """The rows as a file of JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
