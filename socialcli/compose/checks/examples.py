"""Building blocks of the rules' examples: what a customer of the invented Northline Air said, and what
triage made of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from socialcli.compose.checks.rule import CheckRequest
from socialcli.model.assessment import Assessment, Kind, Priority, Register
from socialcli.model.message import Author, Message

CUSTOMER = "marta_ruiz"
OURS = "NorthlineAir"

_OPENED = datetime(2026, 11, 20, 10, tzinfo=UTC)


def drafts(*texts: str) -> tuple[CheckRequest, ...]:
    """Public drafts of which only the text is known."""
    return tuple(CheckRequest(text=text) for text in texts)


def thread(*turns: str) -> tuple[Message, ...]:
    """A public conversation, five minutes a turn: ``"> ..."`` is ours, all else the customer's."""
    return tuple(_message(number, turn) for number, turn in enumerate(turns, start=1))


def _message(number: int, turn: str) -> Message:
    ours = turn.startswith("> ")
    return Message(
        id=f"m{number}",
        network="x",
        account="support",
        author=Author(id=None, handle=OURS if ours else CUSTOMER),
        text=turn.removeprefix("> "),
        created_at=_OPENED + timedelta(minutes=5 * number),
        direction="outbound" if ours else "inbound",
    )


def assessed(
    kind: Kind = "complaint",
    *,
    sentiment: float = -0.6,
    priority: Priority = "high",
    register: Register = "neutral",
) -> Assessment:
    """Triage's view of the customer's last message."""
    return Assessment(
        message_id="m1",
        ticket=None,
        respond="respond",
        priority=priority,
        score=60,
        kind=kind,
        topic=None,
        sentiment=sentiment,
        register=register,
        route="service",
        language="en",
        private_data=(),
        reasons=(),
    )
