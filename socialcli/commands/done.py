"""``done``: an answer was given by hand."""

from __future__ import annotations

import click

from socialcli import claiming, masking, render
from socialcli.app import App
from socialcli.approval import rights
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.options import as_option, dry_run_option, ticket_argument, verb
from socialcli.queue.rows import TicketRow


@verb("An answer was given by hand.")
@ticket_argument
@click.option("--url", required=True, metavar="U", help="Where the answer stands.")
@as_option
@dry_run_option
def command(app: App, ticket: str, url: str, agent: str | None, dry_run: bool) -> Answer:
    """Say that a ticket was answered by hand, and where. A draft that waited for it counts as sent."""
    return run(app, ticket, url, agent, dry_run=dry_run)


def run(app: App, ticket: str, url: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises UsageError for an address that is none, RefusedError for somebody who may only draft, ConflictError
    if somebody else has claimed the ticket.
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(f'--url: "{url}" is no address', hint="copy the address of the answer: https://...")
    speaker = app.agent(agent)
    rights.require(speaker, "post", app.policy)
    who = speaker.id
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who)
    known = _known(app, row, url)
    if not dry_run and not known:
        with app.queue.writing() as writing:
            for stored in app.queue.drafts(row.n, states=("by-hand", "approved")):
                if stored.draft.road == "hand":
                    data = {"draft": stored.draft.id, "attempt": stored.row.attempt, "url": url}
                    writing.add("sent", row.id, who, data, key=stored.draft.id)
            writing.add("done", row.id, who, {"url": url})
        row = app.queue.ticket(ticket)
    app.console.note(_said(url, known=known, dry_run=dry_run))
    return Answer([app.queue.record(row)], render.ticket_page(app.now(), masking.masker(app)))


def _said(url: str, *, known: bool, dry_run: bool) -> str:
    if known:
        return f"noted already: answered by hand at {url}"
    return f"{'it would be noted' if dry_run else 'noted'}: answered by hand at {url}"


def _known(app: App, row: TicketRow, url: str) -> bool:
    """Whether this very answer was noted before and nothing came since: saying it twice changes nothing."""
    said = (event.data.get("url") for event in app.queue.history(row) if event.event == "done")
    return row.status == "solved" and url in said
