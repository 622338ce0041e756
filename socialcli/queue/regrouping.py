"""The fold of people's second thoughts on what is one matter: two tickets become one, or one becomes two.

A name once printed resolves for ever: after a merge both names lead to the one ticket, and it bears that of the
older opening message. After a split the new ticket bears the name of its own opening message, even where a
merge had made that name another one for the old ticket.
"""

from __future__ import annotations

import sqlite3

from socialcli.model.assessment import PRIORITIES
from socialcli.queue.facts import (
    Part,
    Split,
    answered,
    conversation,
    decode_fields,
    decode_merged,
    decode_split,
    encode_fields,
    gone,
    message_key,
)
from socialcli.queue.folding import Folding
from socialcli.queue.journal import Line
from socialcli.queue.rows import (
    NEVER,
    TicketRow,
    Waiting,
    inbox_of,
    labels_json,
    labels_of,
    promises_of,
    questions_of,
    set_promises,
    set_questions,
)
from socialcli.queue.schema import CHANGED, MESSAGE, OTHER, places_of, set_places
from socialcli.queue.tables import Place

_ASSESSMENT = (
    "respond", "priority", "score", "kind", "topic", "sentiment", "register", "language", "head_start", "policy",
    "presses",
)  # fmt: skip
_WAITING = ("awaiting-approval", "approved")


class Regrouping(Folding):
    def _on_merged(self, line: Line, row: TicketRow, _offset: int, _length: int) -> None:
        name = decode_merged(line.data).of
        other = self._tables.ticket(name)
        if other is None:  # told before it was opened, as united journals may do
            self._tables.add_alias(name, row.n)
            return
        if other.n == row.n:
            return
        if other.network != row.network:
            raise ValueError(f"{name} is on another network")
        self.flush()
        kept, lost = self._tables.by_number(row.n), self._tables.by_number(other.n)
        older, younger = sorted((kept, lost), key=lambda one: (one.opened, one.opened_id))
        names = older.id, younger.id
        inbox = sorted((*inbox_of(kept), *inbox_of(lost)), key=lambda one: one.offset)
        _unite(kept, lost)
        kept.id, (kept.opened, kept.opened_id) = names[0], (older.opened, older.opened_id)
        self._tables.rearrange(lambda db: _lead_to(db, kept, lost, alias=names[1]))
        self._tables.add_ticket(kept)
        self._inboxes[kept.n] = inbox

    def _on_split(self, line: Line, row: TicketRow, offset: int, length: int) -> None:
        facts = decode_split(line.data)
        self.flush()
        old = self._tables.by_number(row.n)
        moved = self._moved(old, facts.parts)
        opening = [part for part, _ in moved if part.id == facts.messages[0] and part.inbound]
        if old.id == facts.name or not opening:
            return  # done already, or told before the message came
        new = self._tables.ticket(facts.name)
        is_new = new is None or new.n == old.n
        if new is None or is_new:
            new = self._opened(old, facts, opening[0])
            new.archived = int(offset < 0)
        inboxes = _parted(inbox_of(old), {part.id for part, _ in moved})
        for part in facts.owed if not old.solved else ():
            goes = any(part.id == one.id for one, _ in moved)
            self._owe(new if goes else old, inboxes[goes], part)
        self._move_drafts(old, new, facts)
        self._count(old, new, [part for part, _ in moved])
        _stay_in_incident(old, new)
        new.harm = max(new.harm, old.harm)  # in doubt it is in both
        self._show_latest(old, new, [part for part, _ in moved], facts.latest)
        places = [place for _, found in moved for place in found]
        self._tables.rearrange(lambda db: _move(db, old, new, places, facts.name if is_new else ""))
        for one, inbox in ((old, inboxes[0]), (new, inboxes[1])):
            self._inboxes[one.n] = sorted((*inbox, *(inbox_of(new) if one is new else ())), key=_offset_of)
            self._tables.add_ticket(one)
        self._tables.lately.move({place[2] for place in places}, new.n)
        self._tables.add_event(new.n, offset, length, OTHER)
        for name in facts.conversations:
            self._tables.set_anchor(conversation(new.network, name) + new.customer, new.n)
        for name in facts.answering:
            self._tables.set_anchor(answered(new.network, name) + new.customer, new.n)

    def _owe(self, row: TicketRow, inbox: list[Waiting], part: Part) -> None:
        """What answered the message is of another matter now."""
        place = self._tables.message(message_key(row.network, _names(part)[-1]))
        if place is None or part.gone:
            return
        row.answered_by_us, row.colleague = 0, -1
        inbox[:] = [one for one in inbox if one.id != part.id]
        inbox.append(Waiting(place[2], place[3], part.created, part.id))

    def _moved(self, old: TicketRow, parts: list[Part]) -> list[tuple[Part, list[Place]]]:
        """The messages that are still in the old ticket, each with all places of its words."""
        found = []
        for part in parts:
            known = self._tables.message(message_key(old.network, part.id))
            if known is not None and known[1] == old.n:
                keys = (message_key(old.network, one) for one in _names(part))
                found.append((part, [place for key in keys if (place := self._tables.message(key))]))
        return found

    def _opened(self, old: TicketRow, facts: Split, first: Part) -> TicketRow:
        return TicketRow(
            self._tables.number_of(facts.name, first.created), facts.name, old.network, facts.account, old.customer, old.author,
            old.called, first.created, first.id,
        )  # fmt: skip

    def _move_drafts(self, old: TicketRow, new: TicketRow, facts: Split) -> None:
        for name in facts.drafts:
            draft = self._tables.draft(name)
            if draft is None or draft.ticket != old.n:
                continue
            draft.ticket, draft.moved = new.n, 1
            self._tables.set_draft(draft)
            if name in promises_of(old):
                set_promises(old, {*promises_of(old)} - {name})
                set_promises(new, {*promises_of(new), name})
            waits = draft.state in _WAITING
            old.approvals, new.approvals = old.approvals - waits, new.approvals + waits
            if draft.state == "sent":
                new.answered_by_us |= int(draft.holds is None and not draft.acknowledges)
                counts = self._tables.message(message_key(old.network, draft.remote_id or draft.id)) is None
                old.messages, new.messages = old.messages - counts, new.messages + counts

    def _count(self, old: TicketRow, new: TicketRow, parts: list[Part]) -> None:
        old.messages -= len(parts)
        new.messages += len(parts)
        theirs = [
            one.created for one in parts if not one.inbound and not self._tables.is_our_post(new.n, one.id)
        ]
        new.colleague = max((new.colleague, *theirs))

    def _show_latest(self, old: TicketRow, new: TicketRow, parts: list[Part], left: Part | None) -> None:
        if left is not None and any(part.id == old.text_id for part in parts):
            self._show(old, left)
        inbound = [part for part in parts if part.inbound]
        latest = max(inbound, key=lambda one: (not one.gone, one.created, one.id))
        if (latest.created, latest.id) > (new.text_created, new.text_id):
            self._show(new, latest)

    def _show(self, row: TicketRow, part: Part) -> None:
        """The words of this message, as they stand now, are the text of the ticket."""
        places = [self._tables.message(message_key(row.network, one)) for one in _names(part)]
        known = [place for place in places if place is not None]
        if known:
            _, _, row.text_offset, row.text_length = known[-1]
            row.text_created, row.text_id = part.created, part.id


