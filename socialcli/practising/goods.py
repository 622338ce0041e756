"""What the good version says, to be shown beside what was said."""

from __future__ import annotations

from socialcli.model.message import Message
from socialcli.practising.talk import Talk


def answers_before(talk: Talk, message: Message) -> int:
    """How often we had spoken before it came; so many-th is the answer to it."""
    return sum(one.direction == "outbound" for one in talk.thread[: talk.thread.index(message)])


def model_answer(talk: Talk, number: int) -> str:
    """The answer that stands there in the good version, with its time; "" where there is none."""
    if not talk.good:
        return ""
    best = talk.good[min(number, len(talk.good) - 1)]
    return f'; such as, {talk.clock(best.created_at)}: "{best.text}"'
