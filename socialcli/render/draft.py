"""Drafts, their checks, and the roads they can go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from socialcli.console import Screen
from socialcli.model.check import Check
from socialcli.model.draft import Draft, Reach
from socialcli.model.times import format_time
from socialcli.render.screen import PLAIN_WIDTH, cut, folded, paint, span, until, wrapped
from socialcli.text.clean import harmless

_ONE_LINE = 200  # columns of what a customer wrote, where there is no width
_CURRENCIES = {"x": "USD"}  # of the networks that take money


class Beside(Struct, frozen=True):
    """What stands beside a draft: who is answered, their words, since when it is parked because somebody was faster."""

    customer: str = ""
    wrote: str | None = None
    held: datetime | None = None


def check_lines(check: Check, text: str, screen: Screen) -> Iterator[str]:
    """The verdict and each finding with its words."""
    verdict = "ok" if check.ok else "error"
    length = f"{check.length.count} of {check.length.limit} {check.length.unit}"
    yield f"{paint('ok' if check.ok else 'not ok', verdict, screen)}: {harmless(check.network)} {harmless(check.visibility)}, {length}"
    for finding in check.findings:
        words = text[finding.start : finding.end]
        shown = cut(harmless(words), 40 if screen.terminal else 60)
        where = f' "{shown}"' if words.strip() and words != text and words not in finding.message else ""
        what = f" {harmless(finding.rule)}{where}: {harmless(finding.message)}"
        yield from folded(f"  {paint(finding.level, finding.level, screen)}", what, screen, "    ")
        if finding.suggestion:
            yield from folded("    ", harmless(finding.suggestion), screen, "    ")


def draft_lines(
    draft: Draft, screen: Screen, now: datetime | None = None, around: Beside | None = None
) -> Iterator[str]:
    """A draft: its state, its text, what it costs, its times (how far off with ``now``), the next step, what the
    check says.
    """
    around = around or Beside()
    remote = f" as {harmless(draft.remote_id)}" if draft.remote_id else ""
    state = paint(harmless(draft.state), draft.state, screen)
    of = "" if draft.ticket is None else f" of {draft.ticket}"
    kind = "statement" if draft.ticket is None else "draft"
    what = harmless(f"{kind} {draft.id}{of} through {draft.account} by {draft.agent}")
    yield f"{what}: {state}{remote}"
    if draft.reason:
        then = f" (at {format_time(around.held)})" if around.held else ""
        yield f"  {harmless(draft.reason)}{then}"
    width = min(screen.width, PLAIN_WIDTH) - 4 if screen.terminal else 0
    if around.wrote is not None:
        words = harmless(f"@{around.customer} wrote: {' '.join(around.wrote.split())}")
        yield f"  {cut(words, width + 2 if width else _ONE_LINE)}"
    for line in harmless(draft.text, lines=True).split("\n"):
        yield from (f"  | {part}" for part in (wrapped(line, width) if width else [line]))
    if draft.state == "sent" and draft.url:
        yield f"  {harmless(draft.url)}"
    if draft.cost.strip("0."):
        currency = _CURRENCIES.get(draft.check.network, "")
        yield harmless(f"  {'cost' if draft.state == 'sent' else 'costs'} {draft.cost} {currency}".rstrip())
    yield from (f"  {harmless(line)}" for line in _beside(draft))
    for line in _times(draft, now):
        yield from folded("  ", line, screen, "    ")
    step = _next_step(draft) if around.held is None else _instead(draft)
    if step:
        yield from folded("  ", harmless(step), screen, "    ")
    yield from (f"  {line}" for line in check_lines(draft.check, draft.text, screen))


def _beside(draft: Draft) -> Iterator[str]:
    """What wrote it, where no person did, and the other draft that it belongs to."""
    if draft.by_program:
        yield "written by a program"
    if draft.translated:
        yield f"put into {draft.translated} by a program"
    if draft.corrects:
        yield f"corrects draft {draft.corrects}"
    if draft.holds:
        yield f"holding reply, while draft {draft.holds} waits for a yes"
    if draft.acknowledges:
        yield "acknowledgement outside hours: it answers nothing, the ticket stays open"


def _times(draft: Draft, now: datetime | None) -> Iterator[str]:
    def off(moment: datetime) -> str:
        return format_time(moment) + (f" ({until(moment, now)})" if now else "")

    if draft.post_at and draft.state in ("scheduled", "approved", "awaiting-approval"):
        yield f"not before {off(draft.post_at)}"
    if draft.waiting_since:
        long = f" ({span(now - draft.waiting_since)} ago)" if now else ""
        yield f"waits for a yes since {format_time(draft.waiting_since)}{long}"
    if draft.fallback_at:
        yield f"a holding reply goes out from {off(draft.fallback_at)} on: socialcli outbox --settle"


def _next_step(draft: Draft) -> str:
    """What a person can do now about a draft that is not finished; "" where nothing is to be done."""
    if draft.state == "awaiting-approval":
        return f"next, by somebody else: socialcli approve {draft.id} --as AGENT, or reject {draft.id} --reason WHY"
    by_hand = draft.state == "by-hand" or (draft.state == "approved" and draft.road == "hand")
    if draft.state == "scheduled":
        return f"next: socialcli outbox --settle at that time, or recall {draft.id}"
    if draft.state in ("approved", "intended", "unknown") and not by_hand:
        return "next: socialcli outbox --settle"
    if draft.ticket is None:
        again = "next: the same command once more"
        return {"parked": f"{again}, or outbox --settle", "failed": again}.get(draft.state, "")
    done = f"then: socialcli done {draft.ticket} --url ADDRESS"
    if by_hand:
        return f"post it by hand{f' under {draft.url}' if draft.url else ''}, {done}"
    steps = {
        "parked": "next: socialcli outbox --settle; or, where the ticket has changed, "
        f"socialcli show {draft.ticket} and reply again",
        "failed": f"next: write another answer; or answer by hand, {done}",
    }
    return steps.get(draft.state, "")


def _instead(draft: Draft) -> str:
    """What a person can do about a draft that was overtaken, which nothing posts by itself any more."""
    if draft.ticket is None:
        return f"next: the same command once more, or reject {draft.id} --reason WHY"
    return f"next: socialcli show {draft.ticket}, then reply again, or reject {draft.id} --reason WHY"


def drafts(records: Iterable[Draft], screen: Screen) -> Iterator[str]:
    for record in records:
        yield from draft_lines(record, screen)


def waiting_drafts(
    now: datetime, beside: Callable[[Draft], Beside] | None = None
) -> Callable[[Iterable[Draft], Screen], Iterator[str]]:
    """The same, with how long each has waited and how long it will, and what stands ``beside`` it."""

    def lines(records: Iterable[Draft], screen: Screen) -> Iterator[str]:
        for record in records:
            yield from draft_lines(record, screen, now, beside(record) if beside else None)

    return lines


def reaches(records: Iterable[Reach], screen: Screen) -> Iterator[str]:
    for one in records:
        cost = f", {one.cost} {one.currency}" if one.cost != "0" else ", free of charge"
        way = f" through {harmless(one.account)}: {one.road}{cost} ({harmless(one.reason)})"
        yield from folded(harmless(one.ticket), way, screen, "  ")
