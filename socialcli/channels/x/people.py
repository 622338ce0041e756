"""Who wrote the rows of a page, where X does not say so on the page itself: nothing is lost for that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User, listed
from socialcli.errors import SocialError
from socialcli.model.message import Message

if TYPE_CHECKING:
    from socialcli.channels.x.client import XClient

_MOST = 100  # users of one request; so says the specification
_LONGEST_ID = 19  # digits


class Found(Struct, frozen=True):
    """``named`` by X when it was asked again; ``unnamed``: stand-ins for those whom it does not name."""

    named: tuple[User, ...] = ()
    unnamed: tuple[User, ...] = ()

    @property
    def all(self) -> tuple[User, ...]:
        return (*self.named, *self.unnamed)


def find_missing(
    page: Mapping[str, Any], rows: Iterable[Any], us: User, client: XClient, meter: Meter
) -> Found:
    """The authors of ``rows`` who are not among the users of ``page``."""
    includes = page.get("includes")
    there = {us.id, *(one.id for one in _users(includes.get("users") if isinstance(includes, dict) else ()))}
    wanted = [one for one in dict.fromkeys(map(_author_id, rows)) if one and one not in there]
    asked = [one for one in wanted if one.isascii() and one.isdecimal() and len(one) <= _LONGEST_ID]
    named = {one.id: one for one in _ask(client, asked[:_MOST])} if asked else {}
    meter.count_users(named)
    return Found(tuple(named.values()), tuple(_stand_in(one) for one in wanted if one not in named))


def _ask(client: XClient, ids: list[str]) -> list[User]:
    try:
        return _users(client.read("users", "get_users", ids=ids).get("data"))
    except SocialError:
        return []  # the rows were read all the same


def _users(rows: Any) -> list[User]:
    return listed(rows, User)


def _author_id(row: Any) -> str:
    """Empty where there is none, and where the row itself says how they are called."""
    if not isinstance(row, dict) or isinstance(row.get("username"), str):
        return ""
    found = row.get("author_id") or row.get("sender_id")
    return found if isinstance(found, str) else ""


def _stand_in(user_id: str) -> User:
    """A handle that nobody can have: X allows no hyphen in one."""
    return User(user_id, f"id-{user_id}")


def in_address(handle: str) -> str:
    """The handle as it stands in the address of a post; X itself writes "i" where it names nobody."""
    return "i" if handle.startswith("id-") else handle


def author_of(message: Message) -> tuple[User, ...]:
    """The author of a message that was read before, where X can know them by their id."""
    author = message.author
    return () if author.id is None else (User(author.id, author.handle, author.name, author.takes_direct),)
