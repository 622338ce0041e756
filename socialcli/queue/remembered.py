"""What was written, as far as it can be known without asking the database: a filter of hashes (Bloom's, with one
hash), 16 MB however many keys there are. With a million of them one of 130 is looked up for nothing.
"""

from __future__ import annotations

_BITS = 27
_MASK = (1 << _BITS) - 1


class Remembered:
    """What was never added is certainly not there."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def add(self, key: str) -> None:
        place = hash(key) & _MASK
        self._bits[place >> 3] |= 1 << (place & 7)

    def may_hold(self, key: str) -> bool:
        place = hash(key) & _MASK
        return bool(self._bits[place >> 3] >> (place & 7) & 1)
