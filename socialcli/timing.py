"""When a reply is posted: at once, at a time that somebody chose, when we open, or after a moment in which it can
be taken back.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from socialcli.app import App
from socialcli.errors import UsageError
from socialcli.model.draft import Draft
from socialcli.model.times import format_time, parse_time
from socialcli.policy import hours

CLOSED = "written outside hours"
LATER = "put off on purpose"
_POSTED = ("api", "direct")  # roads on which a post goes out by itself
_TICK = 1.0  # seconds between two looks at the keyboard


def chosen(app: App, at: str | None, within: int | None, *, anyway: bool = False) -> datetime | None:
    """``--at TIME`` or ``--in 2h``; None without either. ``anyway``: --now-anyway stands there as well. Raises
    UsageError for more than one of them, and for a time that has passed.
    """
    if (at is not None) + (within is not None) + anyway > 1:
        raise UsageError("--at, --in and --now-anyway: one of them", hint="leave the others out")
    if within is not None:
        return app.now().replace(microsecond=0) + timedelta(seconds=within)
    if at is None:
        return None
    try:
        moment = parse_time(at)
    except ValueError as error:
        raise UsageError(f"--at: {error}") from error
    require_ahead(app, moment)
    return moment


def require_ahead(app: App, moment: datetime) -> None:
    """Raises UsageError for a time that has passed."""
    if moment <= app.now():
        raise UsageError(f"{format_time(moment)} has passed", hint="leave --at out to post it now")


def opening(app: App, priority: str | None) -> datetime | None:
    """When a reply that is not urgent is to be posted, if not now: the policy holds it outside hours."""
    policy, now = app.policy, app.now()
    if not policy.reply.hold_outside_hours or priority == "urgent" or hours.is_open(policy, now):
        return None
    opens = hours.opens_at(policy, now)
    return None if opens >= hours.LAST_MOMENT else opens


def later(app: App, draft: Draft) -> tuple[datetime, str] | None:
    """When a draft that may go out is to be posted, if not now, and why."""
    if draft.ticket is None or draft.road not in _POSTED:
        return None
    if draft.post_at is not None and draft.post_at > app.now():
        return draft.post_at, LATER
    opens = opening(app, app.queue.ticket(draft.ticket).priority)
    return None if opens is None else (opens, CLOSED)


def stays(app: App, draft: Draft, at: datetime | None, *, anyway: bool) -> bool:
    """Whether what was put off before stays so, which is told: it is not due, and nobody wants it ``at`` another
    time, or now ``anyway``.
    """
    if draft.post_at is None or draft.post_at <= app.now() or anyway or at not in (None, draft.post_at):
        return False
    when = format_time(draft.post_at)
    app.console.note(f"draft {draft.id} goes out at {when} (socialcli recall {draft.id} takes it back)")
    return True


def undo_until(app: App) -> datetime:
    """The end of the moment in which a reply can be taken back."""
    return app.now().replace(microsecond=0) + timedelta(seconds=app.policy.outbox.undo)


def taken_back(app: App) -> bool:
    """Count down on the terminal; whether the person took it back, by ``u`` and Enter. Ctrl-C comes through."""
    end = time.monotonic() + app.policy.outbox.undo
    app.console.note(
        f"it is posted in {app.policy.outbox.undo} seconds: u and Enter takes it back, so does Ctrl-C"
    )
    while (left := end - time.monotonic()) > 0:
        line = _typed(min(left, _TICK))
        if line is None:
            time.sleep(left)
        elif line.strip().lower() == "u":
            return True
    return False


def _typed(seconds: float) -> str | None:
    """The line typed within so long, "" for none; None where nobody can type any more."""
    import select
    import sys

    try:
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
    except (OSError, ValueError):  # no terminal that can be watched
        return None
    if not ready:
        return ""
    return sys.stdin.readline() or None
