"""What learning adds to the shipped rules, on labelled messages of your own, each judged by a model that has not seen it.

Paths come from the environment; what is not set is skipped. SOCIALCLI_EVAL_COMPLAINTS: CSV with text, complaint (0/1),
domain. SOCIALCLI_EVAL_AIRLINE: CSV with text, airline_sentiment, airline: each airline is judged by what the others taught.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.labelled import SENT_AT, Row, outside, reported, rows_of, shipped_policy
from socialcli.learning.examples import Example
from socialcli.learning.training import cross_validated
from socialcli.model.learning import Score, Target
from socialcli.model.message import Author, Message

_SIDES = {"negative": -1, "neutral": 0, "positive": 1}


def main() -> None:
    complaints()
    sentiment()


def complaints() -> None:
    print("\ncomplaint or not after learning: mentions of support accounts (asked: macro-F1 .78)")
    path = outside("SOCIALCLI_EVAL_COMPLAINTS")
    if path is None:
        return
    rows = [row for row in rows_of(path) if not row["domain"].startswith("random")]
    for told, some in (("all rows", rows), ("rows that no list was tuned on", reported(rows))):
        taught = [_example(number, row, int(row["complaint"])) for number, row in enumerate(some)]
        _tell(f"{told}, in ten folds", "complaint", taught)
        _tell(f"{told}, one trade held out", "complaint", taught, [row["domain"] for row in some])


def sentiment() -> None:
    print("\nsentiment of airline customers after learning from the other airlines (asked: macro-F1 .72)")
    path = outside("SOCIALCLI_EVAL_AIRLINE")
    if path is None:
        return
    rows = rows_of(path)
    for told, some in (("all rows", rows), ("rows that no list was tuned on", reported(rows))):
        taught = [_example(number, row, _SIDES[row["airline_sentiment"]]) for number, row in enumerate(some)]
        _tell(f"{told}, one airline held out", "sentiment", taught, [row["airline"] for row in some])


def _example(number: int, row: Row, label: int) -> Example:
    author = Author(None, f"cust{number}")
    return Example(Message(str(number), "x", "support", author, row["text"], SENT_AT, lang="en"), label)


def _tell(told: str, target: Target, taught: Sequence[Example], groups: Sequence[str] | None = None) -> None:
    found = cross_validated(target, taught, shipped_policy(), groups=groups)
    print(f"  {told} ({found.examples} messages, {found.folds} folds)")
    print(f"    rules alone         {_score(found.rules)}")
    print(f"    rules and learned   {_score(found.learned)}")


def _score(score: Score) -> str:
    return f"accuracy {score.accuracy:.3f}  macro-F1 {score.macro_f1:.3f} (95 %: {score.low:.3f} to {score.high:.3f})"


if __name__ == "__main__":
    main()
