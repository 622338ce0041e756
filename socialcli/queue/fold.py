"""The fold: events -> rows of the index. Taken in the order of the journal; every event may come twice.

Facts that two journals could hold in a different order are settled by rank, not by clock: a draft that was
sent once stays sent; an override by hand stays whatever triage says later.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from socialcli.queue.consulting import Consulting
from socialcli.queue.deciding import Deciding
from socialcli.queue.drafted import Drafted
from socialcli.queue.facts import MASS, RAISED, RANK, TURNED, decode_cursor, decode_erased, gone, message_key
from socialcli.queue.joining import Joining
from socialcli.queue.journal import Line
from socialcli.queue.regrouping import Regrouping
from socialcli.queue.rows import DraftRow, TicketRow, promises_of, set_promises
from socialcli.queue.schema import CHANGED, OTHER
from socialcli.queue.shifting import Shifting
from socialcli.queue.tables import Tables
from socialcli.queue.taking import Taking

_CHANGES = ("edited", "renamed", "deleted")


class Fold(Taking, Deciding, Drafted, Regrouping, Consulting, Joining, Shifting):
    """Folds lines into ``tables``: ``take`` each message, ``apply`` each other event, then ``flush``."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._by_event: dict[str, Callable[[Line, TicketRow, int, int], None]] = {
            "assessed": self._on_assessed,
            "override": self._on_override,
            "claimed": self._on_claimed,
            "released": self._on_released,
            "assigned": self._on_assigned,
            "done": self._on_done,
            "resolved": self._on_resolved,
            "followed": self._on_followed,
            "note": self._on_note,
            "handoff": self._on_handed,
            "handed": self._on_handed,
            "expert-asked": self._on_asked,
            "expert-answered": self._on_answered,
            "moved": self._on_moved,
            "prefers": self._on_prefers,
            "opted-out": self._on_opted_out,
            "opt-out-lifted": self._on_opt_out_lifted,
            "labelled": self._on_labelled,
            "snoozed": self._on_snoozed,
            "merged": self._on_merged,
            "split": self._on_split,
            "edited": self._on_changed,
            "renamed": self._on_changed,
            "deleted": self._on_deleted,
            "incident-joined": self._on_joined,
        }
        # Those that need not be about a ticket.
        self._anywhere: dict[str, Callable[[Line, TicketRow | None, int, int], None]] = {
            "used": self._on_used,
            "restricted": self._on_restricted,
            "lifted": self._on_lifted,
            "looked-up": self._on_looked_up,
            "signed": self._on_signed,
            "cursor": self._on_cursor,
            "erased": self._on_erased,
            **dict.fromkeys(RAISED, self._on_raised),
            **dict.fromkeys(TURNED, self._on_turned),
            MASS: self._on_mass,
            "shift-opened": self._on_shift_opened,
            "shift-closed": self._on_shift_closed,
            **dict.fromkeys(RANK, self._on_draft),
        }

    def apply(self, line: Line, offset: int, length: int) -> bool:
        """Fold one event that is no message; False if this release does not know it. Raises
        msgspec.DecodeError, and ValueError for an event of a ticket or draft that is not there; nothing of the
        line is then folded.
        """
        event, row = line.event, None
        handler = self._by_event.get(event)
        if line.ticket is not None and event != "alias":
            row = self._tables.ticket(line.ticket)
            if row is None and event != "erased" and (handler is not None or event in self._anywhere):
                raise ValueError(f"no ticket {line.ticket}")
        if handler is not None:
            if row is None:
                raise ValueError("it names no ticket")
            handler(line, row, offset, length)
        elif event in self._anywhere:
            self._anywhere[event](line, row, offset, length)
        elif event == "alias":
            self._on_alias(line)
            return True
        else:
            return event == "archived"  # the lines behind it come next
        if row is not None:
            self._tables.add_event(row.n, offset, length, CHANGED if event in _CHANGES else OTHER)
        return True

    def _on_cursor(self, line: Line, _row: TicketRow | None, offset: int, _length: int) -> None:
        cursor = decode_cursor(line.data)
        if offset >= 0:  # the newest of an account is never archived
            self._tables.set_cursor(cursor.account, msgspec.json.encode(cursor.cursor))

    def _on_erased(self, line: Line, row: TicketRow | None, _offset: int, _length: int) -> None:
        """A tombstone. It may stand before what it names, where clocks were skewed; its word is the last. What it
        names was noted when it was read.
        """
        facts = decode_erased(line.data)
        for name in facts.drafts:
            draft = self._tables.draft(name)
            if draft is not None:
                draft.reason = None
                self._take_back_promise(draft)
                self._tables.set_draft(draft)
        for name in facts.messages:
            self._leave_alone(facts.network, name)
        if row is not None and facts.customer is not None:
            self._inbox(row)
            row.customer = row.called = facts.customer
            row.author = None

    def _take_back_promise(self, draft: DraftRow) -> None:
        """It stands in words that are gone."""
        draft.until = draft.kept = None
        if draft.ticket is not None:
            row = self._tables.by_number(draft.ticket)
            self._inbox(row)
            set_promises(row, {*promises_of(row)} - {draft.id})

    def _leave_alone(self, network: str, name: str) -> None:
        """Nobody owes an erased message an answer, and nothing that is read later brings it back."""
        place = self._tables.message(message_key(network, name))
        if place is None or place[1] is None:
            return
        row = self._tables.by_number(place[1])
        row.withdrawn = 1
        for one in self._inbox(row):
            if one.id == name:
                one.answered = one.assessed = True
        self._tables.add_version(message_key(network, gone(name)), row.n, place[2], place[3])
