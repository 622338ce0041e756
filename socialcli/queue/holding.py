"""Drafts of which a damaged line spoke: whether they were posted is in doubt, so nobody answers twice unawares.

What a damaged line says, or said, of a draft cannot be relied on: neither its words, by which the outbox would look
it up, nor its state. So the draft is written down as unknown, with a reason, and left to a person: it is on its way
for everybody who wants to answer, and ``outbox --settle`` neither looks it up nor posts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from socialcli.errors import NotFoundError, UsageError
from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.queue.drafts import Drafts
from socialcli.queue.facts import RANK
from socialcli.queue.findings import HELD, Finding
from socialcli.queue.journal import NewEvent
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow

_EVENT = re.compile(rb'"event":"([a-z-]{1,32})"')
_TICKET = re.compile(rb'"ticket":"([^"\\]{1,64})"')
_NAME = re.compile(rb'"(?:draft":|type":"draft","id":)"([^"\\]{1,64})"')
_WORDS = re.compile(rb'"text":("(?:[^"\\]|\\.)*+")')
_ABOUT_DRAFTS = frozenset((*RANK, "looked-up"))
# Events that name a draft and say nothing of whether it goes out.
_BESIDE = frozenset(
    ("moved", "resolved", "followed", "used", "note", "message", "edited", "renamed", "deleted", "override")
)
_LATER = frozenset(("sent", "failed", "unknown", "looked-up"))  # never the first that is written of a draft
_OVER = frozenset(("refused", "rejected", "recalled", "failed"))


class Damaged(NamedTuple):
    """A damaged line; ``kept``: it still counts, as it reads now; ``copied``: it stands elsewhere unharmed."""

    finding: Finding
    raw: bytes
    kept: bool
    copied: bool


class Held(NamedTuple):
    """What is to be written, and what to be told; no event where nobody knows of which ticket it was."""

    event: NewEvent | None
    finding: Finding


def held(queue: Drafts, damaged: Iterable[Damaged], aside: str) -> list[Held]:
    """The drafts that these lines leave in doubt, each once. ``aside``: the file that holds the old bytes."""
    found: dict[str, Held] = {}
    for one in damaged:
        name = None if one.copied else _draft_of(one)
        if name is None or name in found:
            continue
        made = _hold(queue, one, name, aside)
        if made is not None:
            found[name] = made
    return list(found.values())


def _draft_of(one: Damaged) -> str | None:
    """The draft of which a line speaks; a name made up where it speaks of one and does not say which."""
    event, name = _picked(_EVENT, one.raw), _picked(_NAME, one.raw)
    if event in _BESIDE:
        return None
    if name is None and event in _ABOUT_DRAFTS:
        return f"lost-{one.finding.offset:x}"
    return name


def _hold(queue: Drafts, one: Damaged, name: str, aside: str) -> Held | None:
    event = _picked(_EVENT, one.raw)
    reason = (
        f"a line about draft {name} was damaged (line {one.finding.line}, in {aside}):"
        " find out whether it was posted before answering"
    )
    stored = _known(queue, name)
    if stored is not None:
        return None if _is_clear(stored, one, event) else _doubt(stored, one, reason)
    ticket = _ticket(queue, one.raw)
    if ticket is None:
        return Held(None, _told(one, f"{reason}; its ticket is not known"))
    if event in _LATER and b'"whole"' not in one.raw:
        return Held(NewEvent("note", ticket.id, None, {"text": reason}, name), _told(one, reason))
    data = {"draft": name, "whole": _stand_in(ticket, one.raw, name), "reason": reason, "conflict": True}
    return Held(NewEvent("unknown", ticket.id, None, data, name), _told(one, reason))


def _is_clear(stored: StoredDraft, one: Damaged, event: str | None) -> bool:
    """What became of it is known, or the outbox finds it out by good lines alone."""
    row = stored.row
    if row.state == "sent":
        return True
    if row.state in _OVER:
        return event not in ("intended", None)
    in_doubt = one.kept and one.finding.offset in (row.offset, row.intended)
    return row.state in ("intended", "unknown") and not in_doubt


def _doubt(stored: StoredDraft, one: Damaged, reason: str) -> Held:
    row = stored.row
    later = row.state in ("parked", *_OVER)  # else the older state would stand
    data = {"draft": row.id, "attempt": row.attempt + later, "reason": reason, "conflict": True}
    return Held(NewEvent("unknown", stored.draft.ticket, None, data, row.id), _told(one, reason))


def _stand_in(ticket: TicketRow, raw: bytes, name: str) -> Draft:
    """A draft of which nothing is left but that there was one."""
    check = Check(
        ok=False, network=ticket.network, visibility="public", length=Length(0, 0, "characters"), findings=()
    )
    target = ticket.text_id or ticket.opened_id
    return Draft(name, ticket.id, target, _words(raw), ticket.account, "", "api", "composed", check)


def _words(raw: bytes) -> str:
    found = _WORDS.search(raw, max(raw.find(b'"whole":'), 0))
    try:
        return "" if found is None else msgspec.json.decode(found[1], type=str)
    except (msgspec.DecodeError, ValueError):
        return ""


def _known(queue: Drafts, name: str) -> StoredDraft | None:
    try:
        stored = queue.draft(name)
    except (NotFoundError, UsageError):
        return None
    return stored if stored.row.id == name else None


def _ticket(queue: Drafts, raw: bytes) -> TicketRow | None:
    for name in dict.fromkeys(_TICKET.findall(raw)):
        try:
            return queue.ticket(name.decode())
        except (NotFoundError, UsageError, UnicodeDecodeError):
            continue
    return None


def _picked(pattern: re.Pattern[bytes], raw: bytes) -> str | None:
    found = pattern.search(raw)
    return None if found is None else found[1].decode("utf-8", "replace")


def _told(one: Damaged, detail: str) -> Finding:
    return Finding(HELD, detail, one.finding.file, one.finding.line, one.finding.offset)
