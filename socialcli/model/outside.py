"""What programs of the team's own are asked, and what they said of a message."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from socialcli.model.assessment import Assessment
from socialcli.model.card import Card
from socialcli.model.message import Message, Visibility


class DraftRequest(Struct, frozen=True, tag_field="type", tag="draft-request"):
    """All that a draft can be made of: the last inbound message of ``thread`` is answered."""

    v: int
    ticket: str
    target: str
    brand: dict[str, Any]  # name, languages, help
    agent: dict[str, str]  # name, and the sign-off as it is to stand at the end
    account: str
    network: str
    visibility: Visibility
    limit: int  # of the text, in the network's own count
    language: str | None
    thread: tuple[Message, ...]  # oldest first
    why: Assessment
    card: Card | None
    masked: bool  # whether private data in the texts was taken out


class TranslateRequest(
    Struct, frozen=True, tag_field="type", tag="translate-request", rename={"from_": "from"}
):
    """``from_`` and ``to``: ISO 639-1; ``from_`` None where it is not known."""

    v: int
    text: str
    from_: str | None
    to: str


class Translation(Struct, frozen=True, tag_field="type", tag="translation"):
    """What a program makes of a message, in the brand's first language."""

    message_id: str
    to: str
    text: str
    by_program: bool = True
