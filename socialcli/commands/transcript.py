"""``transcript``: the conversation as a document, for whoever takes it over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import get_args

import click
from msgspec.structs import replace

from socialcli import masking
from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import UsageError
from socialcli.model.answers import Transcript, TranscriptFormat
from socialcli.model.message import Message
from socialcli.model.ticket import Ticket
from socialcli.options import ticket_argument, verb
from socialcli.queue.rows import TicketRow
from socialcli.transcribe import Conversation, Moved, Noted, Spoken, as_json, as_mail, as_markdown

Hide = Callable[[str], str]


@verb("The conversation as a document, to hand on.")
@ticket_argument
@click.option(
    "--format", "form", type=click.Choice(get_args(TranscriptFormat)), default="md", show_default=True,
    help="Markdown, JSON, or a mail to offline.email.",
)  # fmt: skip
@click.option("--private", is_flag=True, help="Private data in full, where the reader needs it.")
@click.option("--notes", is_flag=True, help="With our notes, which no customer should read.")
def command(app: App, ticket: str, form: TranscriptFormat, private: bool, notes: bool) -> Answer:
    """The whole conversation, oldest first, as a document on stdout. Private data is masked.

    \b
    socialcli transcript k3p > k3p.md
    socialcli transcript k3p --format eml --notes | sendmail -t
    """
    return run(app, ticket, form, private=private, notes=notes)


def run(app: App, ticket: str, form: TranscriptFormat, *, private: bool, notes: bool) -> Answer:
    """Raises UsageError for a mail where the policy has no address to send it to."""
    row = app.queue.ticket(ticket)
    hide: Hide = (lambda text: text) if private else masking.masker(app)
    told = Conversation(
        ticket=_hidden_ticket(app.queue.record(row), hide),
        spoken=tuple(_spoken(app, row, hide)),
        notes=tuple(_noted(app, row, hide)) if notes else (),
        preference=app.queue.preference(row),
        moves=tuple(_moved(app, row)),
    )
    return Answer([Transcript(row.id, form, _written(app, told, form))], _as_it_is)


def _written(app: App, told: Conversation, form: TranscriptFormat) -> str:
    if form == "md":
        return as_markdown(told)
    if form == "json":
        return as_json(told)
    address = app.policy.offline.email
    if not address:
        raise UsageError(
            "offline.email is not set: the mail has nowhere to go", hint="set offline.email in policies.toml"
        )
    return as_mail(told, brand=app.policy.brand.name, address=address, at=app.now())


def _as_it_is(records: Iterable[Transcript], _screen: Screen) -> Iterator[str]:
    for record in records:
        yield from record.content.removesuffix("\n").split("\n")


def _spoken(app: App, row: TicketRow, hide: Hide) -> Iterator[Spoken]:
    names = {agent.id: agent.name for agent in app.policy.agents}
    drafts = [stored.draft for stored in app.queue.drafts(row.n, states=("sent",))]
    agents = {draft.remote_id or draft.id: names.get(draft.agent, draft.agent) for draft in drafts}
    for message in app.queue.thread(row):
        ours = message.direction == "outbound"
        shown = _hidden_message(_under_our_handle(app, message) if ours else message, hide)
        yield Spoken(shown, agents.get(message.id) if ours else None)


def _under_our_handle(app: App, message: Message) -> Message:
    """What we posted bears the account's name in the queue; whoever reads the document knows its handle."""
    handle = next((one.handle for one in app.policy.accounts if one.name == message.account), None)
    if message.author.handle != message.account or handle is None:
        return message
    return replace(message, author=replace(message.author, handle=handle))


def _moved(app: App, row: TicketRow) -> Iterator[Moved]:
    names = {agent.id: agent.name for agent in app.policy.agents}
    for event in app.queue.history(row):
        if event.event == "moved":
            reasons = tuple(map(str, event.data.get("reasons") or ()))
            by = names.get(event.by or "", event.by)
            yield Moved(event.at or "", by, str(event.data.get("to")), reasons)


def _noted(app: App, row: TicketRow, hide: Hide) -> Iterator[Noted]:
    names = {agent.id: agent.name for agent in app.policy.agents}
    for event in app.queue.history(row):
        if event.event == "note":
            yield Noted(
                event.at or "", names.get(event.by or "", event.by), hide(str(event.data.get("text", "")))
            )


def _hidden_message(message: Message, hide: Hide) -> Message:
    """The handle stays: it is how everybody knows the customer."""
    name = message.author.name
    author = replace(message.author, name=None if name is None else hide(name))
    return replace(message, text=hide(message.text), author=author)


def _hidden_ticket(ticket: Ticket, hide: Hide) -> Ticket:
    name = ticket.customer.name
    customer = replace(ticket.customer, name=None if name is None else hide(name))
    return replace(ticket, text=hide(ticket.text), customer=customer)
