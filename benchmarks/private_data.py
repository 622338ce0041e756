"""How much of the private data in labelled sentences is found.

    SOCIALCLI_PRIVATE_DATA=sentences.jsonl python -m benchmarks.private_data

The file is JSON Lines: ``text`` and ``spans``, each with ``start``, ``end`` and ``kind``, of which those of ``_KINDS``
count. Phone numbers are read as those of the United Kingdom and of the United States.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

from socialcli.policy.load import parse
from socialcli.text.private import find_private

_VARIABLE = "SOCIALCLI_PRIVATE_DATA"
_KINDS = {"CREDIT_CARD": "card", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "e-mail", "IBAN_CODE": "IBAN"}
_REGIONS = ("GB", "US")


def main() -> int:
    path = os.environ.get(_VARIABLE)
    if not path:
        print(f"skipped: set {_VARIABLE} to a file of labelled sentences")
        return 0
    references = parse((Path(__file__).parent.parent / "policies.toml").read_bytes()).triage.references
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        sentence = json.loads(line)
        spans = [
            span
            for region in _REGIONS
            for span in find_private(sentence["text"], region=region, references=references)
        ]
        for one in sentence["spans"]:
            kind = _KINDS.get(one["kind"])
            if kind is not None:
                there[kind] += 1
                found[kind] += any(span.start < one["end"] and one["start"] < span.end for span in spans)
    for kind in sorted(there):
        print(f"{kind:8} {found[kind]:5} of {there[kind]:5}  {found[kind] / there[kind]:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
