"""How many bad drafts the check finds by the rule that they break, and how many good ones it stops.

    python -m benchmarks.drafts [FILE...] [--show]

A file is JSON Lines as ``lint --records`` takes them, with ``rule`` besides: the id that is to be found, null for a
good draft. Without a file: those of ``tests/compose/drafts``, each with figures of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.measure import PROGRAM

_SHIPPED = Path(__file__).parent.parent / "tests" / "compose" / "drafts"


def main() -> int:
    files = [Path(name) for name in sys.argv[1:] if not name.startswith("-")]
    for path in files or sorted(_SHIPPED.glob("*.jsonl")):
        drafts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        _figures(path.stem, drafts, _checked(path))
    return 0


def _checked(path: Path) -> list[Any]:
    """One record a draft, by the program itself under the shipped policy."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*PROGRAM, "-w", folder, "lint", "--records", "--json", str(path.resolve())]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _figures(name: str, drafts: list[Any], checks: list[Any]) -> None:
    pairs = list(zip(drafts, checks, strict=True))
    bad = [pair for pair in pairs if pair[0]["rule"]]
    good = [check for draft, check in pairs if not draft["rule"]]
    found = [_has(check, draft["rule"]) for draft, check in bad]
    stopped = sum(not check["ok"] for check in good)
    warned = sum(any(one["level"] == "warning" for one in check["findings"]) for check in good)
    print(
        f"{name:10} bad drafts {len(bad):4}  found by the rule expected {sum(found) / len(bad):.3f}"
        f"   good {len(good):4}  stopped {stopped / len(good):.3f}  warned {warned / len(good):.3f}"
    )
    if "--show" in sys.argv:
        _show(pairs)


def _show(pairs: list[tuple[Any, Any]]) -> None:
    of = Counter(draft["rule"] for draft, _ in pairs if draft["rule"])
    hit = Counter(draft["rule"] for draft, check in pairs if draft["rule"] and _has(check, draft["rule"]))
    for rule, total in sorted(of.items()):
        print(f"  {rule:24} {hit[rule]:3} of {total}")
    for draft, check in pairs:
        if draft["rule"] and not _has(check, draft["rule"]):
            print(f"  missed {draft['rule']}: {draft['text']}")
        elif not draft["rule"]:
            for one in check["findings"]:
                if one["level"] != "info":
                    print(f"  {one['level']} {one['rule']} on a good one: {draft['text']}")


def _has(check: Any, rule: str) -> bool:
    return any(one["rule"] == rule for one in check["findings"])


if __name__ == "__main__":
    sys.exit(main())
