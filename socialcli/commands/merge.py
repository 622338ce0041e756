"""``merge``: two tickets about one matter become one."""

from __future__ import annotations

import click

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import ConflictError, RefusedError, UsageError
from socialcli.model.ticket import Event
from socialcli.options import as_option, dry_run_option, verb
from socialcli.queue.rows import TicketRow


@verb("Make one ticket of two.")
@click.argument("keep", metavar="KEEP")
@click.argument("other", metavar="OTHER")
@as_option
@dry_run_option
def command(app: App, keep: str, other: str, agent: str | None, dry_run: bool) -> Answer:
    """Make one ticket of two of the same customer on the same network: all messages, drafts, notes and labels
    of both. KEEP says who has it; the older opening message gives the name, and both names lead to it from then on.
    split undoes it.
    """
    return run(app, keep, other, agent, dry_run=dry_run)


def run(app: App, keep: str, other: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises UsageError for one ticket twice, RefusedError for tickets of two customers, ConflictError while a
    draft of either is on its way.
    """
    who = app.agent(agent).id
    view = render.ticket_page(app.now(), masking.masker(app))
    if dry_run:
        kept, lost = _two(app, keep, other)
        _require_one_customer(kept, lost)
        _require_quiet(app, kept, lost)
        data = {"of": lost.id}
        plan = [] if kept.n == lost.n else [Event(None, None, "merged", kept.id, who, data)]
        return Answer(plan, render.events(masking.masker(app)))
    with app.queue.writing() as writing:
        kept, lost = _two(app, keep, other)
        if kept.n != lost.n:
            _require_one_customer(kept, lost)
            _require_quiet(app, kept, lost)
            writing.add("merged", kept.id, who, {"of": lost.id}, key=lost.id)
    return Answer([app.queue.record(app.queue.ticket(kept.id))], view)


def _two(app: App, keep: str, other: str) -> tuple[TicketRow, TicketRow]:
    """Two names of one ticket are no mistake, it was merged before; the same name twice is."""
    kept, lost = app.queue.ticket(keep), app.queue.ticket(other)
    if kept.n == lost.n and (keep.startswith(other) or other.startswith(keep)):
        raise UsageError(f'"{keep}" and "{other}" are one ticket', hint="name the two that are to become one")
    return kept, lost


def _require_one_customer(kept: TicketRow, lost: TicketRow) -> None:
    known = kept.author is not None and lost.author is not None
    same = kept.author == lost.author if known else kept.customer == lost.customer
    if kept.network != lost.network or not same:
        raise RefusedError(
            f"{kept.id} is of @{kept.called} on {kept.network}, {lost.id} of @{lost.called} on {lost.network}",
            hint="a ticket is the conversation with one customer on one network; a label can tie them together",
        )


def _require_quiet(app: App, *rows: TicketRow) -> None:
    for row in rows:
        stored = app.queue.on_its_way(row.n)
        if stored is not None:
            raise ConflictError(
                f"a draft of {row.id} is on its way ({stored.row.id}, {stored.draft.state})",
                hint="see: socialcli outbox; merge them when it has arrived",
            )
