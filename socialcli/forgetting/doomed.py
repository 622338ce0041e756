"""What has no place in any file any more, by all tombstones of the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from socialcli.channels.records import from_broken_json
from socialcli.queue.erasing import blank, is_message
from socialcli.queue.facts import Erased, decode_message, message_key
from socialcli.queue.journal import decode_line, event_id
from socialcli.queue.rewriting import ErasedLines

_row = msgspec.json.Decoder(dict[str, Any]).decode
_NO_EVENT = (msgspec.DecodeError, ValueError, TypeError, RecursionError)
_AROUND_COLON = re.compile(rb"[ \t]?:[ \t]?")
_SAID = (b'"event":"message"', b'"event":"edited"', b'"event":"renamed"')
_KEPT = (
    "type", "id", "network", "account", "created_at", "visibility", "direction", "source", "in_reply_to",
    "conversation_id", "lang", "draft",
)  # fmt: skip


class Doomed:
    """``tombstones`` with the names of their tickets; ``lines``: ids of lines -> what their customer is called;
    ``handles``: in lower case, of who is erased now: no tombstone knows them.
    """

    def __init__(
        self,
        tombstones: Iterable[tuple[str | None, Erased]],
        lines: ErasedLines,
        handles: Iterable[str] = (),
    ) -> None:
        self._lines = lines
        self._messages: dict[str, str | None] = {}
        self._drafts: set[str] = set()
        self._signs: list[bytes] = []  # what a piece of a line, of which no more can be said, is known by
        for ticket, facts in tombstones:
            for one in facts.messages:
                self._messages[message_key(facts.network, one)] = facts.customer
                name = msgspec.json.encode(one)
                self._signs += [name, b'"id":%s,' % name[1:-1], b'"id":%s}' % name[1:-1]]
            self._drafts.update(facts.drafts)
            if facts.customer is not None and ticket is not None:
                self._signs.append(msgspec.json.encode(ticket))
        self._signs += [one.encode() for one in self._drafts]
        names = b"|".join(re.escape(one.encode("utf-8", "replace")) for one in handles)
        self._called = re.compile(rb"[@\"](?:%s)(?![0-9a-z_])" % names) if names else None

    def line(self, raw: bytes) -> bytes:
        """A line of a journal or an archive, without the words that were erased; as long as before."""
        name = event_id(raw) or ""
        try:
            if name in self._lines:
                return blank(raw, self._lines[name])
            if not any(sign in raw[:120] for sign in _SAID):
                return self._checked(raw)
            line = decode_line(raw)
            message = decode_message(line.data)
            key = message_key(message.network, message.id)
            known = is_message(line.event) and key in self._messages
            return blank(raw, self._messages[key]) if known else raw
        except _NO_EVENT:
            return self.piece(raw)

    def _checked(self, raw: bytes) -> bytes:
        decode_line(raw)
        return raw

    def piece(self, raw: bytes) -> bytes:
        """Half a line, or a bad one: all of it goes where it is of somebody who was erased."""
        name = event_id(raw) or ""
        try:
            if name in self._lines:
                return blank(raw, self._lines[name])
        except _NO_EVENT:
            return b" " * len(raw)
        return b" " * len(raw) if self._is_theirs(raw) else raw

    def _is_theirs(self, raw: bytes) -> bool:
        """By names of messages, drafts and tickets; by the handle only where no ticket is named: others may
        speak of somebody.
        """
        close = _AROUND_COLON.sub(b":", raw)
        if any(sign in close for sign in self._signs):
            return True
        named = self._called is not None and b'"ticket":"' not in close
        return named and self._called.search(raw.lower()) is not None  # type: ignore[union-attr]

    def row(self, raw: bytes, network: str) -> bytes:
        """A row of an inbox or an outbox of the account on ``network``."""
        try:
            row = _as_fetched(raw)
        except _NO_EVENT:
            return self.piece(raw)
        where = str(row.get("network") or network)
        key = message_key(where, str(row.get("id") or "").strip())
        ours = row.get("draft") in self._drafts or self._answers(where, row)
        if key not in self._messages and not ours:
            return raw
        return _emptied(raw, row, None if ours else self._messages.get(key))

    def _answers(self, network: str, row: dict[str, Any]) -> bool:
        """Whether it is an answer of ours to somebody who was erased."""
        parent = row.get("in_reply_to")
        answered = self._messages.get(message_key(network, str(parent))) if parent is not None else None
        return answered is not None and row.get("draft") is not None


def _as_fetched(raw: bytes) -> dict[str, Any]:
    """A row as fetch takes it. Raises ValueError."""
    try:
        return _row(raw.strip())
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return from_broken_json(raw.strip(), error, dict[str, Any])


def _emptied(raw: bytes, row: dict[str, Any], customer: str | None) -> bytes:
    """The row without its words; spaces behind its first brace make up for them, so that it ends as before."""
    left = {name: row[name] for name in _KEPT if row.get(name) is not None}
    author = row.get("author") if isinstance(row.get("author"), dict) else {}
    handle = str((author or {}).get("handle") or "")
    draft = left.pop("draft", None)
    for called in (customer or handle, "e"):  # a short row has no room for the pseudonym
        whole = {**left, "author": {"handle": called}, "text": ""}
        made = msgspec.json.encode(whole if draft is None else {**whole, "draft": draft})
        if len(made) <= len(raw):
            return b"{" + b" " * (len(raw) - len(made)) + made[1:]
    return b" " * len(raw)
