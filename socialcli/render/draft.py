"""Drafts, their checks, and the roads they can go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.check import Check
from socialcli.model.draft import Draft, Reach
from socialcli.render.screen import PLAIN_WIDTH, cut, paint, wrapped
from socialcli.text.clean import harmless


def check_lines(check: Check, text: str, screen: Screen) -> Iterator[str]:
    """The verdict and each finding with its words."""
    verdict = "ok" if check.ok else "error"
    length = f"{check.length.count} of {check.length.limit} {check.length.unit}"
    yield f"{paint('ok' if check.ok else 'not ok', verdict, screen)}: {harmless(check.network)} {harmless(check.visibility)}, {length}"
    for finding in check.findings:
        words = text[finding.start : finding.end]
        shown = cut(harmless(words), 40 if screen.terminal else 0)
        where = f' "{shown}"' if words.strip() and words != text else ""
        yield f"  {paint(finding.level, finding.level, screen)} {harmless(finding.rule)}{where}: {harmless(finding.message)}"
        if finding.suggestion:
            yield f"    {harmless(finding.suggestion)}"


def draft_lines(draft: Draft, screen: Screen) -> Iterator[str]:
    """A draft: its state, its text, what the check says."""
    remote = f" as {harmless(draft.remote_id)}" if draft.remote_id else ""
    state = paint(harmless(draft.state), draft.state, screen)
    of = "" if draft.ticket is None else f" of {draft.ticket}"
    kind = "statement" if draft.ticket is None else "draft"
    what = harmless(f"{kind} {draft.id}{of} through {draft.account} by {draft.agent}")
    yield f"{what}: {state}{remote}"
    if draft.reason:
        yield f"  {harmless(draft.reason)}"
    width = min(screen.width, PLAIN_WIDTH) - 4 if screen.terminal else 0
    for line in harmless(draft.text, lines=True).split("\n"):
        yield from (f"  | {part}" for part in (wrapped(line, width) if width else [line]))
    if draft.state == "awaiting-approval":
        yield f"  next: somebody else's socialcli approve {harmless(draft.id)} --as AGENT, or reject"
    if draft.state == "by-hand" and draft.ticket is not None:
        yield (
            f"  post it by hand{f' under {harmless(draft.url)}' if draft.url else ''}, then: "
            f"socialcli done {harmless(draft.ticket)} --url ADDRESS"
        )
    yield from (f"  {line}" for line in check_lines(draft.check, draft.text, screen))


def drafts(records: Iterable[Draft], screen: Screen) -> Iterator[str]:
    for record in records:
        yield from draft_lines(record, screen)


def reaches(records: Iterable[Reach], _screen: Screen) -> Iterator[str]:
    for one in records:
        cost = f", {one.cost} {one.currency}" if one.cost != "0" else ", free of charge"
        yield f"{harmless(one.ticket)} through {harmless(one.account)}: {one.road}{cost} ({harmless(one.reason)})"
