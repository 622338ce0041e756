"""A conversation as it is marked: what was said, what was done, and what the check says of each answer of ours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from socialcli.compose.linter import CheckRequest, check
from socialcli.model.assessment import Assessment
from socialcli.model.check import Check
from socialcli.model.message import Message
from socialcli.model.times import parse_duration
from socialcli.policy.schema import Policy
from socialcli.practising.cases import Case, Wanted
from socialcli.practising.playing import Act
from socialcli.triage import Assessor

PATIENCE = 15 * 60  # seconds, where no case says otherwise: how long one waits in a running conversation
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Looked(Struct, frozen=True):
    """One of our answers with its check; ``number`` counts from 0."""

    number: int
    message: Message
    check: Check


class Talk(Struct, frozen=True):
    """``thread`` is oldest first. ``good``: our answers in the good version. ``wanted``: what is right, by message;
    empty where no case says so.
    """

    name: str
    policy: Policy
    thread: tuple[Message, ...]
    answers: tuple[Looked, ...]
    assessed: dict[str, Assessment]  # the customer's messages, by id
    acts: tuple[Act, ...] = ()
    wanted: dict[str, Wanted] = {}
    good: tuple[Message, ...] = ()
    case: Case | None = None

    @property
    def patience(self) -> int:
        """Seconds."""
        return PATIENCE if self.case is None else parse_duration(self.case.patience)

    @property
    def end(self) -> datetime:
        said = self.thread[-1].created_at
        return max([said, *(act.at for act in self.acts)])

    def inbound(self) -> list[Message]:
        return [one for one in self.thread if one.direction == "inbound"]

    def is_owed(self, message: Message) -> bool:
        """Whether somebody has to answer this message of the customer's."""
        wanted = self.wanted.get(message.id)
        if wanted is not None:
            return wanted not in ("pass", "any")
        return self.assessed[message.id].respond == "respond"

    def answer_after(self, message: Message) -> Looked | None:
        place = self.thread.index(message)
        later = {one.id for one in self.thread[place:]}
        return next((one for one in self.answers if one.message.id in later), None)

    def clock(self, moment: datetime) -> str:
        return clock(moment, self.policy)


def clock(moment: datetime, policy: Policy) -> str:
    """Where the brand is: "Tue 21:00"."""
    try:
        local = moment.astimezone(ZoneInfo(policy.brand.time_zone))
    except OverflowError:  # the last day of the calendar
        local = moment
    return f"{_DAYS[local.weekday()]} {local:%H:%M}"


def talk(
    name: str,
    policy: Policy,
    thread: tuple[Message, ...],
    *,
    counts_as: str,
    agent: str | None = None,
    acts: tuple[Act, ...] = (),
    wanted: dict[str, Wanted] | None = None,
    good: tuple[Message, ...] = (),
    case: Case | None = None,
) -> Talk:
    """``counts_as``: the network whose text limits hold; ``agent``: who answers, None for any of the policy's."""
    assessor = Assessor(policy)
    assessed: dict[str, Assessment] = {}
    answers: list[Looked] = []
    latest: Message | None = None
    for place, message in enumerate(thread):
        before = thread[:place]
        if message.direction == "inbound":
            assessed[message.id] = assessor.assess(message, before)
            latest = message
            continue
        request = CheckRequest(
            text=message.text,
            network=counts_as,
            label=message.network,
            visibility=message.visibility,
            account=message.account,
            agent=agent,
            customer=latest.author.handle if latest else None,
            thread=before,
            assessment=assessed[latest.id] if latest else None,
        )
        answers.append(Looked(len(answers), message, check(request, policy)))
    return Talk(name, policy, thread, tuple(answers), assessed, acts, wanted or {}, good, case)
