"""``show``: one ticket with its messages, and what is known of the customer beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from socialcli import awaiting, customers, experts, masking, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import SocialError, UsageError
from socialcli.handing import records as handed
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.outside import Translation
from socialcli.options import ticket_argument, verb
from socialcli.returning.proposing import with_proposal


@verb("One ticket with its messages.")
@ticket_argument
@click.option("--private", is_flag=True, help="Show private data in full on a terminal.")
@click.option("--unfold", is_flag=True, help="Show abuse that is folded while you are spared it.")
@click.option("--history", is_flag=True, help="Show all that happened, not only the messages.")
@click.option(
    "--translate", is_flag=True, help="With what reply.translate_command makes of it, in your first language."
)
def command(app: App, ticket: str, private: bool, unfold: bool, history: bool, translate: bool) -> Answer:
    """One ticket with its messages, oldest first. On a terminal private data is masked.

    Below stands what is known of the customer beyond this ticket: other tickets, what became of them and with
    whom, how they want to be reached.
    """
    if history and translate:
        raise UsageError(
            "--translate shows the messages, --history what happened", hint="leave one of them out"
        )
    return run(app, ticket, private=private, history=history, translate=translate, unfold=unfold)


def _translated(app: App, thread: list[Message], failed: list[SocialError]) -> dict[str, Translation]:
    from socialcli import outside

    return outside.by_message(app, thread, failed)


def _is_told(draft: Draft) -> bool:
    """Whether there is more to it than the message that came of it."""
    by_machine = draft.by_program or draft.translated is not None
    return draft.state != "sent" or draft.corrects is not None or by_machine


def _mask(app: App, *, private: bool, unfold: bool) -> render.Mask:
    if private:
        return render.as_is
    return masking.masker(app) if unfold else masking.reader(app)


def run(
    app: App, ticket: str, *, private: bool, history: bool, translate: bool, unfold: bool = False
) -> Answer:
    """Raises NotFoundError."""
    row = app.queue.ticket(ticket)
    failed: list[SocialError] = []

    def messages() -> Iterator[Any]:
        thread = app.queue.thread(row)
        theirs = _translated(app, thread, failed) if translate else {}
        for message in thread:
            yield message
            if message.id in theirs:
                yield theirs[message.id]

    def records() -> Iterator[Any]:
        record = app.queue.record(row)
        yield with_proposal(app, row, record)
        yield from app.queue.promises_to(row)
        yield from app.queue.history(row) if history else messages()
        drafts = app.queue.drafts(row.n)
        yield from (awaiting.shown(app, one) for one in drafts if _is_told(one.draft))
        yield from experts.of_ticket(app, row)
        yield from handed.of_ticket(app, row)
        if not history:
            yield from handed.mails_back(app, row)
        card = customers.card(app, row, record)
        if card is not None:
            yield card

    mask = _mask(app, private=private, unfold=unfold)
    return Answer(records(), render.ticket_page(app.now(), mask), lambda: failed[0] if failed else None)
