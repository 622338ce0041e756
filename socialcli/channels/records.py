"""A row from outside -> a message: types checked, times understood, broken Unicode mended."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from typing import Any, TypeVar

import msgspec

from socialcli.model.message import Author, Direction, Message, Source, Visibility
from socialcli.model.times import NoZoneError, parse_time
from socialcli.policy.schema import Account
from socialcli.text.clean import clean

_LONGEST_ID = 256
_LONGEST_HANDLE = 256


class _InAuthor(msgspec.Struct):
    handle: str
    id: str | int | None = None
    name: str | None = None


class _InMessage(msgspec.Struct):
    id: str | int
    text: str
    created_at: str | int | float
    author: _InAuthor
    network: str | None = None
    visibility: Visibility = "public"
    direction: Direction | None = None
    source: Source | None = None
    in_reply_to: str | int | None = None
    conversation_id: str | int | None = None
    url: str | None = None
    lang: str | None = None


class Explaining(msgspec.Struct, frozen=True):
    """A message that stands in a file only to explain others: taken in, never counted as read."""

    message: Message


_Row = TypeVar("_Row")
_decode = msgspec.json.Decoder(_InMessage).decode


class RecordReader:
    """Reads rows for one account. ``our_handles`` are case-folded; ``source`` is what a row without one is.

    ``zone`` is the zone of naive times; without it they are mistakes.
    """

    def __init__(
        self, account: Account, our_handles: frozenset[str], *, source: Source, zone: tzinfo | None = None
    ) -> None:
        self.account = account
        self.our_handles = our_handles
        self.source = source
        self._zone = zone

    def from_json(self, line: bytes) -> Message:
        """A message from one line of JSON Lines. Raises ValueError with the reason."""
        try:
            row = _decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            row = from_broken_json(line, error, _InMessage)
        return self._message(row)

    def from_fields(self, fields: dict[str, Any]) -> Message:
        """A message from named values (``author`` is a table). Raises ValueError with the reason."""
        return self._message(convert(mended(fields), _InMessage))

    def _message(self, row: _InMessage) -> Message:
        message_id = identifier("id", str(row.id))
        handle = identifier("author.handle", row.author.handle.strip().lstrip("@"), _LONGEST_HANDLE)
        direction = row.direction
        if direction is None or handle.casefold() in self.our_handles:
            direction = "outbound" if handle.casefold() in self.our_handles else "inbound"
        return Message(
            id=message_id,
            network=identifier("network", row.network or self.account.network),
            account=self.account.name,
            author=Author(_optional(row.author.id), handle, row.author.name and clean(row.author.name)),
            text=clean(row.text),
            created_at=self._moment(row.created_at),
            visibility=row.visibility,
            direction=direction,
            source=row.source or self.source,
            in_reply_to=_optional(row.in_reply_to),
            conversation_id=_optional(row.conversation_id),
            url=row.url,
            lang=row.lang,
        )

    def _moment(self, written: str | float) -> datetime:
        try:
            return parse_time(written, zone=self._zone)
        except NoZoneError as error:
            raise ValueError(f"{error}{'; or --tz ZONE' if self.source == 'import' else ''}") from error


def _optional(value: str | int | None) -> str | None:
    return None if value is None else str(value).strip() or None


def identifier(field: str, value: str, longest: int = _LONGEST_ID) -> str:
    """``value`` as an id or a handle. Raises ValueError that names the ``field``."""
    value = value.strip()
    if value and len(value) <= longest and value.isprintable():
        return value
    if not value:
        raise ValueError(f"{field} is empty")
    if len(value) > longest:
        raise ValueError(f"{field} is longer than {longest} characters")
    raise ValueError(f"{field} holds control characters")


def from_broken_json(line: bytes, error: Exception, kind: type[_Row]) -> _Row:
    """Second chance for a line that gave ``error``: lone surrogates and a byte order mark, which only a lenient
    reader takes. Raises ValueError with the reason.
    """
    if isinstance(error, msgspec.ValidationError):
        raise ValueError(_in_words(error)) from error  # noqa: TRY004 - a ValueError like all the others
    try:
        text = line.decode()
    except UnicodeDecodeError as broken:
        raise ValueError(f"not UTF-8 (byte {broken.start + 1} of the line)") from error
    try:
        row = json.loads(text.removeprefix("\ufeff"))
    except RecursionError as broken:
        raise ValueError("nested too deeply") from broken
    except ValueError as broken:
        raise ValueError(f"not JSON: {broken}") from error
    return convert(mended(row), kind)


def convert(value: Any, kind: type[_Row]) -> _Row:
    """A decoded value as ``kind``. Raises ValueError with the reason."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_in_words(error)) from error


def mended(value: Any) -> Any:
    """The value without lone surrogates. Raises ValueError where it is nested too deeply."""
    try:
        return _without_surrogates(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _without_surrogates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    return value


def _in_words(error: msgspec.ValidationError) -> str:
    """Msgspec's "Object missing required field `handle` - at `$.author`" in the words of a row."""
    what, _, where = str(error).partition(" - at ")
    inside = where.strip("`").removeprefix("$").removeprefix(".")
    if "missing required field" in what:
        field = what.rsplit("`", 2)[1]
        return f"{inside + '.' if inside else ''}{field} is missing"
    expected, got = what.removeprefix("Expected ").split(", got ") if ", got " in what else (what, "")
    if got:
        return f"{inside or 'the row'} is {got.strip('`')}, not {expected.replace('`', '')}"
    return f"{inside}: {what}" if inside else what


def is_later(message: Message, now: datetime) -> bool:
    """A row of a time that has not come yet is not taken."""
    return message.created_at > now
