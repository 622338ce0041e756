"""Training through scikit-learn: a logistic regression over what the rules say and over words, and its figures on
messages held out. Deterministic: fixed seeds, rounded weights, sorted words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from socialcli.errors import RefusedError, UsageError
from socialcli.learning.examples import Example
from socialcli.learning.figures import Figures, compare
from socialcli.model.learning import Score, Target
from socialcli.model.times import format_time
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor, manner
from socialcli.triage.conversation import Seen
from socialcli.triage.learned import Learned, of_rules
from socialcli.triage.taught import LEAST, LINES, RULES, Linear, Model, features_of

FOLDS = 10

_AUTHORS = 3  # who must have used a word: what one customer alone says is never learned
_ROWS = (
    5  # messages it must stand in where nobody knows who wrote them: one customer may have written several
)
_LONGEST = 60  # characters of a word or pair that is learned
_MOST = 3000  # words of a model, the weightiest
# Strength of the penalty: of .03 to 3 the best on support mentions and, with one brand held out, on airlines.
_C = 0.1
# How much of its rarity a class is made up for, between none (0) and all (1): examples are seldom mixed as the real
# messages are, and of .0, .5, .75 and 1 this one bears best that a thousand of another mixture are among them.
_RARE_COUNT = 0.75
# What the rules say is multiplied by this before the fit, so that the penalty hardly touches it.
_SCALE = {"points": 1.0, "sentiment": 2.0, "content": 2.0, "respond": 2.0}
_CONTRARY = 1 / 3  # how much more often, for the labels to be taken for turned round
_SEED = 7


class Row(Struct, frozen=True):
    """An example as it is learned from: read once, whatever the fold."""

    seen: Seen
    author: str
    label: int
    features: list[str]
    rules: list[float]


def require_library() -> None:
    """Raises UsageError where scikit-learn is not installed."""
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise UsageError(
            "learning needs scikit-learn", hint='pip install ".[learn]" in the folder of the source'
        )


def cross_validated(
    target: Target,
    examples: Sequence[Example],
    policy: Policy,
    *,
    folds: int = FOLDS,
    groups: Sequence[str] | None = None,
) -> Figures:
    """Rules alone and rules with what was learned, each message judged by a model that has not seen it.

    ``groups``: one name an example (a brand); each group is then a fold, held out as a whole.
    """
    rows = read_rows(target, examples, policy)
    said: list[int] = [0] * len(rows)
    held_out = _by_group(groups) if groups is not None else _folds([row.label for row in rows], folds)
    used = 0
    for held in held_out:
        used += 1
        apart = set(held)
        lines = fit(target, [row for number, row in enumerate(rows) if number not in apart])
        learned = Learned([] if lines is None else [as_model(target, lines)])
        for number in held:
            said[number] = said_by(target, rows[number].seen, policy, learned)
    by_rules = [said_by(target, row.seen, policy, None) for row in rows]
    return compare([row.label for row in rows], by_rules, said, used)


def train(
    target: Target, examples: Sequence[Example], policy: Policy, figures: Figures, source: str, now: datetime
) -> Model:
    """A model of all examples. Raises RefusedError where the labels say the contrary of the rules."""
    lines = fit(target, read_rows(target, examples, policy))
    if lines is None:
        raise RefusedError(
            f"the labels of {target} say the contrary of what the rules say: nothing was learned",
            hint="look at the labels: is 1 what you meant by yes?",
        )
    return Model(target, format_time(now), source, len(examples), figures.rules, figures.learned, lines)


def read_rows(target: Target, examples: Iterable[Example], policy: Policy) -> list[Row]:
    """What the rules say of each, and its words."""
    assessor = Assessor(policy)
    weights = policy.triage.weights
    rows = []
    for example in examples:
        seen = assessor.seen(example.message)
        author = example.message.author
        rows.append(
            Row(
                seen=seen,
                author=author.id or author.handle,
                label=example.label,
                features=[one for one in features_of(seen.reading.words) if len(one) <= _LONGEST],
                rules=of_rules(target, seen.weighed, seen.answer, seen.reading, seen.words.nots, weights),
            )
        )
    return rows


def said_by(target: Target, seen: Seen, policy: Policy, learned: Learned | None) -> int:
    """The label that triage gives, by the rules alone or with what was learned, as it will be in force."""
    weighed, answer, weights = seen.weighed, seen.answer, policy.triage.weights
    if learned is not None:
        weighed = learned.weigh(weighed, seen.reading, seen.words.nots, weights)
        answer = learned.answer(answer, weighed, seen.reading, weights)
    if target == "sentiment":
        value = manner.sentiment(weighed, seen.reading, seen.words.nots)
        return (value > 0.05) - (value < -0.05)  # noqa: PLR2004 - as sentiment is told
    if target == "respond":
        return int(answer.respond == "respond")
    return int(weighed.kind == target)


def as_model(target: Target, lines: dict[str, Linear]) -> Model:
    """For the time of a fold."""
    unknown = Score(0.0, 0.0, 0.0, 0.0)
    return Model(target, "", "", 0, unknown, unknown, lines)


def fit(target: Target, rows: Sequence[Row]) -> dict[str, Linear] | None:
    """The log odds of a model; None where its labels say the contrary of the rules, or all the same."""
    if len({row.label for row in rows}) == 1 or _contrary(target, rows):
        return None
    words = _used_by_several(rows)
    names = RULES[target]
    lines = _lines(target, rows, words, names)
    if target != "sentiment" and any(line.rules[names[0]] < LEAST for line in lines.values()):
        # The rules say next to nothing here. What the words say is still told in their points.
        told = dict.fromkeys(names, LEAST)
        bare = _lines(target, rows, words, ())
        lines = {name: Linear(line.bias, told, line.words) for name, line in bare.items()}
    return _weightiest(lines)


def _contrary(target: Target, rows: Sequence[Row]) -> bool:
    """Whether the rules say yes far more often to what is labelled no than to what is labelled yes."""
    if target == "sentiment":
        return False
    said_yes = {label: [row.rules[0] >= 0 for row in rows if row.label == label] for label in (0, 1)}
    of_no, of_yes = (sum(said_yes[label]) / len(said_yes[label]) for label in (0, 1))
    return of_no - of_yes > _CONTRARY


def _lines(
    target: Target, rows: Sequence[Row], words: frozenset[str], names: Sequence[str]
) -> dict[str, Linear]:
    """``names``: what of the rules is fitted too."""
    table, columns = _table(rows, words, names)
    weights = _solved(target, table, [row.label for row in rows])
    lines = {}
    for name, (bias, of_columns) in zip(LINES[target], weights, strict=True):
        by_column = dict(zip(columns, of_columns, strict=True))
        rules = {rule: round(by_column.pop(f":{rule}", 0.0) * _SCALE[rule], 3) for rule in names}
        lines[name] = Linear(round(bias, 3), rules, by_column)
    return lines


def _used_by_several(rows: Sequence[Row]) -> frozenset[str]:
    """Words and pairs that at least ``_AUTHORS`` people used, or that stand in ``_ROWS`` messages of nobody known."""
    of_author: dict[str, set[str]] = {}
    unsigned: Counter[str] = Counter()
    for row in rows:
        if row.author:
            of_author.setdefault(row.author, set()).update(row.features)
        else:
            unsigned.update(set(row.features))
    people: Counter[str] = Counter()
    for used in of_author.values():
        people.update(used)
    enough = {word for word, count in people.items() if count >= _AUTHORS}
    return frozenset(enough.union(word for word, count in unsigned.items() if count >= _ROWS))


def _table(rows: Sequence[Row], words: frozenset[str], names: Sequence[str]) -> tuple[Any, list[str]]:
    """A sparse row for each example, and what its columns are. No word begins with a colon."""
    from sklearn.feature_extraction import DictVectorizer

    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform(
        {one: 1.0 for one in row.features if one in words}
        | {f":{name}": value * _SCALE[name] for name, value in zip(names, row.rules, strict=False)}
        for row in rows
    )
    return table, list(vectorizer.get_feature_names_out())


def _solved(target: Target, table: Any, labels: Sequence[int]) -> list[tuple[float, list[float]]]:
    """Bias and weights of each line of ``LINES``; of sentiment against neutral."""
    from sklearn.linear_model import LogisticRegression

    solver = LogisticRegression(C=_C, max_iter=2000, class_weight=_balance(labels), random_state=_SEED)
    solver.fit(table, labels)
    found = list(zip(solver.intercept_.tolist(), solver.coef_.tolist(), strict=True))
    if target != "sentiment":
        return found
    by_class = dict(zip(solver.classes_.tolist(), found, strict=True))
    zero_bias, zero = by_class.get(0, (0.0, [0.0] * table.shape[1]))
    return [
        (bias - zero_bias, [one - other for one, other in zip(weights, zero, strict=True)])
        for bias, weights in (by_class[-1], by_class[1])
    ]


def _balance(labels: Sequence[int]) -> dict[int, float]:
    count = Counter(labels)
    return {one: (len(labels) / (len(count) * count[one])) ** _RARE_COUNT for one in sorted(count)}


def _weightiest(lines: dict[str, Linear]) -> dict[str, Linear]:
    """Without the words that hardly count; the others by weight, so that the file reads from one side to the other."""
    strength: Counter[str] = Counter()
    for line in lines.values():
        for word, weight in line.words.items():
            strength[word] = max(strength[word], abs(weight))  # type: ignore[assignment]
    ranked = sorted(strength, key=lambda word: (-strength[word], word))[:_MOST]
    kept = frozenset(ranked)
    shortened = {}
    for name, line in lines.items():
        words = {word: round(weight, 2) for word, weight in line.words.items() if word in kept}
        ordered = sorted((one for one in words.items() if one[1]), key=lambda one: (-one[1], one[0]))
        shortened[name] = Linear(line.bias, line.rules, dict(ordered))
    return shortened


def _folds(labels: Sequence[int], folds: int) -> Iterator[list[int]]:
    from sklearn.model_selection import StratifiedKFold

    split = StratifiedKFold(n_splits=folds, shuffle=True, random_state=_SEED)
    for _, held in split.split([[0]] * len(labels), labels):
        yield held.tolist()


def _by_group(groups: Sequence[str]) -> Iterator[list[int]]:
    for name in sorted(set(groups)):
        yield [number for number, group in enumerate(groups) if group == name]
