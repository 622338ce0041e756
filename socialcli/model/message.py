"""message: one post, comment or direct message, in or out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Visibility = Literal["public", "direct"]
Direction = Literal["inbound", "outbound"]
Source = Literal["mention", "reply", "direct", "search", "comment", "feed", "import"]


class Author(Struct, frozen=True, gc=False):
    id: str | None
    handle: str  # without the @
    name: str | None = None
    takes_direct: bool | None = None  # whether the network lets us write to them directly; None: not known


class Message(Struct, frozen=True, gc=False, tag_field="type", tag="message"):
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
    # Where the network gives an edited message a new id: those of its later versions, newest last. The first
    # id names the message for ever.
    versions: tuple[str, ...] = ()
    # Handles that the message names or quotes, as the network sees it; None: not known, read the text.
    summons: tuple[str, ...] | None = None
    found_by: str | None = None  # the saved search that found it
    deleted: bool = False  # by its author; the text is then empty
    erased: bool = False  # by ``forget``, or after its deletion; the text is then empty

    @property
    def version(self) -> str:
        """The id of the words as they stand now."""
        return self.versions[-1] if self.versions else self.id
