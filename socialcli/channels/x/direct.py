"""Direct messages of X as messages. Those of the last 30 days can be read; what has moved to the encrypted X Chat
is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from socialcli.channels.records import RecordReader, convert, identifier
from socialcli.channels.x.posts import author_of
from socialcli.channels.x.raw import User, listed, renamed
from socialcli.channels.x.words import words_of
from socialcli.model.message import Author, Message, Source
from socialcli.model.times import parse_time

PARAMS: dict[str, Any] = {
    "dm_event_fields": [
        "id",
        "text",
        "event_type",
        "created_at",
        "sender_id",
        "dm_conversation_id",
        "entities",
    ],
    "event_types": "MessageCreate",
    "expansions": ["sender_id", "participant_ids"],
    "user_fields": ["name", "username"],
}
_CREATED = "MessageCreate"


class RawDirect(Struct):
    """A direct message as X gives it."""

    id: str
    created_at: str
    sender_id: str
    text: str | None = None  # none where there is only a picture
    event_type: str = _CREATED
    dm_conversation_id: str | None = None
    entities: Any = None
    urls: Any = None


class DirectPage:
    """One page of direct messages; the rest as in ``posts.Page``. ``us``: the account itself, where it is known,
    since a page need not say who we are.
    """

    def __init__(
        self,
        page: Mapping[str, Any],
        reader: RecordReader,
        us: User | None = None,
        known: Iterable[User] = (),
    ) -> None:
        self._reader = reader
        includes = page.get("includes")
        found = listed(includes.get("users"), User) if isinstance(includes, dict) else []
        self._people = {one.id: one for one in (*known, *([us] if us is not None else ()), *found)}
        self._our_id = None if us is None else us.id

    def read(self, row: Any, source: Source | None = "direct") -> Message | None:
        """A row as a message; None for what is no message (somebody joined). Raises ValueError with the reason."""
        if isinstance(row, dict) and row.get("event_type", _CREATED) != _CREATED:
            return None
        raw = convert(renamed(row) if isinstance(row, dict) else row, RawDirect)
        author = self._author(raw)
        ours = raw.sender_id == self._our_id or author.handle.casefold() in self._reader.our_handles
        conversation = raw.dm_conversation_id and identifier("dm_conversation_id", raw.dm_conversation_id)
        return Message(
            id=identifier("id", raw.id),
            network="x",
            account=self._reader.account.name,
            author=author,
            text=words_of(raw.text, raw.entities or {"urls": raw.urls}).text,
            created_at=parse_time(raw.created_at),
            visibility="direct",
            direction="outbound" if ours else "inbound",
            source=source or self._reader.source,
            conversation_id=conversation,
            url=conversation and f"https://x.com/messages/{conversation}",
            summons=(),
        )

    def _author(self, raw: RawDirect) -> Author:
        user = self._people.get(raw.sender_id)
        if user is None:
            raise ValueError(
                f'direct message {raw.id[:32]}: its sender "{raw.sender_id[:32]}" is not among includes.users'
            )
        return author_of(user)


def is_direct(row: Any) -> bool:
    """Whether a row of a saved page is a direct message rather than a post."""
    return isinstance(row, dict) and ("event_type" in row or "dm_conversation_id" in row)
