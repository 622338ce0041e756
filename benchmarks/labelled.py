"""Labelled messages from outside, and what triage and its peers say of them.

Paths come from the environment. Of the sets that word lists are tuned on, the even rows are reported and the
odd rows are for tuning (SOCIALCLI_EVAL_ROWS=odd shows those).
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from socialcli.model.assessment import Assessment
from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor

Row = dict[str, str]

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "policies.toml"
FIXTURES = ROOT / "tests" / "triage"
SENT_AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
_NEUTRAL = 0.05  # how far from 0 a sentiment is still neutral


def outside(variable: str) -> Path | None:
    """The path in a variable of the environment; None, and said so, where it is not set."""
    path = os.environ.get(variable)
    if not path:
        print(f"  skipped: set {variable}")
        return None
    return Path(path)


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reported(rows: Sequence[Row]) -> Sequence[Row]:
    """The half that nothing was tuned on."""
    return rows[1 if os.environ.get("SOCIALCLI_EVAL_ROWS") == "odd" else 0 :: 2]


def invented(name: str) -> list[Row]:
    """Invented mentions with labels, which ship with the tests."""
    path = FIXTURES / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def shipped_policy(own: str = "") -> Policy:
    return parse(SHIPPED.read_bytes(), own.encode())


def messages(rows: Sequence[Row], lang: str | None = None) -> list[Message]:
    """Each by itself, of a customer of its own, sent at ``SENT_AT``."""
    return [
        Message(
            str(place),
            "x",
            "support",
            Author(None, f"cust{place}"),
            row["text"],
            SENT_AT,
            lang=row.get("lang", lang),
        )
        for place, row in enumerate(rows)
    ]


def assessed(assessor: Assessor, rows: Sequence[Row], lang: str | None = None) -> list[Assessment]:
    return [assessor.assess(message) for message in messages(rows, lang)]


def mood(sentiment: float) -> str:
    return "positive" if sentiment > _NEUTRAL else "negative" if sentiment < -_NEUTRAL else "neutral"


def vader(rows: Sequence[Row]) -> list[float]:
    """The peer's sentiment of each text, -1 to 1."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return [analyzer.polarity_scores(row["text"])["compound"] for row in rows]


def majority(labels: Sequence[str]) -> list[str]:
    """The commonest label for every row."""
    return [Counter(labels).most_common(1)[0][0]] * len(labels)
