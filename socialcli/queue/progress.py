"""How a draft moves on from fact to fact: by attempt and rank, not by clock. "sent" is the last word."""

from __future__ import annotations

import msgspec

from socialcli.queue.facts import RANK, DraftFacts
from socialcli.queue.journal import Line
from socialcli.queue.rows import NEVER, DraftRow


def move_on(draft: DraftRow, line: Line, facts: DraftFacts, offset: int, length: int, *, upto: int) -> None:
    """The draft after an event that counts. ``upto``: how far its author had read, in this journal."""
    draft.state, draft.attempt, draft.at = line.event, max(draft.attempt, facts.attempt), line.at
    draft.reason, draft.conflict = facts.reason, int(facts.conflict)
    draft.again, draft.upto = max(draft.again, int(facts.again)), max(draft.upto, upto)
    draft.read = facts.read or draft.read
    draft.duplicate = int(facts.duplicate)
    if facts.whole is not None:
        draft.offset, draft.length = offset, length
        draft.until = min((int(one.until.timestamp()) for one in facts.promised), default=None)
        draft.holding = int(facts.holding)
    if facts.said is not None:
        draft.said = msgspec.json.encode(facts.said).decode()
    if line.event == "intended":
        draft.intended, draft.wall, draft.empty = offset, facts.wall, 0
        if draft.first_intended == NEVER:
            draft.first_wall, draft.first_intended = facts.wall, offset
    if line.event == "approved":
        draft.approved_hash = facts.hash
    if line.event == "recalled":
        draft.approved_hash = None  # said anew, it needs a new yes
    if line.event == "sent":
        draft.remote_id, draft.url = facts.remote_id, facts.url


def new_draft(facts: DraftFacts, ticket: int | None, offset: int, length: int) -> DraftRow:
    whole = facts.whole
    if whole is None:
        raise ValueError(f"no draft {facts.draft}")
    return DraftRow(
        facts.draft, ticket, facts.content, whole.target, whole.account, whole.agent, whole.road,
        "composed", 0, offset, length, corrects=whole.corrects, holds=whole.holds, points=int(whole.points is not None),
        acknowledges=int(whole.acknowledges),
    )  # fmt: skip


def is_newer(draft: DraftRow, state: str, attempt: int) -> bool:
    """Whether a fact moves the draft on. "sent" is the last word; else a later attempt, or a higher rank."""
    if draft.state == "sent":
        return False
    if state == "sent" or attempt > draft.attempt:
        return True
    return attempt == draft.attempt and RANK[state] >= RANK[draft.state]
