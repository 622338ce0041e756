"""Labelled messages to learn from: what their labels mean, and which of them count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, get_args

from msgspec import Struct

from socialcli.errors import UsageError
from socialcli.model.assessment import Kind, Respond
from socialcli.model.learning import Target
from socialcli.model.message import Message
from socialcli.text.tokens import fold, tokenize

LabelIs = Literal["complaint", "sentiment", "spam", "kind", "respond"]
Side = Literal["negative", "neutral", "positive"]

LABELS_ARE: tuple[LabelIs, ...] = get_args(LabelIs)
FEWEST = 20  # examples of each class below which nothing can be measured

_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_WORDS: dict[LabelIs, tuple[str, ...]] = {
    "sentiment": get_args(Side),
    "kind": get_args(Kind),
    "respond": get_args(Respond),
}
_OF_KINDS: tuple[Literal["complaint", "spam"], ...] = ("complaint", "spam")  # what kinds teach
# A column of yes and no says by its name what it is about.
_NAMED: tuple[tuple[str, LabelIs], ...] = (
    ("complain", "complaint"),
    ("spam", "spam"),
    ("respond", "respond"),
)


class Example(Struct, frozen=True):
    """``label`` is 1 or 0 for complaint, spam and respond; -1, 0 or 1 for sentiment."""

    message: Message
    label: int


class Material(Struct):
    """What one target is to be learned from; ``left_out`` counts what was not taken, by reason."""

    target: Target
    examples: list[Example]
    left_out: Counter[str]


def label_is(labels: Iterable[str], column: str, said: LabelIs | None) -> LabelIs:
    """What kind of labels these are: as ``said``, else by themselves, else by the name of their column. Raises
    UsageError.
    """
    if said is not None:
        return said
    found = {label.strip().lower() for label in labels}
    for one in _OF_KINDS:
        if found <= {one, f"not {one}"}:
            return one
    if not found <= _YES_NO.keys():
        return next((one for one, words in _WORDS.items() if found & {*words}), "kind")
    named = next((one for part, one in _NAMED if part in column.lower()), None)
    if named is None:
        raise UsageError(
            f'the labels of "{column}" are yes and no, and its name does not say to what',
            hint="add --label-is complaint, or spam, or respond",
        )
    return named


def targets_of(labels: LabelIs) -> tuple[Target, ...]:
    """What can be learned from them."""
    return _OF_KINDS if labels == "kind" else (labels,)


def value_of(label: str, labels: LabelIs, target: Target) -> int:
    """A label as a number. Raises ValueError for one that is none of its kind."""
    word = label.strip().lower()
    if labels == "sentiment":
        return {"negative": -1, "neutral": 0, "positive": 1}[_known(word, labels)]
    if word in _YES_NO and labels != "kind":
        return int(_YES_NO[word])
    if labels == target and word in (labels, f"not {labels}"):
        return int(word == labels)
    wanted = "respond" if labels == "respond" else target
    return int(_known(word, labels) == wanted)


def _known(word: str, labels: LabelIs) -> str:
    words = _WORDS.get(labels, ("1", "0", "true", "false", "yes", "no"))
    if word not in words:
        raise ValueError(f'"{word[:40]}" is no label of {labels} ({", ".join(words)})')
    return word


def once_each(material: Material) -> Material:
    """Each text once, however often it was sent: else what is held out would be known already. Texts with
    two labels teach nothing.
    """
    labels: dict[str, set[int]] = {}
    first: dict[str, Example] = {}
    for example in material.examples:
        text = " ".join(token.word for token in tokenize(example.message.text)) or fold(example.message.text)
        labels.setdefault(text, set()).add(example.label)
        first.setdefault(text, example)
    kept = [example for text, example in first.items() if text and len(labels[text]) == 1]
    left_out = Counter(material.left_out)
    unclear = sum(len(one) > 1 for one in labels.values())
    left_out["two-labels"] += unclear
    left_out["repeated"] += len(material.examples) - len(kept) - unclear
    return Material(material.target, kept, +left_out)


def require_enough(material: Material, where: str) -> None:
    """Raises UsageError where there is but one class, or so few of one that nothing can be measured."""
    classes = (-1, 0, 1) if material.target == "sentiment" else (0, 1)
    count = Counter(example.label for example in material.examples)
    told = ", ".join(f"{count[one]} {_class(material.target, one)}" for one in classes)
    if not material.examples:
        raise UsageError(f"{where}: no labelled message", hint="what is needed: socialcli learn --help")
    if len(count) == 1:
        raise UsageError(f"{where}: all labels are the same ({told})", hint="it takes examples of each class")
    if min(count[one] for one in classes) < FEWEST:
        raise UsageError(
            f"{where}: too few to learn {material.target} from: {told}",
            hint=f"at least {FEWEST} of each; a few hundred before a model beats the rules",
        )


def _class(target: Target, label: int) -> str:
    if target == "sentiment":
        return {-1: "negative", 0: "neutral", 1: "positive"}[label]
    return target if label else f"not {target}"
