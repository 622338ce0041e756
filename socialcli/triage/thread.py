"""The whole conversation weighs, not only its last message: what stands open, what we asked, what we answered.

An author is looked at for one thing only: whether two messages are the same customer's.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from socialcli.model.assessment import Kind
from socialcli.model.message import Message

# An earlier open matter of a higher rank stays the matter.
RANK: dict[Kind, int] = {
    "complaint": 5,
    "request": 4,
    "question": 4,
    "feedback": 3,
    "praise": 2,
    "mention": 1,
    "abuse": 0,
    "spam": 0,
}
RECENT = 40  # messages of a thread that are looked at, the newest


class Story(Struct, frozen=True, gc=False):
    """A thread as seen from one message of the customer."""

    answers: int  # how many messages of ours are in it
    last_answer: Message | None
    before: tuple[Message, ...]  # the customer's, up to our last answer
    unanswered: tuple[Message, ...]  # the customer's, since


NO_STORY = Story(0, None, (), ())


def story_of(message: Message, thread: Sequence[Message]) -> Story:
    """``thread``: the earlier messages of the conversation, both directions, oldest first."""
    if not thread:
        return NO_STORY
    answers = 0
    last_answer: Message | None = None
    before: list[Message] = []
    unanswered: list[Message] = []
    for earlier in thread[-RECENT:]:
        if earlier.direction == "outbound":
            answers += 1
            last_answer = earlier
            before += unanswered
            unanswered = []
        elif same_customer(earlier, message) and earlier.id != message.id:
            unanswered.append(earlier)
    return Story(answers, last_answer, tuple(before), tuple(unanswered))


def same_customer(one: Message, other: Message) -> bool:
    if one.author.id is not None and other.author.id is not None:
        return one.author.id == other.author.id
    return one.author.handle.casefold() == other.author.handle.casefold()
