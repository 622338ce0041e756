"""What a team's own examples taught, as it stands in its file: linear models, small enough to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from socialcli.errors import InvalidError
from socialcli.model.learning import TARGETS, Score, Target
from socialcli.triage.reading import Span

Moved = list[tuple[float, Span]]  # what each word added, and where it stands

VERSION = 1
LEAST = 0.05  # log odds that a point of the rules is worth at least
_MOST = 1e6  # a weight beyond it is a slip of the keyboard
FROM_QUEUE = "queue"  # what a model is from, where it is from the team's own history
# The log odds that a model of each target holds, and what of the rules they are made of. Neutral is what neither
# negative nor positive is.
LINES: Mapping[Target, tuple[str, ...]] = {
    "complaint": ("complaint",),
    "spam": ("spam",),
    "sentiment": ("negative", "positive"),
    "respond": ("respond",),
}
RULES: Mapping[Target, tuple[str, ...]] = {
    "complaint": ("points",),  # the lists' evidence for a complaint above its threshold
    "spam": ("points",),  # the same for spam
    "sentiment": ("sentiment", "content"),  # the lists' sentiment; the same where it is above zero
    "respond": ("respond",),  # 1 where the rules would respond, else -1
}


class Linear(Struct, frozen=True, forbid_unknown_fields=True):
    """Log odds: ``bias``, and ``rules`` times what the rules say, and for each of ``words`` (one or two tokens) its
    weight once, however often it stands in the message.
    """

    bias: float
    rules: dict[str, float]
    words: dict[str, float]

    def of_words(self, features: Mapping[str, Span]) -> tuple[float, Moved]:
        """What bias and words make, and the words that made it."""
        weights = self.words
        moved = [(weights[one], span) for one, span in features.items() if one in weights]
        return self.bias + sum(weight for weight, _ in moved), moved


class Model(Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    """``source``: ``FROM_QUEUE``, or the name of a file. ``rules`` and ``learned``: both on messages held out."""

    target: Target
    trained_at: str
    source: str
    examples: int
    rules: Score
    learned: Score
    lines: dict[str, Linear]


class Models(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as a whole, one model a target."""

    version: int
    models: tuple[Model, ...]


def decode(content: bytes, name: str) -> tuple[Model, ...]:
    """Raises InvalidError that says what to do."""
    hint = "mend it, or remove what was learned: socialcli learn --forget"
    try:
        read = msgspec.json.decode(content, type=Models)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidError(f"{name} cannot be read: {error}", hint=hint) from error
    if read.version != VERSION:
        raise InvalidError(f"{name} is of version {read.version}, this release reads {VERSION}", hint=hint)
    wrong = [mistake for model in read.models for mistake in _mistakes(model)]
    if len({model.target for model in read.models}) < len(read.models):
        wrong.append("two models of one target")
    if wrong:
        raise InvalidError(f"{name} holds what cannot be", tuple(wrong), hint=hint)
    return read.models


def _mistakes(model: Model) -> Iterable[str]:
    if set(model.lines) != set(LINES[model.target]):
        yield f"{model.target}: lines must be {', '.join(LINES[model.target])}"
    for name, line in model.lines.items():
        if set(line.rules) != set(RULES[model.target]):
            yield f"{model.target}: rules of {name} must be {', '.join(RULES[model.target])}"
        elif model.target != "sentiment" and not all(value >= LEAST for value in line.rules.values()):
            yield f"{model.target}: rules of {name} must be at least {LEAST}"
        numbers = (line.bias, *line.rules.values(), *line.words.values())
        if not all(abs(number) < _MOST for number in numbers):
            yield f"{model.target}: {name} holds a number beyond a million"


def encode(models: Iterable[Model]) -> bytes:
    """The file, one word a line, so that a person can read it and take a line out."""
    held = tuple(sorted(models, key=lambda model: TARGETS.index(model.target)))
    return msgspec.json.format(msgspec.json.encode(Models(VERSION, held)), indent=1) + b"\n"


def features_of(words: Sequence[str]) -> dict[str, Span]:
    """The words of a message and its pairs of neighbours, each with where it stands first. Mentions, links and
    numbers are one word each, whatever they name.
    """
    found: dict[str, Span] = {}
    before = ""
    for place, word in enumerate(words):
        if word not in found:
            found[word] = (place, place + 1)
        if place:
            pair = f"{before} {word}"
            if pair not in found:
                found[pair] = (place - 1, place + 1)
        before = word
    return found