def _names(part: Part) -> tuple[str, ...]:
    """All ids under which a message is known; the last one is that of its words as they stand now."""
    return (part.id, *part.versions, *((gone(part.id),) if part.gone else ()))


def _offset_of(one: Waiting) -> int:
    return one.offset


def _parted(inbox: list[Waiting], ids: set[str]) -> tuple[list[Waiting], list[Waiting]]:
    """What stays and what goes. Each is another matter now: triage looks at what waits again."""
    for one in inbox:
        one.assessed = one.assessed and one.answered
    return [one for one in inbox if one.id not in ids], [one for one in inbox if one.id in ids]


def _stay_in_incident(old: TicketRow, new: TicketRow) -> None:
    """The incident goes with the ticket that joined it before a merge. Where the two were never apart, nobody knows
    which message was of it: both are in it, so that none is lost.
    """
    if new.incident is None:
        new.incident, new.joined_as = old.incident, old.joined_as
        if old.joined_as == new.id:
            old.incident = old.joined_as = None


def _unite(kept: TicketRow, lost: TicketRow) -> None:
    """The facts of both in one row. Who has it, and what was set by hand, is that of the one kept."""
    kept.messages += lost.messages
    if (lost.text_created, lost.text_id) > (kept.text_created, kept.text_id):
        for field in ("text_offset", "text_length", "text_created", "text_id", "called"):
            setattr(kept, field, getattr(lost, field))
    _unite_assessments(kept, lost)
    kept.harm = max(kept.harm, lost.harm)
    kept.abusive |= lost.abusive
    kept.override = encode_fields(decode_fields(lost.override) | decode_fields(kept.override))
    kept.author = kept.author or lost.author
    if kept.assignee is None:
        kept.assignee, kept.lease = lost.assignee, lost.lease
    if kept.assigned is None:
        kept.assigned, kept.assigned_at = lost.assigned, lost.assigned_at
    if kept.handover == NEVER:
        kept.handover, kept.handover_length = lost.handover, lost.handover_length
    asleep = (kept.snoozed, lost.snoozed)
    kept.snoozed = None if None in asleep else min(one for one in asleep if one is not None)
    if kept.incident is None:
        kept.incident, kept.joined_as = lost.incident, lost.joined_as
    kept.labels = labels_json({*labels_of(kept), *labels_of(lost)})
    kept.answered_by_us |= lost.answered_by_us
    kept.colleague = max(kept.colleague, lost.colleague)
    kept.solved &= lost.solved
    kept.archived &= lost.archived
    kept.withdrawn |= lost.withdrawn
    for field in ("stopped", "stopped_since", "resumed"):
        setattr(kept, field, max(getattr(kept, field), getattr(lost, field)))
    kept.approvals += lost.approvals
    set_promises(kept, {*promises_of(kept), *promises_of(lost)})
    set_questions(kept, (*questions_of(kept), *questions_of(lost)))
    kept.held |= lost.held
    kept.woken = max(kept.woken, lost.woken)
    if lost.prefers_at > kept.prefers_at:
        kept.prefers, kept.prefers_at = lost.prefers, lost.prefers_at


