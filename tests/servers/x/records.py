"""What the server tells a test about users, and of what it took and was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class User:
    id: str
    handle: str
    name: str


@dataclass(frozen=True)
class Accepted:
    """A post that the server took. ``text`` as it is shown, ``sent`` as it came; ``through``: "api" or "web"."""

    id: str
    author: str
    text: str
    sent: str
    in_reply_to: str | None
    conversation_id: str
    created_at: str
    deleted: bool
    through: str


@dataclass(frozen=True)
class Direct:
    """A direct message that the server took."""

    id: str
    sender: str
    recipient: str
    text: str
    sent: str
    conversation_id: str
    created_at: str
    through: str


@dataclass(frozen=True)
class Recorded:
    """A request. ``auth`` is "oauth1", "bearer", "none" or "bad"; ``status`` None where no answer went out;
    ``route`` None where there is none of that name.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    auth: str
    body: Any
    status: int | None
    route: str | None
    fault: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)  # those in the path
