"""The clock of a case: which of the customer's messages come, and when, given what the learner does. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from socialcli.errors import UsageError
from socialcli.model.message import Author, Message, Visibility
from socialcli.model.times import format_time, parse_duration, parse_time
from socialcli.policy.schema import Account
from socialcli.practising.cases import Case, Coming, Given, Kind, Wanted, moment
from socialcli.text.undertakings import pattern


class Act(Struct, frozen=True):
    """What the learner did. ``target``: the message that it was about."""

    at: datetime
    kind: Kind
    target: str


class Play:
    """A case under way. ``thread`` is what has been said, oldest first."""

    def __init__(self, case: Case, account: Account) -> None:
        self.case = case
        self.thread: list[Message] = []
        self.acts: list[Act] = []
        self.wanted: dict[str, Wanted] = {}  # message -> what is right there
        self._coming = list(case.messages)
        self._account = account
        self._next()

    @property
    def now(self) -> datetime:
        """When something was said or done last."""
        said = self.thread[-1].created_at
        return max(said, self.acts[-1].at) if self.acts else said

    @property
    def latest(self) -> Message:
        """The customer's latest message."""
        return next(one for one in reversed(self.thread) if one.direction == "inbound")

    def wait(self) -> bool:
        """Let the next message come, if one comes without us; whether one came."""
        return self._arrival() is not None and self._next()

    def do(self, given: Given) -> None:
        """What the learner does; before it comes whatever the customer writes until then. Raises UsageError for a
        time before what was said last.
        """
        at = self._moment(given.at)
        while (arrival := self._arrival()) is not None and arrival <= at:
            self._next()
        target = self.latest
        self.acts.append(Act(at, given.act, target.id))
        if given.act != "pass" and given.text.strip():
            self._say(given.text, at, "outbound", target.visibility)

    def finish(self) -> None:
        """Whatever still comes without us."""
        while self.wait():
            pass

    def _moment(self, written: str) -> datetime:
        try:
            at = moment(written, self.now)
        except (ValueError, OverflowError) as error:
            raise UsageError(f"at: {error}") from error
        if at < self.now:
            raise UsageError(
                f"{format_time(at)} is before what was said last, at {format_time(self.now)}",
                hint='write how long after that: "12m"',
            )
        return at

    def _next(self) -> bool:
        at = self._arrival()
        if at is None:
            return False
        coming = self._coming.pop(0)
        message = self._say(coming.text, at, "inbound", coming.visibility)
        self.wanted[message.id] = coming.act
        return True

    def _arrival(self) -> datetime | None:
        """When the next message comes as things stand; None where none does. What does not come any more is left
        out.
        """
        while self._coming:
            head = self._coming[0]
            if head.at is not None:
                return max(parse_time(head.at), self.now if self.thread else parse_time(head.at))
            answer = self._answer()
            if self._is_left_out(head, answer):
                self._coming.pop(0)
                continue
            if head.silence is not None:
                return _later(self.latest.created_at, head.silence)
            return None if answer is None else _later(answer.created_at, str(head.after))
        return None

    @staticmethod
    def _is_left_out(head: Coming, answer: Message | None) -> bool:
        if answer is None:
            return False
        return head.silence is not None or (bool(head.asked) and not asks(answer.text, head.asked))

    def _answer(self) -> Message | None:
        """Our first answer since the customer wrote last."""
        since = self.thread.index(self.latest)
        return next((one for one in self.thread[since:] if one.direction == "outbound"), None)

    def _say(self, text: str, at: datetime, direction: str, visibility: Visibility) -> Message:
        ours = direction == "outbound"
        author = (
            Author(None, self._account.handle) if ours else Author(None, self.case.handle, self.case.name)
        )
        message = Message(
            id=f"{'a' if ours else 'm'}{len(self.thread) + 1}",
            network=self._account.network,
            account=self._account.name,
            author=author,
            text=text,
            created_at=at,
            visibility=visibility,
            direction="outbound" if ours else "inbound",
            source="direct" if visibility == "direct" else "mention",
            in_reply_to=self.latest.id if ours else None,
            conversation_id="practice",
        )
        self.thread.append(message)
        return message


def _later(since: datetime, length: str) -> datetime | None:
    try:
        return since + timedelta(seconds=parse_duration(length))
    except OverflowError:  # the calendar ends before
        return None


def asks(text: str, things: tuple[str, ...]) -> bool:
    """Whether an answer of ours wants one of these things of the customer."""
    wants = "?" in text or pattern("requests").search(text) is not None
    return wants and any(thing.casefold() in text.casefold() for thing in things)
