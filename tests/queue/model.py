"""What the queue is held against: tickets and messages in a few dicts, after the words of the contract.

Where the contract leaves a choice (a message fits two tickets of its customer), the model is told what the queue
chose, and says only whether it was free to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import structs

from socialcli.model.assessment import PRIORITIES
from socialcli.model.message import Author, Message
from socialcli.queue.rows import ticket_id

LIVE = ("new", "open", "pending", "on-hold")
ON_ITS_WAY = ("intended", "unknown", "by-hand", "awaiting-approval", "approved", "scheduled")
WAITING = ("awaiting-approval", "approved")
# Later facts of one attempt win over earlier ones; "sent" over everything.
ORDER = (
    "composed", "refused", "awaiting-approval", "approved", "rejected", "recalled", "scheduled", "by-hand", "intended",
    "unknown", "parked", "failed", "sent",
)  # fmt: skip


@dataclass(eq=False)
class Said:
    """A message as it reads now."""

    whole: Message
    ticket: Matter | None
    read: int  # when these words were read: a count
    text: str
    answered: bool = False
    assessed: bool = False
    gone: bool = False  # deleted or erased
    forgotten: bool = False  # erased since somebody asked for it

    @property
    def at(self) -> tuple[int, str]:
        return int(self.whole.created_at.timestamp()), self.whole.id

    @property
    def inbound(self) -> bool:
        return self.whole.direction == "inbound"


@dataclass(eq=False)
class Matter:
    """A ticket. ``shown`` may be any of the customer's messages once some were deleted or moved about."""

    name: str
    customer: str
    author: str | None
    opened: tuple[int, str]
    answered_by_us: bool = False
    colleague: int = -1
    solved: bool = False
    withdrawn: bool = False
    archived: bool = False
    snoozed: int | None = None
    labels: set[str] = field(default_factory=set)
    claim: tuple[str, int] | None = None
    respond: str | None = None
    priority: str | None = None
    score: int | None = None
    override: dict[str, str] = field(default_factory=dict)
    touched: str = ""  # ``at`` of its newest line
    plain: bool = True  # nothing was deleted, erased, merged or split: what is shown is the latest message
    in_journal: bool = True

    def is_of(self, message: Message) -> bool:
        if self.author is not None and message.author.id is not None:
            return self.author == message.author.id
        return self.customer == message.author.handle

    def set_by_hand(self) -> None:
        self.respond = self.override.get("respond", self.respond)
        self.priority = self.override.get("priority", self.priority)


@dataclass(eq=False)
class Sketch:
    """A draft."""

    id: str
    ticket: Matter
    target: str
    state: str = "composed"
    attempt: int = 1
    intended: int | None = None  # the count at the latest intent
    remote: str | None = None


