"""Which ticket a message belongs to, decided when it is read in and written into its event.

The same ticket: a reply in a thread with this customer, the same conversation with this customer, a direct
message of a customer who has a ticket open. Another customer in the same conversation has a ticket of their
own. Our own posts and bare reposts open none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from socialcli.model.message import Message
from socialcli.queue.facts import (
    BY_ANSWER,
    answered,
    behind,
    conversation,
    created_of,
    gone,
    message_key,
    places,
)
from socialcli.queue.index import Index
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import customer_key, ticket_id
from socialcli.queue.schema import in_batches

_POSTED = "SELECT remote_id, network, n FROM drafts JOIN tickets ON tickets.n = drafts.ticket WHERE remote_id IN ({})"
_LIVE = ("new", "open", "pending", "on-hold")
_MOST_OPEN = 20  # tickets of one customer that are looked at


@dataclass(eq=False)
class _Known:
    """A ticket as far as grouping needs it."""

    name: str
    customer: str  # key of the handle under which the ticket was opened
    author: str | None  # the network's id of who it is
    opened: tuple[int, str]  # created_at in epoch seconds, id
    called: str = ""  # key of the handle in the latest message
    latest: str = ""  # the id of that message; "" = not in the index yet

    def is_of(self, message: Message) -> bool:
        """Whether the customer wrote ``message``: by id where both are known, since a handle can change hands."""
        if self.author is not None and message.author.id is not None:
            return self.author == message.author.id
        return self.customer == customer_key(message.author.handle)


class Grouper:
    """Decides for one chunk of messages; sees what it decided before in the same chunk. ``live``: they come from
    the network just now, so that their authors' handles are those of today.
    """

    def __init__(self, index: Index, messages: Sequence[Message], *, live: bool = False) -> None:
        db = self._db = index.db
        self._may_be_known = index.may_hold
        self._live = live
        self._merged: dict[int, int] = dict(db.execute("SELECT n, into_n FROM merged"))
        self._messages: dict[str, _Known | None] = {}  # message key -> its ticket; None: known, no ticket
        self._posted: dict[str, _Known] = {}  # key of an answer that was posted from here -> its ticket
        self._anchors: dict[str, _Known] = {}
        self._touched: dict[
            tuple[str, str], list[_Known]
        ] = {}  # network, customer or id -> live by this chunk
        self._handles: dict[tuple[str, str], set[str]] = {}  # network, author's id -> customers it has been
        self._tickets: dict[int, _Known] = {}
        self._new_at: dict[str, dict[str, _Known]] = {}  # place in a thread -> anchors of this chunk
        self._early: dict[str, list[str]] = {}  # message key -> our answers, read before it
        self._gone: set[str] = set()  # messages that were deleted or erased: they are never taken again
        self._prefetch(messages)

    def is_known(self, message: Message) -> bool:
        """By any of its ids: an edited message may have been imported under that of a later version."""
        if message_key(message.network, message.id) in self._messages:
            return True
        return any(message_key(message.network, one) in self._messages for one in message.versions)

    def events(self, message: Message) -> list[NewEvent]:
        """The events that take the message in; none if it is known as it is now."""
        key = message_key(message.network, message.id)
        if key in self._messages:
            return [] if key in self._gone else self._edited(message) or self._renamed(message)
        if message.versions and self.is_known(message):
            return []
        known = self._ticket_of(message)
        opened = (created_of(message), message.id)
        more = []
        if known is None and _opens_a_ticket(message):
            who = customer_key(message.author.handle)
            name = ticket_id(message.network, message.id)
            known = _Known(name, who, message.author.id, opened)
        elif known is not None and message.direction == "inbound" and opened < known.opened:
            name = ticket_id(message.network, message.id)
            more.append(NewEvent("alias", name, None, {"of": known.name}, key=known.name))
            ticket, known.name, known.opened = known.name, name, opened
            self._remember(message, key, known)
            return [NewEvent("message", ticket, None, message, key=key), *more]
        self._remember(message, key, known)
        return [NewEvent("message", known.name if known else None, None, message, key=key)]

    def _edited(self, message: Message) -> list[NewEvent]:
        """A known message in newer words; versions come in any order, and only the newest counts."""
        known = self._messages[message_key(message.network, message.id)]
        version = message_key(message.network, message.version)
        if known is None or version in self._messages or message.direction == "outbound":
            return []
        for one in message.versions:
            self._messages[message_key(message.network, one)] = known
        return [NewEvent("edited", known.name, None, message, key=version)]

    def _renamed(self, message: Message) -> list[NewEvent]:
        """The latest message of a ticket, read again under another handle of its author."""
        known = self._messages[message_key(message.network, message.id)]
        if known is None or not self._live or known.latest != message.id:
            return []
        called = customer_key(message.author.handle)
        if called == known.called or message.author.id is None or message.direction == "outbound":
            return []
        known.called = called
        return [NewEvent("renamed", known.name, None, message, key=called)]

    def _remember(self, message: Message, key: str, known: _Known | None) -> None:
        self._messages[key] = known
        for one in message.versions:
            self._messages[message_key(message.network, one)] = known
        if known is None:
            if message.direction == "outbound" and message.in_reply_to is not None:
                self._early.setdefault(message_key(message.network, message.in_reply_to), []).append(key)
        elif message.direction == "inbound":
            self._anchor_at(message, known)
            for answer in self._early.get(key, ()):
                self._messages[answer] = known
            known.author = known.author or message.author.id
            theirs = self._touched.setdefault((message.network, known.customer), [])
            if known not in theirs[-1:]:
                theirs.append(known)
            if message.author.id is not None:
                self._handles.setdefault((message.network, message.author.id), set()).add(known.customer)
        elif message.in_reply_to and message_key(message.network, message.in_reply_to) not in self._messages:
            self._anchor(answered(message.network, message.in_reply_to), known)

    def _anchor_at(self, message: Message, known: _Known) -> None:
        """As the fold does: by the conversation, and by a message that stands in no other thread of the ticket."""
        if message.conversation_id is not None:
            self._anchor(conversation(message.network, message.conversation_id), known)
        if message.in_reply_to is not None:
            parent = message_key(message.network, message.in_reply_to)
            if self._messages.get(parent) is not known:
                self._anchor(answered(message.network, message.in_reply_to), known)

    def _anchor(self, place: str, known: _Known) -> None:
        anchor = place + known.customer
        if self._anchors.get(anchor) is known:
            return
        self._anchors[anchor] = known
        self._new_at.setdefault(place, {})[anchor] = known

    def _ticket_of(self, message: Message) -> _Known | None:
        if message.direction == "outbound":
            return self._ticket_we_answered(message)
        if message.in_reply_to is not None:
            key = message_key(message.network, message.in_reply_to)
            parent = self._messages.get(key) or self._posted.get(key)
            if parent is not None and parent.is_of(message):
                return parent
        for place in (answered(message.network, message.id), *places(message)):
            for who in self._names(message):
                anchored = self._anchors.get(place + who)
                if anchored is not None and anchored.is_of(message):
                    return anchored
        if message.visibility == "direct":
            return self._latest_open_ticket(message)
        return None

    def _names(self, message: Message) -> list[str]:
        """The customers that the author of a message may be: by today's handle, and by earlier ones."""
        own = customer_key(message.author.handle)
        if message.author.id is None:
            return [own]
        earlier = self._handles.get((message.network, message.author.id), set())
        return [own, *sorted(earlier - {own})]

    def _ticket_we_answered(self, message: Message) -> _Known | None:
        """That of the message we answered, else of the only customer who answered us, else of the only one
        in the conversation.
        """
        if message.in_reply_to is not None:
            parent = self._messages.get(message_key(message.network, message.in_reply_to))
            return parent or self._only_ticket_at(answered(message.network, message.id))
        if message.conversation_id is None:
            return None
        return self._only_ticket_at(conversation(message.network, message.conversation_id))

    def _only_ticket_at(self, place: str) -> _Known | None:
        """None where several customers stand at this place: each has an anchor of their own."""
        new = self._new_at.get(place, {})
        wanted = "SELECT key, n FROM anchors WHERE key > ? AND key < ? LIMIT ?"
        rows = self._db.execute(wanted, (place, behind(place), len(new) + 2)).fetchall()
        found = dict(zip((key for key, _ in rows), self._load([n for _, n in rows]), strict=True)) | new
        tickets = {known.name: known for known in found.values()}  # one that was merged may stand here twice
        return next(iter(tickets.values())) if len(tickets) == 1 else None

    def _latest_open_ticket(self, message: Message) -> _Known | None:
        found: list[_Known] = []
        for who in self._names(message):
            rows = self._db.execute(
                "SELECT n FROM tickets WHERE customer = ? AND network = ? AND status IN (?,?,?,?)"
                " ORDER BY opened DESC, opened_id DESC LIMIT ?",
                (who, message.network, *_LIVE, _MOST_OPEN),
            ).fetchall()
            found += self._load([n for (n,) in rows]) + self._touched.get((message.network, who), [])
        theirs = (known for known in found if known.is_of(message))
        return max(theirs, key=lambda known: known.opened, default=None)

    def _prefetch(self, messages: Sequence[Message]) -> None:
        keys = {message_key(one.network, name) for one in messages for name in (one.id, *one.versions)}
        self._prefetch_people(messages)
        keys |= {message_key(one.network, one.in_reply_to) for one in messages if one.in_reply_to is not None}
        asked = sorted(filter(self._may_be_known, keys))
        found = list(in_batches(self._db, "SELECT key, n FROM messages WHERE key IN ({})", asked))
        ties = list(
            in_batches(self._db, "SELECT key, n FROM anchors WHERE key IN ({})", self._ties(messages))
        )
        self._load([n for _, n in (*found, *ties) if n is not None])
        self._messages.update((key, None if n is None else self._tickets[n]) for key, n in found)
        self._anchors.update((key, self._tickets[n]) for key, n in ties)
        self._prefetch_gone(messages)
        if self._any("drafts"):
            self._prefetch_posted({one.in_reply_to for one in messages if one.in_reply_to is not None})
        if self._any("early_answers"):
            wanted = "SELECT key, message FROM early_answers WHERE key IN ({})"
            for key, answer in in_batches(self._db, wanted, sorted(keys)):
                self._early.setdefault(key, []).append(answer)

    def _prefetch_posted(self, parents: set[str]) -> None:
        posted = list(in_batches(self._db, _POSTED, sorted(parents)))
        for (remote_id, network, _), known in zip(posted, self._load([n for _, _, n in posted]), strict=True):
            self._posted[message_key(network, remote_id)] = known

    def _any(self, table: str) -> bool:
        return bool(self._db.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0])

    def _ties(self, messages: Sequence[Message]) -> list[str]:
        """The anchors that may lead to the tickets of these messages. Those by an answer are few (one that was
        read before its parent), and mostly there are none.
        """
        some = "SELECT EXISTS (SELECT 1 FROM anchors WHERE key > ? AND key < ?)"
        by_answer = bool(self._db.execute(some, BY_ANSWER).fetchone()[0])
        names = set()
        for one in messages:
            found = places(one) if by_answer else places(one)[: one.conversation_id is not None]
            if by_answer:
                found.append(answered(one.network, one.id))
            for who in self._names(one) if found else ():
                names.update([place + who for place in found])
        return sorted(filter(self._may_be_known, names))

    def _prefetch_gone(self, messages: Sequence[Message]) -> None:
        known = [one for one in messages if message_key(one.network, one.id) in self._messages]
        ends = {message_key(one.network, gone(one.id)): message_key(one.network, one.id) for one in known}
        there = in_batches(self._db, "SELECT key FROM messages WHERE key IN ({})", list(ends))
        self._gone.update(ends[end] for (end,) in there)

    def _prefetch_people(self, messages: Sequence[Message]) -> None:
        ids = sorted({one.author.id for one in messages if one.author.id is not None})
        wanted = "SELECT DISTINCT network, author, customer FROM tickets WHERE author IN ({})"
        for network, author, customer in in_batches(self._db, wanted, ids):
            self._handles.setdefault((network, author), set()).add(customer)

    def _load(self, numbers: Sequence[int]) -> list[_Known]:
        missing = sorted({self._merged.get(n, n) for n in numbers} - self._tickets.keys())
        wanted = (
            "SELECT n, id, customer, author, opened, opened_id, called, text_id FROM tickets WHERE n IN ({})"
        )
        for n, name, customer, author, opened, opened_id, *latest in in_batches(self._db, wanted, missing):
            self._tickets[n] = _Known(name, customer, author, (opened, opened_id), *latest)
        for n in numbers:
            self._tickets.setdefault(n, self._tickets[self._merged.get(n, n)])
        return [self._tickets[n] for n in numbers]


def _opens_a_ticket(message: Message) -> bool:
    return message.direction == "inbound" and not message.text.startswith("RT @")
