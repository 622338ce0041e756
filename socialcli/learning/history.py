"""Labels from the team's own history: what people decided teaches, what triage decided does not.

- by hand (``triage --set``) and labels that bear the name of a kind, of a sentiment, or of respond and monitor: the
  message they were about;
- answered, done, resolved: worth an answer, and no spam; resolved as no-answer, or left for a week while nobody
  answered: not worth one;
- held off as spam: the messages of that person are spam.

What people said by hand comes before what they did. What was erased or deleted never counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args

from socialcli.app import App
from socialcli.learning.examples import Example, Material
from socialcli.model.assessment import Kind
from socialcli.model.learning import TARGETS, Target
from socialcli.model.message import Message
from socialcli.model.ticket import Event
from socialcli.queue.filtering import Filter
from socialcli.queue.rows import TicketRow, customer_key

_LEFT_AFTER = timedelta(days=7)  # a message that nobody answered for so long was left on purpose
_SIDES = {"negative": -1, "neutral": 0, "positive": 1}
_RESPOND = {"respond": 1, "monitor": 0}
_CLOSES = frozenset({"done", "resolved"})

Labels = dict[str, dict[Target, int]]  # by message


def materials(app: App) -> tuple[list[Material], Counter[str]]:
    """What the queue teaches, target by target; and how many labelled messages were left out, by reason."""
    reading = _Reading(app)
    for row in app.console.progress(app.queue.rows(Filter(sort="received"), asleep_last=False), "learn"):
        reading.ticket(row)
    found = [
        Material(target, taught, reading.left_out) for target, taught in reading.examples.items() if taught
    ]
    return found, reading.left_out


class _Reading:
    """Walks through the tickets of the queue."""

    def __init__(self, app: App) -> None:
        self._queue = app.queue
        self._now = app.now()
        self._may_learn = {one.name for one in app.policy.accounts if one.learn}
        self._of_x = {one.name for one in app.policy.accounts if one.network == "x"}
        held = app.queue.restrictions()
        self._spammers = {(one.network, customer_key(one.handle)) for one in held if one.reason == "spam"}
        self.examples: dict[Target, list[Example]] = {target: [] for target in TARGETS}
        self.left_out: Counter[str] = Counter()

    def ticket(self, row: TicketRow) -> None:
        thread = self._queue.thread(row)
        labels: Labels = {}
        self._as_done(row, thread, labels)
        self._as_said(row, thread, labels)
        for message in thread:
            said = labels.get(message.id)
            if said and (why := self._not_learned(message)) is not None:
                self.left_out[why] += 1
            elif said:
                for target, label in said.items():
                    self.examples[target].append(Example(message, label))

    def _not_learned(self, message: Message) -> str | None:
        if message.erased or message.deleted or not message.text.strip():
            return "erased-or-deleted"
        of_x = message.network == "x" or message.account in self._of_x
        return "network-x" if of_x and message.account not in self._may_learn else None

    def _as_done(self, row: TicketRow, thread: list[Message], labels: Labels) -> None:
        """What the team did: answers, and silence."""
        answered = False
        inbound: Message | None = None
        for message in thread:
            if message.direction == "inbound":
                inbound = message
                if (message.network, customer_key(message.author.handle)) in self._spammers:
                    labels[message.id] = {"spam": 1}
            elif inbound is not None:
                labels.setdefault(inbound.id, {})["respond"] = 1
                labels[inbound.id].setdefault("spam", 0)
                answered = True
        if inbound is not None and not answered and self._was_left(row, inbound):
            labels.setdefault(inbound.id, {}).setdefault("respond", 0)

    def _was_left(self, row: TicketRow, last: Message) -> bool:
        """Nobody answered, and nobody but people decided so: what triage told to ignore teaches nothing."""
        by_triage = row.respond == "ignore" or row.respond is None
        return not by_triage and not row.solved and last.created_at <= self._now - _LEFT_AFTER

    def _as_said(self, row: TicketRow, thread: list[Message], labels: Labels) -> None:
        """What people said of the message that was the latest when they said it."""
        inbound = [one for one in thread if one.direction == "inbound"]
        for event in self._queue.history(row):
            said = dict(_said_by(event))
            latest = _latest(inbound, datetime.fromisoformat(event.at)) if said and event.at else None
            if latest is not None:
                labels.setdefault(latest.id, {}).update(said)


def _latest(inbound: list[Message], at: datetime) -> Message | None:
    """The newest message that had come by then."""
    return next((one for one in reversed(inbound) if one.created_at <= at), None)


def _said_by(event: Event) -> Iterator[tuple[Target, int]]:
    if event.event == "override":
        fields = event.data.get("fields", {})
        yield from _of_kind(str(fields.get("kind", "")))
        if "respond" in fields:
            yield "respond", int(fields["respond"] == "respond")
    elif event.event == "labelled":
        for name in map(str, event.data.get("add", ())):
            yield from _of_kind(name)
            if name in _SIDES:
                yield "sentiment", _SIDES[name]
            if name in _RESPOND:
                yield "respond", _RESPOND[name]
    elif event.event in _CLOSES:
        yield "respond", int(event.data.get("outcome") != "no-answer")


def _of_kind(kind: str) -> Iterator[tuple[Target, int]]:
    if kind in get_args(Kind):
        yield "complaint", int(kind == "complaint")
        yield "spam", int(kind == "spam")
