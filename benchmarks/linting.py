"""What the check costs: one reply, whole process, beside ``--version``; drafts as records, on one core.

    python -m benchmarks.linting [--rounds 25] [--drafts 4000]

Half of the mixed drafts come with a thread, which triage reads first, a card and recent texts. Seconds are of the
processor; those of ``--version`` in the same run tell how fast the machine is.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

from benchmarks.measure import PROGRAM, Figure, Run, interleaved, prepare, report

REPLY = "So sorry about your bag, Marta. Please send us the reference by direct message and we will trace it now. ^SB"
_MOST_OF_VERSION = 2.5
_LEAST = 2_000  # drafts a second

_REGRETS = (
    "So sorry about this, {}.",
    "Thanks for telling us, {}.",
    "Hi {}, that is far too long a wait.",
    "{}, I see why you ask.",
)
_ANSWERS = (
    "Your bag is at the desk in hall {}, which opens at six.",
    "The flight leaves from gate B{}, and boarding starts at noon.",
    "We can't change this fare, but seat {} is free: https://northline.example/seats",
    "Please send us your booking reference by direct message, and I will look up row {}.",
    "We have put you on flight NL{}, with a meal at https://northline.example/meals on us.",
)
_ENDS = (
    "Shall I book it?",
    "Is there anything else?",
    "I'll write again by 4 pm.",
    "Thank you for your patience!",
    "",
)
_NAMES = ("Marta", "Ana", "Tom", "Aylin", "Pierre", "Jo", "Kemal")
_ASKED = (
    "@NorthlineAir my bag never arrived and the flight to Porto boards in {} min. Help!",
    "@NorthlineAir third cancelled flight this month, {} hours on hold. What now?",
    "@NorthlineAir can I still change my seat? Row {} is full of noise.",
    "@NorthlineAir thanks to the crew of NL{}, best flight in years!",
)


def main() -> int:
    parser = argparse.ArgumentParser(description="The cost of the check.")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--drafts", type=int, default=4000)
    options = parser.parse_args()
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder), options.rounds, options.drafts)


def _measured(folder: Path, rounds: int, drafts: int) -> int:
    program = (*PROGRAM, "-w", str(folder))
    works: dict[str, tuple[str, ...]] = {}
    for kind, rows in (("alone", _drafts), ("mixed", _with_threads)):
        for count in (drafts // 4, drafts):
            path = folder / f"{kind}-{count}.jsonl"
            path.write_text(
                "".join(json.dumps(row) + "\n" for row in islice(rows(), count)), encoding="utf-8"
            )
            works[f"{kind} {count}"] = (*program, "lint", "--records", "--json", str(path))
    many = interleaved(works, 3)
    one = interleaved(
        {
            "--version": (*PROGRAM, "--version"),
            "lint": (*program, "lint", "--text", REPLY),
            "--templates": (*program, "lint", "--templates"),
        },
        rounds,
    )
    lint, version = one["lint"], one["--version"]
    figures = [
        Figure(
            "lint of a reply", lint.busy / version.busy, "x", _MOST_OF_VERSION, f"{lint.busy * 1000:.0f} ms"
        ),
        Figure("lint --templates, what is shipped", one["--templates"].busy / version.busy, "x"),
        *(_pace(kind, many, drafts) for kind in ("alone", "mixed")),
    ]
    return report(f"the check, in units of --version ({version.busy * 1000:.0f} ms); drafts in ms", figures)


def _pace(kind: str, runs: dict[str, Run], drafts: int) -> Figure:
    """Milliseconds of one more draft: many beside fewer, so that the start of the process does not count."""
    fewer = drafts // 4
    each = (runs[f"{kind} {drafts}"].busy - runs[f"{kind} {fewer}"].busy) / (drafts - fewer)
    return Figure(f"one draft of many, {kind}", each * 1000, "ms", 1000 / _LEAST, f"{1 / each:,.0f} a second")


def _drafts() -> Iterator[dict[str, Any]]:
    """Replies of which no two are the same, as far as there are so many."""
    words = cycle(product(range(10, 100), _REGRETS, _ANSWERS, _ENDS, _NAMES))
    for number, regret, answer, end, name in words:
        text = " ".join(filter(None, (regret.format(name), answer.format(number), end, "^SB")))
        yield {"text": text, "network": "x", "agent": "sb"}


def _with_threads() -> Iterator[dict[str, Any]]:
    recent: list[str] = []
    for number, draft in enumerate(_drafts()):
        if number % 2:
            asked = _ASKED[number // 2 % len(_ASKED)].format(number % 97)
            thread = [{"text": asked, "direction": "inbound"}]
            draft |= {
                "customer": "marta_ruiz",
                "thread": thread,
                "card": {"order": "NL2040"},
                "recent": recent[-20:],
            }
        recent.append(draft["text"])
        yield draft


if __name__ == "__main__":
    sys.exit(main())
