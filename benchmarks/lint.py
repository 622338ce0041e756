"""How often each rule fires on what real agents wrote, and how many checks a second one core does.

    SOCIALCLI_REPLIES=replies.csv python -m benchmarks.lint [--show RULE [N]]

The file is CSV with a column ``text`` (and ``brand``, where the figures shall be per brand). Leading handles
and sign-offs are taken off; the rules on sign-offs, links and mentions are off; what stands most often in the
file as an address or number counts as the brand's own contact. ``--show`` prints N hits of a rule.
"""

from __future__ import annotations

import csv
import html
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from socialcli.compose.linter import RULES, CheckRequest, check
from socialcli.model.check import Check
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy

_VARIABLE = "SOCIALCLI_REPLIES"
_NOT_MEASURED = ("signoff/", "links/", "mention/")
_LEADING_HANDLES = re.compile(r"^(?:\s*@\w+)+\s*")
_SIGN_OFF = re.compile(
    r"\s*(?:[\^*/~]\s?[A-Za-z]{1,12}|-\s?[A-Z][A-Za-z]{0,11}|[-–]\s?[A-Z]{2,3})\s*(?=$|https?://\S+\s*$)"
)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]*\w|(?:\+|\b)\d[\d ().-]{6,}\d\b")
_OFTEN = 2  # a private number stands in one reply, a brand's own in several


def main() -> int:
    path = os.environ.get(_VARIABLE)
    if not path:
        print(f"skipped: set {_VARIABLE} to a CSV file of agents' replies")
        return 0
    replies = list(_replies(Path(path)))
    policy = _policy(replies)
    started = time.process_time()
    checks = [check(CheckRequest(text=text), policy) for text in replies]
    seconds = time.process_time() - started
    if "--show" in sys.argv:
        _show(checks, replies, sys.argv[sys.argv.index("--show") + 1 :])
    else:
        _table(checks, seconds)
    return 0


def _replies(path: Path) -> Iterator[str]:
    """The messages themselves, without whom they address and who signed."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = _LEADING_HANDLES.sub("", html.unescape(row["text"]))
            text = _SIGN_OFF.sub(" ", text).strip()
            if text:
                yield text


def _policy(replies: list[str]) -> Policy:
    """The shipped policy with the contacts that the replies repeat and the unmeasured rules off."""
    shipped = parse((Path(__file__).parent.parent / "policies.toml").read_bytes())
    seen = Counter(match for text in replies for match in set(_CONTACT.findall(text)))
    contacts = tuple(contact for contact, times in seen.items() if times >= _OFTEN)
    off = {rule: "off" for rule in RULES if rule.startswith(_NOT_MEASURED)}
    return msgspec.structs.replace(
        shipped,
        brand=msgspec.structs.replace(shipped.brand, contacts=contacts),
        checks={**shipped.checks, **off},
    )


def _table(checks: list[Check], seconds: float) -> None:
    total = len(checks)
    rules = Counter((f.rule, f.level) for one in checks for f in {f.rule: f for f in one.findings}.values())
    for (rule, level), times in sorted(rules.items()):
        print(f"{rule:24} {level:8} {times:6} {times / total:8.2%}")
    for level in ("error", "warning"):
        hit = sum(any(f.level == level for f in one.findings) for one in checks)
        print(f"replies with {level:18} {hit:6} {hit / total:8.2%}")
    print(f"{total} replies, {total / seconds:,.0f} checks a second")


def _show(checks: list[Check], replies: list[str], wanted: list[str]) -> None:
    rule, most = wanted[0], int(wanted[1]) if len(wanted) > 1 else 20
    hits = [
        (f, text) for one, text in zip(checks, replies, strict=True) for f in one.findings if f.rule == rule
    ]
    for finding, text in hits[:: max(1, len(hits) // most)][:most]:
        print(f"{finding.level:8} [{text[finding.start : finding.end]}] {text!r}")


if __name__ == "__main__":
    sys.exit(main())