def _unite_assessments(kept: TicketRow, lost: TicketRow) -> None:
    """The more urgent one counts, and the sooner deadline of those that still run."""
    running = [
        (one.due, one.warn) for one in (kept, lost) if one.due is not None and one.received is not None
    ]
    if _pressing(lost) > _pressing(kept):
        for field in _ASSESSMENT:
            setattr(kept, field, getattr(lost, field))
        kept.due, kept.warn = lost.due, lost.warn
    kept.due, kept.warn = min(running, key=_deadline, default=(kept.due, kept.warn))


def _deadline(clock: tuple[int, int | None]) -> int:
    return clock[0]


def _pressing(row: TicketRow) -> tuple[bool, bool, int, int]:
    rank = PRIORITIES.index(row.priority) if row.priority in PRIORITIES else len(PRIORITIES)
    return row.score is not None, row.respond == "respond", -rank, row.score or 0


def _lead_to(db: sqlite3.Connection, kept: TicketRow, lost: TicketRow, *, alias: str) -> None:
    """All that led to the ticket that is lost leads to the one kept."""
    numbers = (kept.n, lost.n)
    db.execute("DELETE FROM tickets WHERE n = ?", (lost.n,))
    for table, column in (("aliases", "n"), ("merged", "into_n"), ("drafts", "ticket")):
        db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", numbers)
    set_places(db, kept.n, sorted(places_of(db, kept.n) + places_of(db, lost.n)))
    db.execute("DELETE FROM threads WHERE n = ?", (lost.n,))
    db.execute("INSERT OR REPLACE INTO merged VALUES (?, ?)", (lost.n, kept.n))
    db.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (alias, kept.n))
    db.execute("UPDATE OR IGNORE labels SET n = ? WHERE n = ?", numbers)
    db.execute("DELETE FROM labels WHERE n = ?", (lost.n,))
    if lost.customer != kept.customer:  # the same person under an earlier handle
        rows = db.execute("SELECT key FROM anchors WHERE n = ?", (lost.n,)).fetchall()
        new = [(key.removesuffix(lost.customer) + kept.customer, kept.n) for (key,) in rows]
        db.executemany("INSERT OR IGNORE INTO anchors VALUES (?, ?)", new)


def _move(db: sqlite3.Connection, old: TicketRow, new: TicketRow, places: list[Place], name: str) -> None:
    """These places are of the new ticket; ``name`` is no other name of the old one any more."""
    db.executemany("UPDATE messages SET n = ? WHERE key = ?", ((new.n, place[0]) for place in places))
    offsets = {place[2] for place in places}
    thread = places_of(db, old.n)
    go = [one for one in thread if one[0] in offsets and one[2] in (MESSAGE, CHANGED)]
    set_places(db, new.n, sorted({*places_of(db, new.n), *go}))
    set_places(db, old.n, [one for one in thread if one not in go])
    db.execute("DELETE FROM aliases WHERE id = ?", (name,))
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'texts'").fetchone():
        db.executemany("UPDATE texts SET n = ? WHERE offset = ?", ((new.n, offset) for offset in offsets))
