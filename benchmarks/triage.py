"""How good and how fast triage is on labelled messages of your own.

Paths come from the environment; what is not set is skipped. SOCIALCLI_EVAL_AIRLINE: CSV with text,
airline_sentiment (negative, neutral, positive). SOCIALCLI_EVAL_COMPLAINTS: CSV with text, complaint (0, 1),
domain; rows whose domain starts with "random" are left out. SOCIALCLI_EVAL_SPAM: CSV with text, spam (0, 1).
Even rows are reported; odd rows are for tuning (SOCIALCLI_EVAL_ROWS=odd shows them).
"""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from socialcli.model.assessment import Assessment
from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.triage import Assessor

Row = dict[str, str]
Labels = Sequence[str]

_ROOT = Path(__file__).parent.parent
_WHEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


def main() -> None:
    assessor = Assessor(parse((_ROOT / "policies.toml").read_bytes()))
    for variable, report in (
        ("SOCIALCLI_EVAL_AIRLINE", airline),
        ("SOCIALCLI_EVAL_COMPLAINTS", complaints),
        ("SOCIALCLI_EVAL_SPAM", spam),
    ):
        path = os.environ.get(variable)
        print(f"\n{variable}")
        if path:
            report(assessor, half(path))
        else:
            print(f"  skipped: set {variable}")


def half(path: str) -> list[Row]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows[1 if os.environ.get("SOCIALCLI_EVAL_ROWS") == "odd" else 0 :: 2]


def assessed(assessor: Assessor, rows: Sequence[Row]) -> list[Assessment]:
    messages = [
        Message(str(place), "x", "support", Author(None, "cust"), row["text"], _WHEN, lang="en")
        for place, row in enumerate(rows)
    ]
    started = time.process_time()
    found = [assessor.assess(message) for message in messages]
    taken = time.process_time() - started
    print(f"  {len(rows)} rows, {len(rows) / taken:,.0f} messages/s of processor time")
    return found


def airline(assessor: Assessor, rows: Sequence[Row]) -> None:
    found = assessed(assessor, rows)
    truth = [row["airline_sentiment"] for row in rows]
    show("sentiment, three classes", truth, [mood(one) for one in found])
    show(
        "kind is complaint, against negative",
        [str(word == "negative") for word in truth],
        [str(one.kind == "complaint") for one in found],
    )
    negative = [one for one, word in zip(found, truth, strict=True) if word == "negative"]
    share("negative rows with respond", (one.respond == "respond" for one in negative))
    share("spam or abuse", (one.kind in {"spam", "abuse"} for one in found))
    positive = [one for one, word in zip(found, truth, strict=True) if word == "positive"]
    share("positive rows not above normal", (one.priority in {"normal", "low"} for one in positive))
    print(
        "  priority",
        dict(Counter(one.priority for one in found)),
        "respond",
        dict(Counter(one.respond for one in found)),
    )


def mood(one: Assessment) -> str:
    return "positive" if one.sentiment > 0.05 else "negative" if one.sentiment < -0.05 else "neutral"


def complaints(assessor: Assessor, rows: Sequence[Row]) -> None:
    fair = [row for row in rows if not row["domain"].startswith("random")]
    found = assessed(assessor, fair)
    show(
        "complaint or not",
        [str(row["complaint"] == "1") for row in fair],
        [str(one.kind == "complaint") for one in found],
    )


def spam(assessor: Assessor, rows: Sequence[Row]) -> None:
    found = assessed(assessor, rows)
    for source in sorted({row["source"] for row in rows}):
        pairs = [
            (row["spam"] == "1", one.kind == "spam")
            for row, one in zip(rows, found, strict=True)
            if row["source"] == source
        ]
        precision_recall(f"spam, {source}", pairs)
    precision_recall(
        "spam", [(row["spam"] == "1", one.kind == "spam") for row, one in zip(rows, found, strict=True)]
    )


def share(what: str, flags: Iterator[bool]) -> None:
    listed = list(flags)
    print(f"  {what}: {sum(listed) / max(1, len(listed)):.3f}")


def precision_recall(what: str, pairs: Sequence[tuple[bool, bool]]) -> None:
    hits = sum(truth and said for truth, said in pairs)
    said_so = sum(said for _, said in pairs)
    true = sum(truth for truth, _ in pairs)
    print(f"  {what}: precision {hits / max(1, said_so):.3f}, recall {hits / max(1, true):.3f}")


def show(what: str, truth: Labels, said: Labels) -> None:
    labels = sorted(set(truth))
    pairs = Counter(zip(truth, said, strict=True))
    accuracy = sum(pairs[label, label] for label in labels) / max(1, len(truth))
    scores = {label: f1(label, pairs, labels) for label in labels}
    told = ", ".join(f"{label} {score:.3f}" for label, score in scores.items())
    print(
        f"  {what}: accuracy {accuracy:.3f}, macro-F1 {sum(scores.values()) / max(1, len(scores)):.3f} ({told})"
    )


def f1(label: str, pairs: Counter[tuple[str, str]], labels: Sequence[str]) -> float:
    hit = pairs[label, label]
    others = sum(pairs[label, said] + pairs[said, label] for said in labels if said != label)
    return 2 * hit / max(1, 2 * hit + others)


if __name__ == "__main__":
    main()
