"""Held-out figures: how often rules, and rules with what was learned, say what people said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from socialcli.model.learning import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DRAWS = 2000  # resamples of a bootstrap
_SEED = 20_150_224
_LEAST = 0.60  # macro-F1 below which labels hardly agree with texts; a coin reaches .50 of two classes


class Figures(Struct, frozen=True):
    """``certainty``: in how many of the resamples the learned one is better (0 to 1). ``commonest``: the accuracy of
    whoever always says the commonest label. ``kappa_low``: Cohen's kappa of the learned one with the labels (0 is what
    chance gives) is at least this in 39 of 40 resamples.
    """

    examples: int
    folds: int
    rules: Score
    learned: Score
    certainty: float
    commonest: float
    kappa_low: float

    @property
    def is_better(self) -> bool:
        """Better than the rules in 19 of 20 resamples: what chance alone seldom does."""
        return self.learned.macro_f1 > self.rules.macro_f1 and self.certainty >= 0.95  # noqa: PLR2004

    @property
    def agrees(self) -> bool:
        """Whether it has learned anything of the labels: with those of a coin the rules are easily beaten."""
        beats_guess = self.learned.accuracy > self.commonest and self.kappa_low > 0
        return beats_guess and self.learned.macro_f1 >= _LEAST


def compare(true: Sequence[int], rules: Sequence[int], learned: Sequence[int], folds: int) -> Figures:
    """Accuracy and macro-F1 of both, with the interval that a bootstrap of the messages gives (95 %, seeded)."""
    import numpy as np

    classes = sorted({*true, *rules, *learned})
    size = len(classes)
    place = {one: number for number, one in enumerate(classes)}
    cells = np.array(
        [(place[a] * size + place[b]) * size + place[c] for a, b, c in zip(true, rules, learned, strict=True)]
    )
    table = np.bincount(cells, minlength=size**3)
    # To draw messages again is to draw cells of the table of (true, rules, learned).
    draws = np.random.default_rng(_SEED).multinomial(len(true), table / len(true), size=_DRAWS)
    tables = np.concatenate([table[None], draws]).reshape(-1, size, size, size)
    present = [place[one] for one in sorted(set(true))]
    by_rules = tables.sum(axis=3)
    by_learned = tables.sum(axis=2)
    ours, theirs = _macro_f1(by_rules, present), _macro_f1(by_learned, present)
    return Figures(
        examples=len(true),
        folds=folds,
        rules=_score(by_rules[0], ours),
        learned=_score(by_learned[0], theirs),
        certainty=round(float(np.mean(theirs[1:] > ours[1:])), 3),
        commonest=round(float(by_learned[0].sum(axis=1).max() / len(true)), 3),
        kappa_low=round(float(np.quantile(_kappa(by_learned[1:]), 0.025)), 3),
    )


def _kappa(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cohen's kappa of each confusion table (Cohen 1960): agreement beyond what chance gives; 0 where all is said
    alike.
    """
    import numpy as np

    total = tables.sum(axis=(1, 2))
    agreed = np.einsum("nii->n", tables) / total
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
    kappa: NDArray[np.float64] = np.divide(
        agreed - chance, 1 - chance, out=np.zeros(agreed.shape), where=chance < 1
    )
    return kappa


def _macro_f1(tables: NDArray[np.int64], present: list[int]) -> NDArray[np.float64]:
    """Of each confusion table (table, true, said): the mean F1 of the classes that are ``present``."""
    import numpy as np

    right = np.einsum("nii->ni", tables)
    both = tables.sum(axis=1) + tables.sum(axis=2)
    f1 = np.divide(2 * right, both, out=np.zeros(right.shape), where=both > 0)
    mean: NDArray[np.float64] = f1[:, present].mean(axis=1)
    return mean


def _score(table: NDArray[np.int64], macro_f1: NDArray[Any]) -> Score:
    import numpy as np

    low, high = np.quantile(macro_f1[1:], (0.025, 0.975))
    return Score(
        accuracy=round(float(np.trace(table) / table.sum()), 3),
        macro_f1=round(float(macro_f1[0]), 3),
        low=round(float(low), 3),
        high=round(float(high), 3),
    )