class Model:
    def __init__(self) -> None:
        self.count = 0
        self.said: dict[str, Said] = {}  # by the first id
        self.ids: dict[str, str] = {}  # any id of a message -> its first one
        self.names: dict[str, Matter] = {}  # every name that was ever printed
        self.drafts: dict[str, Sketch] = {}
        self.early: dict[str, list[Said]] = {}  # our answers, by what they answer, which is not known
        self.anchors: dict[
            tuple[str, str], list[Matter]
        ] = {}  # where a ticket was met: a conversation, a parent
        self.parted: list[tuple[str, str]] = []  # names on both sides of each split
        self.gone_words: set[str] = set()  # texts that nobody may see any more

    # looking

    def tickets(self) -> list[Matter]:
        return list(dict.fromkeys(self.names.values()))

    def messages(self, ticket: Matter) -> list[Said]:
        return [one for one in self.said.values() if one.ticket is ticket]

    def inbox(self, ticket: Matter) -> list[Said]:
        return [one for one in self.messages(ticket) if one.inbound]

    def posted(self, ticket: Matter) -> set[str]:
        """Ids of our drafts that were sent."""
        return {
            str(one.remote) for one in self.drafts.values() if one.ticket is ticket and one.state == "sent"
        }

    def thread(self, ticket: Matter) -> dict[str, str | None]:
        """id -> text; None for a draft of ours, whose words the drafts know."""
        ours: dict[str, str | None] = dict.fromkeys(self.posted(ticket))
        return ours | {one.whole.id: one.text for one in self.messages(ticket)}

    def waiting(self, ticket: Matter) -> set[str]:
        return {one.whole.id for one in self.inbox(ticket) if not one.answered}

    def untriaged(self, ticket: Matter) -> int:
        return sum(not one.assessed for one in self.inbox(ticket))

    def on_its_way(self, ticket: Matter) -> bool:
        return any(one.ticket is ticket and one.state in ON_ITS_WAY for one in self.drafts.values())

    def on_hold(self, ticket: Matter) -> bool:
        return any(one.ticket is ticket and one.state in WAITING for one in self.drafts.values())

    def status(self, ticket: Matter) -> str:
        if self.on_hold(ticket):
            return "on-hold"
        if not self.waiting(ticket):
            return self._finished(ticket)
        if ticket.score is None or (ticket.respond == "ignore" and self.untriaged(ticket)):
            return "new"
        return "closed" if ticket.respond == "ignore" else "open"

    def _finished(self, ticket: Matter) -> str:
        if ticket.archived:
            return "closed"
        if ticket.solved:
            return "solved"
        if ticket.answered_by_us or ticket.colleague >= 0:
            return "pending"
        return "closed" if ticket.withdrawn else "new"

    def matches(self, word: str) -> set[Matter]:
        found = (one for one in self.said.values() if one.ticket is not None)
        return {one.ticket for one in found if word in one.text.split() and one.ticket is not None}

    def archivable(self, before: str) -> set[Matter]:
        """Finished, quiet, and not hanging together with one that stays."""
        going = {
            one
            for one in self.tickets()
            if self.status(one) in ("solved", "closed", "pending")
            and not self.untriaged(one)
            and one.snoozed is None
            and not self.on_its_way(one)
            and one.touched < before
            and one.in_journal
        }
        while True:
            bound = set()
            for pair in self.parted:
                both = {self.names[one] for one in pair if one in self.names}
                if not both <= going:
                    bound |= both & going
            if not bound:
                return going
            going -= bound

    # messages

    def is_known(self, message: Message) -> bool:
        return any(one in self.ids for one in (message.id, *message.versions))

    def may_join(self, message: Message) -> tuple[list[Matter], bool]:
        """The tickets that a new message may join, and whether it must join one of them."""
        if message.direction == "outbound":
            return self._answered(message)
        parent = self._ticket_of(message.in_reply_to)
        if parent is not None and parent.is_of(message):
            return [parent], True
        near = [one for one in self._near(message) if one.is_of(message)]
        if near:
            return near, True
        if message.visibility == "direct":
            live = [one for one in self.tickets() if one.is_of(message) and self.status(one) in LIVE]
            newest = max(live, key=lambda one: one.opened, default=None)
            return ([newest], True) if newest is not None else ([], False)
        return [], False

    def _ticket_of(self, name: str | None) -> Matter | None:
        """That of a message, or of a draft of ours that was posted under this id."""
        if name is None:
            return None
        if name in self.ids and self.said[self.ids[name]].ticket is not None:
            return self.said[self.ids[name]].ticket
        return next((one.ticket for one in self.drafts.values() if one.remote == name), None)

    def _near(self, message: Message) -> list[Matter]:
        places = [("answer", message.id)]
        if message.conversation_id is not None:
            places.append(("conversation", message.conversation_id))
        if message.in_reply_to is not None:
            places.append(("answer", message.in_reply_to))
        return list(dict.fromkeys(one for place in places for one in self.anchors.get(place, ())))

    def _answered(self, message: Message) -> tuple[list[Matter], bool]:
        if message.in_reply_to is not None:
            known = self.ids.get(message.in_reply_to)
            parent = self.said[known].ticket if known is not None else None
            if parent is not None:
                return [parent], True
            there = self.anchors.get(("answer", message.id), [])
        elif message.conversation_id is not None:
            there = self.anchors.get(("conversation", message.conversation_id), [])
        else:
            return [], False
        return there, len(there) == 1 and there[0].plain

    def take(self, message: Message, name: str | None) -> None:
        """A new message, in the ticket of this name; it opens one if there is none yet."""
        self.count += 1
        ticket = None if name is None else self.names.get(name)
        said = Said(message, ticket, self.count, message.text)
        if name is not None and ticket is None:
            ticket = Matter(name, message.author.handle, message.author.id, said.at)
            self.names[name] = said.ticket = ticket
        elif ticket is not None and said.inbound:
            self._wake(ticket, said)
        self.said[message.id] = said
        self.ids |= dict.fromkeys((message.id, *message.versions), message.id)
        if said.inbound:
            self._inbound(said)
        else:
            self._outbound(said)

    def _wake(self, ticket: Matter, said: Said) -> None:
        ticket.solved = ticket.withdrawn = ticket.archived = False
        ticket.snoozed = None
        ticket.author = ticket.author or said.whole.author.id
        ticket.opened = min(ticket.opened, said.at)

    def _inbound(self, said: Said) -> None:
        ticket, message = said.ticket, said.whole
        if ticket is None:
            return
        ticket.in_journal = True
        for answer in self.early.get(message.id, ()):
            answer.ticket = ticket
            ticket.colleague = max(ticket.colleague, answer.at[0])
        said.answered = said.at[0] <= ticket.colleague
        if message.conversation_id is not None:
            self._anchor(("conversation", message.conversation_id), ticket)
        if message.in_reply_to is not None:
            self._anchor(("answer", message.in_reply_to), ticket)

    def _outbound(self, said: Said) -> None:
        ticket, parent = said.ticket, said.whole.in_reply_to
        if ticket is None:
            if parent is not None:
                self.early.setdefault(parent, []).append(said)
            return
        ticket.in_journal = True
        if parent is not None and parent not in self.ids:
            self._anchor(("answer", parent), ticket)
        if said.whole.id in self.posted(ticket):
            return
        ticket.colleague = max(ticket.colleague, said.at[0])
        for one in self.inbox(ticket):
            one.answered = one.answered or one.at[0] <= said.at[0]

    def _anchor(self, place: tuple[str, str], ticket: Matter) -> None:
        there = self.anchors.setdefault(place, [])
        if ticket not in there:
            there.append(ticket)

    def alias(self, name: str, of: str) -> None:
        """An older opening message gave the ticket its name."""
        if name not in self.names:
            self.names[name] = self.names[of]
            self.names[of].name = name

    def edit(self, message: Message) -> None:
        self.count += 1
        said = self.said[message.id]
        self.gone_words.add(said.text)
        said.whole, said.text, said.read = message, message.text, self.count
        said.answered = said.assessed = False
        self.ids |= dict.fromkeys(message.versions, message.id)
        if said.ticket is not None:
            said.ticket.solved = said.ticket.archived = False
            said.ticket.snoozed = None

    def rename(self, message: Message) -> None:
        self.said[message.id].whole = message

    def delete(self, message: Message) -> None:
        said = self.said[message.id]
        said.whole = structs.replace(said.whole, author=message.author)
        ticket = said.ticket
        self._lose_words(said)
        if ticket is not None:
            ticket.withdrawn |= not said.answered
            ticket.plain = False
        said.answered = said.assessed = True

    def _lose_words(self, said: Said) -> None:
        if said.text:
            self.gone_words.add(said.text)
        said.text, said.gone = "", True

    def erase(self, ticket: Matter | None, messages: Iterable[str], customer: str | None) -> None:
        """A tombstone."""
        for name in messages:
            said = self.said[name]
            self._lose_words(said)
            said.whole = structs.replace(said.whole, erased=True)
            if customer is not None and said.inbound:
                said.whole = structs.replace(said.whole, author=Author(None, customer))
            if said.ticket is not None:
                said.answered = said.assessed = True
                said.ticket.withdrawn, said.ticket.plain = True, False
        if ticket is not None and customer is not None:
            ticket.customer, ticket.author, ticket.plain = customer, None, False

    # decisions

    def assess(self, ticket: Matter, message: str, respond: str, priority: str, score: int) -> None:
        said = self.said.get(message)
        if said is not None and said.ticket is ticket and said.inbound:
            said.assessed = True
        ticket.respond, ticket.priority, ticket.score = respond, priority, score
        ticket.set_by_hand()

    def finish(self, ticket: Matter, *, done: bool) -> None:
        for one in self.inbox(ticket):
            one.answered = True
        ticket.solved = True
        ticket.answered_by_us |= done

    def merge(self, kept: Matter, lost: Matter) -> None:
        older, younger = sorted((kept, lost), key=lambda one: one.opened)
        kept.name, kept.opened = older.name, older.opened
        for said in self.messages(lost):
            said.ticket = kept
        for draft in self.drafts.values():
            draft.ticket = kept if draft.ticket is lost else draft.ticket
        for name, ticket in self.names.items():
            if ticket is lost:
                self.names[name] = kept
        for there in self.anchors.values():
            there[:] = dict.fromkeys(kept if one is lost else one for one in there)
        if _pressing(lost) > _pressing(kept):
            kept.respond, kept.priority, kept.score = lost.respond, lost.priority, lost.score
        kept.override = lost.override | kept.override
        kept.set_by_hand()
        kept.author = kept.author or lost.author
        kept.claim = kept.claim or lost.claim
        asleep = (kept.snoozed, lost.snoozed)
        kept.snoozed = None if None in asleep else min(one for one in asleep if one is not None)
        kept.labels |= lost.labels
        kept.answered_by_us |= lost.answered_by_us
        kept.colleague = max(kept.colleague, lost.colleague)
        kept.solved &= lost.solved
        kept.archived &= lost.archived
        kept.withdrawn |= lost.withdrawn
        kept.touched = max(kept.touched, lost.touched)
        kept.in_journal |= lost.in_journal
        kept.plain = False
        assert younger.name in self.names

    def going(self, ticket: Matter, first: str) -> set[str]:
        """What goes along when ``first`` becomes a ticket of its own: messages, and posts of our drafts."""
        begin = self.said[first]
        answers = {one.whole.id: one.whole.in_reply_to for one in self.messages(ticket)}
        answers |= {
            str(one.remote): one.target
            for one in self.drafts.values()
            if one.ticket is ticket and one.state == "sent" and one.remote not in answers
        }
        ids = {first}
        if begin.whole.visibility == "direct":
            later = (one for one in self.messages(ticket) if one.at > begin.at)
            ids |= {one.whole.id for one in later if one.whole.visibility == "direct"}
        while more := {one for one, parent in answers.items() if parent in ids} - ids:
            ids |= more
        return ids - {ticket.opened[1]}

    def split(self, old: Matter, first: str) -> None:
        going = self.going(old, first)
        moved = [self.said[one] for one in going if one in self.said]
        begin = self.said[first]
        new = Matter(ticket_id("file", first), old.customer, old.author, begin.at, plain=False)
        old.plain = False
        self.names[new.name] = new
        self.parted.append((old.name, new.name))
        for draft in self.drafts.values():
            if draft.ticket is old and draft.target in going:
                draft.ticket = new
                new.answered_by_us |= draft.state == "sent"
        for one in self.messages(old):
            one.assessed = one.assessed and (one.answered or not one.inbound)
        for one in moved:
            one.ticket = new
        theirs = [one.at[0] for one in moved if not one.inbound and one.whole.id not in self.posted(new)]
        new.colleague = max((-1, *theirs))
        new.touched = old.touched
        for there in self.anchors.values():
            if old in there:
                there.append(new)
        for one in moved:  # what comes later may belong here
            for name in (one.whole.id, one.whole.in_reply_to):
                if name is not None:
                    self._anchor(("answer", name), new)

    # drafts

    def move_on(self, draft: Sketch, state: str, attempt: int, remote: str | None = None) -> None:
        """A fact about a draft: it counts by attempt and rank, not by the time it came."""
        if draft.state == "sent":
            return
        later = attempt == draft.attempt and ORDER.index(state) >= ORDER.index(draft.state)
        if state != "sent" and attempt <= draft.attempt and not later:
            return
        self.count += 1
        draft.state, draft.attempt = state, max(attempt, draft.attempt)
        if state == "intended":
            draft.intended = self.count
        if state == "sent":
            draft.remote = remote
            before = self.count if draft.intended is None else draft.intended
            for one in self.inbox(draft.ticket):
                one.answered = one.answered or one.read < before
            draft.ticket.answered_by_us = True


def _pressing(ticket: Matter) -> tuple[bool, bool, int, int]:
    rank = PRIORITIES.index(ticket.priority) if ticket.priority in PRIORITIES else len(PRIORITIES)
    return ticket.score is not None, ticket.respond == "respond", -rank, ticket.score or 0
