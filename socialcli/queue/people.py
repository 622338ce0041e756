"""Customers and accounts: who has which tickets, who is held off, what an account has used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from socialcli.model.protection import Restriction
from socialcli.queue.facts import decode_message, decode_restriction, message_key
from socialcli.queue.journal import Line
from socialcli.queue.reads import Reads
from socialcli.queue.rows import TicketRow, customer_key
from socialcli.queue.schema import TICKET_COLUMNS, in_batches

if TYPE_CHECKING:
    from decimal import Decimal

_data = msgspec.json.Decoder(dict[str, Any]).decode


class Meant(msgspec.Struct, frozen=True):
    """A message that somebody named: its first id, the number of its ticket, our draft that was posted as it."""

    network: str
    message: str
    number: int | None
    draft: str | None = None


class People(Reads):
    def tickets_of(self, network: str, handle: str, author: str | None = None) -> list[TicketRow]:
        """All tickets of a customer, newest first, also from before they changed their handle. ``author``: the
        network's id of who it is: then nobody else's who has, or had, the same handle.
        """
        who = customer_key(handle)
        named = "(customer = ?1 OR (called = ?1 AND called != customer)) AND network = ?2"
        rows = self._rows(
            f"SELECT {TICKET_COLUMNS} FROM tickets WHERE {named} UNION SELECT {TICKET_COLUMNS} FROM tickets"
            f" WHERE author IN (SELECT author FROM tickets WHERE {named}) AND network = ?2",
            (who, network),
        )
        found = [TicketRow(*row) for row in rows]
        theirs = [row for row in found if author is None or row.author in (None, author)]
        return sorted(theirs, key=lambda row: (-row.opened, row.opened_id))

    def networks_of(self, handle: str) -> list[str]:
        """Where somebody of this name has written."""
        who = customer_key(handle)
        rows = self._rows(
            "SELECT DISTINCT network FROM tickets WHERE customer = ?1 OR (called = ?1 AND called != customer)"
            " ORDER BY network",
            (who,),
        )
        return [network for (network,) in rows]

    def networks(self) -> list[str]:
        """All networks on which somebody wrote."""
        return [name for (name,) in self._rows("SELECT DISTINCT network FROM tickets ORDER BY network")]

    def names_of(self, numbers: Sequence[int]) -> list[str]:
        """All names that tickets have, or had."""
        db, keys = self.index.refresh(), list(numbers)
        found = list(in_batches(db, "SELECT id FROM tickets WHERE n IN ({})", keys))
        found += in_batches(db, "SELECT id FROM aliases WHERE n IN ({})", keys)
        return [name for (name,) in found]

    def meant_by(self, name: str, networks: Sequence[str]) -> list[Meant]:
        """The messages of this id on ``networks``, also those that were posted from here."""
        found: list[Meant] = []
        for network in networks:
            key = message_key(network, name)
            for n, offset, length in self._rows(
                "SELECT n, offset, length FROM messages WHERE key = ?", (key,)
            ):
                ids = list(self._lines([(offset, length)], lambda line: decode_message(line.data).id))
                found.append(Meant(network, ids[0], n))
            wanted = "SELECT n, drafts.id FROM drafts JOIN tickets ON n = ticket WHERE remote_id = ? AND network = ?"
            found += [Meant(network, name, n, draft) for n, draft in self._rows(wanted, (name, network))]
        return found

    def asking(self) -> list[TicketRow]:
        """Unfinished tickets with a question to an expert that nobody has answered, the soonest due first."""
        wanted = f"SELECT {TICKET_COLUMNS} FROM tickets WHERE asking IS NOT NULL AND bucket < 4 ORDER BY asking, id"
        return [TicketRow(*row) for row in self._rows(wanted)]

    def preference(self, row: TicketRow) -> str | None:
        """How the customer of a ticket wants to be reached: the newest word of theirs."""
        theirs = self.tickets_of(row.network, row.called, row.author)
        newest = max(theirs, key=lambda one: one.prefers_at, default=row)
        return newest.prefers

    def restrictions(self, handle: str | None = None) -> list[Restriction]:
        """Who is held off and how, oldest first: those that ended by their time too, until they are lifted."""
        places = self._rows("SELECT offset, length FROM restrictions ORDER BY offset")
        found = list(self._lines(places, _restriction))
        return [one for one in found if handle is None or one.handle.lower() == handle.lower()]

    # accounts

    def cursor(self, account: str) -> dict[str, Any] | None:
        """How far ``account`` has been read."""
        rows = self._rows("SELECT cursor FROM cursors WHERE account = ?", (account,))
        return _data(rows[0][0]) if rows else None

    def held(self, account: str) -> dict[str, int]:
        """Until when (epoch seconds, real clock) the network takes no more of something."""
        return dict(self._rows("SELECT what, until FROM held WHERE account = ?", (account,)))

    def spent(self, account: str, since: datetime) -> Decimal:
        """What the acts of ``account`` have cost, at most, since the day of ``since`` (UTC)."""
        rows = self._rows(
            "SELECT coalesce(sum(millionths), 0) FROM spend WHERE account = ? AND day >= ?",
            (account, since.strftime("%Y-%m-%d")),
        )
        from decimal import Decimal

        return Decimal(rows[0][0]) / 1_000_000


def _restriction(line: Line) -> Restriction:
    return decode_restriction(line.data)
