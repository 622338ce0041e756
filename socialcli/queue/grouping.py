"""Which ticket a message belongs to, decided when it is read in and written into its event.

The same ticket: a reply in a thread with this customer, the same conversation with this customer, a direct
message of a customer who has a ticket open. Another customer in the same conversation has a ticket of their
own. Our own posts and bare reposts open none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from socialcli.model.message import Message
from socialcli.queue.fold import anchors
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import ticket_id
from socialcli.queue.tables import in_batches

_LIVE = ("new", "open", "pending", "on-hold")


@dataclass
class _Known:
    """A ticket as far as grouping needs it."""

    name: str
    customer: str
    opened: tuple[int, str]  # created_at in epoch seconds, id


class Grouper:
    """Decides for one chunk of messages; sees what it decided before in the same chunk."""

    def __init__(self, db: sqlite3.Connection, messages: Sequence[Message]) -> None:
        self._db = db
        self._messages: dict[str, _Known | None] = {}  # message key -> its ticket; None: known, no ticket
        self._anchors: dict[str, _Known] = {}
        self._direct: dict[tuple[str, str], _Known] = {}
        self._tickets: dict[int, _Known] = {}
        self._prefetch(messages)

    def is_known(self, message: Message) -> bool:
        return f"{message.network}:{message.id}" in self._messages

    def events(self, message: Message) -> list[NewEvent]:
        """The events that take the message in; none if it is known."""
        if self.is_known(message):
            return []
        key = f"{message.network}:{message.id}"
        known = self._ticket_of(message)
        opened = (int(message.created_at.timestamp()), message.id)
        more = []
        if known is None and _opens_a_ticket(message):
            who = message.author.handle.casefold()
            known = _Known(ticket_id(message.network, message.id), who, opened)
        elif known is not None and message.direction == "inbound" and opened < known.opened:
            name = ticket_id(message.network, message.id)
            more.append(NewEvent("alias", name, None, {"of": known.name}, key=known.name))
            ticket, known.name, known.opened = known.name, name, opened
            self._remember(message, key, known)
            return [NewEvent("message", ticket, None, message, key=key), *more]
        self._remember(message, key, known)
        return [NewEvent("message", known.name if known else None, None, message, key=key)]

    def _remember(self, message: Message, key: str, known: _Known | None) -> None:
        self._messages[key] = known
        if known is not None and message.direction == "inbound":
            for anchor in anchors(message):
                self._anchors[anchor] = known
            self._direct[message.network, known.customer] = known

    def _ticket_of(self, message: Message) -> _Known | None:
        if message.direction == "outbound":
            return self._ticket_we_answered(message)
        who = message.author.handle.casefold()
        if message.in_reply_to is not None:
            parent = self._messages.get(f"{message.network}:{message.in_reply_to}")
            if parent is not None and parent.customer == who:
                return parent
        for anchor in (f"p|{message.network}|{message.id}|{who}", *anchors(message)):
            if anchor in self._anchors:
                return self._anchors[anchor]
        if message.visibility == "direct":
            return self._direct.get((message.network, who)) or self._open_ticket(message.network, who)
        return None

    def _ticket_we_answered(self, message: Message) -> _Known | None:
        if message.in_reply_to is not None:
            return self._messages.get(f"{message.network}:{message.in_reply_to}")
        if message.conversation_id is None:
            return None
        first = f"c|{message.network}|{message.conversation_id}|"
        rows = self._db.execute(
            "SELECT DISTINCT n FROM anchors WHERE key > ? AND key < ? LIMIT 2", (first, f"{first}\uffff")
        ).fetchall()
        return self._load([rows[0][0]])[0] if len(rows) == 1 else None

    def _open_ticket(self, network: str, who: str) -> _Known | None:
        row = self._db.execute(
            "SELECT n FROM tickets WHERE customer = ? AND network = ? AND status IN (?,?,?,?)"
            " ORDER BY opened DESC, id LIMIT 1",
            (who, network, *_LIVE),
        ).fetchone()
        return None if row is None else self._load([row[0]])[0]

    def _prefetch(self, messages: Sequence[Message]) -> None:
        keys = {f"{message.network}:{message.id}" for message in messages}
        keys |= {f"{one.network}:{one.in_reply_to}" for one in messages if one.in_reply_to is not None}
        found = list(in_batches(self._db, "SELECT key, n FROM messages WHERE key IN ({})", sorted(keys)))
        names = {name for message in messages for name in anchors(message)}
        names |= {f"p|{one.network}|{one.id}|{one.author.handle.casefold()}" for one in messages}
        ties = list(in_batches(self._db, "SELECT key, n FROM anchors WHERE key IN ({})", sorted(names)))
        self._load([n for _, n in (*found, *ties) if n is not None])
        self._messages.update((key, None if n is None else self._tickets[n]) for key, n in found)
        self._anchors.update((key, self._tickets[n]) for key, n in ties)

    def _load(self, numbers: Sequence[int]) -> list[_Known]:
        missing = sorted({n for n in numbers if n not in self._tickets})
        wanted = "SELECT n, id, customer, opened, opened_id FROM tickets WHERE n IN ({})"
        for n, name, customer, opened, opened_id in in_batches(self._db, wanted, missing):
            self._tickets[n] = _Known(name, customer, (opened, opened_id))
        return [self._tickets[n] for n in numbers]


def _opens_a_ticket(message: Message) -> bool:
    return message.direction == "inbound" and not message.text.startswith("RT @")
