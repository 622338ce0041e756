"""``list``: tickets, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from socialcli import masking, reminding, render
from socialcli.app import App
from socialcli.choosing import chosen, filter_options, limit_option, sort_option
from socialcli.console import Answer
from socialcli.options import verb

_DEFAULT_LIMIT = 50


@verb("Tickets, the most pressing first.")
@filter_options
@sort_option("urgency; with --match the newest match")
@limit_option("50, --json: all")
def command(app: App, saved: str | None, limit: int | None, **wanted: Any) -> Answer:
    """Tickets, the most pressing first; those that sleep come last. Without filters every status is shown.

    With --match the ticket whose match was read in last comes first, and sleeping ones among the others. The
    first --match makes an index of all texts, which takes a while in a large queue.

    \b
    socialcli list --match "lost bag" --status open
    socialcli list --filter mine
    """
    return run(app, saved, limit=limit, **wanted)


def run(app: App, saved: str | None = None, *, limit: int | None = None, **wanted: Any) -> Answer:
    """Raises NotFoundError for an unknown filter, account or agent, UsageError for a match without a word."""
    otherwise = 0 if app.console.json else _DEFAULT_LIMIT
    asked = chosen(app, saved, limit=limit, otherwise=otherwise, **wanted)
    reminding.remind(app)
    return Answer(app.queue.records(app.queue.rows(asked)), render.tickets(app.now(), _short(app)))


def _short(app: App) -> Callable[[str], str]:
    """For terminals: without private data, and without our own handle, with which nearly every text begins."""
    hide = masking.masker(app)

    def short(text: str) -> str:
        first, _, rest = text.lstrip().partition(" ")
        is_ours = first.startswith("@") and first[1:].casefold() in app.policy.our_handles
        return hide(rest if is_ours and rest.strip() else text)

    return short
