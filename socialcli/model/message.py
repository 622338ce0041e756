"""message: one post, comment or direct message, in or out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Visibility = Literal["public", "direct"]
Direction = Literal["inbound", "outbound"]
Source = Literal["mention", "reply", "direct", "search", "comment", "feed", "import"]


class Author(Struct, frozen=True):
    id: str | None
    handle: str  # without the @
    name: str | None = None


class Message(Struct, frozen=True, tag_field="type", tag="message"):
    id: str  # the network's own, unprefixed; the key is network + id
    network: str
    account: str  # the account of ours that saw it first
    author: Author
    text: str
    created_at: datetime  # aware, UTC, whole seconds
    visibility: Visibility = "public"
    direction: Direction = "inbound"
    source: Source = "mention"
    in_reply_to: str | None = None
    conversation_id: str | None = None
    url: str | None = None
    lang: str | None = None
