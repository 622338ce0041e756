"""What must still be true of a statement that waited, when it goes out after all."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from socialcli.announcing.course import sent_statements
from socialcli.announcing.wording import like_which, promised_in
from socialcli.app import App
from socialcli.errors import RefusedError
from socialcli.model.draft import Draft
from socialcli.model.statement import Said
from socialcli.queue.records import StoredDraft
from socialcli.reminding import clock_time

REMEMBERED = timedelta(hours=24)  # how long what other accounts said counts as said


def require_timely(app: App, draft: Draft, since: str) -> None:
    """The update that the words promise still lies ahead. ``since``: RFC 3339, when they were last right.

    Raises RefusedError.
    """
    zone = app.policy.brand.time_zone
    promised = promised_in(draft.text, datetime.fromisoformat(since), zone)
    if promised is not None and promised <= app.now():
        raise RefusedError(
            f"statement {draft.id} promises an update by {clock_time(promised, app.now(), zone)}, which is past",
            hint=_otherwise(draft, "with a new time"),
        )


def require_own_words(app: App, draft: Draft) -> None:
    """No other account has said nearly the same lately. Raises RefusedError."""
    others = [
        (one.account, one.text)
        for one in sent_statements(app.queue)
        if one.account != draft.account and one.at > app.now() - REMEMBERED
    ]
    other = like_which(draft.text, others)
    if other is not None:
        raise RefusedError(
            f"{draft.account} would say nearly what {other} has said: never the same text across accounts",
            hint=_otherwise(draft, "in other words"),
        )


def _otherwise(draft: Draft, how: str) -> str:
    """The next step for words that can no longer go out as they are."""
    anew = f"socialcli reject {draft.id} --reason WHY, and say it {how}: socialcli statement --again"
    if draft.state in ("awaiting-approval", "approved"):
        return f'{how}: socialcli approve {draft.id} --edit "..."; or {anew}'
    return anew


def said_of(stored: StoredDraft) -> Said | None:
    """What makes the draft a statement; None: it is none."""
    return msgspec.json.decode(stored.row.said, type=Said) if stored.row.said else None


def timed(app: App, said: Said, text: str) -> Said:
    """The clock runs to the hour that ``text`` promises, where it names one."""
    now = app.now()
    promised = promised_in(text, now, app.policy.brand.time_zone)
    if said.next_update is None or promised is None:
        return said
    return msgspec.structs.replace(said, next_update=max(0, int((promised - now).total_seconds())))
