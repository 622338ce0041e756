"""How customers say by which channel they want to be reached: "can you DM me", "rufen Sie mich bitte an"."""

from __future__ import annotations

from socialcli.text.tokens import STOPS, tokenize
from socialcli.text.wish_words import FILLERS, NOT_BEFORE, NOT_BEHIND, phrases

_READ = 10_000  # characters of a text that are looked at
_WINDOW = 4  # words before a phrase that may turn it round
_NEAR = 120  # characters in which they stand


def wish_in(text: str) -> tuple[str, str] | None:
    """The last wish that stands in a text: its channel ("direct", "livechat", "email", "phone"), its words."""
    words = (word for word in tokenize(text[:_READ]).words if word not in FILLERS)
    said = f" {' '.join(words)} ".replace(" por favor ", " ")
    found = [
        (at, len(phrase), channel, phrase)
        for phrase, channel in phrases()
        if (at := said.rfind(f" {phrase} ")) >= 0 and _is_meant(said, at, at + len(phrase) + 2)
    ]
    return max(found)[2:] if found else None


def _is_meant(said: str, start: int, end: int) -> bool:
    before: list[str] = []
    for word in said[max(0, start - _NEAR) : start].split()[-_WINDOW:]:
        before = [] if word in STOPS else [*before, word]
    behind = said[end : end + _NEAR].split()[:1]
    return not (NOT_BEFORE.intersection(before) or NOT_BEHIND.intersection(behind))
