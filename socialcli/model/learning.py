"""What was learned from labelled messages, and how good it is."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

Target = Literal["complaint", "spam", "sentiment", "respond"]
TARGETS: tuple[Target, ...] = get_args(Target)


class Score(Struct, frozen=True, forbid_unknown_fields=True):
    """Held-out figures. ``low`` and ``high``: where macro-F1 lies with 95 % certainty."""

    accuracy: float
    macro_f1: float
    low: float
    high: float


class Lesson(Struct, frozen=True, tag_field="type", tag="learned"):
    """What one target taught. ``rules``: the rules alone; ``learned``: with the model, on the same held-out messages.
    ``left_out`` counts messages that were not learned from, by reason; ``words`` are the weightiest. ``state``: what
    became of it, or with --dry-run would have: planned is what would be installed.
    """

    target: Target
    examples: int
    folds: int
    rules: Score
    learned: Score
    installed: bool
    left_out: dict[str, int]
    words: tuple[str, ...]
    state: Literal["installed", "planned", "refused"]


class Unlearned(Struct, frozen=True, tag_field="type", tag="unlearned", rename={"source": "from"}):
    """A model that was removed; ``source``: "queue", or the file it was learned from."""

    target: Target
    source: str
    examples: int
    state: Literal["removed", "planned"]
