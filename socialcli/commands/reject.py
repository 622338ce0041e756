"""``reject``: no, and why."""

from __future__ import annotations

import click

from socialcli import render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import ConflictError
from socialcli.options import as_option, dry_run_option, verb

_TRIED = ("parked", "failed", "by-hand")  # certainly not posted: a no ends them
_REJECTED = ("awaiting-approval", "approved", "rejected", *_TRIED)


@verb("Say no to a draft, with a reason.")
@click.argument("draft")
@click.option("--reason", metavar="R", required=True, help="Why.")
@as_option
@dry_run_option
def command(app: App, draft: str, reason: str, agent: str | None, dry_run: bool) -> Answer:
    """Say no to a draft that waits for approval, is parked, or waits to be posted by hand. It is kept, and
    never posted.
    """
    return run(app, draft, reason, agent, dry_run=dry_run)


def run(app: App, name: str, reason: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises NotFoundError, ConflictError where the draft does not wait."""
    who = app.agent(agent)
    stored = app.queue.draft(name)
    if not dry_run:
        with app.queue.writing() as writing:
            stored = app.queue.draft(name)
            if stored.draft.state not in _REJECTED:
                raise ConflictError(f"draft {stored.draft.id} does not wait: it is {stored.draft.state}")
            attempt = stored.row.attempt + (stored.draft.state in _TRIED)
            data = {"draft": stored.draft.id, "attempt": attempt, "reason": reason}
            if stored.draft.state != "rejected":
                writing.add("rejected", stored.draft.ticket, who.id, data, key=stored.draft.id)
    return Answer([app.queue.draft(stored.draft.id).draft], render.drafts)
