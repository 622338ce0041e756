"""What is marked by the clock: the first answer, silences, promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from socialcli.model.message import Message
from socialcli.model.score import Part
from socialcli.model.times import spelled
from socialcli.policy import hours
from socialcli.policy.deadlines import due, own_deadline
from socialcli.policy.promising import promises_in
from socialcli.practising.goods import model_answer
from socialcli.practising.talk import Talk
from socialcli.render.screen import span

_FIRST, _SILENCE = 20, 15
_TWICE = 2  # so many times the allowed wait still has half of the points


def first_answer(talk: Talk) -> Iterator[Part]:
    """In time by the policy's deadline for the priority; half of the points up to twice as late."""
    asked = next((one for one in talk.inbound() if talk.is_owed(one)), None)
    if asked is None:
        return
    found = talk.assessed[asked.id]
    deadline = due(
        talk.policy, found.priority, asked.created_at, asked, own_deadline(asked, found.deadline)
    ).at
    good = f"an answer by {talk.clock(deadline)}{model_answer(talk, 0)}"
    asked_at = f"asked {talk.clock(asked.created_at)}, {found.priority}"
    answer = talk.answer_after(asked)
    if answer is None:
        yield Part("first-answer", 0, _FIRST, f"{asked_at}: never answered", good)
        return
    at = answer.message.created_at
    waited = span(at - asked.created_at)
    why = f"{asked_at}, answered {talk.clock(at)}, after {waited}; the deadline was {talk.clock(deadline)}"
    half = at - deadline <= (_TWICE - 1) * (deadline - asked.created_at)
    points = _FIRST if at <= deadline else _FIRST // 2 if half else 0
    yield Part("first-answer", points, _FIRST, why, good)


def silence(talk: Talk) -> Iterator[Part]:
    """Once we talk, nobody waits longer than ``patience`` of open time, and what we promise comes in time."""
    if not talk.answers:
        return
    gaps = [*_waits(talk), *_broken(talk)]
    good = f"a word at least every {spelled(talk.patience)}, even if only what you are doing"
    if not gaps:
        yield Part("silence", _SILENCE, _SILENCE, "nobody waited long in the conversation", good)
        return
    number, why = max(gaps, key=lambda gap: gap[2])[:2]
    yield Part("silence", 0, _SILENCE, why, good + model_answer(talk, number))


Gap = tuple[
    int, str, timedelta
]  # which of our answers should have ended it, what is said of it, how long it was


def _waits(talk: Talk) -> Iterator[Gap]:
    """The customer's messages after our first answer that waited too long; of several in a row the first."""
    since: Message | None = None
    said = 0
    for message in talk.thread:
        if message.direction == "outbound":
            if since is not None:
                yield from _too_long(talk, since, message.created_at, said)
            since, said = None, said + 1
        elif said and since is None and talk.is_owed(message):
            since = message
    if since is not None:
        yield said, f"{talk.clock(since.created_at)}: never answered", talk.end - since.created_at


def _too_long(talk: Talk, since: Message, until: datetime, number: int) -> Iterator[Gap]:
    always = talk.assessed[since.id].priority in talk.policy.deadlines.always
    limit = hours.after(talk.policy, since.created_at, timedelta(seconds=talk.patience), always=always)
    if until > limit:
        waited = span(until - since.created_at)
        why = f"{waited} of silence from {talk.clock(since.created_at)} to {talk.clock(until)}"
        yield number, why, until - since.created_at


def _broken(talk: Talk) -> Iterator[Gap]:
    """What we promised, and nothing came by then."""
    ours = [one.message for one in talk.answers]
    for place, message in enumerate(ours):
        following = ours[place + 1].created_at if place + 1 < len(ours) else talk.end
        for promise in promises_in(message.text, talk.policy, message.created_at):
            if following > promise.until:
                why = (
                    f'{talk.clock(message.created_at)}: "{promise.words}", and nothing came by'
                    f" {talk.clock(promise.until)}"
                )
                yield place + 1, why, following - message.created_at
