"""What a label is, wherever one is typed: on a ticket, in a filter, in policies.toml."""

from __future__ import annotations

import unicodedata

LONGEST = 50  # characters
WANTED = f"letters, digits and - _ . :, up to {LONGEST}, a letter or digit first"

_MARKS = "-_.:"


def read_label(typed: str) -> str:
    """The label as it is kept: lower case, composed. Raises ValueError for what is none."""
    label = unicodedata.normalize("NFC", typed.lower())
    right = all(letter.isalnum() or letter in _MARKS for letter in label)
    if not right or not label or len(label) > LONGEST or label[0] in _MARKS:
        raise ValueError(f'"{typed[:LONGEST]}" is no label')
    return label


def read_filter(typed: str) -> str:
    """The label that a filter asks for: written "+baggage" too, as it is put on. Raises ValueError."""
    return read_label(typed.removeprefix("+"))
