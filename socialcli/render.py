"""Records as text for people. On a terminal: colour, width, private data masked. Off it: tabs, full values.

Whatever strangers wrote passes through ``harmless`` here, and only here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from socialcli.console import Screen
from socialcli.model.answers import ErrorRecord, Fetched, Health, Made, RuleRecord, Why
from socialcli.model.assessment import Assessment
from socialcli.model.check import Check
from socialcli.model.draft import Draft, Reach
from socialcli.model.message import Message
from socialcli.model.ticket import Event, Ticket
from socialcli.model.times import format_time
from socialcli.text.clean import harmless

Mask = Callable[[str], str]

_COLOURS = {"urgent": "1;31", "high": "33", "error": "1;31", "broken": "1;31", "warning": "33", "missing": "33",
            "sent": "32", "ok": "32", "overdue": "1;31"}  # fmt: skip
_PLAIN_WIDTH = 100
_WIDEST = 16  # columns of a cell that is not the last
_LEAST = 10  # columns of the last cell, however narrow the screen
_TICKET_HEAD = ("TICKET", "PRIORITY", "STATUS", "DUE", "CUSTOMER", "TEXT")


def paint(text: str, kind: str, screen: Screen) -> str:
    """``text`` in the colour of ``kind``, where the screen has colours."""
    code = _COLOURS.get(kind) if screen.colour else None
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


def cut(text: str, width: int) -> str:
    """At most ``width`` columns, an ellipsis in place of what is left out."""
    if width <= 0 or (text.isascii() and len(text) <= width):
        return text
    from wcwidth import wcswidth, wcwidth

    if wcswidth(text) <= width:
        return text
    kept: list[str] = []
    room = width - 1
    for character in text:
        room -= max(0, wcwidth(character))
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def columns(rows: Sequence[Sequence[str]], screen: Screen) -> Iterator[str]:
    """A table: aligned on a terminal, the last column cut to its width; else separated by tabs."""
    if not screen.terminal:
        yield from ("\t".join(row) for row in rows)
        return
    from wcwidth import wcswidth

    heads = [[cut(value, _WIDEST) for value in row[:-1]] for row in rows]
    widths = [max(wcswidth(head[place]) for head in heads) for place in range(len(heads[0]))]
    room = screen.width - sum(widths) - 2 * len(widths)
    for row, head in zip(rows, heads, strict=True):
        cells = [
            paint(value + " " * (width - wcswidth(value)), value, screen)
            for value, width in zip(head, widths, strict=True)
        ]
        yield "  ".join((*cells, cut(row[-1], max(_LEAST, room)))).rstrip()


def due(ticket: Ticket, now: datetime) -> str:
    """How long until the deadline, or since: "in 12m", "3h ago"."""
    if ticket.due_at is None or ticket.status not in ("new", "open", "on-hold"):
        return "-"
    left = ticket.due_at - now
    return f"{_span(-left)} ago" if left < timedelta(0) else f"in {_span(left)}"


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes}m"
    return f"{minutes // 60}h{minutes % 60:02d}m" if minutes < 1440 else f"{minutes // 1440}d"  # noqa: PLR2004


def tickets(now: datetime, mask: Mask) -> Callable[[Iterable[Ticket], Screen], Iterator[str]]:
    """A line a ticket."""

    def view(records: Iterable[Ticket], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else _as_is
        rows = [
            (
                harmless(one.id),
                harmless(one.priority or "-"),
                harmless(one.status),
                (due(one, now) if screen.terminal else (format_time(one.due_at) if one.due_at else "-")),
                "@" + harmless(one.customer.handle),
                harmless(hide(one.text)),
            )
            for one in records
        ]
        if not rows:
            yield from ["no tickets"] if screen.terminal else []
            return
        yield from columns([_TICKET_HEAD, *rows] if screen.terminal else rows, screen)

    return view


def _as_is(text: str) -> str:
    return text


def ticket_page(now: datetime, mask: Mask) -> Callable[[Iterable[Any], Screen], Iterator[str]]:
    """One ticket, then its messages or events."""

    def view(records: Iterable[Any], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else _as_is
        for record in records:
            if isinstance(record, Ticket):
                yield from _ticket_head(record, now, screen, hide)
            elif isinstance(record, Message):
                yield from _message(record, screen, hide)
            elif isinstance(record, Event):
                yield event_line(record, hide)
            elif isinstance(record, Draft):
                yield from draft_lines(record, screen)

    return view


def _ticket_head(ticket: Ticket, now: datetime, screen: Screen, hide: Mask) -> Iterator[str]:
    name = f" ({harmless(hide(ticket.customer.name))})" if ticket.customer.name else ""
    yield f"{harmless(ticket.id)}  @{harmless(ticket.customer.handle)}{name} on {harmless(ticket.network)}"
    priority = harmless(ticket.priority or "not triaged")
    parts = [paint(priority, priority, screen), harmless(ticket.status)]
    parts += [harmless(part) for part in (ticket.kind, ticket.topic, ticket.respond) if part]
    if ticket.due_at is not None:
        parts.append(f"due {format_time(ticket.due_at)} ({due(ticket, now)})")
    if ticket.assignee:
        parts.append(f"claimed by {harmless(ticket.assignee)}")
    yield "  ".join(parts)


def _message(message: Message, screen: Screen, hide: Mask) -> Iterator[str]:
    who = "us" if message.direction == "outbound" else f"@{harmless(message.author.handle)}"
    private = ", direct" if message.visibility == "direct" else ""
    yield ""
    yield f"{format_time(message.created_at)}  {who}{private}  [{harmless(message.id)}]"
    width = min(screen.width, _PLAIN_WIDTH) - 2 if screen.terminal else 0
    for line in harmless(hide(message.text), lines=True).split("\n"):
        yield from (f"  {part}" for part in (_wrapped(line, width) if width else [line]))


def _wrapped(line: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(line, width, break_long_words=False) or [""]


# Of an event's data: what only the program reads.
_UNTOLD = (
    "whole",
    "content",
    "type",
    "wall",
    "attempt",
    "policy",
    "head_start",
    "hash",
    "draft",
    "cursor",
    "upto",
    "conflict",
)


def event_line(event: Event, hide: Mask) -> str:
    """One event of the log; ``hide`` masks what customers wrote, and what notes, reasons and drafts tell of it."""
    data = event.data
    if event.event == "message":
        what = f"@{(data.get('author') or {}).get('handle', '')}: {data.get('text', '')}"
    else:
        told = {key: value for key, value in data.items() if key not in _UNTOLD and value is not None}
        for clock in ("due", "until"):
            if isinstance(told.get(clock), int):
                told[clock] = at(told[clock])
        what = "  ".join(f"{key}={value}" for key, value in told.items())
        if "draft" in data:
            text = (data.get("whole") or {}).get("text", "")
            what = "  ".join(part for part in (f"draft {data['draft']}", what, text) if part)
    who = f" by {event.by}" if event.by else ""
    return harmless(f"{event.at[:19]}Z  {event.ticket or '-':12}  {event.event}{who}  {hide(what)}")


def events(mask: Mask) -> Callable[[Iterable[Event], Screen], Iterator[str]]:
    """A line an event."""

    def view(records: Iterable[Event], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else _as_is
        yield from (event_line(record, hide) for record in records)

    return view


def fetched(records: Iterable[Fetched], _screen: Screen) -> Iterator[str]:
    for one in records:
        rejected = f", {one.rejected} rejected" if one.rejected else ""
        yield f"{harmless(one.account)}: {one.read} read, {one.new} new, {one.known} known{rejected}"


def assessments(records: Iterable[Assessment | ErrorRecord], screen: Screen) -> Iterator[str]:
    for one in records:
        if isinstance(one, ErrorRecord):
            yield f"{paint('error', 'error', screen)}: {harmless(one.message)}"
            continue
        because = ", ".join(dict.fromkeys(reason.rule for reason in one.reasons[:4]))
        name = harmless(one.ticket or one.message_id)
        if not screen.terminal:
            yield "\t".join((name, one.respond, one.priority, str(one.score), one.kind, because))
            continue
        priority = paint(f"{one.priority:7}", one.priority, screen)
        room = max(20, screen.width - 47)
        yield f"{name:12}  {one.respond:8} {priority} {one.score:3}  {one.kind:10} {cut(because, room)}"


def why(mask: Mask) -> Callable[[Iterable[Why], Screen], Iterator[str]]:
    """The decision, the text, a line a reason, the clocks, what would change it."""

    def view(records: Iterable[Why], screen: Screen) -> Iterator[str]:
        hide = mask if screen.terminal else _as_is
        for one in records:
            yield _verdict(one, screen)
            yield f"  {harmless(hide(one.text))}"
            yield from _because(one)

    return view


def _verdict(one: Why, screen: Screen) -> str:
    found = one.assessment
    topic = f", {harmless(found.topic)}" if found.topic else ""
    priority = paint(found.priority, found.priority, screen)
    return f"{harmless(one.ticket)}: {found.respond}, {priority} ({found.score} of 100), {found.kind}{topic}"


def _by_hand(fields: dict[str, Any]) -> str:
    """What a person set, who, and why; what follows from it (score, clocks) is left out."""
    told = {
        key: value
        for key, value in fields.items()
        if key not in ("score", "due", "head_start", "by", "reason")
    }
    what = ", ".join(f"{key} = {value}" for key, value in told.items())
    return harmless(f"{what}, set by {fields.get('by')}: {fields.get('reason')}")


def _because(one: Why) -> Iterator[str]:
    if one.by_hand:
        yield f"  by hand, which wins: {_by_hand(one.by_hand)}; what stands below is what triage says"
    for reason in one.assessment.reasons:
        words = f'  "{harmless(reason.words)}" at {reason.start}' if reason.words else ""
        yield f"  {reason.weight:+5g}  {harmless(reason.rule)}{words}"
    for name, clock in one.clocks.items():
        yield f"  {name}: {clock}"
    for change in one.would_change:
        yield f"  {harmless(change)}"


def reaches(records: Iterable[Reach], _screen: Screen) -> Iterator[str]:
    for one in records:
        cost = f", {one.cost} {one.currency}" if one.cost != "0" else ", free of charge"
        yield f"{harmless(one.ticket)} through {harmless(one.account)}: {one.road}{cost} ({harmless(one.reason)})"


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
    what = harmless(f"draft {draft.id} of {draft.ticket} through {draft.account} by {draft.agent}")
    yield f"{what}: {state}{remote}"
    if draft.reason:
        yield f"  {harmless(draft.reason)}"
    width = min(screen.width, _PLAIN_WIDTH) - 4 if screen.terminal else 0
    for line in harmless(draft.text, lines=True).split("\n"):
        yield from (f"  | {part}" for part in (_wrapped(line, width) if width else [line]))
    if draft.state == "awaiting-approval":
        yield f"  next: somebody else's socialcli approve {harmless(draft.id)} --as AGENT, or reject"
    if draft.state == "by-hand":
        yield (
            f"  post it by hand{f' under {harmless(draft.url)}' if draft.url else ''}, then: "
            f"socialcli done {harmless(draft.ticket)} --url ADDRESS"
        )
    yield from (f"  {line}" for line in check_lines(draft.check, draft.text, screen))


def drafts(records: Iterable[Draft], screen: Screen) -> Iterator[str]:
    for record in records:
        yield from draft_lines(record, screen)


def health(records: Iterable[Health], screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{paint(f'{one.state:8}', one.state, screen)}{harmless(one.what)}: {harmless(one.detail, lines=True)}"
        if one.next:
            yield f"        next: {harmless(one.next)}"


def made(records: Iterable[Made], _screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{one.state:7}  {harmless(one.path)}"


def rules(records: Iterable[RuleRecord], screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{one.id} ({paint(one.level, one.level, screen)})"
        yield f"  {one.why}"
        yield f"  good: {one.good}"
        yield from (f"  bad:  {example}" for example in one.bad)


def at(seconds: int | None) -> str:
    """Epoch seconds as they are printed."""
    return "-" if seconds is None else format_time(datetime.fromtimestamp(seconds, UTC))
