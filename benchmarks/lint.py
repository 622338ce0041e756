"""How often each rule fires on what real agents wrote, and how many checks a second one core does.

    SOCIALCLI_REPLIES=replies.csv python -m benchmarks.lint [--show RULE [N]]

The file is CSV with a column ``text`` (and ``brand``, where the figures shall be per brand). Leading handles
and sign-offs are taken off; the rules on sign-offs, links and mentions are off; what stands most often in the
file as an address or number counts as the brand's own contact. ``--show`` prints N hits of a rule.

    SOCIALCLI_THREADS=threads.csv python -m benchmarks.lint [--show RULE [N]]

does so with each agent's reply behind the thread that it answers, so that the rules that read it speak too.
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
from datetime import datetime
from pathlib import Path

import msgspec

from socialcli.compose.linter import RULES, CheckRequest, check
from socialcli.model.check import Check
from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy

_VARIABLE = "SOCIALCLI_REPLIES"
_THREADS = "SOCIALCLI_THREADS"
_NOT_MEASURED = ("signoff/", "links/", "mention/")
_LEADING_HANDLES = re.compile(r"^(?:\s*@\w+)+\s*")
_SIGN_OFF = re.compile(
    r"\s*(?:[\^*/~]\s?[A-Za-z]{1,12}|-\s?[A-Z][A-Za-z]{0,11}|[-–]\s?[A-Z]{2,3})\s*(?=$|https?://\S+\s*$)"
)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]*\w|(?:\+|\b)\d[\d ().-]{6,}\d\b")
_OFTEN = 2  # a private number stands in one reply, a brand's own in several


def main() -> int:
    path, threads = os.environ.get(_VARIABLE), os.environ.get(_THREADS)
    if not (path or threads):
        print(f"skipped: set {_VARIABLE} to a CSV file of agents' replies, or {_THREADS} to one of threads")
        return 0
    requests = list(_in_threads(Path(threads)) if threads else map(CheckRequest, _replies(Path(path or ""))))
    policy = _policy([request.text for request in requests])
    if threads:
        requests = _assessed(requests, policy)
    started = time.process_time()
    checks = [check(request, policy) for request in requests]
    seconds = time.process_time() - started
    if "--show" in sys.argv:
        _show(checks, requests, sys.argv[sys.argv.index("--show") + 1 :])
    else:
        _table(checks, seconds)
    return 0


def _replies(path: Path) -> Iterator[str]:
    """The messages themselves, without whom they address and who signed."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = _bare(row["text"])
            if text:
                yield text


def _bare(text: str) -> str:
    return _SIGN_OFF.sub(" ", _LEADING_HANDLES.sub("", html.unescape(text))).strip()


def _in_threads(path: Path) -> Iterator[CheckRequest]:
    """Each answer with what was said before it, oldest first. The file is CSV with the columns tweet_id, author_id,
    inbound (True, False), created_at, text, in_response_to_tweet_id.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = {row["tweet_id"]: row for row in csv.DictReader(lines)}
    for row in rows.values():
        before = _before(row, rows)
        text = _bare(row["text"])
        if row["inbound"] == "False" and text and any(one["inbound"] == "True" for one in before):
            yield CheckRequest(text=text, thread=tuple(map(_message, before)))


def _before(row: dict[str, str], rows: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    while (parent := rows.get(row["in_response_to_tweet_id"].removesuffix(".0"))) and parent not in found:
        found.insert(0, parent)
        row = parent
    return found


def _message(row: dict[str, str]) -> Message:
    ours = row["inbound"] == "False"
    return Message(
        id=row["tweet_id"],
        network="x",
        account="support",
        author=Author(id=None, handle=row["author_id"]),
        text=_bare(row["text"]) if ours else html.unescape(row["text"]),
        created_at=datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y"),
        direction="outbound" if ours else "inbound",
    )


def _assessed(requests: list[CheckRequest], policy: Policy) -> list[CheckRequest]:
    """With triage's view of the message that is answered."""
    from socialcli.triage.assessor import Assessor

    assessor = Assessor(policy)
    found = []
    for request in requests:
        last = max(n for n, said in enumerate(request.thread) if said.direction == "inbound")
        assessment = assessor.assess(request.thread[last], request.thread[:last])
        found.append(msgspec.structs.replace(request, assessment=assessment))
    return found


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


def _show(checks: list[Check], requests: list[CheckRequest], wanted: list[str]) -> None:
    rule, most = wanted[0], int(wanted[1]) if len(wanted) > 1 else 20
    hits = [
        (f, request)
        for one, request in zip(checks, requests, strict=True)
        for f in one.findings
        if f.rule == rule
    ]
    for finding, request in hits[:: max(1, len(hits) // most)][:most]:
        for said in request.thread:
            print(f"    {'>' if said.direction == 'outbound' else ' '} {said.text!r}")
        text = request.text
        print(f"{finding.level:8} [{text[finding.start : finding.end]}] {text!r} ({finding.message})")


if __name__ == "__main__":
    sys.exit(main())
