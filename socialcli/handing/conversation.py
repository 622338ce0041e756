"""A ticket as the document that is handed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from socialcli import masking, offline
from socialcli.app import App
from socialcli.model.message import Message
from socialcli.model.ticket import Ticket
from socialcli.queue.rows import TicketRow
from socialcli.transcribe import Conversation, Moved, Noted, Spoken

Hide = Callable[[str], str]


def conversation(app: App, row: TicketRow, *, private: bool, notes: bool = False) -> Conversation:
    """All that was said, oldest first; private data is masked unless ``private``. ``notes``: ours too."""
    hide: Hide = (lambda text: text) if private else masking.masker(app)
    return Conversation(
        ticket=_hidden_ticket(app.queue.record(row), hide),
        spoken=tuple(_spoken(app, row, hide)),
        notes=tuple(_noted(app, row, hide)) if notes else (),
        preference=offline.preference(app.queue, row, app.queue.thread(row)),
        moves=tuple(_moved(app, row)),
    )


def _spoken(app: App, row: TicketRow, hide: Hide) -> Iterator[Spoken]:
    names = {agent.id: agent.name for agent in app.policy.agents}
    drafts = [stored.draft for stored in app.queue.drafts(row.n, states=("sent",))]
    said = [draft for draft in drafts if not draft.acknowledges]  # no person says that nobody is there
    agents = {draft.remote_id or draft.id: names.get(draft.agent, draft.agent) for draft in said}
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
