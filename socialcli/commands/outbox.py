"""``outbox``: drafts that wait, failed, or whose outcome is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from socialcli import awaiting, fallback, masking, massmode, posting, render, timing
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import SocialError, UsageError
from socialcli.model.draft import Draft
from socialcli.options import as_option, dry_run_option, verb
from socialcli.outbox.conditions import unwelcome
from socialcli.outbox.sending import Outcome
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.text.counted import counted

_UNFINISHED = (
    "intended",
    "unknown",
    "parked",
    "failed",
    "scheduled",
    "approved",
    "awaiting-approval",
    "by-hand",
)
_SETTLED = ("intended", "unknown", "parked", "approved", "scheduled")
_BEGUN = ("intended", "unknown")  # an attempt whose end nobody knows
_ENDED = ("rejected", "recalled")
_TO_COME = ("by-hand", "awaiting-approval", "approved", "scheduled")

Finish = Callable[[App, StoredDraft, Agent], Outcome]


@verb("Drafts that wait, failed, or are unknown.")
@click.option(
    "--settle",
    is_flag=True,
    help="Post what is due and finish what was interrupted: look it up, then post what is not there.",
)
@as_option
@dry_run_option
def command(app: App, settle: bool, agent: str | None, dry_run: bool) -> Answer:
    """Drafts that are not finished, oldest first, each with its reason; with --as also your own that were
    rejected or recalled, as long as their customer waits. --settle (for cron) posts what is due, and a holding
    reply to whoever waits too long for an answer that nobody has approved.
    """
    return run(app, agent, settle=settle and not dry_run)


def run(app: App, agent: str | None, *, settle: bool) -> Answer:
    """With ``settle`` the answer is what became of each; the first error is the answer's."""
    if settle:
        return _settle(app, app.agent(agent))
    who = _asking(app, agent)
    stored = app.queue.drafts(states=(*_UNFINISHED, *_ENDED))
    shown = [awaiting.shown(app, one) for one in stored if _concerns(app, one, who)]
    if not shown:
        app.console.note("no draft waits")
    _tell_unwelcome(app, shown)
    return Answer(shown, render.waiting_drafts(app.now(), awaiting.beside(app, masking.masker(app))))


def _tell_unwelcome(app: App, drafts: list[Draft]) -> None:
    """Above all of those that a person would post by hand."""
    for draft in drafts:
        since = app.queue.unwanted(draft) if draft.state in _TO_COME else None
        if since is not None:
            app.console.note(
                f"draft {draft.id}: {unwelcome(since)}; take it back: socialcli recall {draft.id}"
            )


def _asking(app: App, agent: str | None) -> str | None:
    """Who wants to know, where that is known."""
    try:
        return app.agent(agent).id
    except UsageError:
        return None


def _concerns(app: App, stored: StoredDraft, who: str | None) -> bool:
    """Whether it is unfinished; what was rejected concerns its author while the customer waits."""
    if stored.row.state not in _ENDED:
        return True
    if stored.row.agent != who or stored.draft.ticket is None or stored.row.holds is not None:
        return False
    return stored.row.target in app.queue.unanswered(app.queue.ticket(stored.draft.ticket))


def _settle(app: App, who: Agent) -> Answer:
    errors: list[SocialError] = []

    def records() -> Iterator[Draft]:
        for stored, finish in _work(app):
            if finish is _resume and _is_held(app, stored):  # those before it took the room
                _tell_held(app, 1)
                continue
            try:
                outcome = finish(app, stored, who)
            except SocialError as error:
                errors.append(error)
                yield app.queue.draft(stored.row.id).draft
                continue
            errors.extend([outcome.error] if outcome.error is not None else [])
            yield outcome.draft

    return Answer(records(), render.drafts, lambda: errors[0] if errors else None)


def _work(app: App) -> list[tuple[StoredDraft, Finish]]:
    """What one run finishes, and how: no more posts than the policy lets it."""
    found = [one for one in app.queue.drafts(states=_SETTLED) if _is_ready(app, one)]
    ready = [(one, _resume) for one in found if not _is_held(app, one)]
    if len(ready) < len(found):
        _tell_held(app, len(found) - len(ready))
    overdue: list[tuple[StoredDraft, Finish]] = [(one, fallback.hold) for one in fallback.due(app)]
    work, most = [*ready, *overdue], app.policy.outbox.per_run
    if len(work) > most:
        app.console.note(f"{len(work)} drafts wait, {most} of them go in one run: run it again for the rest")
    return work[:most]


def _is_ready(app: App, stored: StoredDraft) -> bool:
    """Whether it can be finished here and now: not by hand, not by a person's decision, not later."""
    if stored.draft.road == "hand" or stored.row.conflict:
        return False
    if stored.row.state in _BEGUN:
        return True
    if stored.draft.post_at is not None and stored.draft.post_at > app.now():
        return False
    return stored.row.state != "approved" or timing.later(app, stored.draft) is None


def _is_held(app: App, stored: StoredDraft) -> bool:
    """Whether mass mode leaves it for later; what was begun is finished all the same."""
    return stored.row.state not in _BEGUN and massmode.is_held(app, stored.draft)


def _tell_held(app: App, count: int) -> None:
    app.console.note(f"mass mode leaves {counted(count, 'draft')} for later (socialcli outbox)")


def _resume(app: App, stored: StoredDraft, who: Agent) -> Outcome:
    return posting.else_by_hand(app, app.outbox.resume(stored.row.id, who.id))
