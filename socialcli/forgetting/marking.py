"""Tombstones: which lines of the journal lose their words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from socialcli.app import App
from socialcli.forgetting.incidents import Mentions, is_of_incident
from socialcli.forgetting.targets import Target, tombstones
from socialcli.queue.erasing import blank, is_message
from socialcli.queue.facts import decode_message
from socialcli.queue.journal import Line, decode_line


class Tombstone(msgspec.Struct):
    """Of one ticket; ``ticket`` is None for what belongs to none."""

    ticket: str | None
    events: list[str] = []
    messages: dict[str, None] = {}
    drafts: dict[str, None] = {}

    def add(self, line: Line) -> None:
        self.events.append(line.id)
        if is_message(line.event):
            self.messages[decode_message(line.data).id] = None
        else:
            draft = msgspec.json.decode(line.data, type=dict[str, Any]).get("draft")
            if isinstance(draft, str):
                self.drafts[draft] = None

    def data(self, target: Target, network: str) -> dict[str, Any]:
        return {
            "events": self.events,
            "messages": list(self.messages),
            "drafts": list(self.drafts),
            "network": network,
            "customer": target.pseudonym,
            "names": list(target.hashes),
        }


def plan(app: App, target: Target) -> dict[tuple[str | None, str], Tombstone]:
    """The tombstones that are missing, by ticket and network. Reads the whole journal once."""
    named = {one: facts.customer for _, facts in tombstones(app) for one in facts.events}
    found: dict[tuple[str | None, str], Tombstone] = {}
    for line in _meant(app, target):
        if line.id in named and (named[line.id] is not None or target.pseudonym is None):
            continue
        network = target.network or decode_message(line.data).network
        stone = found.setdefault((line.ticket, network), Tombstone(line.ticket))
        stone.add(line)
    for row in target.rows:  # a ticket may hold nothing but what another one's lines say
        if target.pseudonym is not None and row.customer != target.pseudonym:
            found.setdefault((row.id, target.network), Tombstone(row.id))
    return found


def _meant(app: App, target: Target) -> Iterator[Line]:
    """Lines that are meant: messages, whose rows may stand in other files still, and what holds words."""
    called: set[str] = set()
    of_incidents: list[tuple[Line, bytes]] = []
    for _, raw in app.queue.index.lines():
        try:
            line = decode_line(raw)
            if target.pseudonym is not None and is_of_incident(line.event):
                of_incidents.append((line, raw))
            elif target.means(line) and (is_message(line.event) or blank(raw, target.pseudonym) != raw):
                called |= _names_in(line)
                yield line
        except (msgspec.DecodeError, ValueError, TypeError):
            continue  # no event; what of it is theirs goes when the files are rewritten
    mentions = Mentions(app, target, called)
    for line, raw in of_incidents:
        with suppress(msgspec.DecodeError, ValueError, TypeError):
            if mentions.meant(line) and blank(raw) != raw:
                yield line


def _names_in(line: Line) -> set[str]:
    """What the author of a message of the customer is called."""
    if not is_message(line.event):
        return set()
    message = decode_message(line.data)
    return {message.author.name} if message.direction == "inbound" and message.author.name else set()
