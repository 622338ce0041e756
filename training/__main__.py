"""Counts out the weights of how people write, from the invented mentions beside this file.

    python -m training

A multinomial logistic regression (scikit-learn) over what ``triage.wording.features_of`` sees, in kinds. What is
in too few mentions, or weighs next to nothing, is left out. Prints how well it does on mentions held out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import StratifiedKFold

from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.triage import wording
from socialcli.triage.assessor import Assessor

_HERE = Path(__file__).parent
_ROOT = _HERE.parent
_TARGET = _ROOT / "socialcli" / "data" / "lexicon" / "en.wording.json"
_SOURCES = (_ROOT / "tests" / "triage" / "mentions.jsonl", _ROOT / "tests" / "triage" / "labelled.jsonl")
_SENT_AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
_SEEN_IN = 2  # mentions that a feature must be seen in
_LEAST = 0.08  # log odds below which a weight is left out
_C = 1.0  # inverse strength of the penalty on weights
_FOLDS = 5
_UNWORDED = b"""
[triage.weights]
"threshold/wording" = 99
"threshold/wording-complaint" = 99
"threshold/wording-monitor" = 99
"""

Row = dict[str, str]
Features = dict[str, float]


def main() -> None:
    rows = mentions()
    found = features(rows)
    kinds = [row["kind"] for row in rows]
    print(f"{len(rows)} mentions: {dict(Counter(kinds).most_common())}")
    print(f"kappa of kind on mentions held out: {held_out(found, kinds):.3f}")
    weights = fitted(found, kinds)
    _TARGET.write_bytes(wording.encode(*weights))
    print(f"{len(weights[1])} features, {_TARGET.stat().st_size:,} bytes: {_TARGET.relative_to(_ROOT)}")


def mentions() -> list[Row]:
    """English mentions, each once."""
    files = (*_SOURCES, *sorted(_HERE.glob("*.jsonl")))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return list({row["text"]: row for row in rows if row.get("lang", "en") == "en"}.values())


def features(rows: Sequence[Row]) -> list[Features]:
    """As triage sees them where wording is switched off: the lists' verdict is one of them."""
    policy = parse((_ROOT / "policies.toml").read_bytes(), _UNWORDED)
    assessor = Assessor(policy)
    return [_features(assessor, row) for row in rows]


def _features(assessor: Assessor, row: Row) -> Features:
    seen = assessor.seen(Message("1", "x", "support", Author(None, "cust"), row["text"], _SENT_AT, lang="en"))
    if not seen.reading.words:
        return {}
    return dict.fromkeys(wording.features_of(seen.reading, seen.weighed), 1.0)


def held_out(found: Sequence[Features], kinds: Sequence[str]) -> float:
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1).split(found, kinds)
    said: dict[int, str] = {}
    for learnt, held in folds:
        vectorizer, model = _model([found[place] for place in learnt], [kinds[place] for place in learnt])
        said.update(
            zip(held, model.predict(vectorizer.transform([found[place] for place in held])), strict=True)
        )
    return float(cohen_kappa_score(kinds, [said[place] for place in range(len(kinds))]))


def _model(found: Sequence[Features], kinds: Sequence[str]) -> tuple[Any, Any]:
    counts = Counter(feature for one in found for feature in one)
    kept = [{feature: 1.0 for feature in one if counts[feature] >= _SEEN_IN} for one in found]
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=_C, max_iter=5_000)
    return vectorizer, model.fit(vectorizer.fit_transform(kept), kinds)


def fitted(found: Sequence[Features], kinds: Sequence[str]) -> tuple[Any, Any]:
    """The bias by kind, and the weights of each feature by kind."""
    vectorizer, model = _model(found, kinds)
    names = vectorizer.get_feature_names_out()
    bias = {
        str(kind): round(float(value), 2)
        for kind, value in zip(model.classes_, model.intercept_, strict=True)
    }
    weights = {}
    for column, name in enumerate(names):
        row = {
            str(kind): round(float(model.coef_[place, column]), 2)
            for place, kind in enumerate(model.classes_)
            if abs(model.coef_[place, column]) >= _LEAST
        }
        if row:
            weights[str(name)] = row
    return bias, weights


if __name__ == "__main__":
    main()
