"""What must be true of a statement when it goes out: no other account says the same, no other of its account is
on its way, and what it promises lies ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from socialcli.errors import ConflictError, RefusedError
from socialcli.model.draft import Draft
from socialcli.model.statement import Said, Statement
from socialcli.model.times import format_time
from socialcli.policy.schema import Policy
from socialcli.queue.records import StoredDraft
from socialcli.queue.store import Queue
from socialcli.text.likeness import like_which, same
from socialcli.text.promises import clock_time, promised_in

_REMEMBERED = timedelta(hours=24)  # how long what an account said counts as said
_NEWEST = 200  # statements, of all accounts and states, that are looked through
_OF_SHIFT = "shift "
_SAID = ("sent", "intended", "unknown")  # what is there, or may be


def said_of(stored: StoredDraft) -> Said | None:
    """What makes the draft a statement; None: it is none."""
    return msgspec.json.decode(stored.row.said, type=Said) if stored.row.said else None


def content_of_shift(expires: datetime, asked: str) -> str:
    """What a post of a shift is known by: from when on it is news of yesterday, and a hash of what was asked for."""
    return f"{_OF_SHIFT}{int(expires.timestamp())} {asked}"


def expires_at(stored: StoredDraft) -> datetime | None:
    """From when on a post of a shift is not true any more; None for all else."""
    if not stored.row.content.startswith(_OF_SHIFT):
        return None
    return datetime.fromtimestamp(int(stored.row.content.split()[1]), UTC)


def speaks_for_brand(stored: StoredDraft, policy: Policy) -> bool:
    """Whether what answers nobody needs a yes as statements do; posts of a shift where the policy says so."""
    return policy.shift.needs_yes or not stored.row.content.startswith(_OF_SHIFT)


def said_lately(queue: Queue, now: datetime) -> list[Statement]:
    """What all accounts said, newest first; also what is on its way, whether it arrived or not."""
    return [one for one in queue.statements(_NEWEST) if one.state in _SAID and one.at > now - _REMEMBERED]


def require_timely(stored: StoredDraft, now: datetime, zone: str) -> None:
    """The update that the words of a draft promise still lies ahead. Raises RefusedError."""
    said, draft = said_of(stored), stored.draft
    _require_running(stored, now)
    promised = None if said is None else said.promised
    if promised is None:
        promised = promised_in(draft.text, datetime.fromisoformat(stored.row.at), zone)
    if promised is not None and promised <= now:
        raise RefusedError(
            f"statement {draft.id} promises an update by {clock_time(promised, now, zone)}, which is past",
            hint=_otherwise(draft, "with a new time"),
        )


def _require_running(stored: StoredDraft, now: datetime) -> None:
    """A post of a shift belongs to its day. Raises RefusedError."""
    expires = expires_at(stored)
    if expires is not None and expires <= now:
        raise RefusedError(
            f"draft {stored.row.id} was for a day, or a shift, that ended at {format_time(expires)}",
            hint=f"socialcli reject {stored.row.id} --reason WHY",
        )


def require_own_words(queue: Queue, draft: Draft, now: datetime) -> None:
    """No other account has said nearly the same lately. Raises RefusedError."""
    other = _alike(queue, draft, now)
    if other is not None:
        raise RefusedError(
            f"{draft.account} would say nearly what {other} has said: never the same text across accounts",
            hint=_otherwise(draft, "in other words"),
        )


def require_turn(queue: Queue, draft: Draft, now: datetime, *, again: bool) -> None:
    """Under the queue's lock: no other statement came first. ``again``: it is said on purpose, although the
    outcome of another is unknown. Raises ConflictError.
    """
    others = [
        one for one in queue.statements(_NEWEST) if one.account == draft.account and one.draft != draft.id
    ]
    for one in others:
        if one.state == "intended" or (one.state == "unknown" and not again):
            raise ConflictError(
                f"statement {one.draft} by {draft.account} is on its way ({one.state})",
                hint="socialcli outbox --settle finishes it; then say what is still to be said",
            )
        if one.state == "sent" and one.at > now - _REMEMBERED and same(one.text, draft.text) and not again:
            raise ConflictError(
                f"{draft.account} has said this already: {one.draft}",
                hint="say what is new, or say it once more on purpose: --again",
            )
    other = _alike(queue, draft, now)
    if other is not None:
        raise ConflictError(
            f"{other} says nearly the same, or is about to: never the same text across accounts",
            hint=f"socialcli reject {draft.id} --reason WHY, and say it in other words",
        )


def require_pointing(queue: Queue, draft: Draft, *, again: bool) -> None:
    """What a pointer that waited points to still runs, and what a notice says is over is not back. ``again``: it was
    said on purpose, as every notice is. Raises RefusedError.
    """
    told = [one for one in queue.statements(_NEWEST) if one.state == "sent"]
    pointed = next((one for one in told if one.draft == draft.points), None)
    if pointed is None:
        return
    later = told[: told.index(pointed)]
    if pointed.stage == "resolved":
        _require_over(queue, draft, pointed, later)
    elif not again:
        _require_runs(queue, draft, pointed, later)


def _require_over(queue: Queue, draft: Draft, pointed: Statement, later: Sequence[Statement]) -> None:
    back = next((one for one in later if one.stage != "resolved" and _same_matter(one, pointed)), None)
    state = None if pointed.incident is None else queue.incident(pointed.incident).state
    if state == "dismissed" or (back is not None and state != "closed"):
        told = "the incident was dismissed" if back is None else f"statement {back.draft} says otherwise"
        raise RefusedError(
            f"draft {draft.id} says that it is over: {told}", hint=f"socialcli reject {draft.id} --reason WHY"
        )


def _same_matter(one: Statement, other: Statement) -> bool:
    if None in (one.incident, other.incident):
        return one.account == other.account
    return one.incident == other.incident


def _require_runs(queue: Queue, draft: Draft, pointed: Statement, later: Sequence[Statement]) -> None:
    solved = any(one.account == pointed.account and one.stage == "resolved" for one in later)
    state = None if pointed.incident is None else queue.incident(pointed.incident).state
    if solved or state in ("closed", "dismissed"):
        raise RefusedError(
            f"draft {draft.id} points to a statement that is over: it {'is solved' if solved else f'was {state}'}",
            hint=f"socialcli reject {draft.id} --reason WHY",
        )


def _alike(queue: Queue, draft: Draft, now: datetime) -> str | None:
    """The other account that says nearly what the draft says."""
    others = [(one.account, one.text) for one in said_lately(queue, now) if one.account != draft.account]
    return like_which(draft.text, others)


def _otherwise(draft: Draft, how: str) -> str:
    """The next step for words that can no longer go out as they are."""
    anew = f"socialcli reject {draft.id} --reason WHY, and say it {how}: socialcli statement --again"
    if draft.state in ("awaiting-approval", "approved"):
        return f'{how}: socialcli approve {draft.id} --edit "..."; or {anew}'
    return anew
