"""``outbox``: drafts that wait, failed, or whose outcome is unknown."""

from __future__ import annotations

from collections.abc import Iterator

import click

from socialcli import posting, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import SocialError
from socialcli.model.draft import Draft
from socialcli.options import as_option, dry_run_option, verb

_SHOWN = ("intended", "unknown", "parked", "failed", "approved", "awaiting-approval", "by-hand")
_SETTLED = ("intended", "unknown", "parked", "approved")


@verb("Drafts that wait, failed, or are unknown.")
@click.option(
    "--settle", is_flag=True, help="Finish what was interrupted: look it up, then post what is not there."
)
@as_option
@dry_run_option
def command(app: App, settle: bool, agent: str | None, dry_run: bool) -> Answer:
    """Drafts that are not finished, oldest first, each with its reason."""
    return run(app, agent, settle=settle and not dry_run)


def run(app: App, agent: str | None, *, settle: bool) -> Answer:
    """With ``settle`` the answer is what became of each; the first error is the answer's."""
    if not settle:
        shown = [stored.draft for stored in app.queue.drafts(states=_SHOWN)]
        if not shown:
            app.console.note("no draft waits")
        return Answer(shown, render.drafts)
    who = app.agent(agent).id
    unfinished = app.queue.drafts(states=_SETTLED)
    waiting = [one for one in unfinished if one.draft.road != "hand" and not one.row.conflict]
    most = app.policy.outbox.per_run
    if len(waiting) > most:
        app.console.note(
            f"{len(waiting)} drafts wait, {most} of them go in one run: run it again for the rest"
        )
    errors: list[SocialError] = []

    def records() -> Iterator[Draft]:
        for stored in waiting[:most]:
            try:
                outcome = posting.else_by_hand(app, app.outbox.resume(stored.row.id, who))
            except SocialError as error:
                errors.append(error)
                yield app.queue.draft(stored.row.id).draft
                continue
            errors.extend([outcome.error] if outcome.error is not None else [])
            yield outcome.draft

    return Answer(records(), render.drafts, lambda: errors[0] if errors else None)
