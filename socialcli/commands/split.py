"""``split``: a message becomes a ticket of its own."""

from __future__ import annotations

import click

from socialcli import masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import ConflictError, NotFoundError, RefusedError
from socialcli.model.message import Message
from socialcli.model.ticket import Event
from socialcli.options import as_option, dry_run_option, ticket_argument, verb
from socialcli.queue.facts import Split
from socialcli.queue.rows import TicketRow, ticket_id
from socialcli.queue.splitting import plan_split


@verb("Make a message a ticket of its own.")
@ticket_argument
@click.argument("message", metavar="MESSAGE")
@as_option
@dry_run_option
def command(app: App, ticket: str, message: str, agent: str | None, dry_run: bool) -> Answer:
    """Make a message of the ticket (its id, as show prints it) a ticket of its own, with what answers it; of
    direct messages with all later ones. Triage looks at both again. merge undoes it.
    """
    return run(app, ticket, message, agent, dry_run=dry_run)


def run(app: App, ticket: str, message: str, agent: str | None, *, dry_run: bool) -> Answer:
    """Raises NotFoundError for a message that is not in the ticket, RefusedError for one that cannot open a
    ticket, ConflictError while a draft is on its way.
    """
    who = app.agent(agent).id
    if dry_run:
        row = app.queue.ticket(ticket)
        facts = _planned(app, row, message)
        plan = [] if facts is None else [Event(None, None, "split", row.id, who, _told(facts))]
        return Answer(plan, render.events(masking.masker(app)))
    with app.queue.writing() as writing:
        row = app.queue.ticket(ticket)
        facts = _planned(app, row, message)
        if facts is not None:
            writing.add("split", row.id, who, facts, key=facts.name)
    rows = [app.queue.ticket(ticket_id(row.network, message)), app.queue.ticket(row.id)]
    if facts is not None and rows[0].incident is not None and rows[0].incident == rows[1].incident:
        app.console.note(f"both are in incident {rows[0].incident}: which of them belongs to it is not known")
    return Answer(app.queue.records(rows), render.ticket_page(app.now(), masking.masker(app)))


def _planned(app: App, row: TicketRow, message: str) -> Split | None:
    """None where it is a ticket of its own already, split from this one."""
    thread = app.queue.thread(row)
    first = next((one for one in thread if one.id == message), None)
    if first is None:
        name = ticket_id(row.network, message)
        if any(one.event == "split" and one.data.get("as") == name for one in app.queue.history(row)):
            return None
        raise NotFoundError("message", message, hint=f"socialcli show {row.id} shows those of the ticket")
    _require_an_opening(row, first)
    stored = app.queue.on_its_way(row.n)
    if stored is not None:
        raise ConflictError(
            f"a draft of {row.id} is on its way ({stored.row.id}, {stored.draft.state})",
            hint="see: socialcli outbox; split it when it has arrived",
        )
    return plan_split(row, thread, app.queue.drafts(row.n), first)


def _require_an_opening(row: TicketRow, first: Message) -> None:
    if first.direction == "outbound":
        raise RefusedError(f"{first.id} is ours: a ticket begins with the customer's words")
    if first.id == row.opened_id:
        raise RefusedError(
            f"{first.id} is the message that opened {row.id}",
            hint="name the later message, which begins the other matter",
        )


def _told(facts: Split) -> dict[str, object]:
    return {"as": facts.name, "messages": facts.messages}
