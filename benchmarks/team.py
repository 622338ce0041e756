"""An invented service team: what it does with the messages of ``benchmarks.generate``, as events of the journal.

Every five minutes it reads what is new and triage weighs it; then people claim, write, approve, post, note,
label, put off and resolve. A fetch later our own posts are read back, as networks show them. Customers edit,
delete and rename. All chances come from one seed, and only what is still to come is held in memory.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from benchmarks.answers import NETWORK, Answer, statement
from benchmarks.generate import OURS, Made
from socialcli.model.message import Author, Message
from socialcli.queue.facts import message_key
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import ticket_id

EVERY = 300  # seconds between two fetches; what follows one is over before the next
_HOUR, _DAY = 3600, 86400
_ONE_IN_DIRECT = 7  # conversations
_FETCHES_A_STATEMENT = 900  # about three days
_POLICY = "5199373bf31d8e4e"
AGENTS = ("sb", "mo")
_TOPICS = ("baggage", "delay", "refund", "booking", "seat", "check-in", "crew", "app", None, None)
_LABELS = ("vip", "press", "group", "wheelchair", "lost-bag", "strike", "refund-due", "follow-up")
_NOTES = (
    "Asked the desk in Oslo, they call back after three.",
    "Customer was rebooked yesterday, see the booking.",
    "Second bag found, tag was torn off. On the evening flight.",
    "Please do not promise a date: finance has not said yes yet.",
)
_CAUSES = ("bag left behind at the transfer", "late crew", "payment taken twice", "wrong name on the booking")
_FIXES = ("sent on, tag checked", "rebooked", "refund on its way", "name changed free of charge")
# respond, priority, kind, score; how many in a hundred
_VERDICTS = (
    (("respond", "urgent", "complaint", 92), 6),
    (("respond", "high", "complaint", 71), 24),
    (("respond", "normal", "question", 38), 30),
    (("respond", "normal", "request", 41), 12),
    (("respond", "low", "praise", 12), 12),
    (("monitor", "low", "mention", 8), 12),
    (("ignore", "low", "spam", 2), 4),
)
_KINDS, _KIND_WEIGHTS = zip(*_VERDICTS, strict=True)
_WITHIN = {"urgent": 900, "high": _HOUR, "normal": 4 * _HOUR, "low": _DAY}

Planned = tuple[
    int, int, NewEvent, str, str
]  # when, number, event; only while that message is this one's latest
Moment = tuple[datetime, list[NewEvent]]


class Team:
    """``events`` of one journal, in the order of their times. ``read`` is the offset up to which it was written:
    whoever takes the events tells.
    """

    def __init__(self, seed: int) -> None:
        self.read = 0
        self._chance = random.Random(seed)
        self._later: list[Planned] = []
        self._number = 0
        self._latest: dict[
            str, str
        ] = {}  # conversation -> id of its latest message, while somebody looks at it
        self._read_back: list[NewEvent] = []

    def events(self, made: Iterable[Made]) -> Iterator[Moment]:
        """What is written at one time, after each other."""
        fetched = 0
        for number, (window, group) in enumerate(groupby(made, _window)):
            fetched = (window + 1) * EVERY
            yield from self._due(fetched)
            yield from self._fetch(fetched, list(group))
            if number % _FETCHES_A_STATEMENT == _FETCHES_A_STATEMENT // 2:
                self._plan_all(statement(self._chance, fetched + 200, self.read))
        yield from self._due(fetched + EVERY)
        yield from self._fetch(fetched + EVERY, [])

    def _fetch(self, at: int, batch: list[Made]) -> Iterator[Moment]:
        """The messages, how far they were read, and what they cost; triage; and what is planned with them."""
        answered = {one.in_reply_to for one in batch}
        events, self._read_back = self._read_back, []
        inbound: list[Message] = []
        for one in batch:
            message = _message(one)
            # Whoever answered before the next fetch cannot have answered what we write after this one.
            if one.handle == OURS and one.id not in answered and self._chance.random() < 0.8:
                self._answer(message, at)
                continue
            events.append(_taken_in(message))
            if one.handle != OURS:
                inbound.append(message)
            self._latest[one.conversation_id] = one.id
        cursor = {"offset": self.read, "bad": [], "waiting": [], "inode": 2924547, "head": "7921e67361c3e681"}
        events.append(NewEvent("cursor", None, None, {"account": "support", "cursor": cursor}))
        if at % _HOUR == 0:
            events.append(NewEvent("used", None, None, _used(len(events))))
        yield _moment(at), events
        if inbound:
            yield _moment(at + 2), [self._assessed(one, at) for one in inbound]
        for message in inbound:
            self._look_at(message, at)

    # what people do

    def _answer(self, message: Message, at: int) -> None:
        """Our answer, written here after the fetch at ``at``; the next one reads it back."""
        chance, ticket = self._chance, _ticket(message)
        agent = chance.choice(AGENTS)
        start = at + 10 + chance.randrange(120)
        if chance.random() < 0.6:
            until = {"agent": agent, "until": start + 900}
            self._plan(start, NewEvent("claimed", ticket, agent, until))
        answer = Answer(chance, ticket, message, agent, self.read)
        posted = self._plan_all(answer.events(start + 2))
        self._read_back.append(_taken_in(replace(message, created_at=_moment(posted))))
        self._latest[str(message.conversation_id)] = message.id
        if chance.random() < 0.25:
            self._plan(posted + 5, NewEvent("released", ticket, agent, {}))
        self._resolve_later(message, "fixed", posted + _HOUR, 2 * _DAY, agent)

    def _look_at(self, message: Message, at: int) -> None:
        """What else becomes of an inbound message."""
        chance, ticket, agent = self._chance, _ticket(message), self._chance.choice(AGENTS)

        def now_and_then(share: float, event: str, by: str | None, data: Any, spread: int = _HOUR) -> None:
            if chance.random() < share:
                self._plan(at + 20 + chance.randrange(spread), NewEvent(event, ticket, by, data))

        now_and_then(0.06, "note", agent, {"text": chance.choice(_NOTES)})
        label = chance.choice(_LABELS)
        now_and_then(0.06, "labelled", agent, {"add": [label], "remove": []})
        now_and_then(0.02, "labelled", agent, {"add": [], "remove": [label]}, _DAY)
        now_and_then(0.03, "snoozed", agent, {"until": at + chance.randrange(_HOUR, 3 * _DAY)})
        now_and_then(0.01, "snoozed", agent, {"until": 0}, _DAY)
        raised = {"fields": {"priority": "high", "score": 70, "head_start": 94 * 3600}, "reason": "stranded"}
        now_and_then(0.01, "override", agent, raised)
        now_and_then(0.02, "prefers", agent, {"channel": "email", "message": message.id})
        shouted = replace(message, text=f"{message.text} !!", versions=(f"{message.id}1",))
        now_and_then(0.005, "edited", None, shouted)
        moved_on = replace(message.author, handle=f"{message.author.handle}_now")
        now_and_then(0.003, "renamed", None, replace(message, author=moved_on), _DAY)
        now_and_then(0.005, "deleted", None, replace(message, text="", deleted=True), _DAY)
        self._resolve_later(message, "no-answer", at + 6 * _HOUR, 2 * _DAY, agent)

    def _resolve_later(self, message: Message, outcome: str, at: int, spread: int, agent: str) -> None:
        """Closed, unless somebody has written more by then; now and then it is forgotten."""
        chance = self._chance
        told = {"outcome": outcome, "cause": None, "fix": None}
        if outcome == "fixed":
            told |= {"cause": chance.choice(_CAUSES), "fix": chance.choice(_FIXES)}
        if chance.random() < 0.97:
            event = NewEvent("resolved", _ticket(message), agent, told)
            root = str(message.conversation_id)
            self._plan(at + chance.randrange(spread), event, root, message.id)

    def _assessed(self, message: Message, at: int) -> NewEvent:
        """What triage writes of one message."""
        chance = self._chance
        respond, priority, kind, score = chance.choices(_KINDS, _KIND_WEIGHTS)[0]
        data = {
            "message_id": message.id,
            "respond": respond,
            "priority": priority,
            "score": score + chance.randrange(8),
            "kind": kind,
            "topic": chance.choice(_TOPICS),
            "sentiment": chance.randrange(-100, 101) / 100,
            "register": "neutral",
            "language": "en",
            "due": at + _WITHIN[priority] if respond == "respond" else None,
            "head_start": score * 7200,
            "policy": _POLICY,
        }
        return NewEvent("assessed", _ticket(message), None, data, key=message.id)

    # the plan

    def _plan(self, at: int, event: NewEvent, root: str = "", latest: str = "") -> None:
        self._number += 1
        heappush(self._later, (at, self._number, event, root, latest))

    def _plan_all(self, timed: Iterable[tuple[int, NewEvent]]) -> int:
        """All of them; returns when the last will be."""
        last = 0
        for last, event in timed:
            self._plan(last, event)
        return last

    def _due(self, until: int) -> Iterator[Moment]:
        while self._later and self._later[0][0] < until:
            at, _, event, root, latest = heappop(self._later)
            if not root:
                yield _moment(at), [event]
            elif self._latest.get(root) == latest:
                del self._latest[root]
                yield _moment(at), [event]


def _window(one: Made) -> int:
    return int(datetime.fromisoformat(one.created_at).timestamp()) // EVERY


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _ticket(message: Message) -> str:
    return ticket_id(NETWORK, str(message.conversation_id))


def _taken_in(message: Message) -> NewEvent:
    return NewEvent("message", _ticket(message), None, message, key=message_key(NETWORK, message.id))


def _message(one: Made) -> Message:
    """As ``fetch`` would take it in; a conversation in seven is direct messages."""
    ours = one.handle == OURS
    direct = int(one.conversation_id) % _ONE_IN_DIRECT == 0
    return Message(
        id=one.id,
        network=NETWORK,
        account="support",
        author=Author(one.handle.removeprefix("flyer"), one.handle, one.name),
        text=one.text,
        created_at=datetime.fromisoformat(one.created_at),
        visibility="direct" if direct else "public",
        direction="outbound" if ours else "inbound",
        source="direct" if direct else "reply" if one.in_reply_to else "mention",
        in_reply_to=one.in_reply_to or None,
        conversation_id=one.conversation_id,
        url=f"https://x.com/{one.handle}/status/{one.id}",
        lang="en",
    )


def _used(posts: int) -> dict[str, Any]:
    cost = f"0.{posts:04}"
    return {"account": "support", "acts": {"read": posts}, "cost": cost, "currency": "USD", "held": {}}
