"""Counts out the weights of wording for the languages beside English, from the mentions beside this file.

    python -m training.others

One logistic regression for all of them: what the lists found and the shape of a message weigh the same in each
language, words and pairs of words only in their own. So a few dozen mentions a language go a long way. It learns from
``others-*.jsonl`` and from the rows of tests/triage/languages.jsonl that are marked for tuning, from no other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.triage import wording
from socialcli.triage.assessor import Assessor
from socialcli.triage.lexicon import LANGUAGES

_HERE = Path(__file__).parent
_ROOT = _HERE.parent
_LEXICON = _ROOT / "socialcli" / "data" / "lexicon"
_SENT_AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
_OTHERS = tuple(language for language in LANGUAGES if language != "en")
_SEEN_IN = 3  # mentions of its language that a word must be seen in
_WORD = (
    0.5  # how much a word counts beside what the lists found: from so few mentions one learns little of it
)
_LEAST = 0.08  # log odds below which a weight is left out
_C = 1.0  # inverse strength of the penalty on weights
_UNWORDED = b'[triage.weights]\n"threshold/wording" = 99\n"threshold/wording-complaint" = 99'

# How often each kind comes to a support account: rows count so that the mentions look like its inbox. A complaint that is
# missed costs more than a line of talk that is shown.
_INBOX = {
    "complaint": 0.45, "question": 0.17, "mention": 0.10, "request": 0.08,
    "praise": 0.08, "feedback": 0.05, "spam": 0.05, "abuse": 0.02,
}  # fmt: skip

Row = dict[str, str]
Features = dict[str, float]
Weights = dict[str, dict[str, float]]  # by feature, then by kind


def main() -> None:
    rows = mentions()
    vectorizer, model = fitted(features(rows), [row["kind"] for row in rows])
    kinds = [str(kind) for kind in model.classes_]
    bias = {kind: round(float(value), 2) for kind, value in zip(kinds, model.intercept_, strict=True)}
    names = [str(name) for name in vectorizer.get_feature_names_out()]
    for language in _OTHERS:
        weights = dict(_of(language, names, model.coef_, kinds))
        target = _LEXICON / f"{language}.wording.json"
        target.write_bytes(wording.encode(bias, weights))  # type: ignore[arg-type]
        print(f"{len(weights)} features, {target.stat().st_size:,} bytes: {target.relative_to(_ROOT)}")


def mentions() -> list[Row]:
    """Those to learn from, with ``lang`` and ``kind``."""
    tests = _ROOT / "tests" / "triage" / "languages.jsonl"
    rows = [row for row in _read(tests) if row["part"] == "tune"]
    return rows + [row for language in _OTHERS for row in _read(_HERE / f"others-{language}.jsonl")]


def _read(path: Path) -> Iterator[Row]:
    yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def features(rows: Sequence[Row]) -> list[Features]:
    """As triage sees them where wording is switched off; a word carries its language before it."""
    assessor = Assessor(parse((_ROOT / "policies.toml").read_bytes(), _UNWORDED))
    found = [_features(assessor, row) for row in rows]
    counts = Counter(feature for one in found for feature in one)
    return [
        {name: _worth(name) for name in one if name[0] == "[" or counts[name] >= _SEEN_IN} for one in found
    ]


def _worth(feature: str) -> float:
    return 1.0 if feature[0] == "[" else _WORD


def _features(assessor: Assessor, row: Row) -> list[str]:
    lang = row["lang"]
    seen = assessor.seen(Message("1", "x", "support", Author(None, "cust"), row["text"], _SENT_AT, lang=lang))
    found = wording.features_of(seen.reading, seen.weighed)
    return [name if name[0] == "[" else f"{lang} {name}" for name in found]


def fitted(found: Sequence[Features], kinds: Sequence[str]) -> tuple[Any, Any]:
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=_C, max_iter=5_000)
    counts = Counter(kinds)
    worth = [_INBOX[kind] * len(kinds) / counts[kind] for kind in kinds]
    return vectorizer, model.fit(vectorizer.fit_transform(found), kinds, sample_weight=worth)


def _of(language: str, names: Sequence[str], coef: Any, kinds: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The weights that count in one language."""
    for column, name in enumerate(names):
        own = name.removeprefix(f"{language} ")
        weights = {
            kind: round(float(coef[place, column]) * _worth(name), 2)
            for place, kind in enumerate(kinds)
            if abs(coef[place, column]) * _worth(name) >= _LEAST
        }
        if weights and (name[0] == "[" or own != name):
            yield own, weights


if __name__ == "__main__":
    main()
