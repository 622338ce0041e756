"""Numbers of things, as a sentence says them."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """Such as "1 line" and "1,204 lines": for words whose plural ends in s."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
