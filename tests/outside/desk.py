"""Programs of a team's own, as small scripts, and a desk that uses them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.conftest import Cli
from tests.e2e.staging import TWO_AGENTS, policy

DRAFTER = """
import json, sys
record = json.load(sys.stdin)
open("asked.jsonl", "a").write(json.dumps(record) + "\\n")
handle = record["thread"][-1]["author"]["handle"]
print(f"@{handle} So sorry about your bag. Please DM us the reference and we will trace it. {record['agent']['sign_off']}")
"""
# A phrase book: what it does not know, it gives back with the language before it.
TRANSLATOR = """
import json, sys
record = json.load(sys.stdin)
open("asked.jsonl", "a").write(json.dumps(record) + "\\n")
book = {
    "So sorry about your bag. Please DM us the reference and we will trace it.":
        "Sentimos mucho lo de tu maleta. Envíanos la referencia por mensaje directo y la buscamos.",
}
text = record["text"]
for ours, theirs in book.items():
    text = text.replace(ours, theirs)
print(text if record["to"] == "es" else f"[{record['from']}] {text}")
"""


def script(folder: Path, source: str, name: str = "program.py") -> list[str]:
    """The arguments that run this source."""
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return [sys.executable, str(path)]


def desk(cli: Cli, *, draft: str | None = None, translate: str | None = None, more: str = "") -> None:
    """A policy with these sources as its programs; ``more`` are further keys of [reply]."""
    keys = []
    for key, source in (("draft_command", draft), ("translate_command", translate)):
        if source is not None:
            command = script(cli.workspace, source, f"{key}.py")
            keys.append(f"{key} = {json.dumps(command)}")
    policy(cli, f"{TWO_AGENTS}\n[reply]\n" + "\n".join([*keys, more]) + "\n")
