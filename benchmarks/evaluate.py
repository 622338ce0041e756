"""How good triage is, beside a sentiment lexicon (VADER) and the commonest label, in one run.

    make eval

Each figure stands beside what is asked of it. Paths come from the environment; what is not set is skipped:
SOCIALCLI_EVAL_AIRLINE: CSV with text, airline_sentiment (negative, neutral, positive), airline, tweet_created.
SOCIALCLI_EVAL_COMPLAINTS: CSV with text, complaint (0, 1), domain; rows whose domain starts with "random"
are no mentions of a support account and are left out. SOCIALCLI_EVAL_SPAM: CSV with text, spam (0, 1), source.
SOCIALCLI_EVAL_ABUSE: CSV with text, offensive (0, 1). SOCIALCLI_EVAL_VOLUME: a folder of CSV with timestamp,
value per five minutes, and windows.json.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.labelled import (
    Row,
    assessed,
    invented,
    majority,
    mood,
    outside,
    reported,
    rows_of,
    shipped_policy,
    vader,
)
from benchmarks.scores import Agreement, agreement, confusion, interval, precision_recall, share
from socialcli.model.assessment import Assessment
from socialcli.triage import Assessor

_THRESHOLDS = (1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8)  # of evidence, tried for recall at a precision
_PRECISIONS = (0.8, 0.9)
_WIDTH = 62


def main() -> int:
    assessor = Assessor(shipped_policy())
    heading("Complaint or not: mentions of support accounts, shipped rules")
    support_accounts(assessor)
    heading("Airlines: three classes of sentiment, shipped rules")
    airlines(assessor)
    heading("Spam")
    spam(assessor)
    heading("Abuse")
    abuse(assessor)
    heading(
        "Invented mentions, labelled by the definitions (the weights of wording know labelled, and no other)"
    )
    for name in ("labelled", "fresh", "blind", "languages"):
        by_definition(assessor, name)
    heading("After learning")
    sys.stdout.flush()
    codes = [
        subprocess.call((sys.executable, "-m", f"benchmarks.{name}"))
        for name in ("learned", "incidents", "triage_speed")
    ]
    return max(map(abs, codes))


def heading(text: str) -> None:
    print(f"\n{text}")


def told(what: str, found: float, asked: str = "", peers: str = "") -> None:
    """One line of the table."""
    print(f"  {what:<{_WIDTH}} {found:6.3f}  {asked:<14}{peers}")


def against(truth: Sequence[str], said: Sequence[str], peer: Sequence[str], asked: tuple[str, str]) -> None:
    """Accuracy and macro-F1 beside those of VADER and of the commonest label."""
    ours, theirs, dull = (agreement(truth, one) for one in (said, peer, majority(truth)))
    told("accuracy", ours.accuracy, asked[0], f"VADER {theirs.accuracy:.3f}  majority {dull.accuracy:.3f}")
    low, high = interval(lambda rows: agreement(*_drawn(rows, truth, said)).macro_f1, len(truth))
    peers = f"VADER {theirs.macro_f1:.3f}  majority {dull.macro_f1:.3f}"
    told(f"macro-F1 (95 %: {low:.3f} to {high:.3f})", ours.macro_f1, asked[1], peers)
    print_table(truth, said)


def _drawn(rows: Sequence[int], *labels: Sequence[str]) -> list[list[str]]:
    return [[row[place] for place in rows] for row in labels]


def print_table(truth: Sequence[str], said: Sequence[str]) -> None:
    for line in confusion(truth, said):
        print(f"    {line}")


# the sets


def support_accounts(assessor: Assessor) -> None:
    path = outside("SOCIALCLI_EVAL_COMPLAINTS")
    if path is None:
        return
    rows = [row for row in reported(rows_of(path)) if not row["domain"].startswith("random")]
    truth = [_yes(row["complaint"] == "1") for row in rows]
    found = [one.kind == "complaint" for one in assessed(assessor, rows, "en")]
    peer = [_yes(mood(one) == "negative") for one in vader(rows)]
    against(truth, [_yes(one) for one in found], peer, ("asked .740", "asked .740"))
    precision, recall = precision_recall(zip((one == "yes" for one in truth), found, strict=True))
    told("precision of complaints", precision)
    told("recall of complaints", recall)
    told(
        "false alarms (what is none, told as one)",
        share(said for said, one in zip(found, truth, strict=True) if one == "no"),
    )
    recall_at(rows, truth)


def recall_at(rows: Sequence[Row], truth: Sequence[str]) -> None:
    """Recall where the threshold of evidence is moved until so many of those told as complaints are complaints."""
    true = [one == "yes" for one in truth]
    curve: list[tuple[float, float, float]] = []
    for threshold in _THRESHOLDS:
        policy = shipped_policy(f'[triage.weights]\n"threshold/complaint" = {threshold}')
        said = [one.kind == "complaint" for one in assessed(Assessor(policy), rows, "en")]
        curve.append((threshold, *precision_recall(zip(true, said, strict=True))))
    for least in _PRECISIONS:
        best = max(
            ((recall, threshold) for threshold, right, recall in curve if right >= least), default=(0, "-")
        )
        told(f"recall at a precision of {least} (threshold/complaint = {best[1]})", best[0])


def airlines(assessor: Assessor) -> None:
    path = outside("SOCIALCLI_EVAL_AIRLINE")
    if path is None:
        return
    rows = reported(rows_of(path))
    found = assessed(assessor, rows, "en")
    truth = [row["airline_sentiment"] for row in rows]
    said = [mood(one.sentiment) for one in found]
    against(truth, said, [mood(one) for one in vader(rows)], ("", "asked .620"))
    for airline in sorted({row["airline"] for row in rows}):
        places = [place for place, row in enumerate(rows) if row["airline"] == airline]
        told(f"macro-F1, {airline} alone", agreement(*_drawn(places, truth, said)).macro_f1)
    respond = [one.respond == "respond" for one in found]
    quiet = [one.priority in {"normal", "low"} for one in found]
    told("negative rows with respond", share(_where(respond, truth, "negative")), "asked .970")
    told("positive rows not above normal", share(_where(quiet, truth, "positive")), "asked .900")
    told("neutral rows not above normal", share(_where(quiet, truth, "neutral")))
    told("called abuse or spam", share(one.kind in {"abuse", "spam"} for one in found), "at most .010")


def _where(flags: Sequence[bool], truth: Sequence[str], label: str) -> list[bool]:
    return [flag for flag, one in zip(flags, truth, strict=True) if one == label]


def spam(assessor: Assessor) -> None:
    path = outside("SOCIALCLI_EVAL_SPAM")
    if path is None:
        return
    rows = reported(rows_of(path))
    pairs = [
        (row["spam"] == "1", one.kind == "spam")
        for row, one in zip(rows, assessed(assessor, rows), strict=True)
    ]
    precision, recall = precision_recall(pairs)
    told("precision", precision, "asked .970")
    told("recall", recall, "asked .700")
    for source in sorted({row["source"] for row in rows}):
        part = precision_recall(
            pair for pair, row in zip(pairs, rows, strict=True) if row["source"] == source
        )
        told(f"recall, {source} (precision {part[0]:.3f})", part[1])


def abuse(assessor: Assessor) -> None:
    """Offensive language of any kind; ours is only what is aimed at people, with no matter in it."""
    path = outside("SOCIALCLI_EVAL_ABUSE")
    if path is None:
        return
    rows = reported(rows_of(path))
    truth = [row["offensive"] == "1" for row in rows]
    peer = [mood(one) == "negative" for one in vader(rows)]
    found = [one.kind in {"abuse", "spam"} for one in assessed(assessor, rows, "en")]
    (precision, recall), (theirs, reach) = (
        precision_recall(zip(truth, one, strict=True)) for one in (found, peer)
    )
    told("precision against offensive", precision, peers=f"VADER {theirs:.3f}")
    told("recall of offensive", recall, peers=f"VADER {reach:.3f}")


def by_definition(assessor: Assessor, name: str) -> None:
    rows = [row for row in invented(name) if row.get("part") != "tune"]
    found = assessed(assessor, rows)
    asked = {"respond": ".70", "priority": ".60", "kind": ".65"}
    for field, least in asked.items():
        whole = _agreed(rows, found, field)
        told(
            f"{name} ({len(rows)}): kappa of {field} (accuracy {whole.accuracy:.3f})",
            whole.kappa,
            f"asked {least}",
        )
        if name in {"fresh", "blind"}:
            print_table([row[field] for row in rows], [getattr(one, field) for one in found])
    for lang, part in sorted({(row["lang"], row["part"]) for row in rows if "lang" in row}):
        places = [place for place, row in enumerate(rows) if (row["lang"], row["part"]) == (lang, part)]
        kappas = {field: _agreed(_at(rows, places), _at(found, places), field).kappa for field in asked}
        print(
            f"    {lang}, {part} ({len(places)}): "
            + "  ".join(f"{field} {kappa:.3f}" for field, kappa in kappas.items())
        )


def _at(listed: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return [listed[place] for place in places]


def _agreed(rows: Sequence[Row], found: Sequence[Assessment], field: str) -> Agreement:
    return agreement([row[field] for row in rows], [getattr(one, field) for one in found])


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


if __name__ == "__main__":
    sys.exit(main())
