"""Agreement of two rows of labels, in the figures of the field."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.triage.agreement import kappa

Labels = Sequence[str]

_ROUNDS = 1_000  # of the bootstrap


@dataclass(frozen=True)
class Agreement:
    """Of ``said`` with ``truth``. ``f1``: by label; all figures from 0 to 1, kappa from -1."""

    accuracy: float
    macro_f1: float
    kappa: float
    f1: dict[str, float]


def agreement(truth: Labels, said: Labels) -> Agreement:
    """``macro_f1`` is the mean over the labels that occur in ``truth``; ``kappa`` is Cohen's."""
    total = max(1, len(truth))
    pairs = Counter(zip(truth, said, strict=True))
    labels = sorted(set(truth))
    f1 = {label: _f1(label, pairs) for label in labels}
    hits = sum(count for (one, other), count in pairs.items() if one == other) / total
    return Agreement(hits, sum(f1.values()) / max(1, len(f1)), kappa(truth, said), f1)


def _f1(label: str, pairs: Counter[tuple[str, str]]) -> float:
    wrong = sum(count for (one, other), count in pairs.items() if one != other and label in {one, other})
    hits = pairs[label, label]
    return 2 * hits / max(1, 2 * hits + wrong)


def precision_recall(flags: Iterable[tuple[bool, bool]]) -> tuple[float, float]:
    """Of (true, said) pairs; a precision of nothing said is 1."""
    pairs = Counter(flags)
    hits, said, true = pairs[True, True], pairs[True, True] + pairs[False, True], pairs[True, True]
    true += pairs[True, False]
    return (hits / said if said else 1.0), hits / max(1, true)


def share(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / max(1, len(listed))


def interval(figure: Callable[[Sequence[int]], float], size: int) -> tuple[float, float]:
    """The 95 % interval of a figure over rows 0 to ``size`` - 1, by drawing rows again (bootstrap, always the
    same draws).
    """
    draw = random.Random(1)
    found = sorted(figure(draw.choices(range(size), k=size)) for _ in range(_ROUNDS))
    return found[int(0.025 * _ROUNDS)], found[int(0.975 * _ROUNDS) - 1]


def confusion(truth: Labels, said: Labels) -> Iterable[str]:
    """Lines of a table: a row for each true label, a column for each that was said."""
    pairs = Counter(zip(truth, said, strict=True))
    labels = sorted(set(truth) | set(said))
    width = max(10, *(len(label) + 2 for label in labels))
    yield "true \\ said".ljust(width) + "".join(label.rjust(width) for label in labels)
    for one in labels:
        if one in truth:
            yield one.ljust(width) + "".join(str(pairs[one, other]).rjust(width) for other in labels)
