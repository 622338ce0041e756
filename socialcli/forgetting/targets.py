"""What is to be erased: a customer, a message, or all that its authors deleted."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from socialcli.app import App
from socialcli.errors import NotFoundError, PartlyError, UsageError
from socialcli.forgetting.pseudonyms import Pseudonyms
from socialcli.model.protection import Restriction
from socialcli.queue.erasing import is_message
from socialcli.queue.facts import (
    Erased,
    Lifted,
    decode_erased,
    decode_lifted,
    decode_message,
    decode_restriction,
    message_key,
    restriction_key,
)
from socialcli.queue.journal import Line, decode_line, is_event
from socialcli.queue.rows import TicketRow, customer_key

_MEND = "put it back or mend it (socialcli doctor --verify), then run the same command again"


class Wish(msgspec.Struct, frozen=True):
    """``what``: @HANDLE, or a message; "" with ``deleted``, which means all messages that their authors deleted."""

    what: str
    network: str | None = None
    author: str | None = None  # the network's id of who it is, where several people had the handle
    deleted: bool = False


class Target(msgspec.Struct, frozen=True):
    """Which lines of the journal are meant.

    A customer has a pseudonym: all lines of ``tickets`` (all names of theirs), and those elsewhere that bear one of
    their ``names`` (keys of handles) or ``authors`` (ids). Else only ``messages``, by key, and our own ``drafts``.
    """

    label: str
    rows: tuple[TicketRow, ...] = ()  # tickets in which no answer may be on its way
    pseudonym: str | None = None
    network: str = ""
    tickets: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    hashes: tuple[str, ...] = ()
    messages: frozenset[str] = frozenset()
    drafts: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()  # keys of restrictions in force: they are needed to protect people

    def means(self, line: Line) -> bool:
        """Whether a line is to lose its words. Raises what the decoders raise."""
        if line.event in ("restricted", "lifted"):
            return self.pseudonym is not None and self._is_over(line)
        if self.pseudonym is not None and line.ticket in self.tickets:
            return True
        if is_message(line.event):
            return self._means_message(line)
        return bool(self.drafts) and _draft_of(line) in self.drafts

    def _means_message(self, line: Line) -> bool:
        message = decode_message(line.data)
        if message_key(message.network, message.id) in self.messages:
            return True
        if self.pseudonym is None or line.ticket is not None or message.network != self.network:
            return False
        return self.is_theirs(message.author.handle, message.author.id)

    def _is_over(self, line: Line) -> bool:
        """A restriction of theirs, or its end, that is no longer in force."""
        read = decode_restriction if line.event == "restricted" else decode_lifted
        one: Restriction | Lifted = read(line.data)
        if one.network != self.network or restriction_key(one) in self.standing:
            return False
        return self.is_theirs(one.handle, one.author_id)

    def is_theirs(self, handle: str, author: str | None) -> bool:
        """Whether somebody with this handle and id is the customer."""
        if author is not None and self.authors:
            return author in self.authors
        return customer_key(handle) in self.names


def find(app: App, wish: Wish, pseudonyms: Pseudonyms) -> Target:
    """Raises NotFoundError, and UsageError where it is not clear who or what is meant."""
    if wish.deleted:
        return _deleted(app)
    if wish.what.startswith("@"):
        return _customer(app, wish, pseudonyms)
    return _message(app, wish.what)


def on_its_way(app: App, target: Target) -> tuple[str, str, str] | None:
    """A draft that stands against it: its id, its state, its ticket."""
    for row in target.rows:
        stored = app.queue.on_its_way(row.n)
        if stored is not None:
            return stored.row.id, stored.row.state, row.id
    return None


# a customer


def _customer(app: App, wish: Wish, pseudonyms: Pseudonyms) -> Target:
    handle = wish.what.removeprefix("@")
    who = customer_key(handle)
    known = list(app.queue.networks_of(handle))
    held = [one.network for one in app.queue.restrictions(handle)]
    networks = [one for one in dict.fromkeys((*known, *held)) if wish.network in (None, one)]
    if len(networks) > 1:
        hint = f"say which: --network {'|'.join(networks)}"
        raise UsageError(f"@{handle} is on {' and on '.join(networks)}", hint=hint)
    erased = _erased_before(app, wish, who, pseudonyms)
    unread = app.queue.index.unread()
    if not networks and not erased and unread:
        raise PartlyError(f"@{handle} is not known, and an archive cannot be read: {unread[0]}", hint=_MEND)
    if not networks and not erased:
        raise NotFoundError("handle", f"@{handle}", hint="socialcli list shows whom there is")
    network = networks[0] if networks else erased[0][1].network
    earlier = [(ticket, facts) for ticket, facts in erased if facts.network == network]
    rows = _theirs(app, network, handle, wish.author, known=bool(earlier))
    names = {who, *(row.customer for row in rows), *(row.called for row in rows)}
    authors = {row.author for row in rows if row.author is not None}
    rows += _under(app, network, {facts.customer or "" for _, facts in earlier} - names)
    before = earlier[0][1].customer if earlier else None
    first = pseudonyms.of(network, min(authors) if authors else who)
    tickets = {*app.queue.names_of([row.n for row in rows]), *(ticket for ticket, _ in earlier if ticket)}
    standing = [one for one in app.queue.restrictions() if one.network == network]
    return Target(
        label=f"@{handle}",
        rows=tuple(rows),
        pseudonym=before or first,
        network=network,
        tickets=frozenset(tickets),
        names=frozenset(names),
        authors=frozenset(authors),
        hashes=tuple(sorted({pseudonyms.hash(network, one) for one in (*names, *authors)})),
        standing=frozenset(map(restriction_key, standing)),
    )


def _theirs(app: App, network: str, handle: str, author: str | None, *, known: bool) -> list[TicketRow]:
    """Their tickets. Raises UsageError where several people had the handle, NotFoundError for none of them unless
    they are ``known`` otherwise.
    """
    rows = app.queue.tickets_of(network, handle)
    people = sorted({row.author for row in rows if row.author is not None})
    if author is not None and author not in people and not known:
        raise NotFoundError("author", author, known=tuple(people))
    if author is None and len(people) > 1:
        raise UsageError(
            f"{len(people)} people on {network} are, or were, called @{handle}",
            hint=f"say which: --author {'|'.join(people)}",
        )
    return [row for row in rows if author is None or row.author in (None, author)]


def _under(app: App, network: str, pseudonyms: set[str]) -> list[TicketRow]:
    """The tickets of somebody who was erased before: what was written there since is meant too."""
    return [row for name in sorted(pseudonyms) for row in app.queue.tickets_of(network, name)]


def _erased_before(app: App, wish: Wish, who: str, pseudonyms: Pseudonyms) -> list[tuple[str | None, Erased]]:
    """The tombstones of somebody of this name, with their tickets, newest first."""
    wanted = (who,) if wish.author is None else (who, wish.author)
    found = [
        (ticket, facts)
        for ticket, facts in tombstones(app)
        if facts.customer is not None
        and wish.network in (None, facts.network)
        and all(pseudonyms.hash(facts.network, one) in facts.names for one in wanted)
    ]
    return found[::-1]


def tombstones(app: App) -> Iterator[tuple[str | None, Erased]]:
    """All of them with their tickets, in the order of the journal."""
    app.queue.refresh()
    for _, raw in app.queue.index.lines():
        if is_event(raw, b"erased"):
            try:
                line = decode_line(raw)
                yield line.ticket, decode_erased(line.data)
            except (msgspec.DecodeError, ValueError):
                continue  # doctor names it


# messages


def _message(app: App, name: str) -> Target:
    networks = app.queue.networks()
    found = app.queue.meant_by(name, networks)
    if not found and ":" in name:
        network, _, one = name.partition(":")
        found = app.queue.meant_by(one, [network])
    if not found:
        raise NotFoundError("message", name, hint="socialcli show TICKET names them; a customer is @HANDLE")
    where = list(dict.fromkeys(one.network for one in found))
    if len(where) > 1:
        raise UsageError(
            f"message {name} is on {' and on '.join(where)}", hint=f"say which: {where[0]}:{name}"
        )
    numbers = {one.number for one in found if one.number is not None}
    return Target(
        label=f"message {found[0].message}",
        rows=tuple(app.queue.ticket_by_number(number) for number in sorted(numbers)),
        network=where[0],
        messages=frozenset(message_key(one.network, one.message) for one in found),
        drafts=frozenset(one.draft for one in found if one.draft is not None),
    )


def _deleted(app: App) -> Target:
    """No answer can be hurt: a draft to a message that is gone is not posted."""
    app.queue.refresh()
    keys = set()
    for _, raw in app.queue.index.lines():
        if is_event(raw, b"deleted"):
            try:
                message = decode_message(decode_line(raw).data)
            except (msgspec.DecodeError, ValueError):
                continue  # doctor names it
            keys.add(message_key(message.network, message.id))
    return Target(label="deleted messages", messages=frozenset(keys))


def _draft_of(line: Line) -> str | None:
    return msgspec.json.decode(line.data, type=_OfDraft).draft


class _OfDraft(msgspec.Struct):
    draft: str | None = None
